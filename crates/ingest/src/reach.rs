//! How far each source has delivered, from what landed and not from what arrived tonight.

mod due;

#[cfg(test)]
mod tests;

use std::path::Path;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp, ToSpan};
use scorewright_domain::{Landing, SourceReach};
use scorewright_extract::{Delivered, Deliveries, Kind, Load, Source};
use scorewright_warehouse::{
    Cell, Parameters, Session, Snapshot, SqlFault, WarehouseError, identifier,
};

/// The day that reaches are asked for, in the zone of the project.
#[derive(Debug, Clone)]
pub struct ReachDay {
    /// What happens on it or later is not known yet.
    pub as_of: Date,
    /// Zone in which days begin.
    pub zone: TimeZone,
}

/// How far each source has delivered on a day, and how far it should have.
///
/// - The newest moment of delivery that is known and not after the day: of `delivered`, of a marker of `[arrival]`, of a
///   snapshot.
/// - Or, where that is later, the newest watermark before the day and the time that the source may be `quiet` after it.
/// - What is dated next year covers nothing.
/// - `root`: the folder of the warehouse.
///
/// # Errors
///
/// [`WarehouseError`] when a raw table cannot be read.
pub fn reaches(
    sources: &[Source],
    root: &Path,
    snapshot: &Snapshot,
    day: &ReachDay,
) -> Result<Vec<SourceReach>, WarehouseError> {
    sources.iter().map(|source| reach(source, root, snapshot, day)).collect()
}

fn reach(
    source: &Source,
    root: &Path,
    snapshot: &Snapshot,
    day: &ReachDay,
) -> Result<SourceReach, WarehouseError> {
    let is_of = |landing: &&Landing| landing.extract.source == source.name;
    let landings: Vec<&Landing> = snapshot.landings.iter().filter(is_of).collect();
    let rows = RawRows { source, root, snapshot };
    let delivered = delivered(source, &landings, &rows, day)?;
    let newest = newest_row(source, &landings, &rows, day)?;
    let quiet = newest.map(|newest| day.after(newest, source.quiet()));
    let until = delivered.max(quiet).map(|until| day.after_days_off(source, until));
    Ok(SourceReach { source: source.name.clone(), until, due: day.due(source) })
}

/// When what is there was delivered, where that is known.
fn delivered(
    source: &Source,
    landings: &[&Landing],
    rows: &RawRows<'_>,
    day: &ReachDay,
) -> Result<Option<Timestamp>, WarehouseError> {
    let marked = landings.iter().filter_map(|landing| landing.marked_at).max();
    let said = match &source.delivered {
        Some(Delivered::Name(_)) => named(source, landings, day),
        Some(Delivered::Column(column)) => rows.newest(column, day.end(), day)?,
        _ if source.load == Load::Snapshot => named(source, landings, day),
        Some(Delivered::FirstSeen) | None => None,
    };
    let marked = marked.map(|marked| marked.min(day.end()));
    Ok(said.max(marked))
}

/// The newest day or moment that names of files state.
fn named(source: &Source, landings: &[&Landing], day: &ReachDay) -> Option<Timestamp> {
    let deliveries = Deliveries::of(source);
    let moments = landings.iter().filter_map(|landing| deliveries.moment_of(&landing.extract.file));
    let moments = moments.filter_map(|moment| moment.to_zoned(day.zone.clone()).ok());
    moments.map(|moment| moment.timestamp()).filter(|moment| *moment < day.end()).max()
}

/// The newest watermark before the day.
fn newest_row(
    source: &Source,
    landings: &[&Landing],
    rows: &RawRows<'_>,
    day: &ReachDay,
) -> Result<Option<Timestamp>, WarehouseError> {
    let Some(column) = &source.watermark else { return Ok(None) };
    let midnight = day.midnight(day.as_of);
    let watermarks = landings.iter().filter_map(|landing| landing.watermark.as_deref());
    let newest = watermarks.filter_map(|text| day.moment(text)).max();
    match newest {
        Some(newest) if newest >= midnight => rows.newest(column, midnight, day),
        newest => Ok(newest),
    }
}

impl ReachDay {
    /// The instant at which a day begins.
    fn midnight(&self, day: Date) -> Timestamp {
        day.to_zoned(self.zone.clone()).map_or(Timestamp::UNIX_EPOCH, |start| start.timestamp())
    }

    /// The instant at which it ends: nothing can have been delivered later.
    fn end(&self) -> Timestamp {
        self.midnight(self.as_of.tomorrow().unwrap_or(self.as_of))
    }

    /// The instant that is a time later on the clock of the zone: a day may have 23 hours.
    pub(super) fn after(&self, instant: Timestamp, time: Span) -> Timestamp {
        let later = instant.to_zoned(self.zone.clone()).checked_add(time);
        later.map_or(instant, |later| later.timestamp())
    }

    /// A watermark of the books: an instant, or a day.
    fn moment(&self, text: &str) -> Option<Timestamp> {
        let day = || text.parse::<Date>().ok().map(|day| self.midnight(day));
        text.parse::<Timestamp>().ok().or_else(day)
    }

    fn day_of(&self, instant: Timestamp) -> Date {
        instant.to_zoned(self.zone.clone()).date()
    }

    /// A moment on a day on which nothing happens is as good as the end of that day.
    fn after_days_off(&self, source: &Source, until: Timestamp) -> Timestamp {
        let mut until = until;
        for _ in 0..7 {
            let day = self.day_of(until);
            if source.works_on(day.weekday()) {
                break;
            }
            until = day.checked_add(1.day()).map_or(until, |next| self.midnight(next));
        }
        until
    }
}

/// The rows of a source that landed.
struct RawRows<'a> {
    source: &'a Source,
    root: &'a Path,
    snapshot: &'a Snapshot,
}

impl RawRows<'_> {
    /// The newest moment of a column before another.
    fn newest(
        &self,
        column: &str,
        before: Timestamp,
        day: &ReachDay,
    ) -> Result<Option<Timestamp>, WarehouseError> {
        let name = self.source.raw_table();
        let kind = self.source.columns.get(column).map(|column| column.kind);
        let Some(table) = self.snapshot.tables.get(&name) else { return Ok(None) };
        let Some(kind @ (Kind::Timestamp | Kind::Date)) = kind else { return Ok(None) };
        let session = Session::without_data()?;
        session.add_table(self.root, &name, table)?;
        let column = identifier(column);
        let bound = if kind == Kind::Date { "$day" } else { "$moment" };
        let sql = format!("SELECT max({column}) AS newest FROM {name} WHERE {column} < {bound}");
        let parameters =
            Parameters::new().timestamp("moment", before).date("day", day.day_of(before));
        let found = session.query(&sql, &parameters).map_err(|bad| unreadable(self.root, &bad))?;
        let cell = found.rows.first().and_then(|row| row.first());
        let instant = cell.and_then(Cell::as_timestamp);
        Ok(instant.or_else(|| cell.and_then(Cell::as_date).map(|at| day.midnight(at))))
    }
}

fn unreadable(root: &Path, bad: &SqlFault) -> WarehouseError {
    WarehouseError::Damaged { path: root.join("tables"), what: bad.to_string() }
}
