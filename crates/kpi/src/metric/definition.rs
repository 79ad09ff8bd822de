//! A metric, checked.

use std::collections::BTreeMap;

use scorewright_domain::{DeclaredChange, Direction, Fault, Grain, ProjectFile, TableName, Unit};

use super::expression::Expression;
use super::formula::names_in;
use super::interval_choice::IntervalChoice;
use super::kind::{Lasting, MetricKind, SurvivalMetric};
use super::survey::MetricOrientation;

/// A metric as its file defines it, checked. Made by [`read_metrics`](crate::read_metrics).
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
    pub kind: MetricKind,
    /// Dimensions it is stated for beside the total: columns of the fact.
    pub by: Vec<Expression>,
    /// Of some dimensions the values that are stated by name; all others together are
    /// [`Segment::OTHER`](scorewright_domain::Segment::OTHER).
    pub segments: BTreeMap<String, Vec<String>>,
    /// Lengths of period it is stated for.
    pub grains: Vec<Grain>,
    /// Observations below which there is no verdict; 0 for a census.
    pub minimum_sample: u64,
    /// People below whom nothing is shown of a group, nor what tells of one; none where it is not about people.
    pub minimum_group: Option<u64>,
    /// How its interval is to be found.
    pub interval: IntervalChoice,
    /// Of whom it is, where its file says so: metrics of one population can be divided by each other.
    pub population: Option<String>,
    /// Days a period must be over before it is judged.
    pub matures_after_days: u16,
    /// What a high answer means, for a CES metric: it must be that of the question's column in its source.
    pub orientation: Option<MetricOrientation>,
    /// A contested choice, with its date.
    pub decided: Option<String>,
    /// Changes of what is asked, or of how, the oldest first: nothing is compared across them.
    pub changes: Vec<DeclaredChange>,
    pub(crate) file: ProjectFile,
}

impl Metric {
    /// The figures it gives: `value`, or those of a quantile metric.
    pub fn statistics(&self) -> Vec<&'static str> {
        match &self.kind {
            MetricKind::Quantile(quantile) => {
                quantile.statistics.iter().map(|statistic| statistic.name()).collect()
            }
            MetricKind::Survival(SurvivalMetric { lasting: Lasting::For(statistics), .. }) => {
                statistics.iter().map(|statistic| statistic.name()).collect()
            }
            _ => vec!["value"],
        }
    }

    /// Key and text of all it is computed by, in reading order.
    pub fn definition_parts(&self) -> Vec<(&'static str, String)> {
        let mut parts = self.kind.definition();
        let (scale, per_year) = match &self.kind {
            MetricKind::Ratio(ratio) => (ratio.scale, ratio.per_year),
            MetricKind::Derived(derived) => (1.0, derived.per_year),
            _ => (1.0, false),
        };
        if let MetricKind::Derived(derived) = &self.kind {
            let values = derived.parameters.iter().map(|(name, value)| format!("{name} = {value}"));
            let values: Vec<String> = values.collect();
            parts.extend((!values.is_empty()).then(|| ("parameters", values.join(", "))));
        }
        if let MetricKind::Survival(SurvivalMetric { lasting: Lasting::After(days), .. }) =
            &self.kind
        {
            parts.push(("after_days", days.to_string()));
        }
        if let MetricKind::Lifetime(lifetime) = &self.kind {
            parts.extend(lifetime.definition());
        }
        parts.extend((scale.to_bits() != 1f64.to_bits()).then(|| ("scale", scale.to_string())));
        parts.extend(per_year.then(|| ("per_year", "true".to_owned())));
        parts
    }

    /// All it is computed by in one line: `numerator: sum(a); denominator: count(*)`.
    pub fn definition(&self) -> String {
        let parts = self.definition_parts().into_iter();
        parts.map(|(key, text)| format!("{key}: {text}")).collect::<Vec<_>>().join("; ")
    }

    /// The fact it reads; none for a metric made of metrics.
    pub fn fact(&self) -> Option<TableName> {
        self.kind.fact().and_then(|fact| fact.text.parse().ok())
    }

    /// Names of the metrics it is made of.
    pub fn parts(&self) -> Vec<&str> {
        match &self.kind {
            MetricKind::Derived(derived) => {
                let names = names_in(&derived.formula.text).into_iter().map(|(_, name)| name);
                names.filter(|name| !derived.parameters.contains_key(*name)).collect()
            }
            MetricKind::Growth(growth) => vec![growth.of.text.trim()],
            _ => Vec::new(),
        }
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
