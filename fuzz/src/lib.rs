//! What the fuzz targets do with an input; `cargo test` does the same with every file of `tests/corpus`.
//!
//! ```text
//! cargo +nightly fuzz run csv tests/corpus/csv -- -max_total_time=60 -max_len=4096 -dict=fuzz/csv.dict
//! ```
//!
//! Inputs worth keeping go to `tests/corpus/<target>`, small and few: `cargo +nightly fuzz cmin` makes them so.

use std::cell::RefCell;
use std::fs;

use scorewright_domain::ProjectFile;
use scorewright_ingest::{Column, Source, probe};
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

/// A file that is refused is no matter; one that is read has books that balance.
fn read(settings: &str, ending: &str, content: &[u8]) {
    let text = format!("title = \"T\"\nfiles = \"*\"\n{settings}");
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

/// A value is good, or bad for a reason that has a name.
fn judge(column: &Column, text: &[u8]) {
    if let Err(reason) = probe::value(column, text) {
        assert!(!reason.is_empty());
    }
}

/// The reader of source files: whatever it is given, it answers with a source or with faults that can be shown.
pub fn source(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    if let Err(faults) = Source::read(&ProjectFile::new("pipelines/sources/fuzz.toml", text)) {
        assert!(!faults.is_empty());
        faults.iter().for_each(|fault| assert!(!fault.to_string().is_empty()));
    }
}
