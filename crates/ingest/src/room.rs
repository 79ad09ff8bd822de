//! Memory that all rows of a run on their way into tables share.

use std::sync::atomic::{AtomicUsize, Ordering};

/// Memory for rows, loose and packed; neither can crowd out the other.
#[derive(Debug)]
pub(crate) struct Room {
    pub(crate) loose: Share,
    pub(crate) packed: Share,
}

/// Bytes that may be taken, and how many are.
#[derive(Debug)]
pub(crate) struct Share {
    used: AtomicUsize,
    bytes: usize,
}

impl Room {
    pub(crate) fn new(loose: usize, packed: usize) -> Self {
        let share = |bytes| Share { used: AtomicUsize::new(0), bytes };
        Self { loose: share(loose), packed: share(packed) }
    }

    #[cfg(test)]
    pub(crate) fn is_empty(&self) -> bool {
        [&self.loose, &self.packed].iter().all(|share| share.used.load(Ordering::Relaxed) == 0)
    }
}

impl Share {
    /// Takes memory when at most a part of all is used after it: `1` for all of it, `2` for half.
    pub(crate) fn take(&self, bytes: usize, part: usize) -> bool {
        let is_enough = self.used.fetch_add(bytes, Ordering::Relaxed) + bytes <= self.bytes / part;
        if !is_enough {
            self.give_back(bytes);
        }
        is_enough
    }

    /// Takes memory even where there is none.
    pub(crate) fn overdraw(&self, bytes: usize) {
        self.used.fetch_add(bytes, Ordering::Relaxed);
    }

    pub(crate) fn is_full(&self) -> bool {
        self.used.load(Ordering::Relaxed) >= self.bytes
    }

    pub(crate) fn give_back(&self, bytes: usize) {
        self.used.fetch_sub(bytes, Ordering::Relaxed);
    }
}
