//! Declared changes of what a metric asks, across which nothing is compared.

use jiff::civil::Date;
use scorewright_domain::{DeclaredChange, Fault};

use super::definition::Metric;
use super::reader::MetricFileReader;

impl MetricFileReader<'_> {
    /// The declared changes, the oldest first.
    pub(super) fn changes(&self) -> Result<Vec<DeclaredChange>, Fault> {
        for change in &self.raw.changes {
            if change.get_ref().says.trim().is_empty() {
                let message = "`says` is empty: readers are told what changed";
                return Err(self.file.fault(Some(change.span()), message));
            }
        }
        let mut changes: Vec<DeclaredChange> =
            self.raw.changes.iter().map(|change| change.get_ref().clone()).collect();
        changes.sort_by_key(|change| change.on);
        Ok(changes)
    }
}

impl Metric {
    /// The newest change that holds before a day, of this metric or of one it is made of.
    pub(crate) fn newest_change<'a>(
        &'a self,
        before: Date,
        metrics: &'a [Self],
    ) -> Option<&'a DeclaredChange> {
        let own = self.changes.iter().rev().find(|change| change.on < before);
        let parts = self.parts();
        let of_parts = metrics
            .iter()
            .filter(|metric| parts.contains(&metric.name.as_str()))
            .filter_map(|part| part.newest_change(before, metrics));
        own.into_iter().chain(of_parts).max_by_key(|change| change.on)
    }
}
