//! Going back to a former version: by a new one that equals it.

use std::collections::BTreeSet;

use scorewright_domain::KnownLoad;

use super::Transaction;
use super::commit::publish;
use crate::error::WarehouseError;
use crate::storage::{Lock, Snapshot};

impl Transaction {
    /// Makes a new version of all that a former one holds: tables, books, project, verdicts. Nothing is removed.
    ///
    /// What versions owe goes on from the newest one, so that nobody is sent anything twice. Contents that landed since keep
    /// their order: they are as late deliveries as they were when they land again.
    ///
    /// # Errors
    ///
    /// [`WarehouseError::Damaged`] when a file of the former version is missing; [`WarehouseError::Io`] when the disk
    /// refuses.
    pub fn roll_back(self, former: Snapshot) -> Result<(Snapshot, Lock), WarehouseError> {
        self.warehouse.verify_version(former.number)?;
        let newest = self.snapshot;
        let snapshot = Snapshot {
            number: self.number,
            run: format!("rollback-to-{}", former.number),
            known_loads: known_loads(&former, &newest),
            issues: newest.issues,
            ..former
        };
        Ok((publish(&self.warehouse, snapshot)?, self.lock))
    }
}

/// What has landed in the newest version or was known by it, and has not in the former one.
fn known_loads(former: &Snapshot, newest: &Snapshot) -> Vec<KnownLoad> {
    let key = |load: &KnownLoad| (load.source.clone(), load.fingerprint.clone());
    let mut seen: BTreeSet<_> =
        former.landings.iter().map(KnownLoad::of).map(|it| key(&it)).collect();
    let known = former.known_loads.iter().chain(&newest.known_loads).cloned();
    let landed = newest.landings.iter().map(KnownLoad::of);
    known.chain(landed).filter(|load| seen.insert(key(load))).collect()
}
