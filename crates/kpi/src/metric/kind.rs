//! The ways a figure can be computed.

use std::collections::BTreeMap;

use crate::metric::Expression;

/// How a metric is computed, with what that needs.
#[derive(Debug, Clone, PartialEq)]
pub enum Kind {
    /// Sum over sum: shares, rates, means, net scores.
    Ratio {
        /// The rows it counts.
        rows: Rows,
        /// Aggregate SQL of the top.
        numerator: Expression,
        /// Aggregate SQL of the bottom.
        denominator: Expression,
        /// Aggregate SQL of the observations; the denominator when absent.
        sample: Option<Expression>,
        /// Aggregate SQL for the interval of a mean or a net score.
        sum_of_squares: Option<Expression>,
        /// What the quotient is multiplied by: 100 for the NPS.
        scale: f64,
        /// Whether the value is scaled from the period to a year.
        per_year: bool,
        /// Column whose equal values are drawn together by the bootstrap.
        cluster: Option<Expression>,
    },
    /// A sum or count; a silent period is zero.
    Total {
        /// The rows it counts.
        rows: Rows,
        /// Aggregate SQL.
        numerator: Expression,
        /// Aggregate SQL of the observations; all rows when absent.
        sample: Option<Expression>,
    },
    /// Median, p90, mean of a whole number on each row, exactly.
    Quantile {
        /// The rows it looks at.
        rows: Rows,
        /// SQL of the number on one row.
        value: Expression,
        /// The figures asked for.
        statistics: Vec<Statistic>,
    },
    /// Who was there at the start of a period and at its end.
    Movement {
        /// The intervals of presence.
        spells: Spells,
        /// What is present: `customer_id`.
        entity: Expression,
        /// Aggregate SQL over one row per entity with `at_start` and `at_end`.
        numerator: Expression,
        /// Aggregate SQL over the same rows.
        denominator: Expression,
    },
    /// What is there at the local midnight that ends the period.
    State {
        /// The intervals of presence.
        spells: Spells,
        /// Aggregate SQL over the rows present.
        numerator: Expression,
        /// Aggregate SQL of the bottom, for a quotient at an instant.
        denominator: Option<Expression>,
        /// Aggregate SQL of the observations; all rows present when absent.
        sample: Option<Expression>,
    },
    /// Arithmetic on other metrics of the same period and segment.
    Derived {
        /// SQL over names of metrics and parameters.
        formula: Expression,
        /// Numbers the formula names.
        parameters: BTreeMap<String, f64>,
        /// Whether the value is scaled from the period to a year.
        per_year: bool,
    },
    /// Relative change of another metric against the same period a year earlier.
    Growth {
        /// Name of that metric.
        of: Expression,
    },
}

/// Rows of a fact that fall into a period by one moment.
#[derive(Debug, Clone, PartialEq)]
pub struct Rows {
    /// The fact.
    pub fact: Expression,
    /// The moment: a timestamp or a date.
    pub time: Expression,
    /// Condition a row must meet.
    pub filter: Option<Expression>,
}

/// Rows of a fact that hold from one moment until another.
#[derive(Debug, Clone, PartialEq)]
pub struct Spells {
    /// The fact.
    pub fact: Expression,
    /// The moment it begins: a timestamp or a date.
    pub from: Expression,
    /// The moment it ends; no value while it lasts.
    pub until: Expression,
    /// Condition a row must meet.
    pub filter: Option<Expression>,
}

/// A figure of a quantile metric.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Statistic {
    /// Half of the observations do not exceed it.
    Median,
    /// Nine in ten do not exceed it.
    P90,
    /// Sum over count.
    Mean,
}

impl Statistic {
    /// Its name in files and columns: `p90`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Median => "median",
            Self::P90 => "p90",
            Self::Mean => "mean",
        }
    }
}

impl Rows {
    fn expressions(&self) -> [Option<&Expression>; 3] {
        [Some(&self.fact), Some(&self.time), self.filter.as_ref()]
    }
}

impl Spells {
    fn expressions(&self) -> [Option<&Expression>; 4] {
        [Some(&self.fact), Some(&self.from), Some(&self.until), self.filter.as_ref()]
    }
}

impl Kind {
    /// Its word in a metric file: `ratio`.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Ratio { .. } => "ratio",
            Self::Total { .. } => "total",
            Self::Quantile { .. } => "quantile",
            Self::Movement { .. } => "movement",
            Self::State { .. } => "state",
            Self::Derived { .. } => "derived",
            Self::Growth { .. } => "growth",
        }
    }

    /// The fact it reads; none for a metric made of metrics.
    pub fn fact(&self) -> Option<&Expression> {
        match self {
            Self::Ratio { rows, .. } | Self::Total { rows, .. } | Self::Quantile { rows, .. } => {
                Some(&rows.fact)
            }
            Self::Movement { spells, .. } | Self::State { spells, .. } => Some(&spells.fact),
            Self::Derived { .. } | Self::Growth { .. } => None,
        }
    }

    /// The pieces of SQL and names it is made of, in reading order.
    pub fn expressions(&self) -> Vec<&Expression> {
        let mut found: Vec<Option<&Expression>> = Vec::new();
        match self {
            Self::Ratio {
                rows, numerator, denominator, sample, sum_of_squares, cluster, ..
            } => {
                found.extend(rows.expressions());
                found.extend([
                    Some(numerator),
                    Some(denominator),
                    sample.as_ref(),
                    sum_of_squares.as_ref(),
                ]);
                found.push(cluster.as_ref());
            }
            Self::Total { rows, numerator, sample } => {
                found.extend(rows.expressions());
                found.extend([Some(numerator), sample.as_ref()]);
            }
            Self::Quantile { rows, value, .. } => {
                found.extend(rows.expressions());
                found.push(Some(value));
            }
            Self::Movement { spells, entity, numerator, denominator } => {
                found.extend(spells.expressions());
                found.extend([Some(entity), Some(numerator), Some(denominator)]);
            }
            Self::State { spells, numerator, denominator, sample } => {
                found.extend(spells.expressions());
                found.extend([Some(numerator), denominator.as_ref(), sample.as_ref()]);
            }
            Self::Derived { formula, .. } => found.push(Some(formula)),
            Self::Growth { of } => found.push(Some(of)),
        }
        found.into_iter().flatten().collect()
    }
}
