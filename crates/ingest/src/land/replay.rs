//! What a run for an earlier day cannot show as it was then.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use scorewright_domain::{Event, Landing};
use scorewright_extract::{Load, Source, listed};
use scorewright_warehouse::Snapshot;

/// Sources named at most.
const SHOWN: usize = 10;

/// The night's own extracts hold rows of the first hours of the day that a run is made for: that is no replay.
const DAY: SignedDuration = SignedDuration::from_hours(24);

/// Names the sources whose rows are as last delivered, in a run for a day that ended before the newest row there is.
pub(super) fn notice(sources: &[Source], as_of: Timestamp, snapshot: &Snapshot) -> Option<Event> {
    let after = as_of.checked_add(DAY).ok()?;
    let newest = newest(sources, snapshot).filter(|newest| *newest >= after)?;
    let unchanged = sources.iter().filter(|source| is_as_last_delivered(source, snapshot));
    let names: Vec<String> = unchanged.map(|source| format!("`{}`", source.name)).collect();
    (!names.is_empty()).then(|| Event::Noticed {
        message: format!(
            "this run is for an earlier day than the newest rows, which are of {}: rows of {} are as last delivered, \
             for lack of `history` or of a moment of change",
            newest.to_zoned(TimeZone::UTC).date(),
            listed(names.into_iter(), SHOWN, 0)
        ),
    })
}

/// Whether rows of a source may change, and what they were before is not known of all of them.
fn is_as_last_delivered(source: &Source, snapshot: &Snapshot) -> bool {
    if !source.has_history() {
        let has_landed = |landing: &Landing| landing.extract.source == source.name;
        return source.load == Load::Upsert && snapshot.landings.iter().any(has_landed);
    }
    let history = snapshot.tables.get(&source.history_table());
    let files = history.iter().flat_map(|table| &table.files);
    let mut versions = files.filter_map(|file| file.versions.as_ref());
    versions.any(|versions| versions.is_current && versions.without_moment > 0)
}

/// The newest moment that has landed.
fn newest(sources: &[Source], snapshot: &Snapshot) -> Option<Timestamp> {
    let history = |source: &Source| snapshot.tables.get(&source.history_table())?.newest_at();
    let watermarks = snapshot.landings.iter().filter_map(|landing| landing.watermark.as_deref());
    sources.iter().filter_map(history).chain(watermarks.filter_map(instant)).max()
}

/// A watermark as an instant: of a day, when it begins in UTC.
fn instant(watermark: &str) -> Option<Timestamp> {
    let of_day = |day: Date| Some(day.to_zoned(TimeZone::UTC).ok()?.timestamp());
    watermark.parse().ok().or_else(|| of_day(watermark.parse().ok()?))
}
