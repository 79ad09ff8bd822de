//! What the fuzz targets do with an input; `cargo test` does the same with every file of `tests/corpus`.
//!
//! ```text
//! cd fuzz && cargo +nightly build --profile fuzz         ten minutes the first time
//! export RAYON_NUM_THREADS=1 TMPDIR=/dev/shm
//! target/fuzz/csv found ../tests/corpus/csv -max_total_time=600 -max_len=4096 -dict=csv.dict
//! target/fuzz/csv -merge=1 kept found ../tests/corpus/csv     those that cover more than the others
//! ```
//!
//! The first folder takes what is found. Inputs worth keeping go to `tests/corpus/<target>`, small and few.

mod reference;
mod sheet;

use std::cell::RefCell;
use std::fs;

use scorewright_domain::ProjectFile;
use scorewright_extract::probe::{self, Signs};
use scorewright_extract::{Column, Kind, Source};
use tempfile::TempDir;

thread_local! {
    static FOLDER: RefCell<TempDir> = RefCell::new(tempfile::tempdir().expect("a folder can be made"));
}

const COLUMNS: &str = r#"
[columns.a]
type = "text"
[columns.b]
type = "integer"
max = 1000
[columns.c]
type = "timestamp"
time_zone = "Europe/Berlin"
optional = true
[columns.d]
type = "text"
personal = "hash"
max_length = 9
optional = true
"#;

const DIALECTS: [&str; 8] = [
    "",
    "delimiter = \";\"\nencoding = \"windows-1252\"\nfooter_rows = 2",
    "delimiter = \"\\t\"\nquote = \"\"\nencoding = \"latin-1\"",
    "escape = \"\\\\\"\nskip_rows = 1",
    "quote = \"'\"\nescape = \"\\\\\"\nheader_rows = 2",
    "encoding = \"utf-16\"",
    "encoding = \"utf-16be\"\nquote = \"\"\nescape = \"\\\\\"",
    "header_rows = 0\nnames = [\"a\", \"b\", \"c\"]",
];

/// Splitter and typed rows: the first byte chooses the dialect and the packing, the others are the file.
pub fn csv(bytes: &[u8]) {
    let Some((choice, content)) = bytes.split_first() else { return };
    let dialect = DIALECTS[usize::from(choice % 8)];
    let ending = ["csv", "csv.gz", "csv.zst", "csv"][usize::from(choice / 8 % 4)];
    read(&format!("format = \"csv\"\n[csv]\n{dialect}\n{COLUMNS}"), ending, content);
}

/// JSON Lines: the first byte says whether rows are elements of an array.
pub fn json_lines(bytes: &[u8]) {
    let Some((choice, content)) = bytes.split_first() else { return };
    let rows = ["", "[json]\nrows = \"o.l\"\n"][usize::from(choice % 2)];
    let nested = "[columns.x]\nfrom = [\"o.x\", \"l.0.y\"]\ntype = \"decimal\"\noptional = true\n";
    read(&format!("format = \"json_lines\"\n{rows}{COLUMNS}{nested}"), "jsonl", content);
}

/// Spreadsheets: the first byte says whether the others are the whole file, or its parts.
pub fn xlsx(bytes: &[u8]) {
    let Some((choice, content)) = bytes.split_first() else { return };
    let settings = ["", "[xlsx]\nskip_rows = 1\nheader_rows = 2\n"][usize::from(choice / 2 % 2)];
    let settings = format!("format = \"xlsx\"\n{settings}{COLUMNS}");
    match choice % 2 {
        0 => read(&settings, "xlsx", &sheet::workbook(content)),
        _ => read(&settings, "xlsx", content),
    }
}

/// Parquet files: the first byte says what becomes of columns that are not declared.
pub fn parquet(bytes: &[u8]) {
    let Some((choice, content)) = bytes.split_first() else { return };
    let contract = ["freeze", "quarantine"][usize::from(choice % 2)];
    read(
        &format!("contract = \"{contract}\"\nformat = \"parquet\"\n{COLUMNS}"),
        "parquet",
        content,
    );
}

/// The splitter beside one that is slow and plain. The first byte chooses the signs and the number of fields, the
/// second the place where the first block ends.
pub fn split(bytes: &[u8]) {
    let [choice, cut, text @ ..] = bytes else { return };
    let signs = Signs {
        delimiter: [b',', b'\t'][usize::from(choice % 2)],
        quote: [Some(b'"'), None][usize::from(choice / 2 % 2)],
        escape: [None, Some(b'\\')][usize::from(choice / 4 % 2)],
    };
    let width = 1 + usize::from(choice / 8 % 3);
    let cut = usize::from(*cut).min(text.len());
    let found = probe::records(signs, width, text, cut);
    assert_eq!(found, reference::records(signs, width, text), "{signs:?} {text:?}");
}

