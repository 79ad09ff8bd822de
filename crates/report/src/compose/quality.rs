//! What the figures rest on, in words.

use scorewright_domain::{Books, Landing};

use crate::scorecard::{
    DataQuality, InputDisplay, InputFile, Line, LineGroup, QualityDisplay, QualityState,
    QualityWarning, QuarantineReason, SourceQuality, Unmatched,
};
use crate::wording::{
    NO_VALUE, capital, clean, clean_text, count, count_words, instant_words, joined, percentage,
};
use crate::{CheckWarning, Concern, RunFacts, SourceFacts, UnmatchedRows};

pub(super) fn data_quality(facts: &RunFacts, groups: &[LineGroup]) -> DataQuality {
    let sources: Vec<SourceQuality> =
        facts.sources.iter().map(|source| source_quality(source, facts, groups)).collect();
    let is_broken =
        |state: QualityState| matches!(state, QualityState::Missing | QualityState::Refused);
    DataQuality {
        sentence: sentence(&sources),
        banner: banner(&sources),
        is_partial: sources.iter().any(|source| is_broken(source.state)),
        warnings: facts
            .warnings
            .iter()
            .map(warning)
            .chain(facts.sources.iter().filter_map(unmatched_warning))
            .collect(),
        sources,
    }
}

/// Every extract, in the order of the sources.
pub(super) fn inputs(facts: &RunFacts) -> Vec<InputFile> {
    let each = facts.sources.iter().flat_map(|source| &source.landings);
    each.map(|landing| InputFile {
        source: clean(&landing.extract.source),
        file: clean(&landing.extract.file.to_string_lossy()),
        rows: landing.books.read,
        bytes: landing.extract.bytes,
        sha256: landing.extract.fingerprint.to_string(),
        watermark: landing.watermark.clone(),
        display: InputDisplay {
            rows: count(landing.books.read),
            sha256: landing.extract.fingerprint.short(12).to_owned(),
        },
    })
    .collect()
}

fn source_quality(source: &SourceFacts, facts: &RunFacts, groups: &[LineGroup]) -> SourceQuality {
    let mut books = Books::default();
    for landing in &source.landings {
        books.add(&landing.books);
    }
    let watermark = newest(&source.landings);
    let state = state(source, &books);
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
            state: state_words(state, source, &books),
            read: count(books.read),
            accepted: count(books.accepted),
            quarantined: count(books.quarantined),
            share: share(books.quarantined, books.read),
            duplicates: count(books.duplicates),
            superseded: count(books.superseded),
            watermark: watermark.as_deref().map(instant_words),
            unmatched: source.unmatched.filter(|unmatched| unmatched.rows > 0).map(|unmatched| {
                format!(
                    "{} of rows belong to no known customer",
                    share(unmatched.rows, unmatched.looked_at)
                )
            }),
        },
        unmatched: source.unmatched.map(unmatched),
        watermark,
        read: books.read,
        accepted: books.accepted,
        quarantined: books.quarantined,
        duplicates: books.duplicates,
        superseded: books.superseded,
    }
}

/// The newest moment delivered. Instants written alike compare as text; others are parsed.
fn newest(landings: &[Landing]) -> Option<String> {
    let moments = landings.iter().filter_map(|landing| landing.watermark.clone());
    moments.max_by_key(|text| (text.parse::<jiff::Timestamp>().ok(), text.clone()))
}

fn state(source: &SourceFacts, books: &Books) -> QualityState {
    match (source.is_missing, source.refused.is_empty(), source.landings.is_empty()) {
        (true, _, _) => QualityState::Missing,
        (_, false, _) => QualityState::Refused,
        (_, _, true) => QualityState::Empty,
        _ if books.quarantined > 0 => QualityState::RowsSetAside,
        _ => QualityState::Complete,
    }
}

