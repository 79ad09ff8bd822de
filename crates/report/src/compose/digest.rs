//! Which lines fit into a mail.

use scorewright_domain::Status;

use crate::format::{capital, number_word};
use crate::report::Report;
use crate::scorecard::{Digest, DigestGroup, LineGroup, ScorecardLine};

/// Lines that a mail has at most.
const MOST_LINES: usize = 8;

/// The worst eight lines, under their headings, worst first.
pub(super) fn digest(report: &Report, groups: &[LineGroup]) -> Digest {
    let mut all: Vec<&ScorecardLine> = groups.iter().flat_map(|group| &group.lines).collect();
    all.sort_by_key(|line| severity(line.status));
    let omitted = u64::try_from(all.len().saturating_sub(MOST_LINES)).unwrap_or(u64::MAX);
    all.truncate(MOST_LINES);
    let chosen = |group: &LineGroup| DigestGroup {
        title: group.title.clone(),
        lines: all
            .iter()
            .filter(|line| group.lines.iter().any(|other| other.id == line.id))
            .map(|line| line.id.clone())
            .collect(),
    };
    Digest {
        groups: groups.iter().map(chosen).filter(|group| !group.lines.is_empty()).collect(),
        omitted: omission(omitted),
        link: report.mail.as_ref().and_then(|mail| mail.link.clone()),
        attachment: None,
    }
}

fn omission(count: u64) -> Option<String> {
    let (noun, verb) = if count == 1 { ("measure", "is") } else { ("measures", "are") };
    (count > 0).then(|| {
        format!("{} more {noun} {verb} in the full scorecard.", capital(&number_word(count)))
    })
}

fn severity(status: Status) -> u8 {
    match status {
        Status::OffTrack => 0,
        Status::AtRisk => 1,
        Status::NoData | Status::Partial => 2,
        Status::TooLittleData => 3,
        Status::OnTrack => 4,
        Status::NoTarget => 5,
    }
}
