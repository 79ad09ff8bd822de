//! Files into typed rows.
//!
//! A [`Source`] says what files should look like; [`discover`] finds those that have arrived; [`read()`] types their
//! rows and hands them, with where each stands in its file, to a [`RowSink`]. What becomes of the rows is not known
//! here: no table, no warehouse, no query engine.
//!
//! ```text
//! source <- source_file          what a source declares, and how its file is read and proven
//! refusal                        what a file may be at most, and why it cannot be taken
//! discovery                      which files there are, in folders and object stores
//! bytes                          expanded, as UTF-8, in blocks
//! typed                          texts into values
//! rows                           values into judged rows, on their way to a sink
//! csv json_lines parquet xlsx    one reader each, behind `rows::format`, listed in `read`
//! seed                           small tables of the project, by the same readers
//! sample                         what `add source` looks at
//! ```

mod source;

mod refusal;

mod discovery;

mod bytes;

mod typed;

mod rows;

mod source_file;

mod csv;
mod json_lines;
mod parquet;
mod xlsx;

mod read;

mod seed;

mod sample;

pub use bytes::Compression;
pub use discovery::{
    AwaitedExtract, Deliveries, Discovery, ExtractFile, HashCaches, MissingExtract, ObjectFolder,
    SpoolGuard, Wait, discover, find, unclaimed,
};
pub use parquet::{
    DecodeProgram, DecodeRequest, answer as answer_decode_request, decode_parquet_in_sandbox,
};
pub use read::mending::json_rows;
pub use read::recognition::undeclared_of_fitting;
pub use read::{probe, read, show_rows, text_above, undeclared_columns};
pub use refusal::truncate::{is_cut, listed, shortened};
pub use refusal::{
    DateOrderFault, DeliveryOrderFault, Exceeded, FirstSeen, MissingColumn, MissingColumns,
    ObjectFault, ReadError, Refusal, RefusedExtract, RenamedColumn, count as count_reason,
};
pub use rows::intake::FileSummary;
pub use rows::mask::{MASK, WITHHELD};
pub use rows::position::RowPosition;
pub use rows::sink::{CollectedRows, PrepareRows, RowSink, TypedRows};
pub use sample::{BadSample, Draft, Preview, draft, preview, source_name};
pub use seed::{SeedText, seed_schema};
pub use source::{
    Address, Ambiguous, Arrival, BadAddress, Bound, Column, ColumnZone, Contract, Delivered,
    Dialect, Encoding, Expectation, FileFormat, HeaderZone, IS_FIRST, JsonRows, Kind, Load,
    Missing, Names, ObjectPlace, OnRefused, OneOrMore, Orientation, Personal, Question, Repeats,
    RowRule, RuleRange, RuleSubject, Source, Unpivot, VALID_FROM, VALID_TO, VersionMoment,
    WorkingDay, Worksheet, ZoneSetting, start_of_day,
};
pub use source_file::{says_how_far_it_reaches, widened};
pub use typed::data_type;
