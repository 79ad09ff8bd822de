//! Which line stands worst.

use scorewright_domain::{Status, Unit};

use crate::scorecard::ScorecardLine;

/// The line that stands worst: off track before at risk, then by how far it misses for its size.
///
/// `None` when no line misses its target.
pub(super) fn worst<'a>(lines: &[&'a ScorecardLine]) -> Option<&'a ScorecardLine> {
    let of = |status: Status| lines.iter().copied().filter(move |line| line.status == status);
    furthest(of(Status::OffTrack)).or_else(|| furthest(of(Status::AtRisk)))
}

/// The line with the largest miss, the first of equal ones.
fn furthest<'a>(lines: impl Iterator<Item = &'a ScorecardLine>) -> Option<&'a ScorecardLine> {
    let mut worst: Option<&ScorecardLine> = None;
    for line in lines {
        if worst.is_none_or(|worst| miss(line) > miss(worst)) {
            worst = Some(line);
        }
    }
    worst
}

/// The miss as a share of the target; points are a share of their scale, since their target may be zero.
fn miss(line: &ScorecardLine) -> f64 {
    let Some(target) = &line.target else { return 0.0 };
    let gap = target.gap.unwrap_or_default().abs();
    let scale = if line.unit == Unit::Points { 100.0 } else { target.value.abs() };
    if scale > 0.0 { gap / scale } else { gap }
}
