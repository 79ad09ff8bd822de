//! A look at one file, by a person's order: a source file for that person to check.
//!
//! Nothing here is called by a scheduled run: what a run reads is declared.
//!
//! ```text
//! head -> dialect, json, parquet, xlsx -> sample_table of column_samples -> name, personal, moment, number, fit, kinds
//!   -> column_guess -> keys -> source_page -> draft; preview: what a source makes of the file
//! ```

mod bad_sample;
mod blanks;
mod column_sample;
mod head;
mod name;
mod numbers_of_people;
mod toml_text;

mod above;
mod dialect;
mod personal;
mod sample_table;

mod json;
mod parquet;
mod xlsx;

mod fit;
mod moment;
mod naming;
mod number;

mod guess;

mod kinds;

mod column_guess;

mod alike;
mod keys;

mod source_page;

mod preview;

mod pause;

mod draft;

#[cfg(test)]
mod properties;
#[cfg(test)]
mod tests;

pub use bad_sample::BadSample;
pub use draft::{Draft, draft, source_name};
pub use preview::{Preview, preview};
