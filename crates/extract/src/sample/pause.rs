//! The longest pause between two rows of a sample: how long a source may be quiet.

use scorewright_domain::Limits;
use std::path::Path;

use arrow::array::{Array, AsArray as _};
use arrow::datatypes::{DataType, Date32Type, TimestampMicrosecondType};

use super::preview::typed;
use crate::source::Source;

/// Microseconds of a day.
const DAY: i64 = 24 * 60 * 60 * 1_000_000;
/// The longest that a source may say, in days.
const LONGEST: i64 = 400;

/// Days of the longest pause between two rows, by the watermark of a source; none of a day or less.
///
/// A file that the source does not read has none.
pub(super) fn longest_pause(source: &Source, file: &Path, limits: &Limits) -> Option<i64> {
    let watermark = source.watermark.as_deref()?;
    let place = source.stored().position(|(name, _)| name == watermark)?;
    let (_, rows) = typed(source, file, limits).ok()?;
    let columns = rows.accepted.iter().map(|block| &block.columns[place]);
    let moments: Vec<i64> = columns.flat_map(|column| moments(column.as_ref())).collect();
    pause(moments)
}

/// The values of a column of times, in microseconds.
fn moments(column: &dyn Array) -> Vec<i64> {
    match column.data_type() {
        DataType::Date32 => {
            let days = column.as_primitive::<Date32Type>().iter().flatten();
            days.map(|day| i64::from(day) * DAY).collect()
        }
        DataType::Timestamp(..) => {
            column.as_primitive::<TimestampMicrosecondType>().iter().flatten().collect()
        }
        _ => Vec::new(),
    }
}

fn pause(mut moments: Vec<i64>) -> Option<i64> {
    moments.sort_unstable();
    let pauses = moments.windows(2).map(|pair| pair[1] - pair[0]);
    let days = (pauses.max()? + DAY - 1) / DAY;
    (days > 1).then_some(days.min(LONGEST))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pause_is_counted_in_whole_days_and_said_when_it_is_longer_than_one() {
        assert_eq!(pause(vec![0, DAY, DAY / 2]), None);
        assert_eq!(pause(vec![3 * DAY + 1, 0]), Some(4));
        assert_eq!(pause(vec![0, 2 * DAY, 5 * DAY]), Some(3));
        assert_eq!(pause(vec![0, 9_000 * DAY]), Some(400));
        assert_eq!(pause(vec![7]), None);
    }
}
