//! What a query may take while it runs: time, and memory that no pool counts.

use std::time::{Duration, Instant};

use scorewright_domain::SqlLimits;

use super::exhaustion::Unfinished;
use super::machine_memory::{memory_share, resident_bytes};
use crate::sql::sql_fault::SqlFault;

/// How often a query is looked at while it runs. What no pool counts grows by some gigabytes a second.
pub(super) const LOOK: Duration = Duration::from_millis(50);

/// Memory beyond the limit that the process may grow by while a query runs: what is read and written at the moment, and
/// an answer that is collected.
const SLACK: u64 = 512 << 20;

/// When a query has to end, and how far the process may grow until then.
#[derive(Debug, Clone, Copy)]
pub(in crate::sql) struct Watch {
    seconds: u64,
    deadline: Option<Instant>,
    /// Bytes that the process may hold; `None` where the system does not tell what it holds.
    resident: Option<u64>,
}

/// Most seconds that SQL may take until it is planned. What takes longer is folded constants, or steps that read each
/// other many times over.
const PLANNING: u64 = 60;

impl Watch {
    /// Begins now, for a plan.
    pub(in crate::sql) fn planning(limits: &SqlLimits) -> Self {
        let query_seconds = limits.query_seconds.min(PLANNING);
        Self::begin(&SqlLimits { query_seconds, ..*limits })
    }

    /// Begins now.
    pub(in crate::sql) fn begin(limits: &SqlLimits) -> Self {
        let seconds = limits.query_seconds;
        let growth = limits.memory.unwrap_or_else(memory_share).saturating_add(SLACK);
        Self {
            seconds,
            deadline: Instant::now().checked_add(Duration::from_secs(seconds)),
            resident: resident_bytes().map(|held| held.saturating_add(growth)),
        }
    }

    /// The limit that is exceeded at this moment.
    pub(super) fn exceeded(&self) -> Option<Unfinished> {
        if self.deadline.is_some_and(|deadline| Instant::now() >= deadline) {
            return Some(Unfinished::Failed(SqlFault::out_of_time(self.seconds)));
        }
        let is_too_large = self.resident.zip(resident_bytes()).is_some_and(|(may, has)| has > may);
        is_too_large.then_some(Unfinished::OutOfMemory)
    }
}
