//! Subject and preheader of the mail: the verdict where a phone shows it.

use scorewright_domain::{Period, Status};

use crate::format::{ascii, period_short, shorten};
use crate::scorecard::{ClaimKind, DataQuality, LedeClaim, ScorecardLine, StatusCounts};

/// Longest subject that mail programs show whole.
const LONGEST: usize = 60;

/// The verdict in ASCII, with as much detail as fits: value and goal go before the name does.
pub(super) fn subject(
    counts: &StatusCounts,
    worst: Option<&ScorecardLine>,
    period: Period,
    is_partial: bool,
) -> String {
    let prefix = if is_partial { "[Partial] " } else { "" };
    let when = period_short(period);
    let mut forms =
        verdicts(counts, worst).into_iter().map(|verdict| format!("{prefix}{verdict} - {when}"));
    let first = forms.next().unwrap_or_default();
    let fitting =
        std::iter::once(first.clone()).chain(forms.clone()).find(|form| form.len() <= LONGEST);
    fitting.or_else(|| forms.next_back()).unwrap_or(first)
}

/// The same verdict, ever shorter.
fn verdicts(counts: &StatusCounts, worst: Option<&ScorecardLine>) -> Vec<String> {
    let Some(line) = worst else { return vec![nothing_missed(counts)] };
    let count = if line.status == Status::OffTrack { counts.off_track } else { counts.at_risk };
    let head = format!("{count} {}", line.status.words());
    let name = name(line);
    let value = ascii(&line.display.value);
    let goal = ascii(line.display.target.as_deref().unwrap_or_default());
    let dated = match line.display.period {
        Some(_) => format!("{name} ({})", period_short(line.period.days())),
        None => name.clone(),
    };
    vec![
        format!("{head}: {dated} {value} (goal {goal})"),
        format!("{head}: {dated} {value}"),
        format!("{head}: {name}"),
        format!("{head}: {}", ascii(&shorten(&name, 24))),
    ]
}

fn nothing_missed(counts: &StatusCounts) -> String {
    let StatusCounts { on_track, no_target, partial, .. } = *counts;
    match (on_track, counts.unjudged(), no_target) {
        (0, ..) if partial > 0 => format!("No verdict yet: {partial} partial"),
        _ if partial > 0 => format!("{on_track} on track, {partial} partial"),
        (0, 0, _) => format!("{no_target} measures, no target set"),
        (0, unjudged, _) => format!("No verdict: {unjudged} without enough data"),
        (_, 0, 0) => format!("All {on_track} on track"),
        (_, 0, _) => format!("All {on_track} with a target on track"),
        (_, unjudged, _) => format!("{on_track} on track, {unjudged} without enough data"),
    }
}

/// The short title in ASCII; the metric's own name where nothing of it is left.
fn name(line: &ScorecardLine) -> String {
    let plain = ascii(&line.short);
    if plain.chars().any(|letter| letter.is_ascii_alphanumeric()) {
        plain
    } else {
        line.metric.clone()
    }
}

/// What a mailbox shows beside the subject: the next thing to know, never the subject again.
pub(super) fn preheader(
    worst: Option<&ScorecardLine>,
    claims: &[LedeClaim],
    quality: &DataQuality,
) -> String {
    let is_new = |claim: &&LedeClaim| {
        claim.kind != ClaimKind::Target || claim.line != worst.map(|line| line.id.clone())
    };
    let mut sentences: Vec<&str> = quality.banner.iter().map(String::as_str).collect();
    sentences.extend(claims.iter().filter(is_new).map(|claim| claim.sentence.as_str()));
    sentences.push(&quality.sentence);
    let mut text = String::new();
    for sentence in sentences {
        let longer =
            if text.is_empty() { sentence.to_owned() } else { format!("{text} {sentence}") };
        if !text.is_empty() && longer.chars().count() > 110 {
            break;
        }
        text = longer;
    }
    shorten(&text, 110)
}
