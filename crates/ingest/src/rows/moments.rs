//! From when versions of rows hold: a moment that the data states.

use std::path::Path;
use std::sync::Arc;

use arrow::array::{
    Array, ArrayRef, AsArray, BooleanArray, Date32Array, RecordBatch, TimestampMicrosecondArray,
};
use arrow::datatypes::{DataType, Date32Type};
use jiff::civil::date;
use jiff::tz::TimeZone;
use scorewright_extract::{Deliveries, Source, VersionMoment, start_of_day};

/// Says from when each row holds; in microseconds since 1970.
#[derive(Debug, Clone)]
pub(crate) enum VersionMoments {
    /// What a column of each row says; of days, when they begin by this clock.
    InColumn { name: String, zone: TimeZone },
    /// What the name of their file says.
    InName(Option<i64>),
}

impl VersionMoments {
    /// Of the rows of a file; `None` where the source keeps no versions by moments of its rows.
    pub(crate) fn of(source: &Source, file: &str) -> Option<Self> {
        Some(match source.version_moment()? {
            VersionMoment::UpdatedAt(name) | VersionMoment::Delivered(name) => {
                Self::InColumn { name: name.to_owned(), zone: source.day_zone() }
            }
            VersionMoment::Name => {
                Self::InName(named(&Deliveries::of(source), Path::new(file), &source.day_zone()))
            }
        })
    }

    /// The moment of each row.
    pub(crate) fn of_rows(&self, rows: &RecordBatch) -> ArrayRef {
        let moments = match self {
            Self::InName(moment) => [*moment].repeat(rows.num_rows()).into_iter().collect(),
            Self::InColumn { name, zone } => {
                let column = rows
                    .column_by_name(name)
                    .expect("the column of a moment was found to be stored");
                match column.data_type() {
                    DataType::Date32 => starts(column.as_primitive::<Date32Type>(), zone),
                    _ => return Arc::clone(column),
                }
            }
        };
        Arc::new(moments.with_timezone("UTC"))
    }

    /// What tells a row from other versions of its key as long as none is known: when it began, and that it is the first.
    pub(crate) fn only_versions(&self, rows: &RecordBatch) -> [ArrayRef; 3] {
        let none: TimestampMicrosecondArray =
            [None::<i64>].repeat(rows.num_rows()).into_iter().collect();
        let is_first = BooleanArray::from(vec![true; rows.num_rows()]);
        [self.of_rows(rows), Arc::new(none.with_timezone("UTC")), Arc::new(is_first)]
    }
}

/// The moment that the name of a file states: when the day in it begins.
pub(crate) fn named(deliveries: &Deliveries, file: &Path, zone: &TimeZone) -> Option<i64> {
    start_of_day(deliveries.named_day(file)?, zone)
}

/// When days begin, which come in runs.
fn starts(days: &Date32Array, zone: &TimeZone) -> TimestampMicrosecondArray {
    let mut known: Option<(i32, Option<i64>)> = None;
    let mut start = |day: i32| match known {
        Some((known, start)) if known == day => start,
        _ => {
            let civil = date(1970, 1, 1).checked_add(jiff::Span::new().days(day)).ok();
            let start = civil.and_then(|civil| start_of_day(civil, zone));
            known = Some((day, start));
            start
        }
    };
    days.iter().map(|day| start(day?)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::source;

    #[test]
    fn a_day_begins_by_the_clock_of_the_source() {
        let days: ArrayRef = Arc::new(Date32Array::from(vec![Some(20_605), None, Some(20_605)]));
        let rows = RecordBatch::try_from_iter_with_nullable([("on", days, true)]).unwrap();
        let first = |head: &str| {
            let source = source(&format!(
                "title = \"T\"\nfiles = \"*\"\nformat = \"csv\"\nload = \"upsert\"\nkey = [\"id\"]\n\
                 updated_at = \"on\"\nhistory = true\n{head}[columns.id]\ntype = \"text\"\n[columns.on]\ntype = \"date\"\n"
            ));
            let moments = VersionMoments::of(&source, "a.csv").unwrap().of_rows(&rows);
            assert!(moments.is_null(1) && moments.is_valid(2));
            moments.as_primitive::<arrow::datatypes::TimestampMicrosecondType>().value(0)
        };
        let utc = 20_605 * 86_400_000_000;
        assert_eq!(first(""), utc);
        assert_eq!(first("time_zone = \"Europe/Berlin\"\n"), utc - 2 * 3_600_000_000);
    }
}
