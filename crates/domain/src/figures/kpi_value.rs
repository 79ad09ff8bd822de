//! A measured value with everything needed to explain it.

use serde::{Deserialize, Serialize};

use crate::figures::change_test::TestedChange;
use crate::figures::interval_method::IntervalMethod;
use crate::figures::segment::Segment;
use crate::time::period::Period;

/// One metric, one period, one segment. A row of `kpi.value`.
///
/// - Grain: `metric`, `version`, `statistic`, `period`, `segment`.
/// - `value` is in the metric's unit at full precision: shares run from 0 to 1,
///   points from -100 to 100, durations are seconds.
/// - `value` is `None` exactly when `null_reason` is some.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct KpiValue {
    /// Name of the metric; the stem of its file.
    pub metric: String,
    /// Version of its definition.
    pub version: u32,
    /// Which figure of the metric: `value`, or `median`, `p90`, `mean` of a quantile metric.
    pub statistic: String,
    /// Days it is stated for.
    pub period: Period,
    /// Customers or teams it is stated for.
    pub segment: Segment,
    /// Top of the ratio, or `None` where the metric has none.
    pub numerator: Option<f64>,
    /// Bottom of the ratio, or `None` where the metric has none.
    pub denominator: Option<f64>,
    /// Observations behind the value: answers, tickets, customers. `None` where they are too few to be told.
    pub n: Option<u64>,
    /// The value; `None` is "no value", never zero.
    pub value: Option<f64>,
    /// Lower end of the 95 % interval.
    pub low: Option<f64>,
    /// Upper end of the 95 % interval.
    pub high: Option<f64>,
    /// Method of the interval.
    pub interval: IntervalMethod,
    /// Why there is no value.
    pub null_reason: Option<NullReason>,
    /// The change from the value of the period before, tested; `None` where there is none, or it cannot be tested.
    pub tested_change: Option<TestedChange>,
}

/// Why a value is missing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NullReason {
    /// The denominator is zero: no answers, no tickets.
    EmptyDenominator,
    /// No row of the fact falls into the period and segment.
    NoRows,
    /// The value it is compared with does not exist: no same period a year earlier.
    NoBase,
    /// A metric it is computed from has no value.
    MissingPart,
    /// The window needed to judge the period has not passed yet.
    Immature,
    /// Too few people to show without revealing who said what.
    Suppressed,
    /// Not everything of the period was delivered.
    NotCovered,
    /// The dimension has more values than are stated; none of them is.
    TooManySegments,
    /// Fewer customers came back than a model can be fitted to.
    TooFewCustomers,
    /// No model fits the customers.
    NoFit,
    /// The figure cannot be: a share of more than all.
    OutsideUnit,
    /// More go on than the figure is about: half of them, for a median time.
    NotReached,
    /// The rows have amounts of several currencies, which are not added up.
    MixedCurrencies,
}

impl NullReason {
    /// All of them, in the order of the reference.
    pub const ALL: [Self; 13] = [
        Self::EmptyDenominator,
        Self::NoRows,
        Self::NoBase,
        Self::MissingPart,
        Self::Immature,
        Self::Suppressed,
        Self::NotCovered,
        Self::TooManySegments,
        Self::TooFewCustomers,
        Self::NoFit,
        Self::OutsideUnit,
        Self::NotReached,
        Self::MixedCurrencies,
    ];

    /// Its name in tables: `empty_denominator`.
    pub fn name(self) -> &'static str {
        match self {
            Self::EmptyDenominator => "empty_denominator",
            Self::NoRows => "no_rows",
            Self::NoBase => "no_base",
            Self::MissingPart => "missing_part",
            Self::Immature => "immature",
            Self::Suppressed => "suppressed",
            Self::NotCovered => "not_covered",
            Self::TooManySegments => "too_many_segments",
            Self::TooFewCustomers => "too_few_customers",
            Self::NoFit => "no_fit",
            Self::OutsideUnit => "outside_unit",
            Self::NotReached => "not_reached",
            Self::MixedCurrencies => "mixed_currencies",
        }
    }

    /// The reason of a name; `None` for any other text.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reason| reason.name() == name)
    }

    /// The reason in words for a page: `no rows in the period`.
    pub fn words(self) -> &'static str {
        match self {
            Self::EmptyDenominator => "nothing to divide by",
            Self::NoRows => "no rows in the period",
            Self::NoBase => "no earlier period to compare with",
            Self::MissingPart => "a figure it needs is missing",
            Self::Immature => "too early to tell",
            Self::Suppressed => "too few people to show",
            Self::NotCovered => "not delivered to its end",
            Self::TooManySegments => "too many different values to state each",
            Self::TooFewCustomers => "too few customers came back",
            Self::NoFit => "no model fits the customers",
            Self::OutsideUnit => "impossible in its unit: its rows are to be looked at",
            Self::NotReached => "not reached yet: too many go on",
            Self::MixedCurrencies => "amounts of several currencies are not added up",
        }
    }
}
