//! A metric file as it is written, before its kind is looked at.

use std::collections::BTreeMap;

use scorewright_domain::{Direction, Grain, TableName, Unit};
use serde::Deserialize;
use toml::Spanned;

use crate::metric::Statistic;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct MetricFile {
    pub(crate) title: String,
    pub(crate) says: String,
    #[serde(default = "one")]
    pub(crate) version: u32,
    pub(crate) unit: Spanned<Unit>,
    pub(crate) direction: Spanned<Direction>,
    pub(crate) kind: Spanned<KindWord>,
    pub(crate) fact: Option<Spanned<TableName>>,
    pub(crate) time: Option<Spanned<String>>,
    pub(crate) filter: Option<Spanned<String>>,
    pub(crate) numerator: Option<Spanned<String>>,
    pub(crate) denominator: Option<Spanned<String>>,
    #[serde(default)]
    pub(crate) by: Vec<Spanned<String>>,
    #[serde(default)]
    pub(crate) grains: Vec<Spanned<Grain>>,
    pub(crate) minimum_sample: Option<Spanned<u64>>,
    pub(crate) interval: Option<Spanned<Method>>,
    pub(crate) decided: Option<String>,
    pub(crate) scale: Option<Spanned<f64>>,
    pub(crate) sum_of_squares: Option<Spanned<String>>,
    pub(crate) sample: Option<Spanned<String>>,
    pub(crate) per_year: Option<Spanned<bool>>,
    pub(crate) cluster: Option<Spanned<String>>,
    pub(crate) matures_after_days: Option<Spanned<u16>>,
    pub(crate) question: Option<Spanned<Question>>,
    pub(crate) orientation: Option<Spanned<Orientation>>,
    pub(crate) value: Option<Spanned<String>>,
    pub(crate) statistics: Option<Spanned<Vec<Statistic>>>,
    pub(crate) entity: Option<Spanned<String>>,
    pub(crate) from: Option<Spanned<String>>,
    pub(crate) until: Option<Spanned<String>>,
    pub(crate) formula: Option<Spanned<String>>,
    pub(crate) parameters: Option<Spanned<BTreeMap<String, f64>>>,
    pub(crate) of: Option<Spanned<String>>,
}

fn one() -> u32 {
    1
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum KindWord {
    Ratio,
    Total,
    Quantile,
    Movement,
    State,
    Derived,
    Growth,
}

/// How the interval of a value is found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Method {
    /// Share of hits among asked.
    Wilson,
    /// Net score with three pseudo-answers.
    AdjustedWald,
    /// Mean of whole numbers.
    StudentT,
    /// Two observations that enclose a quantile.
    OrderStatistics,
    /// Ratio of sums over clusters, drawn with a fixed seed.
    Bootstrap,
    /// No interval: a census, or a figure made of figures.
    None,
}

impl Method {
    /// Its name in files and columns: `adjusted_wald`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Wilson => "wilson",
            Self::AdjustedWald => "adjusted_wald",
            Self::StudentT => "student_t",
            Self::OrderStatistics => "order_statistics",
            Self::Bootstrap => "bootstrap",
            Self::None => "none",
        }
    }
}

/// What a survey question asks about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Question {
    /// Willingness to recommend.
    Nps,
    /// Satisfaction.
    Csat,
    /// Effort or ease.
    Ces,
    /// Anything else.
    Other,
}

/// What a high answer to an effort question means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Orientation {
    /// High is easy: higher is better.
    Ease,
    /// High is much effort: lower is better.
    Effort,
}
