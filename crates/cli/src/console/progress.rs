//! How far landing has come, and how long each source takes.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use indicatif::HumanCount;
use scorewright_domain::Event;

/// How far landing has come, by source.
#[derive(Default)]
pub(super) struct LandingProgress {
    sources: Mutex<BTreeMap<String, SourceProgress>>,
}

/// How far one source has come.
#[derive(Debug, Clone, Copy)]
struct SourceProgress {
    started: Instant,
    rows: u64,
    took: Option<Duration>,
}

impl LandingProgress {
    /// Takes note of an event, if it is about landing.
    pub(super) fn note(&self, event: &Event) {
        let mut sources = self.sources.lock().expect("no holder panics");
        match event {
            Event::SourceStarted { source } => {
                let progress = SourceProgress { started: Instant::now(), rows: 0, took: None };
                sources.insert(source.clone(), progress);
            }
            Event::SourceFinished { source } => {
                if let Some(progress) = sources.get_mut(source) {
                    progress.took = Some(progress.started.elapsed());
                }
            }
            Event::BytesRead { source, rows, .. } => {
                if let Some(progress) = sources.get_mut(source) {
                    progress.rows += rows;
                }
            }
            _ => {}
        }
    }

    /// How long each source took that has landed.
    pub(super) fn times(&self) -> BTreeMap<String, Duration> {
        let sources = self.sources.lock().expect("no holder panics");
        sources
            .iter()
            .filter_map(|(source, progress)| Some((source.clone(), progress.took?)))
            .collect()
    }

    /// Rows a second since landing began, over all sources.
    pub(super) fn rows_per_second(&self) -> String {
        let sources = self.sources.lock().expect("no holder panics");
        let rows: u64 = sources.values().map(|progress| progress.rows).sum();
        let Some(started) = sources.values().map(|progress| progress.started).min() else {
            return String::new();
        };
        let seconds = started.elapsed().as_secs().max(1);
        format!("{} rows/s", HumanCount(rows / seconds))
    }
}
