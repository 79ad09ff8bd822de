//! Sources that keep every version of a key.

use jiff::civil::Date;
use jiff::tz::TimeZone;

/// What says from when a version of a row holds: a moment in the data, never when it arrived.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum VersionMoment<'a> {
    /// The time of change, in a column.
    UpdatedAt(&'a str),
    /// The time of delivery, in a column: rows that differ in it alone are the same version.
    Delivered(&'a str),
    /// The day of delivery, in the name of the file.
    Name,
}

/// The instant at which a day begins, in microseconds since 1970.
pub fn start_of_day(day: Date, zone: &TimeZone) -> Option<i64> {
    day.to_zoned(zone.clone()).ok().map(|start| start.timestamp().as_microsecond())
}
