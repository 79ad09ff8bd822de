//! Which of the extracts that lie there are taken.

use std::path::Path;

use jiff::Timestamp;
use scorewright_domain::{LeftOutExtract, Limits};
use scorewright_extract::Source;

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
    /// Sources that nothing lands of: what is left out of them stays left out.
    pub untouched: &'a [Source],
}

impl Arrivals<'_> {
    /// Extracts that stay left out, as they are of sources that nothing lands of.
    pub(crate) fn still_left_out(&self, left_out: &[LeftOutExtract]) -> Vec<LeftOutExtract> {
        let is_untouched = |extract: &&LeftOutExtract| {
            self.untouched.iter().any(|source| source.name == extract.source)
        };
        left_out.iter().filter(is_untouched).cloned().collect()
    }
}
