//! Which of the extracts that lie there are taken.

use std::path::Path;

use jiff::Timestamp;
use scorewright_domain::Limits;

/// Which extracts a call of [`land`](crate::land()) takes.
#[derive(Debug, Clone, Copy)]
pub struct Arrivals<'a> {
    /// Folder that extracts lie in, where their source names no other place.
    pub extracts: &'a Path,
    /// What an extract may be at most.
    pub limits: &'a Limits,
    /// The moment by which an extract must have [arrived](scorewright_extract::Arrival); what has not is left to a later
    /// call.
    pub now: Timestamp,
    /// Whether only contents are read that are in the books, as if nothing had arrived since.
    pub is_landed_only: bool,
}