fn state_words(state: QualityState, source: &SourceFacts, books: &Books) -> String {
    match state {
        QualityState::Complete => "complete".into(),
        QualityState::RowsSetAside => {
            format!("{} set aside", count_words(books.quarantined, "row"))
        }
        QualityState::Refused => {
            format!(
                "{} refused",
                count_words(u64::try_from(source.refused.len()).unwrap_or(u64::MAX), "extract")
            )
        }
        QualityState::Missing => "missing".into(),
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
    let feeds = |line: &&Line| {
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

#[allow(
    clippy::cast_precision_loss,
    reason = "a share shown with one decimal needs no more than 52 bits"
)]
fn share(part: u64, whole: u64) -> String {
    if whole == 0 { NO_VALUE.into() } else { percentage(part as f64 / whole as f64) }
}

#[allow(clippy::cast_precision_loss, reason = "a share needs no more than 52 bits")]
fn unmatched(unmatched: UnmatchedRows) -> Unmatched {
    let UnmatchedRows { rows, looked_at, is_warning } = unmatched;
    let share = (looked_at > 0).then(|| rows as f64 / looked_at as f64);
    Unmatched { rows, looked_at, share, is_warning }
}

/// More rows of nobody than are tolerated.
fn unmatched_warning(source: &SourceFacts) -> Option<QualityWarning> {
    let unmatched = source.unmatched.filter(|unmatched| unmatched.is_warning)?;
    Some(QualityWarning {
        table: "dim.identity_match".into(),
        check: format!("known_customer({})", source.source),
        offending: unmatched.rows,
        looked_at: unmatched.looked_at,
        sentence: format!(
            "{}: {} of {} belong to no known customer ({}).",
            capital(&clean(&source.title)),
            count(unmatched.rows),
            count_words(unmatched.looked_at, "row"),
            share(unmatched.rows, unmatched.looked_at)
        ),
    })
}

fn sentence(sources: &[SourceQuality]) -> String {
    let total = |of: fn(&SourceQuality) -> u64| sources.iter().map(of).sum::<u64>();
    let (read, aside) = (total(|source| source.read), total(|source| source.quarantined));
    let arrived = sources.iter().filter(|source| source.files > 0).count();
    let arrival = if arrived == 1 && sources.len() == 1 {
        "The one source arrived".into()
    } else if arrived == sources.len() {
        format!("All {} arrived", count_words(u64::try_from(arrived).unwrap_or(u64::MAX), "source"))
    } else {
        format!("{arrived} of {} sources arrived", sources.len())
    };
    let rows = count_words(read, "row");
    match aside {
        0 => format!("{arrival}; none of {rows} is set aside."),
        aside => {
            format!("{arrival}; {} of {rows} are set aside ({}).", count(aside), share(aside, read))
        }
    }
}

/// What must be known before reading on: missing sources and refused extracts, with the figures they touch.
fn banner(sources: &[SourceQuality]) -> Option<String> {
    let broken = sources.iter().filter_map(|source| {
        let fault = match source.state {
            QualityState::Missing => format!("{} did not arrive", source.title),
            QualityState::Refused => format!("{}: {}", source.title, source.display.state),
            _ => return None,
        };
        let touched = match source.affects.as_slice() {
            [] => String::new(),
            titles if titles.len() > 4 => format!("; {} measures rest on it", titles.len()),
            titles => {
                format!(
                    "; {} {} on it",
                    joined(titles),
                    if titles.len() == 1 { "rests" } else { "rest" }
                )
            }
        };
        Some(format!("{}{touched}.", capital(&fault)))
    });
    let sentences: Vec<String> = broken.collect();
    (!sentences.is_empty()).then(|| sentences.join(" "))
}

fn warning(warning: &CheckWarning) -> QualityWarning {
    let (offending, looked_at) = (warning.offending, warning.looked_at);
    let sentence = if warning.concern == Concern::ContestedNames {
        let (are, them) =
            if offending == 1 { ("is", "it belongs") } else { ("are", "they belong") };
        format!(
            "{} {are} claimed by several customers, so {them} to none ({} lists the claims).",
            count_words(offending, "name"),
            "dim.identity_conflict"
        )
    } else if warning.table.is_empty() {
        format!("{} offend {}.", count_words(offending, "row"), clean(warning.check.as_str()))
    } else {
        format!(
            "{} of {} in {} fail {} ({}).",
            count(offending),
            count_words(looked_at, "row"),
            clean(&warning.table),
            clean(warning.check.as_str()),
            share(offending, looked_at)
        )
    };
    QualityWarning {
        table: clean(&warning.table),
        check: clean(warning.check.as_str()),
        offending,
        looked_at,
        sentence,
    }
}
