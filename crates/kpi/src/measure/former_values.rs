//! The values of the newest version, and which of them stay.

use std::collections::BTreeSet;

use scorewright_domain::KpiValue;

use crate::coverage::MetricCoverage;
use crate::metric::Metric;

/// The values of the newest version, as far as they are of use.
#[derive(Debug, Clone, Default)]
pub struct FormerValues<'a> {
    /// Values of any metrics.
    pub values: Vec<KpiValue>,
    /// Metrics over facts that are [measured from](Metric::measured_from) the same things as the values: they stay.
    pub unchanged: BTreeSet<&'a str>,
}

impl FormerValues<'_> {
    /// The values of the metrics that are not measured again.
    pub(super) fn values_that_stay(&self) -> Vec<KpiValue> {
        let stay = |value: &&KpiValue| self.unchanged.contains(&*value.metric);
        self.values.iter().filter(stay).cloned().collect()
    }
}

/// Keys of a metric file that no value depends on: words, and what it is judged by.
const NOT_MEASURED: [&str; 6] =
    ["title", "says", "decided", "direction", "minimum_sample", "population"];

/// What a value has since it is measured so. The text must change with it: values of earlier programs have less.
const FORM: &str = "changes tested";

impl Metric {
    /// A text over everything that the values of the metric depend on, beside the rows of its fact and what SQL means:
    /// with an equal one, measuring gives the same values.
    ///
    /// `None` where only measuring tells: of a metric made of metrics, of one whose SQL asks other tables too, and of
    /// one with `minimum_group`, whose values depend on what was shown.
    ///
    /// - `most_segments`: as [`measure`](crate::measure) takes it.
    pub fn measured_from(&self, coverage: &MetricCoverage, most_segments: usize) -> Option<String> {
        let expressions = self.kind.expressions();
        let asks_others =
            expressions.iter().any(|part| part.text.to_ascii_lowercase().contains("select"));
        if self.fact().is_none() || self.minimum_group.is_some() || asks_others {
            return None;
        }
        let mut file: toml::Table = self.file.toml().ok()?;
        file.retain(|key, _| !NOT_MEASURED.contains(&key));
        let reach = coverage.reach_of(&self.name);
        let calendar = coverage.calendar();
        Some(format!("{FORM}\0{file}\0{calendar:?}\0{reach:?}\0{most_segments}"))
    }
}
