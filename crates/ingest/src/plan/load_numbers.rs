//! Which load of a source brought which content first.

use std::collections::BTreeMap;

use scorewright_domain::{Fingerprint, KnownLoad, Landing};

/// The loads of a source, by what they brought: those in the books, and those that a rollback took out of them.
#[derive(Debug, Clone, Default)]
pub(crate) struct LoadNumbers {
    by_content: BTreeMap<Fingerprint, u64>,
    newest: u64,
}

impl LoadNumbers {
    /// Of the books of a source, and of what is known beside them.
    pub(super) fn of(former: &[Landing], known: &[&KnownLoad]) -> Self {
        let landed =
            former.iter().map(|landing| (&landing.extract.fingerprint, landing.first_seen));
        let known = known.iter().map(|load| (&load.fingerprint, load.first_seen));
        let mut loads = Self::default();
        for (content, load) in landed.chain(known) {
            loads.by_content.entry(content.clone()).or_insert(load);
            loads.newest = loads.newest.max(load);
        }
        loads
    }

    /// The load that brought a content first; `None` where none did.
    pub(super) fn first_of(&self, content: &Fingerprint) -> Option<u64> {
        self.by_content.get(content).copied()
    }

    /// The number of the load that comes.
    pub(super) fn next(&self) -> u64 {
        self.newest + 1
    }
}
