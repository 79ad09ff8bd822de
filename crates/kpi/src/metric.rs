//! The definition of a figure: one file of `pipelines/metrics/`.

mod expression;
mod formula;
mod kind;
mod raw;
mod reading;
mod rules;
mod together;

use scorewright_domain::{Direction, Fault, Grain, ProjectFile, TableName, Unit};

pub use expression::Expression;
pub(crate) use formula::names_in;
pub use kind::{Kind, Rows, Spells, Statistic};
pub use raw::{Method, Orientation, Question};
pub(crate) use together::parts;
pub use together::read_metrics;

/// A metric as its file defines it, checked. Made by [`read_metrics`].
#[derive(Debug, Clone, PartialEq)]
pub struct Metric {
    /// Its name: the stem of its file.
    pub name: String,
    /// Version of the definition; a new one breaks the trend.
    pub version: u32,
    /// Title for a page.
    pub title: String,
    /// What it says, in one sentence.
    pub says: String,
    /// What it is counted in.
    pub unit: Unit,
    /// Which way is better.
    pub direction: Direction,
    /// How it is computed.
    pub kind: Kind,
    /// Dimensions it is stated for beside the total: columns of the fact.
    pub by: Vec<Expression>,
    /// Lengths of period it is stated for.
    pub grains: Vec<Grain>,
    /// Observations below which there is no verdict; 0 for a census.
    pub minimum_sample: u64,
    /// How its interval is found.
    pub interval: Method,
    /// Days a period must be over before it is judged.
    pub matures_after_days: u16,
    /// What a high answer means, for a CES metric: it must be that of the question's column in its source.
    pub orientation: Option<Orientation>,
    /// A contested choice, with its date.
    pub decided: Option<String>,
    pub(crate) file: ProjectFile,
}

impl Metric {
    /// The figures it gives: `value`, or those of a quantile metric.
    pub fn statistics(&self) -> Vec<&'static str> {
        match &self.kind {
            Kind::Quantile { statistics, .. } => {
                statistics.iter().map(|statistic| statistic.name()).collect()
            }
            _ => vec!["value"],
        }
    }

    /// The fact it reads; none for a metric made of metrics.
    pub fn fact(&self) -> Option<TableName> {
        self.kind.fact().and_then(|fact| fact.text.parse().ok())
    }

    /// Names of the metrics it is made of.
    pub fn parts(&self) -> Vec<&str> {
        parts(self)
    }

    /// Path of its file below the project folder.
    pub fn path(&self) -> &str {
        &self.file.path
    }

    /// A fault at one of its expressions.
    pub(crate) fn fault(&self, at: &Expression, message: impl Into<String>) -> Fault {
        self.file.fault(Some(at.span.clone()), message)
    }

    /// A fault of the file as a whole.
    pub(crate) fn fault_anywhere(&self, message: impl Into<String>) -> Fault {
        self.file.fault(None, message)
    }
}
