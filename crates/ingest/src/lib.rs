//! Extracts into raw tables, with quarantine.
//!
//! A [`Source`] says what files should look like; [`land`] reads what is new into
//! `raw.<source>`, sets bad rows aside in `quarantine.<source>` and closes the books
//! of every extract. [`pending`] asks beforehand whether there is anything to do.
//!
//! ```text
//! discover -> plan -> format (csv, parquet) -> rows (typed, judged) -> merge -> settle -> land
//! ```

mod binding;
mod csv;
mod discover;
mod fingerprint;
mod format;
mod land;
mod lanes;
mod limits;
mod merge;
mod parquet;
mod part;
mod plan;
mod quarantine;
mod refusal;
mod rows;
mod sample;
mod seen;
mod settle;
mod source;
mod stash;
mod stream;
mod table;
mod typed;

pub use land::{IngestError, LandReport, land};
pub use limits::Limits;
pub use plan::{Pending, pending};
pub use quarantine::schema as quarantine_schema;
pub use refusal::{FirstSeen, MissingExtract, Refusal, RefusedExtract};
pub use sample::{BadSample, Draft, Preview, draft, preview, source_name};
pub use source::{
    Ambiguous, Bound, Column, Dialect, Encoding, FileFormat, Kind, Load, Missing, Names, Orientation,
    Personal, Question, Source,
};
