//! Extracts into raw tables, with quarantine.
//!
//! A [`Source`] says what files should look like; [`land`] reads what is new into
//! `raw.<source>`, sets bad rows aside in `quarantine.<source>` and closes the books
//! of every extract. [`pending`] asks beforehand whether there is anything to do.
//!
//! ```text
//! discover -> plan -> format (csv, json_lines, parquet) -> rows (typed, judged) -> merge -> settle -> land
//! ```

mod again;
mod arrival;
mod binding;
mod bundle;
mod compare;
mod contract;
mod csv;
mod delivery;
mod discover;
mod evolve;
mod format;
mod group;
mod history;
mod json_lines;
mod land;
mod lanes;
mod limits;
mod marks;
mod mend;
mod merge;
mod numeral;
mod object_store;
mod parquet;
mod part;
mod pipeline;
mod place;
mod plan;
mod present;
pub mod probe;
mod quarantine;
mod refusal;
mod repeats;
mod room;
mod rows;
mod sample;
mod seen;
mod settle;
mod shown;
mod source;
mod stash;
mod stream;
mod table;
mod typed;
mod xlsx;

pub use again::read_again;
pub use arrival::{AwaitedExtract, Wait};
pub use land::{IngestError, LandReport, land};
pub use limits::{Exceeded, Limits, Listed, Unit};
pub use mend::{CannotMend, Mendable, mendable};
pub use parquet::{
    Program as ParquetProgram, Request as ParquetRequest, answer as answer_parquet,
    decode_parquet_apart,
};
pub use plan::{Pending, pending};
pub use quarantine::schema as quarantine_schema;
pub use refusal::{
    FirstSeen, MissingColumn, MissingColumns, MissingExtract, Refusal, RefusedExtract,
};
pub use sample::{BadSample, Draft, Preview, draft, preview, source_name};
pub use source::{
    Ambiguous, Arrival, Bound, Column, Contract, Dialect, Encoding, FileFormat, JsonRows, Kind,
    Load, Missing, Names, Orientation, Personal, Question, Source, Worksheet,
};
