//! What a run would find to do, asked beforehand.

use std::path::{Path, PathBuf};

use jiff::Timestamp;
use scorewright_domain::{LeftOutExtract, Limits};
use scorewright_extract::{
    AwaitedExtract, HashCaches, MissingExtract, RefusedExtract, Source, SpoolGuard,
};
use scorewright_warehouse::{Snapshot, Warehouse};

use crate::arrivals::Arrivals;
use crate::error::IngestError;
use crate::left_out::is_known;
use crate::plan::plans;

/// What [`land`](crate::land()) would find to do.
#[derive(Debug, Default)]
pub struct Pending {
    /// Extracts it would read: their paths below the extracts folder, or their addresses.
    pub new: Vec<PathBuf>,
    /// Sources whose file has changed since their extracts landed, or whose refused extracts are others than before.
    pub changed: Vec<String>,
    /// Extracts it would refuse without reading them, and that the version was not made without already.
    pub refused: Vec<RefusedExtract>,
    /// Files that are there and have not arrived yet.
    pub awaited: Vec<AwaitedExtract>,
    /// Sources without any extract.
    pub missing: Vec<MissingExtract>,
}

impl Pending {
    /// Whether everything that can land has landed.
    pub fn is_nothing(&self) -> bool {
        self.new.is_empty() && self.changed.is_empty()
    }
}

/// Asks what is new, with neither lock nor engine; reads only extracts that may be copies of others.
///
/// - `now`: the moment by which an extract must have [arrived](scorewright_extract::Arrival).
///
/// # Errors
///
/// [`IngestError::NoFolder`] when the extracts folder cannot be listed.
pub fn pending(
    sources: &[Source],
    extracts: &Path,
    limits: &Limits,
    warehouse: &Warehouse,
    snapshot: &Snapshot,
    now: Timestamp,
) -> Result<Pending, IngestError> {
    let mut pending = Pending::default();
    let caches = HashCaches::read(warehouse.root());
    let arrivals = Arrivals { extracts, limits, now, is_landed_only: false, untouched: &[] };
    for plan in plans(sources, arrivals, &caches, snapshot)? {
        let known: Vec<&LeftOutExtract> =
            snapshot.left_out.iter().filter(|out| out.source == plan.source.name).collect();
        if is_known(&plan, &known) {
            caches.note(&plan.read);
        } else {
            pending.new.extend(plan.read.into_iter().map(|present| present.file));
            if plan.is_source_changed || !known.is_empty() {
                pending.changed.push(plan.source.name.clone());
            }
            pending.refused.extend(plan.refused);
        }
        pending.awaited.extend(plan.awaited);
        pending.missing.extend(plan.missing);
    }
    caches.keep();
    // What was fetched to be known is read by the run that follows, if there is one.
    if pending.is_nothing() {
        drop(SpoolGuard::of(warehouse.root()));
    }
    Ok(pending)
}
