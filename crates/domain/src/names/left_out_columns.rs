//! The columns by which a fact tells which of its rows count.

/// Why a row does not count: `merged`, `test`; no value where it counts.
pub const LEFT_OUT: &str = "left_out";

/// Since when a row does not count; in a run for a day before, it does.
pub const LEFT_OUT_AT: &str = "left_out_at";
