//! What a query may take while it runs: time, and memory that no pool counts.

use std::cell::Cell;
use std::time::{Duration, Instant};

use scorewright_domain::SqlLimits;

use super::exhaustion::Unfinished;
use super::machine_memory::{memory_share, resident_bytes};
use crate::sql::sql_fault::SqlFault;

/// How often a query is looked at while it runs. What no pool counts grows by some gigabytes a second.
pub(super) const LOOK: Duration = MemoryWatch::LOOK;

/// Memory beyond the limit that the process may grow by while a query runs: what is read and written at the moment, and
/// an answer that is collected.
const SLACK: u64 = 512 << 20;

/// When a query has to end, and how far the process may grow until then.
#[derive(Debug)]
pub(crate) struct Watch {
    seconds: u64,
    deadline: Option<Instant>,
    memory: MemoryWatch,
}

/// How far the process may grow while something runs that no pool counts.
#[derive(Debug)]
pub struct MemoryWatch {
    /// Bytes by which it may grow.
    growth: u64,
    /// Bytes that it held when it was looked at first: most queries end before.
    held: Cell<Option<u64>>,
}

impl MemoryWatch {
    /// How often one looks.
    pub const LOOK: Duration = Duration::from_millis(50);

    /// Begins now: the process may grow by `memory` of the limits and as much as is read and written at the moment.
    pub fn begin(limits: &SqlLimits) -> Self {
        let growth = limits.memory.unwrap_or_else(memory_share).saturating_add(SLACK);
        Self { growth, held: Cell::new(None) }
    }

    /// Bytes by which the process may grow.
    pub fn growth(&self) -> u64 {
        self.growth
    }

    /// Whether the process has grown by more than that since it was looked at first. `false` where the system does not
    /// tell what it holds.
    pub fn is_exceeded(&self) -> bool {
        let Some(holds) = resident_bytes() else { return false };
        let held = self.held.get().unwrap_or(holds);
        self.held.set(Some(held));
        holds > held.saturating_add(self.growth)
    }
}

/// Most seconds that SQL may take until it is planned. What takes longer is folded constants, or steps that read each
/// other many times over.
const PLANNING: u64 = 60;

impl Watch {
    /// Begins now, for a plan.
    pub(crate) fn planning(limits: &SqlLimits) -> Self {
        let query_seconds = limits.query_seconds.min(PLANNING);
        Self::begin(&SqlLimits { query_seconds, ..*limits })
    }

    /// Begins now.
    pub(crate) fn begin(limits: &SqlLimits) -> Self {
        let seconds = limits.query_seconds;
        Self {
            seconds,
            deadline: Instant::now().checked_add(Duration::from_secs(seconds)),
            memory: MemoryWatch::begin(limits),
        }
    }

    /// The limit that is exceeded at this moment.
    pub(super) fn exceeded(&self) -> Option<Unfinished> {
        if self.deadline.is_some_and(|deadline| Instant::now() >= deadline) {
            return Some(Unfinished::Failed(SqlFault::out_of_time(self.seconds)));
        }
        // Where the system does not tell what a process holds, the pools alone count.
        self.memory.is_exceeded().then_some(Unfinished::OutOfMemory)
    }
}
