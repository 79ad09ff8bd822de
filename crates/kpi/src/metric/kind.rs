//! The ways a figure can be computed, with what each needs.

use std::collections::BTreeMap;

use super::expression::Expression;
use super::rows::{EventRows, ValidIntervals};
use super::statistic::Statistic;

/// How a metric is computed.
#[derive(Debug, Clone, PartialEq)]
pub enum MetricKind {
    /// Sum over sum: shares, rates, means, net scores.
    Ratio(RatioMetric),
    /// A sum or count; a silent period is zero.
    Total(TotalMetric),
    /// Median, p90, mean of a whole number on each row, exactly.
    Quantile(QuantileMetric),
    /// Who was there at the start of a period and at its end.
    Movement(MovementMetric),
    /// What is there at the local midnight that ends the period.
    State(StateMetric),
    /// How long what begins in a period lasts, or which share lasts so long.
    Survival(SurvivalMetric),
    /// What a model of buying expects of customers.
    Lifetime(LifetimeMetric),
    /// Arithmetic on other metrics of the same period and segment.
    Derived(DerivedMetric),
    /// Relative change of another metric against the same period a year earlier.
    Growth(GrowthMetric),
}

/// Sum over sum.
#[derive(Debug, Clone, PartialEq)]
pub struct RatioMetric {
    /// The rows it counts.
    pub rows: EventRows,
    /// Aggregate SQL of the top.
    pub numerator: Expression,
    /// Aggregate SQL of the bottom.
    pub denominator: Expression,
    /// Aggregate SQL of the observations; the denominator when absent.
    pub sample: Option<Expression>,
    /// Aggregate SQL for the interval of a mean or a net score.
    pub sum_of_squares: Option<Expression>,
    /// What the quotient is multiplied by: 100 for the NPS.
    pub scale: f64,
    /// Whether the value is scaled from the period to a year.
    pub per_year: bool,
    /// Column whose equal values are drawn together by the bootstrap.
    pub cluster: Option<Expression>,
}

/// A sum or count.
#[derive(Debug, Clone, PartialEq)]
pub struct TotalMetric {
    /// The rows it counts.
    pub rows: EventRows,
    /// Aggregate SQL.
    pub numerator: Expression,
    /// Aggregate SQL of the observations; all rows when absent.
    pub sample: Option<Expression>,
}

/// Figures of a whole number on each row.
#[derive(Debug, Clone, PartialEq)]
pub struct QuantileMetric {
    /// The rows it looks at.
    pub rows: EventRows,
    /// SQL of the number on one row.
    pub value: Expression,
    /// The figures asked for.
    pub statistics: Vec<Statistic>,
}

/// Who was there at the start of a period and at its end.
#[derive(Debug, Clone, PartialEq)]
pub struct MovementMetric {
    /// The intervals of presence.
    pub intervals: ValidIntervals,
    /// What is present: `customer_id`.
    pub entity: Expression,
    /// SQL of what an interval is worth while it holds: `mrr`.
    pub amount: Option<Expression>,
    /// Aggregate SQL over one row per entity with `at_start`, `at_end` and `was_before`, `moved_in` and `moved_out`, and with
    /// an amount also `amount_at_start` and `amount_at_end`.
    pub numerator: Expression,
    /// Aggregate SQL over the same rows; without it the value is the numerator.
    pub denominator: Option<Expression>,
    /// Aggregate SQL of the observations; the denominator, or all rows, when absent.
    pub sample: Option<Expression>,
}

/// What is there at the end of a period.
#[derive(Debug, Clone, PartialEq)]
pub struct StateMetric {
    /// The intervals of presence.
    pub intervals: ValidIntervals,
    /// Aggregate SQL over the rows present.
    pub numerator: Expression,
    /// Aggregate SQL of the bottom, for a quotient at an instant.
    pub denominator: Option<Expression>,
    /// Aggregate SQL of the observations; all rows present when absent.
    pub sample: Option<Expression>,
}

/// How long something lasts, part of which still does.
#[derive(Debug, Clone, PartialEq)]
pub struct SurvivalMetric {
    /// What begins, by the moment it does.
    pub rows: EventRows,
    /// The moment it ends; no value while it lasts.
    pub until: Expression,
    /// What is asked of it.
    pub lasting: Lasting,
}

/// What is asked of things that last.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Lasting {
    /// Within which time so many have ended.
    For(Vec<Statistic>),
    /// Which share lasts longer than so many days.
    After(u16),
}

/// What a model of buying expects of customers who have no contract.
#[derive(Debug, Clone, PartialEq)]
pub struct LifetimeMetric {
    /// The purchases.
    pub rows: EventRows,
    /// Who buys: `customer_id`.
    pub entity: Expression,
    /// SQL of what one purchase is worth, where that is asked for.
    pub amount: Option<Expression>,
    /// How buying is thought of.
    pub model: LifetimeModel,
    /// What is foretold.
    pub predicts: Prediction,
    /// Days that are looked ahead.
    pub horizon_days: f64,
    /// What money is worth less a year later.
    pub discount_per_year: f64,
}

/// A model of buying.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LifetimeModel {
    /// Beta-geometric over negative binomial, with Gamma-Gamma for amounts.
    BgNbd,
}

/// What is foretold of a customer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Prediction {
    /// What the purchases of the horizon are worth.
    Value,
    /// How many purchases there will be.
    Orders,
    /// The probability that there will be any, ever, of those who came back once.
    Alive,
}

/// Arithmetic on other metrics.
#[derive(Debug, Clone, PartialEq)]
pub struct DerivedMetric {
    /// SQL over names of metrics and parameters.
    pub formula: Expression,
    /// Numbers the formula names.
    pub parameters: BTreeMap<String, f64>,
    /// Whether the value is scaled from the period to a year.
    pub per_year: bool,
}

