//! Rows on their way from a file to a sink.
//!
//! ```text
//! binding: which column is which; not_data: which row is one -> collector: values pushed, rows judged -> intake: counted, in file order -> sink; format: what readers have to know
//! ```

pub(crate) mod amounts;
pub(crate) mod position;

pub(crate) mod sink;

pub(crate) mod row_binding;
mod unpivot;

pub(crate) mod binding;
pub(crate) mod mask;
pub(crate) mod not_data;
mod row_rules;
mod row_zones;

pub(crate) mod collector;

pub(crate) mod intake;

pub(crate) mod format;
