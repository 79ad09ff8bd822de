//! The files of a source, wherever they lie, and what is known of their contents.

use scorewright_domain::Limits;
use std::path::Path;

use jiff::Timestamp;

use super::discovered::Discovery;
use super::extract_file::ExtractFile;
use super::file_hashes::FileHashCache;
use super::folder;
use super::spool::{Spool, SpoolGuard};
use super::store::ObjectStores;
use crate::refusal::ReadError;
use crate::source::Source;

/// Contents that are known from earlier runs, and those that become known in this one: hints that save reading.
#[derive(Debug)]
pub struct HashCaches {
    files: FileHashCache,
    stores: ObjectStores,
}

impl HashCaches {
    /// Those of a warehouse folder; what cannot be read is not known.
    pub fn read(warehouse: &Path) -> Self {
        Self { files: FileHashCache::read(warehouse), stores: ObjectStores::at(warehouse) }
    }

    /// Notes the contents of files, as far as they are known.
    pub fn note(&self, files: &[ExtractFile]) {
        for file in files {
            file.note(&self.files, self.stores.hashes());
        }
    }

    /// Keeps what was noted for the next run, where it can: without it, that run reads the files once more.
    pub fn keep(&self) {
        let _ = self.files.keep();
        let _ = self.stores.hashes().keep();
    }
}

/// Finds the files of a source that have arrived by a moment.
///
/// - `extracts`: the folder of extracts that do not lie in an object store.
pub fn discover(
    source: &Source,
    extracts: &Path,
    limits: &Limits,
    caches: &HashCaches,
    now: Timestamp,
) -> Discovery {
    match source.address() {
        None => folder::discover(source, extracts, limits, &caches.files, now),
        Some(address) => caches.stores.discover(source, &address, limits, now),
    }
}

/// One file by the name that tables state, fetched into a spool of its own for as long as the guard lives.
///
/// # Errors
///
/// Why it cannot be read.
pub fn find(
    source: &Source,
    extracts: &Path,
    warehouse: &Path,
    limits: &Limits,
    name: &str,
) -> Result<(ExtractFile, SpoolGuard), ReadError> {
    let (spool, guard) = Spool::private(warehouse);
    let stores = ObjectStores::with_spool(warehouse, spool);
    let in_folder = || folder::only(source, &extracts.join(name), limits);
    let found = stores.find(source, name, limits).unwrap_or_else(in_folder)?;
    Ok((found, guard))
}
