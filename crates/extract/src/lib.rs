//! Files into typed rows.
//!
//! A [`Source`] says what files should look like; [`discover`] finds those that have arrived; [`read()`] types their
//! rows and hands them, with where each stands in its file, to a [`RowSink`]. What becomes of the rows is not known
//! here: no table, no warehouse, no query engine.
//!
//! ```text
//! source <- source_file          what a source declares, and how its file is read and proven
//! limits, refusal                what a file may be, and why it cannot be taken
//! discovery <- object_store      which files there are
//! bytes                          expanded, as UTF-8, in blocks
//! typed                          texts into values
//! rows                           values into judged rows, on their way to a sink
//! csv json_lines parquet xlsx    one reader each, behind `rows::format`, listed in `read`
//! sample                         what `add source` looks at
//! ```

mod object_store;

mod source;

mod limits;

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

mod sample;

pub mod probe;

pub use bytes::Compression;
pub use discovery::{
    AwaitedExtract, Deliveries, Discovery, ExtractFile, HashCaches, MissingExtract, SpoolGuard,
    Wait, discover, find,
};
pub use limits::{Exceeded, LimitEntry, LimitUnit, Limits};
pub use object_store::{Address, BadAddress, ObjectFault};
pub use parquet::{
    DecodeProgram, DecodeRequest, answer as answer_decode_request, decode_parquet_in_sandbox,
};
pub use read::{read, show_rows, text_above, undeclared_columns};
pub use refusal::truncate::{is_cut, listed, shortened};
pub use refusal::{
    FirstSeen, MissingColumn, MissingColumns, ReadError, Refusal, RefusedExtract,
    count as count_reason,
};
pub use rows::intake::FileSummary;
pub use rows::mask::{MASK, WITHHELD};
pub use rows::position::RowPosition;
pub use rows::sink::{CollectedRows, PrepareRows, RowSink, TypedRows};
pub use sample::{BadSample, Draft, Preview, draft, preview, source_name};
pub use source::{
    Ambiguous, Arrival, Bound, Column, Contract, Dialect, Encoding, FileFormat, JsonRows, Kind,
    Load, Missing, Names, Orientation, Personal, Question, Source, VALID_FROM, VALID_TO, Worksheet,
};
pub use source_file::widened;
pub use typed::data_type;
