//! Days and periods.

pub(crate) mod day;

pub(crate) mod period;