/// Relative change of another metric.
#[derive(Debug, Clone, PartialEq)]
pub struct GrowthMetric {
    /// Name of that metric.
    pub of: Expression,
}

impl MetricKind {
    /// Its name in a metric file: `ratio`.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Ratio(_) => "ratio",
            Self::Total(_) => "total",
            Self::Quantile(_) => "quantile",
            Self::Movement(_) => "movement",
            Self::State(_) => "state",
            Self::Survival(_) => "survival",
            Self::Lifetime(_) => "model",
            Self::Derived(_) => "derived",
            Self::Growth(_) => "growth",
        }
    }

    /// Whether it is a sum over rows, which is zero without any.
    pub(crate) fn is_sum(&self) -> bool {
        match self {
            Self::Total(_) => true,
            Self::State(state) => state.denominator.is_none(),
            Self::Movement(movement) => movement.denominator.is_none(),
            Self::Ratio(_)
            | Self::Quantile(_)
            | Self::Survival(_)
            | Self::Lifetime(_)
            | Self::Derived(_)
            | Self::Growth(_) => false,
        }
    }

    /// The fact it reads; none for a metric made of metrics.
    pub fn fact(&self) -> Option<&Expression> {
        match self {
            Self::Ratio(ratio) => Some(&ratio.rows.fact),
            Self::Total(total) => Some(&total.rows.fact),
            Self::Quantile(quantile) => Some(&quantile.rows.fact),
            Self::Movement(movement) => Some(&movement.intervals.fact),
            Self::State(state) => Some(&state.intervals.fact),
            Self::Survival(survival) => Some(&survival.rows.fact),
            Self::Lifetime(lifetime) => Some(&lifetime.rows.fact),
            Self::Derived(_) | Self::Growth(_) => None,
        }
    }

    /// Key and text of all it is made of, in reading order; names that stand under one key are separated by commas.
    /// A `sample` that is the denominator is what it is without being said.
    pub fn definition(&self) -> Vec<(&'static str, String)> {
        let mut definition: Vec<(&'static str, String)> = Vec::new();
        for Expression { key, text, .. } in self.expressions() {
            match definition.last_mut() {
                Some(("denominator", bottom)) if *key == "sample" && bottom == text => {}
                Some((last, names)) if last == key => *names = format!("{names}, {text}"),
                _ => definition.push((key, text.clone())),
            }
        }
        definition
    }

    /// The pieces of SQL and names it is made of, in reading order.
    pub fn expressions(&self) -> Vec<&Expression> {
        match self {
            Self::Ratio(ratio) => ratio.expressions(),
            Self::Total(total) => {
                total.rows.expressions().chain([&total.numerator]).chain(&total.sample).collect()
            }
            Self::Quantile(quantile) => {
                quantile.rows.expressions().chain([&quantile.value]).collect()
            }
            Self::Movement(movement) => movement.expressions(),
            Self::State(state) => state.expressions(),
            Self::Survival(survival) => {
                survival.rows.expressions().chain([&survival.until]).collect()
            }
            Self::Lifetime(lifetime) => {
                let own = [&lifetime.entity].into_iter().chain(&lifetime.amount);
                lifetime.rows.expressions().chain(own).collect()
            }
            Self::Derived(derived) => vec![&derived.formula],
            Self::Growth(growth) => vec![&growth.of],
        }
    }
}

impl RatioMetric {
    fn expressions(&self) -> Vec<&Expression> {
        let quotient = [&self.numerator, &self.denominator];
        let further = [&self.sample, &self.sum_of_squares, &self.cluster];
        self.rows.expressions().chain(quotient).chain(further.into_iter().flatten()).collect()
    }
}

impl LifetimeMetric {
    /// Key and text of what it is made of beside SQL.
    pub(super) fn definition(&self) -> Vec<(&'static str, String)> {
        let LifetimeModel::BgNbd = self.model;
        let predicts = match self.predicts {
            Prediction::Value => "value",
            Prediction::Orders => "orders",
            Prediction::Alive => "alive",
        };
        let mut parts = vec![("model", "bg_nbd".to_owned()), ("predicts", predicts.to_owned())];
        let looks_ahead = self.predicts != Prediction::Alive;
        parts.extend(looks_ahead.then(|| ("horizon_days", self.horizon_days.to_string())));
        let is_money = self.predicts == Prediction::Value;
        parts.extend(is_money.then(|| ("discount_per_year", self.discount_per_year.to_string())));
        parts
    }
}

impl MovementMetric {
    /// Whether it counts those who changed their segment.
    pub(crate) fn counts_moves(&self) -> bool {
        self.asks_for(&["moved_in", "moved_out"])
    }

    /// Whether an aggregate asks for one of some columns.
    pub(crate) fn asks_for(&self, columns: &[&str]) -> bool {
        let aggregates = [Some(&self.numerator), self.denominator.as_ref(), self.sample.as_ref()];
        let has_one = |text: &str| columns.iter().any(|column| text.contains(column));
        aggregates.into_iter().flatten().any(|expression| has_one(&expression.text))
    }

    fn expressions(&self) -> Vec<&Expression> {
        let own = [&self.entity].into_iter().chain(&self.amount).chain([&self.numerator]);
        let further = [&self.denominator, &self.sample];
        self.intervals.expressions().chain(own).chain(further.into_iter().flatten()).collect()
    }
}

impl StateMetric {
    fn expressions(&self) -> Vec<&Expression> {
        let further = [&self.denominator, &self.sample];
        let own = [&self.numerator].into_iter().chain(further.into_iter().flatten());
        self.intervals.expressions().chain(own).collect()
    }
}
