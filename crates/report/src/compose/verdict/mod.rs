//! The page in one sentence.

mod claims;
mod subject;
mod worst;

use scorewright_domain::Status;

use super::context::PageContext;
use super::terms::shape;
use crate::format::{capital, compared_with, joined, number_word, period_words};
use crate::scorecard::{
    DataQuality, LedeClaim, LineGroup, ScorecardLine, StatusCounts, StatusTally, Verdict,
};
use worst::worst;

pub(super) use claims::claims;

/// The verdict, with the subject and preheader of the mail.
pub(super) fn verdict(
    page: &PageContext<'_>,
    groups: &[LineGroup],
    claims: &[LedeClaim],
    quality: &DataQuality,
) -> Verdict {
    let lines: Vec<&ScorecardLine> = groups.iter().flat_map(|group| &group.lines).collect();
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

fn tally(counts: &StatusCounts) -> Vec<StatusTally> {
    let all = [
        (Status::OffTrack, counts.off_track),
        (Status::AtRisk, counts.at_risk),
        (Status::OnTrack, counts.on_track),
        (Status::NoTarget, counts.no_target),
        (Status::TooLittleData, counts.too_little_data),
        (Status::NoData, counts.no_data),
        (Status::Partial, counts.partial),
    ];
    let words = |(status, count): (Status, u64)| StatusTally {
        status,
        shape: shape(status).into(),
        words: format!("{count} {}", status.words()),
    };
    all.into_iter().filter(|(_, count)| *count > 0).map(words).collect()
}

/// The heading, at most about nine words: what misses its target, or that nothing does.
fn sentence(counts: &StatusCounts, lines: &[&ScorecardLine]) -> String {
    let StatusCounts { off_track, at_risk, on_track, no_target, .. } = *counts;
    let unjudged = counts.unjudged();
    let partial = match counts.partial {
        0 => String::new(),
        partial => format!("; {} partial", number_word(partial)),
    };
    if off_track > 0 {
        let names = names(lines, Status::OffTrack);
        return format!("{} off track: {names}{partial}", measures(off_track));
    }
    if at_risk > 0 {
        let names = names(lines, Status::AtRisk);
        return format!("Nothing off track, {} at risk: {names}{partial}", number_word(at_risk));
    }
    if counts.partial > 0 {
        return partly(counts);
    }
    match (on_track, unjudged, no_target) {
        (0, 0, _) => format!("{}, no target set", measures(no_target)),
        (0, _, 0) => "No figures to judge".into(),
        (0, unjudged, _) => format!("No target set, {} without enough data", number_word(unjudged)),
        (_, 0, 0) => format!("{} on track", all(on_track)),
        (_, 0, _) => format!("{} with a target on track", all(on_track)),
        (_, unjudged, _) => {
            format!(
                "{} on track, {} without enough data",
                measures(on_track),
                number_word(unjudged)
            )
        }
    }
}

/// Nothing misses its target as far as is known.
fn partly(counts: &StatusCounts) -> String {
    match counts.on_track {
        0 => format!("No verdict yet, {} partial", number_word(counts.partial)),
        on_track => {
            format!("{} on track, {} partial", measures(on_track), number_word(counts.partial))
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
fn names(lines: &[&ScorecardLine], status: Status) -> String {
    let mut names: Vec<String> =
        lines.iter().filter(|line| line.status == status).map(|line| line.short.clone()).collect();
    if names.len() > 3 {
        let rest = u64::try_from(names.len() - 2).unwrap_or(u64::MAX);
        names.truncate(2);
        names.push(format!("{} more", number_word(rest)));
    }
    joined(&names)
}

fn period_line(page: &PageContext<'_>) -> String {
    format!("{}, compared with {}", period_words(page.period), compared_with(page.previous()))
}
