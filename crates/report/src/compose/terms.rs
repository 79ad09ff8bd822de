//! The terms that lines, breakdowns and sentences share.

use scorewright_domain::{Direction, Evidence, Status};

use crate::format::count;
use crate::scorecard::ScorecardLine;

/// The evidence in words; a real change also says for whom it is good.
pub(super) fn evidence(evidence: Evidence, change: Option<f64>, direction: Direction) -> String {
    let words = evidence.words();
    let Some(change) = change.filter(|_| evidence != Evidence::NotComparable) else {
        let is_parted = evidence == Evidence::NotComparable;
        return if is_parted { words } else { "nothing to compare with" }.into();
    };
    match is_better(change, direction) {
        Some(true) if evidence == Evidence::Real => format!("{words}, better"),
        Some(false) if evidence == Evidence::Real => format!("{words}, worse"),
        _ => words.into(),
    }
}

/// Whether a change is for the better; `None` where neither way is, or nothing changed.
pub(super) fn is_better(change: f64, direction: Direction) -> Option<bool> {
    match direction {
        _ if change == 0.0 => None,
        Direction::HigherIsBetter => Some(change > 0.0),
        Direction::LowerIsBetter => Some(change < 0.0),
        Direction::Neutral => None,
    }
}

/// Shape of a status, so that colour never speaks alone.
pub(super) fn shape(status: Status) -> &'static str {
    match status {
        Status::OffTrack => "■",
        Status::AtRisk => "▲",
        Status::OnTrack => "●",
        Status::Partial => "◐",
        Status::NoTarget | Status::TooLittleData | Status::NoData => "–",
    }
}

/// `n = 12, fewer than 30`.
pub(super) fn sample(n: Option<u64>, minimum: u64) -> String {
    let Some(n) = n else { return "n not shown".into() };
    let size = format!("n = {}", count(n));
    if n < minimum { format!("{size}, fewer than {}", count(minimum)) } else { size }
}

/// The value of a line that decides how precisely its changes are shown.
pub(super) fn reference_value(line: &ScorecardLine) -> f64 {
    line.value.unwrap_or_default()
}
