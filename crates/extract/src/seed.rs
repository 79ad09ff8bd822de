//! Small tables that a project keeps beside its SQL, read whole: they are right in every row, or refused.
//!
//! A seed is read as an extract is, with the same types, formats and dialects. But it is configuration: nothing of it goes to
//! quarantine, and each fault is shown at its line.
//!
//! ```text
//! seed_text -> settings: its companion file as a source -> rows, where repeats are looked for
//! ```

mod seed_text;

mod settings;

mod repeats;

mod rows;

#[cfg(test)]
mod tests;

pub use seed_text::{SeedText, seed_schema};
