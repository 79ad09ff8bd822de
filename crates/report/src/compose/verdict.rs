//! The page in one sentence.

use scorewright_domain::{Status, Unit};

use super::{Page, display, subject};
use crate::scorecard::{Claim, DataQuality, Line, LineGroup, StatusCounts, Tally, Verdict};
use crate::wording::{capital, compared_with, joined, number_word, period_words};

pub(super) fn verdict(
    page: &Page<'_>,
    groups: &[LineGroup],
    claims: &[Claim],
    quality: &DataQuality,
) -> Verdict {
    let lines: Vec<&Line> = groups.iter().flat_map(|group| &group.lines).collect();
    let counts = StatusCounts::of(&lines);
    let worst = worst(&lines);
    Verdict {
        tally: tally(&counts),
        sentence: sentence(&counts, &lines),
        period_line: period_line(page),
        subject: subject::subject(&counts, worst, page.period, quality.is_partial),
        preheader: subject::preheader(worst, claims, quality),
        worst: worst.map(|line| line.id.clone()),
        status_counts: counts,
    }
}

impl StatusCounts {
    fn of(lines: &[&Line]) -> Self {
        let mut counts = Self::default();
        for line in lines {
            *counts.slot(line.status) += 1;
        }
        counts
    }

    fn slot(&mut self, status: Status) -> &mut u64 {
        match status {
            Status::OffTrack => &mut self.off_track,
            Status::AtRisk => &mut self.at_risk,
            Status::OnTrack => &mut self.on_track,
            Status::NoTarget => &mut self.no_target,
            Status::TooLittleData => &mut self.too_little_data,
            Status::NoData => &mut self.no_data,
        }
    }

    /// Lines that could not be judged for want of data.
    pub(super) fn blind(&self) -> u64 {
        self.too_little_data + self.no_data
    }
}

/// The line that stands worst: off track before at risk, then by how far it misses for its size.
///
/// `None` when no line misses its target.
pub(super) fn worst<'a>(lines: &[&'a Line]) -> Option<&'a Line> {
    let of = |status: Status| lines.iter().copied().filter(move |line| line.status == status);
    furthest(of(Status::OffTrack)).or_else(|| furthest(of(Status::AtRisk)))
}

fn furthest<'a>(lines: impl Iterator<Item = &'a Line>) -> Option<&'a Line> {
    let mut worst: Option<&Line> = None;
    for line in lines {
        if worst.is_none_or(|worst| miss(line) > miss(worst)) {
            worst = Some(line);
        }
    }
    worst
}

/// The miss as a part of the target; points are a part of their scale, since their target may be zero.
fn miss(line: &Line) -> f64 {
    let Some(target) = &line.target else { return 0.0 };
    let gap = target.gap.unwrap_or_default().abs();
    let scale = if line.unit == Unit::Points { 100.0 } else { target.value.abs() };
    if scale > 0.0 { gap / scale } else { gap }
}

fn tally(counts: &StatusCounts) -> Vec<Tally> {
    let all = [
        (Status::OffTrack, counts.off_track),
        (Status::AtRisk, counts.at_risk),
        (Status::OnTrack, counts.on_track),
        (Status::NoTarget, counts.no_target),
        (Status::TooLittleData, counts.too_little_data),
        (Status::NoData, counts.no_data),
    ];
    let words = |(status, count): (Status, u64)| Tally {
        status,
        shape: display::shape(status).into(),
        words: format!("{count} {}", status.words()),
    };
    all.into_iter().filter(|(_, count)| *count > 0).map(words).collect()
}

/// The heading, at most about nine words: what misses its target, or that nothing does.
fn sentence(counts: &StatusCounts, lines: &[&Line]) -> String {
    let StatusCounts { off_track, at_risk, on_track, no_target, .. } = *counts;
    let blind = counts.blind();
    if off_track > 0 {
        return format!("{} off track: {}", measures(off_track), names(lines, Status::OffTrack));
    }
    if at_risk > 0 {
        return format!(
            "Nothing off track, {} at risk: {}",
            number_word(at_risk),
            names(lines, Status::AtRisk)
        );
    }
    match (on_track, blind, no_target) {
        (0, 0, _) => format!("{}, no target set", measures(no_target)),
        (0, _, 0) => "No figures to judge".into(),
        (0, blind, _) => format!("No target set, {} without enough data", number_word(blind)),
        (_, 0, 0) => format!("{} on track", all(on_track)),
        (_, 0, _) => format!("{} with a target on track", all(on_track)),
        (_, blind, _) => {
            format!("{} on track, {} without enough data", measures(on_track), number_word(blind))
        }
    }
}

fn all(count: u64) -> String {
    if count == 1 {
        "The one measure".into()
    } else {
        format!("All {} measures", number_word(count))
    }
}

fn measures(count: u64) -> String {
    format!("{} measure{}", capital(&number_word(count)), if count == 1 { "" } else { "s" })
}

/// The first two by name, the rest as a count.
fn names(lines: &[&Line], status: Status) -> String {
    let mut names: Vec<String> =
        lines.iter().filter(|line| line.status == status).map(|line| line.short.clone()).collect();
    if names.len() > 3 {
        let rest = u64::try_from(names.len() - 2).unwrap_or(u64::MAX);
        names.truncate(2);
        names.push(format!("{} more", number_word(rest)));
    }
    joined(&names)
}

fn period_line(page: &Page<'_>) -> String {
    let words = period_words(page.period);
    match page.previous() {
        Some(previous) => format!("{words}, compared with {}", compared_with(previous)),
        None => words,
    }
}
