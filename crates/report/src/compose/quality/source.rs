//! The books of one source.

use jiff::tz::TimeZone;
use scorewright_domain::{Books, Landing, SourceReach};

use crate::compose::context::PageContext;
use crate::facts::{RunFacts, SourceFacts, UnmatchedRows};
use crate::format::{
    clean, clean_text, count, count_words, day_of_week, instant_words, last_whole_day, share_of,
};
use crate::scorecard::{
    LineGroup, QualityDisplay, QualityState, QuarantineReason, ScorecardLine, SourceQuality,
    Unmatched,
};

pub(super) fn source_quality(
    source: &SourceFacts,
    page: &PageContext<'_>,
    groups: &[LineGroup],
) -> SourceQuality {
    let facts = page.facts;
    let until = source.reach.as_ref().and_then(|reach| reach.until);
    let reach = until.map(|until| day_of_week(last_whole_day(until, &facts.time_zone)));
    let mut books = Books::default();
    for landing in &source.landings {
        books.add(&landing.books);
    }
    let watermark = newest(&source.landings);
    let state = state(source, &books, page);
    SourceQuality {
        source: source.source.clone(),
        title: clean(&source.title),
        state,
        files: u64::try_from(source.landings.len()).unwrap_or(u64::MAX),
        reasons: reasons(&books),
        refused: source
            .refused
            .iter()
            .map(|one| clean_text(&format!("{}: {}", one.file, one.reason)))
            .collect(),
        affects: affected(&source.source, facts, groups),
        display: QualityDisplay {
            state: state_words(state, source, &books, reach.as_deref()),
            read: count(books.read),
            accepted: count(books.accepted),
            quarantined: count(books.quarantined),
            share: share_of(books.quarantined, books.read),
            duplicates: count(books.duplicates),
            superseded: count(books.superseded),
            watermark: watermark.as_deref().map(instant_words),
            ends: reach
                .as_ref()
                .filter(|_| is_late(source, page))
                .map(|reach| format!("ends on {reach}")),
            reach: reach.map(|reach| format!("complete until {reach}")),
            unmatched: source.unmatched.filter(|unmatched| unmatched.rows > 0).map(|unmatched| {
                format!(
                    "{} of rows belong to no known customer",
                    share_of(unmatched.rows, unmatched.looked_at)
                )
            }),
        },
        unmatched: source.unmatched.map(unmatched),
        reach: until.map(|until| until.to_string()),
        is_late: is_late(source, page),
        is_overdue: source.reach.as_ref().is_some_and(SourceReach::is_overdue),
        watermark,
        read: books.read,
        accepted: books.accepted,
        quarantined: books.quarantined,
        duplicates: books.duplicates,
        superseded: books.superseded,
        not_data: books.not_data,
        not_sampled: (books.not_sampled > 0).then_some(books.not_sampled),
    }
}

/// The newest moment delivered. Instants written alike compare as text; others are parsed.
fn newest(landings: &[Landing]) -> Option<String> {
    let moments = landings.iter().filter_map(|landing| landing.watermark.clone());
    moments.max_by_key(|text| (text.parse::<jiff::Timestamp>().ok(), text.clone()))
}

fn state(source: &SourceFacts, books: &Books, page: &PageContext<'_>) -> QualityState {
    match (source.refused.is_empty(), source.landings.is_empty()) {
        (false, _) => QualityState::Refused,
        (_, true) => QualityState::Empty,
        _ if is_late(source, page) => QualityState::Late,
        _ if books.quarantined > 0 => QualityState::RowsSetAside,
        _ => QualityState::Complete,
    }
}

/// Whether a source ends before the page's period, or before what is expected of it.
fn is_late(source: &SourceFacts, page: &PageContext<'_>) -> bool {
    let is_late = |reach: &SourceReach| reach.is_overdue() || !reaches_end(reach, page);
    source.reach.as_ref().is_some_and(is_late)
}

/// Whether a source reaches the end of the page's period, as far as it says.
fn reaches_end(reach: &SourceReach, page: &PageContext<'_>) -> bool {
    let zone = TimeZone::get(&page.facts.time_zone).unwrap_or(TimeZone::UTC);
    let end = page.period.until.to_zoned(zone).map(|end| end.timestamp());
    reach.until.is_none_or(|until| end.is_ok_and(|end| end <= until))
}

fn state_words(
    state: QualityState,
    source: &SourceFacts,
    books: &Books,
    reach: Option<&str>,
) -> String {
    match state {
        QualityState::Complete => "complete".into(),
        QualityState::RowsSetAside => {
            format!("{} set aside", count_words(books.quarantined, "row"))
        }
        QualityState::Refused => {
            let refused = u64::try_from(source.refused.len()).unwrap_or(u64::MAX);
            let refused = format!("{} refused", count_words(refused, "extract"));
            if source.is_as_before { format!("{refused}, rows as before") } else { refused }
        }
        QualityState::Late => reach.map_or("late".into(), |reach| format!("ends on {reach}")),
        QualityState::Empty => "nothing yet".into(),
    }
}

fn reasons(books: &Books) -> Vec<QuarantineReason> {
    let mut reasons: Vec<QuarantineReason> = books
        .reasons
        .iter()
        .map(|(reason, rows)| QuarantineReason {
            reason: reason.clone(),
            rows: *rows,
            display: format!("{}\u{a0}{}", count(*rows), clean(&reason.replace('_', " "))),
        })
        .collect();
    reasons.sort_by_key(|reason| std::cmp::Reverse(reason.rows));
    reasons
}

/// Titles of the lines that the source feeds, where the lineage is known.
fn affected(source: &str, facts: &RunFacts, groups: &[LineGroup]) -> Vec<String> {
    let feeds = |line: &&ScorecardLine| {
        let metric = facts.metrics.iter().find(|metric| metric.metric == line.metric);
        metric.is_some_and(|metric| metric.sources.iter().any(|name| name == source))
    };
    groups
        .iter()
        .flat_map(|group| &group.lines)
        .filter(feeds)
        .map(|line| line.title.clone())
        .collect()
}

#[allow(clippy::cast_precision_loss, reason = "a share needs no more than 52 bits")]
fn unmatched(unmatched: UnmatchedRows) -> Unmatched {
    let UnmatchedRows { rows, looked_at, is_warning } = unmatched;
    let share = (looked_at > 0).then(|| rows as f64 / looked_at as f64);
    Unmatched { rows, looked_at, share, is_warning }
}
