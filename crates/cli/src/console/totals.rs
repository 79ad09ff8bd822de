//! What the events of a command add up to.

use std::collections::BTreeSet;
use std::sync::{Mutex, MutexGuard, PoisonError};

use scorewright_domain::Event;
use serde::Serialize;

/// What a run did, in numbers: the fields of `run_finished`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub(crate) struct RunTotals {
    #[serde(rename = "sources_landed", serialize_with = "count")]
    pub(crate) sources: BTreeSet<String>,
    pub(crate) extracts_landed: u64,
    pub(crate) extracts_refused: u64,
    pub(crate) rows_read: u64,
    pub(crate) rows_accepted: u64,
    pub(crate) rows_quarantined: u64,
    pub(crate) tables_built: u64,
    pub(crate) tables_unchanged: u64,
    pub(crate) checks_run: u64,
    pub(crate) checks_failed: u64,
    pub(crate) checks_warned: u64,
    pub(crate) metrics_measured: u64,
    pub(crate) metrics_unchanged: u64,
    pub(crate) values_measured: u64,
    pub(crate) pages_delivered: u64,
    pub(crate) pages_published: u64,
    pub(crate) mails_delivered: u64,
    pub(crate) messages_delivered: u64,
    /// What has not reached its readers, waits for its deadline, or was left out.
    pub(crate) owed: u64,
}

fn count<S: serde::Serializer>(names: &BTreeSet<String>, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_u64(names.len() as u64)
}

impl RunTotals {
    fn add(&mut self, event: &Event) {
        match event {
            Event::ExtractLanded { source, read, accepted, quarantined, .. } => {
                self.sources.insert(source.clone());
                self.extracts_landed += 1;
                self.rows_read += read;
                self.rows_accepted += accepted;
                self.rows_quarantined += quarantined;
            }
            Event::ExtractRefused { .. } => self.extracts_refused += 1,
            Event::TableBuilt { is_unchanged: true, .. } => self.tables_unchanged += 1,
            Event::TableBuilt { .. } => self.tables_built += 1,
            Event::ChecksRun { checks, failed, warned } => {
                self.checks_run += checks;
                self.checks_failed += failed;
                self.checks_warned += warned;
            }
            Event::MetricMeasured { is_unchanged: true, .. } => self.metrics_unchanged += 1,
            Event::MetricMeasured { values, .. } => {
                self.metrics_measured += 1;
                self.values_measured += values;
            }
            Event::Delivered { route } if route == "pages" => self.pages_delivered += 1,
            Event::Delivered { route } if route == "site" => self.pages_published += 1,
            Event::Delivered { route } if route == "webhook" => self.messages_delivered += 1,
            Event::Delivered { .. } => self.mails_delivered += 1,
            _ => {}
        }
    }
}

/// The totals so far.
#[derive(Default)]
pub(super) struct TotalsSoFar(Mutex<RunTotals>);

impl TotalsSoFar {
    /// Takes note of an event.
    pub(super) fn note(&self, event: &Event) {
        self.lock().add(event);
    }

    /// The totals as they are now.
    pub(super) fn now(&self) -> RunTotals {
        self.lock().clone()
    }

    /// Adds what no event tells.
    pub(super) fn change(&self, change: impl FnOnce(&mut RunTotals)) {
        change(&mut self.lock());
    }

    fn lock(&self) -> MutexGuard<'_, RunTotals> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
