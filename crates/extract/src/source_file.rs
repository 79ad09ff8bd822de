//! The file of a source: read, proven before any extract is, and widened by the columns its extracts bring.

mod toml_span;
mod verify;

mod read;

mod evolve;

pub use evolve::widened;
pub(crate) use toml_span::{value_span, word_span};
pub(crate) use verify::column_faults;
pub use verify::says_how_far_it_reaches;
