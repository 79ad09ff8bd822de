//! The page in a few sentences.

use scorewright_domain::Status;
use serde::{Deserialize, Serialize};

use super::line::ScorecardLine;

/// The page in one sentence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Verdict {
    /// Lines by status.
    pub status_counts: StatusCounts,
    /// The same counts as words, worst first, without the empty ones.
    pub tally: Vec<StatusTally>,
    /// Id of the line that stands worst; `null` when none misses its target.
    pub worst: Option<String>,
    /// The heading: `One measure off track: CSAT`.
    pub sentence: String,
    /// The period and what it is compared with, in one line.
    pub period_line: String,
    /// Subject of the mail: ASCII, verdict first.
    pub subject: String,
    /// The line a mailbox shows beside the subject; never repeats it.
    pub preheader: String,
}

/// Lines by status.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StatusCounts {
    /// Miss their target beyond doubt.
    pub off_track: u64,
    /// Miss their target, perhaps by chance.
    pub at_risk: u64,
    /// Meet their target.
    pub on_track: u64,
    /// Have a value and no target.
    pub no_target: u64,
    /// Rest on too few observations.
    pub too_little_data: u64,
    /// Have no value.
    pub no_data: u64,
    /// Were not delivered to the end of their period.
    pub partial: u64,
}

/// One count of the verdict.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StatusTally {
    /// The status counted.
    pub status: Status,
    /// Its shape: `■`.
    pub shape: String,
    /// `2 off track`.
    pub words: String,
}

/// A sentence of the lede and what it rests on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LedeClaim {
    /// What kind of statement it is.
    pub kind: ClaimKind,
    /// Id of the line it is about; `null` when it is about several.
    pub line: Option<String>,
    /// The sentence.
    pub sentence: String,
}

/// What a sentence of the lede states.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClaimKind {
    /// A line misses its target.
    Target,
    /// One or more lines moved, and the evidence says so.
    Move,
    /// A line moved, and chance alone could explain it.
    Noise,
    /// Nothing moved beyond chance.
    Quiet,
    /// Something about the data limits what can be stated.
    Data,
}

impl StatusCounts {
    /// The lines counted by status.
    pub(crate) fn of(lines: &[&ScorecardLine]) -> Self {
        let mut counts = Self::default();
        for line in lines {
            *counts.of_status(line.status) += 1;
        }
        counts
    }

    fn of_status(&mut self, status: Status) -> &mut u64 {
        match status {
            Status::OffTrack => &mut self.off_track,
            Status::AtRisk => &mut self.at_risk,
            Status::OnTrack => &mut self.on_track,
            Status::NoTarget => &mut self.no_target,
            Status::TooLittleData => &mut self.too_little_data,
            Status::NoData => &mut self.no_data,
            Status::Partial => &mut self.partial,
        }
    }

    /// Lines that could not be judged for want of data.
    pub(crate) fn unjudged(&self) -> u64 {
        self.too_little_data + self.no_data
    }
}
