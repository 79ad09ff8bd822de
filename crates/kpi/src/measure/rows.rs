//! Rows of a fact, put on periods and dimensions.

mod time_type;

mod grouping;

mod segment_codes;

mod coded_rows;
mod day_periods;

mod counted_rows;
mod latest_rows;

mod event_rows;
mod known_days;
mod period_ends;
mod period_grid;

pub(super) use coded_rows::{CodedRows, RowReader};
pub(crate) use counted_rows::CountedRows;
pub(super) use day_periods::MeasuredDays;
pub(crate) use event_rows::in_period;
pub(super) use event_rows::{EventRelation, everything};
pub(super) use grouping::{Grouping, add_dimension, dimension_column, period_of, segment_of};
pub(super) use known_days::known_days;
pub(crate) use latest_rows::LatestRows;
pub(super) use latest_rows::latest_column;
pub(super) use period_grid::{PeriodGrid, PeriodSpans};
pub(super) use segment_codes::{SegmentCodes, TOTAL};
pub(crate) use time_type::TimeType;
