//! Days, periods, and the hours of a schedule in local time.

pub(crate) mod day;

pub(crate) mod period;

pub(crate) mod day_window;
pub(crate) mod schedule;

pub(crate) mod open_hours;

pub(crate) mod local_time;
