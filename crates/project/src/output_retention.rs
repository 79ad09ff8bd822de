//! How long is kept what runs leave in `out/`.

use jiff::SignedDuration;

const DAY: SignedDuration = SignedDuration::from_hours(24);

/// How long is kept what runs leave in `out/`, from when it was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OutputRetention {
    /// Records of runs that no kept version needs.
    pub runs: SignedDuration,
    /// Mail files that were delivered.
    pub mails: SignedDuration,
    /// Pages that later revisions took the place of and that no kept version shows.
    pub pages: SignedDuration,
}

impl Default for OutputRetention {
    fn default() -> Self {
        Self { runs: DAY * 365, mails: DAY * 90, pages: DAY * 365 }
    }
}
