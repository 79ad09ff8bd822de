//! Rows of a fact, put on periods and dimensions.

mod time_type;

mod grouping;

mod event_rows;
mod period_grid;

pub(crate) use event_rows::in_period;
pub(super) use event_rows::{event_relation, everything};
pub(super) use grouping::{Grouping, add_dimension, dimension_column, period_of, segment_of};
pub(super) use period_grid::PeriodGrid;
pub(crate) use time_type::TimeType;
