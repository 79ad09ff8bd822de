//! Taking out of a transaction what has to be made again.

use std::collections::BTreeSet;

use scorewright_domain::{KnownLoad, TableName};

use super::Transaction;

impl Transaction {
    /// Takes out a table, and all views: they may read it, and are put again by the build.
    pub fn take_out(&mut self, table: &TableName) {
        self.snapshot.tables.remove(table);
        self.snapshot.views.clear();
    }

    /// Takes out all that has landed of a source: tables and books. What lands again is as late a delivery as it was.
    pub fn take_out_source(&mut self, source: &str) {
        let is_of_source = |name: &TableName| name.layer().is_landed() && name.noun() == source;
        self.snapshot.tables.retain(|name, _| !is_of_source(name));
        self.snapshot.views.clear();
        let (former, kept): (Vec<_>, Vec<_>) = std::mem::take(&mut self.snapshot.landings)
            .into_iter()
            .partition(|landing| landing.extract.source == source);
        self.snapshot.landings = kept;
        let known: BTreeSet<_> = self.snapshot.known_loads.iter().map(key).collect();
        let loads = former.iter().map(KnownLoad::of).filter(|load| !known.contains(&key(load)));
        let loads: Vec<KnownLoad> = loads.collect();
        self.snapshot.known_loads.extend(loads);
    }
}

/// What a load is known by.
fn key(load: &KnownLoad) -> (String, String) {
    (load.source.clone(), load.fingerprint.to_string())
}
