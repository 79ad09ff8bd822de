//! Memory that all rows of a run on their way into tables share.

use std::sync::atomic::{AtomicUsize, Ordering};

/// Memory for rows, as they were read and encoded; neither can crowd out the other.
#[derive(Debug)]
pub(crate) struct MemoryBudget {
    /// Rows as they were read.
    pub(crate) in_memory: Reservation,
    /// Rows encoded as row groups.
    pub(crate) encoded: Reservation,
}

/// Bytes that may be used, and how many are.
#[derive(Debug)]
pub(crate) struct Reservation {
    used: AtomicUsize,
    bytes: usize,
}

impl MemoryBudget {
    pub(crate) fn new(in_memory: usize, encoded: usize) -> Self {
        let reservation = |bytes| Reservation { used: AtomicUsize::new(0), bytes };
        Self { in_memory: reservation(in_memory), encoded: reservation(encoded) }
    }

    #[cfg(test)]
    pub(crate) fn is_empty(&self) -> bool {
        let is_unused = |of: &Reservation| of.used.load(Ordering::Relaxed) == 0;
        is_unused(&self.in_memory) && is_unused(&self.encoded)
    }
}

impl Reservation {
    /// Uses bytes when at most all are used after it.
    pub(crate) fn try_grow(&self, bytes: usize) -> bool {
        self.try_grow_to(bytes, self.bytes)
    }

    /// Uses bytes when at most half of all are used after it.
    pub(crate) fn try_grow_to_half(&self, bytes: usize) -> bool {
        self.try_grow_to(bytes, self.bytes / 2)
    }

    fn try_grow_to(&self, bytes: usize, limit: usize) -> bool {
        let is_enough = self.used.fetch_add(bytes, Ordering::Relaxed) + bytes <= limit;
        if !is_enough {
            self.shrink(bytes);
        }
        is_enough
    }

    /// Uses bytes even where there are none left.
    pub(crate) fn grow(&self, bytes: usize) {
        self.used.fetch_add(bytes, Ordering::Relaxed);
    }

    pub(crate) fn is_full(&self) -> bool {
        self.used.load(Ordering::Relaxed) >= self.bytes
    }

    pub(crate) fn shrink(&self, bytes: usize) {
        self.used.fetch_sub(bytes, Ordering::Relaxed);
    }
}
