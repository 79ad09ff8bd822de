//! Blocks of files that this process has read and found whole: they are not checked again.

use std::collections::BTreeMap;
use std::fs::Metadata;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use scorewright_domain::Fingerprint;

use super::stored_file::StoredFile;

/// By path: what is known of the file that lies there.
static KNOWN: Mutex<BTreeMap<PathBuf, Arc<CheckedBlocks>>> = Mutex::new(BTreeMap::new());

/// Blocks of one file that are whole.
#[derive(Debug)]
pub(super) struct CheckedBlocks {
    file: FileIdentity,
    /// The content that it was checked against.
    sha256: Fingerprint,
    /// One bit for each block.
    bits: Vec<AtomicU64>,
}

/// By which a file is told from another one that takes its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct FileIdentity {
    device: u64,
    inode: u64,
    /// Seconds and nanoseconds of its last change.
    changed: (i64, i64),
}

impl FileIdentity {
    fn of(metadata: &Metadata) -> Self {
        Self {
            device: metadata.dev(),
            inode: metadata.ino(),
            changed: (metadata.ctime(), metadata.ctime_nsec()),
        }
    }
}

impl CheckedBlocks {
    /// What is known of a file that is open; nothing of one that has taken the place of another.
    pub(super) fn of(path: &Path, metadata: &Metadata, stored: &StoredFile) -> Arc<Self> {
        let file = FileIdentity::of(metadata);
        let mut known = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
        let is_it = |it: &&Arc<Self>| it.file == file && it.sha256 == stored.sha256;
        if let Some(it) = known.get(path).filter(is_it) {
            return Arc::clone(it);
        }
        let count = stored.blocks.as_ref().map_or(0, |blocks| blocks.count().div_ceil(BITS));
        let bits = (0..count).map(|_| AtomicU64::new(0)).collect();
        let it = Arc::new(Self { file, sha256: stored.sha256.clone(), bits });
        known.insert(path.to_owned(), Arc::clone(&it));
        it
    }

    /// Whether a block was found whole.
    pub(super) fn contains(&self, block: u64) -> bool {
        self.place(block).is_some_and(|(bits, bit)| bits.load(Ordering::Relaxed) & bit != 0)
    }

    /// Notes a block that was found whole.
    pub(super) fn insert(&self, block: u64) {
        if let Some((bits, bit)) = self.place(block) {
            bits.fetch_or(bit, Ordering::Relaxed);
        }
    }

    fn place(&self, block: u64) -> Option<(&AtomicU64, u64)> {
        let block = usize::try_from(block).ok()?;
        Some((self.bits.get(block / BITS)?, 1 << (block % BITS)))
    }
}

/// Bits of a word.
const BITS: usize = u64::BITS as usize;
