//! Typed columns, filled straight from the fields of a file.
//!
//! ```text
//! field_value: as a file gives it -> number, amount, span, moment: what a text says -> rules: what it may be
//!   -> values: kept -> column -> runs: those of good rows
//! ```

mod calendar;
mod field_value;

pub(crate) mod number;

pub(crate) mod amount;
mod numeral;

mod month_name;
mod offset;
mod pattern;
mod serial;

pub(crate) mod moment;
pub(crate) mod moment_format;
pub(crate) mod span;

mod bounds;
mod placeholder;
mod rules;

mod row_clock;
mod runs;
mod values;

mod column;

#[cfg(test)]
mod properties;
#[cfg(test)]
mod tests;

pub(crate) use bounds::range;
pub(crate) use calendar::Zone;
pub(crate) use column::TypedColumn;
pub(crate) use field_value::FieldValue;
pub(crate) use numeral::numeral;
pub(crate) use runs::Runs;
pub use values::data_type;