/// A file that is refused is no matter; one that is read has books that balance.
fn read(settings: &str, ending: &str, content: &[u8]) {
    let text = format!("title = \"T\"\nfiles = \"*\"\nnot_data = [\"sum*\"]\n{settings}");
    let source = Source::read(&ProjectFile::new("pipelines/sources/fuzz.toml", text.as_str()));
    let source = source.unwrap_or_else(|faults| panic!("{faults:?}: {text}"));
    FOLDER.with_borrow(|folder| {
        let path = folder.path().join(format!("fuzz.{ending}"));
        fs::write(&path, content).expect("a file can be written");
        if let Ok(books) = probe::file(&source, &path) {
            assert!(books.is_balanced(), "{books:?}");
        }
    });
}

const VALUES: &str = r#"
title = "T"
files = "*"
format = "csv"
[columns]
integer = { type = "integer" }
decimal = { type = "decimal", scale = 17 }
plain = { type = "decimal", scale = 0, min = -5, max = 5 }
german = { type = "decimal", decimal_mark = ",", thousands = ".", currency = ["€", "EUR"], scale = 2 }
cents = { type = "decimal", minor_units = 2, scale = 2 }
boolean = { type = "boolean" }
day = { type = "date" }
german_day = { type = "date", format = ["%d.%m.%Y", "%d.%m.%y", "%-d. %B %Y"] }
serial_day = { type = "date", format = "excel" }
moment = { type = "timestamp" }
local = { type = "timestamp", time_zone = "Europe/Berlin", ambiguous = "earlier", missing = "after" }
american = { type = "timestamp", format = ["%m/%d/%Y %I:%M:%S %p", "%m/%d/%y %H:%M"], time_zone = "America/New_York" }
offset = { type = "timestamp", format = "%Y-%m-%dT%H:%M:%S%.f%:z" }
named = { type = "timestamp", format = "%a, %d %b %Y %H:%M:%S %z" }
seconds = { type = "timestamp", format = "epoch_seconds" }
millis = { type = "timestamp", format = "epoch_milliseconds" }
serial = { type = "timestamp", format = "excel" }
clock = { type = "duration", format = ["h:mm:ss", "h:mm"] }
hours = { type = "duration", format = "hours", decimal_mark = "," }
text = { type = "text", max_length = 3, map = { "x" = "y" }, accepted = ["y", "abc"] }
"#;

/// Dates, times and numbers: the input is a value of every kind of column.
pub fn values(bytes: &[u8]) {
    thread_local!(static SOURCE: Source = Source::read(&ProjectFile::new("pipelines/sources/fuzz.toml", VALUES))
        .unwrap_or_else(|faults| panic!("{faults:?}")));
    SOURCE.with(|source| source.columns.values().for_each(|column| judge(column, bytes)));
}

/// The same kinds of columns without a word about how values are written.
const PLAIN: &str = r#"
title = "T"
files = "*"
format = "csv"
[columns]
integer = { type = "integer" }
decimal = { type = "decimal", scale = 17 }
boolean = { type = "boolean" }
day = { type = "date" }
moment = { type = "timestamp" }
span = { type = "duration", format = "seconds" }
text = { type = "text", null = [] }
"#;

/// A value is bad for a reason that has a name, or good: what it is said to be is then read as the same again.
fn judge(column: &Column, text: &[u8]) {
    thread_local!(static PLAIN_SOURCE: Source = Source::read(&ProjectFile::new("pipelines/sources/fuzz.toml", PLAIN))
        .unwrap_or_else(|faults| panic!("{faults:?}")));
    let said = match probe::value(column, text) {
        // Numbers may stand for moments of years that ISO texts of four digits do not have.
        Ok(Some(said))
            if said.starts_with(['+', '-'])
                && matches!(column.kind, Kind::Timestamp | Kind::Date) =>
        {
            return;
        }
        Ok(Some(said)) => said,
        Ok(None) => return,
        Err(reason) => return assert!(!reason.is_empty()),
    };
    let name = match column.kind {
        Kind::Integer => "integer",
        Kind::Decimal => "decimal",
        Kind::Float => "float",
        Kind::Boolean => "boolean",
        Kind::Date => "day",
        Kind::Timestamp => "moment",
        Kind::Duration => "span",
        Kind::Text => "text",
    };
    PLAIN_SOURCE.with(|source| {
        let mut plain = source.columns[name].clone();
        plain.scale = column.scale.filter(|_| column.kind == Kind::Decimal);
        assert_eq!(
            probe::value(&plain, said.as_bytes()),
            Ok(Some(said.clone())),
            "{column:?}: {text:?}"
        );
    });
}

/// The reader of source files: whatever it is given, it answers with a source or with faults that can be shown.
pub fn source(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    if let Err(faults) = Source::read(&ProjectFile::new("pipelines/sources/fuzz.toml", text)) {
        assert!(!faults.is_empty());
        faults.iter().for_each(|fault| assert!(!fault.to_string().is_empty()));
    }
}
