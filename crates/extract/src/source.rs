//! The description of an extract.

pub(crate) mod address;
mod arrival;
mod column;
mod contract;
mod delivered;
mod dialect;
mod expectation;
mod history;
mod json;
mod meaning;
mod object_place;
mod on_refused;
mod reserved;
mod row_rule;
mod unpivot;
mod worksheet;
mod written;
mod zone;

use indexmap::IndexMap;
use jiff::civil::Weekday;
use jiff::tz::TimeZone;
use jiff::{Span, ToSpan as _};
use scorewright_domain::{Fingerprint, TableName};
use serde::Deserialize;

pub use address::{Address, BadAddress};
pub use arrival::Arrival;
pub use column::{Column, Kind};
pub use contract::Contract;
pub(crate) use contract::is_any;
pub use delivered::Delivered;
pub(crate) use dialect::{ByteOrder, is_character};
pub use dialect::{Dialect, Encoding};
pub(crate) use expectation::span;
pub use expectation::{Expectation, WorkingDay};
pub use history::{VersionMoment, start_of_day};
pub use json::JsonRows;
pub(crate) use json::{JsonPath, JsonStep};
pub use meaning::{Orientation, Personal, Question};
pub use object_place::ObjectPlace;
pub use on_refused::OnRefused;
pub use reserved::{IS_FIRST, VALID_FROM, VALID_TO};
pub(crate) use row_rule::ValueComparison;
pub use row_rule::{RowRule, RuleRange, RuleSubject};
pub use unpivot::Unpivot;
pub use worksheet::Worksheet;
pub use written::{Ambiguous, Bound, Missing, Names, OneOrMore};
pub use zone::{ColumnZone, HeaderZone, ZoneSetting};

/// One source: `pipelines/sources/<name>.toml`. The file name is the table name.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Source {
    /// Stem of its file: `raw.<name>` is its table.
    #[serde(skip)]
    pub name: String,
    /// Its file below the project folder, for messages.
    #[serde(skip)]
    pub path: String,
    /// SHA-256 of its file: another text lands everything anew.
    #[serde(skip)]
    pub fingerprint: Fingerprint,
    /// Lines of each extract whose rows are kept, from the first one on; all when absent.
    #[serde(skip)]
    pub sample_lines: Option<u64>,
    /// Title for people: `Zendesk tickets`.
    pub title: String,
    /// Which files: globs below the extracts folder, or one of `s3://bucket/prefix/*.csv`, `gs://…`, `az://container/…`.
    pub files: Names,
    /// Format of the files; of several, each file has the first whose reader takes it.
    pub format: OneOrMore<FileFormat>,
    /// What a further file means for the rows already there.
    #[serde(default)]
    pub load: Load,
    /// Columns that name one row; empty when rows have no identity and every one counts.
    #[serde(default)]
    pub key: Vec<String>,
    /// Column that says which version of a row is the newest; `upsert` only. Without it the row of the later delivery is.
    #[serde(default)]
    pub updated_at: Option<String>,
    /// Whether every version of a key is kept, in `history.<source>`; said with `upsert` only: a snapshot always keeps them.
    #[serde(default)]
    pub history: bool,
    /// Which of equally new rows of a key in one file stays; `upsert` only.
    #[serde(default)]
    pub repeats: Repeats,
    /// Column whose newest value says how far the source has delivered.
    #[serde(default)]
    pub watermark: Option<String>,
    /// How long after its newest row nothing more needs to have happened: `3d`; one day when absent.
    #[serde(default)]
    pub quiet: Option<String>,
    /// How often it delivers; nothing is expected when absent.
    #[serde(default)]
    pub expect: Option<Expectation>,
    /// How long it may take for what is expected to be there: `12h`; nothing when absent.
    #[serde(default)]
    pub grace: Option<String>,
    /// Days of the week on which something happens; all seven when empty.
    #[serde(default)]
    pub working_days: Vec<WorkingDay>,
    /// Whether nothing is published while it is overdue.
    #[serde(default)]
    pub required: bool,
    /// Date or timestamp that never changes for a key: the table has one file for each of its months, and a
    /// night's work touches only the months of its rows.
    #[serde(default)]
    pub partition: Option<String>,
    /// Regular expression whose first group finds, in the path of a file, the period it delivers: a file of the same
    /// period that was delivered later replaces it. For a `snapshot` it is the day or moment the snapshot was taken.
    #[serde(default)]
    pub delivery: Option<String>,
    /// How it is known which of two files is the later one; by when a run saw it first when absent.
    #[serde(default)]
    pub delivered: Option<Delivered>,
    /// Zone of timestamps that state no offset and whose column has no `time_zone`; UTC when absent.
    #[serde(default)]
    pub time_zone: Option<ZoneSetting>,
    /// Share of bad rows, from 0 to 1, above which a file is refused whole.
    #[serde(default = "Source::one_in_a_hundred")]
    pub tolerate: f64,
    /// Column of money: `tolerate` holds for its sum too.
    #[serde(default)]
    pub amount: Option<String>,
    /// What becomes of a run when one of its extracts is refused.
    #[serde(default)]
    pub on_refused: OnRefused,
    /// Whether an extract without a row lands; it is refused otherwise.
    #[serde(default)]
    pub may_be_empty: bool,
    /// What becomes of columns that are not declared.
    #[serde(default)]
    pub contract: Contract,
    /// Columns of the extract that are known and left out; `*` stands for anything.
    #[serde(default)]
    pub ignored: Vec<String>,
    /// Rows that are no data, by their first value: totals, remarks; `*` stands for anything.
    #[serde(default)]
    pub not_data: Vec<String>,
    /// What a file must have before it is read.
    #[serde(default)]
    pub arrival: Option<Arrival>,
    /// How CSV files are written.
    #[serde(default)]
    pub csv: Option<Dialect>,
    /// Which part of a spreadsheet is read.
    #[serde(default)]
    pub xlsx: Option<Worksheet>,
    /// How JSON is taken apart.
    #[serde(default)]
    pub json: Option<JsonRows>,
    /// Which columns become rows.
    #[serde(default)]
    pub unpivot: Option<Unpivot>,
    /// What must hold between the values of one row.
    #[serde(default)]
    pub rules: Vec<RowRule>,
    /// Columns by canonical name, in the order of the table.
    pub columns: IndexMap<String, Column>,
}

/// Format of an extract.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FileFormat {
    /// Text with separators; `.gz` and `.zst` are expanded.
    Csv,
    /// One JSON object a line; `.gz` and `.zst` are expanded.
    JsonLines,
    /// Apache Parquet.
    Parquet,
    /// One sheet of an xlsx file.
    Xlsx,
}

/// What a further file means for the rows already there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Load {
    /// It adds rows.
    #[default]
    Append,
    /// It adds rows and newer versions of rows; the newest version of a key stays.
    Upsert,
    /// It is the whole truth of its moment: a key that is gone is there no longer. `history.<source>` keeps every version
    /// of a key with the time it held.
    Snapshot,
}

/// Which of equally new rows of a key in one file stays.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Repeats {
    /// The one with the later line.
    #[default]
    Last,
    /// The one with the earlier line: those below say less, as further items of an order do.
    First,
}

impl Source {
    /// The same source, of whose extracts only the rows that begin on the first lines are kept.
    #[must_use]
    pub fn sampled(self, lines: u64) -> Self {
        let text = format!("{}, first {lines} lines", self.fingerprint);
        let fingerprint = Fingerprint::of(text.as_bytes());
        Self { sample_lines: Some(lines), fingerprint, ..self }
    }

    /// The objects that `files` names, when they lie in an object store.
    pub fn address(&self) -> Option<Address> {
        Address::read(self.files.0.first()?)?.ok()
    }

    /// Name of the table its accepted rows land in: `raw.<source>`.
    ///
    /// # Panics
    ///
    /// Never for a source that was read: its name was found to be a word.
    pub fn raw_table(&self) -> TableName {
        TableName::new("raw", &self.name).expect("a source's name is a word")
    }

    /// Name of the table its rejected rows go to: `quarantine.<source>`.
    ///
    /// # Panics
    ///
    /// Never for a source that was read: its name was found to be a word.
    pub fn quarantine_table(&self) -> TableName {
        TableName::new("quarantine", &self.name).expect("a source's name is a word")
    }

    /// Name of the table of all versions of its rows: `history.<source>`; of a source [with history](Source::has_history) only.
    ///
    /// # Panics
    ///
    /// Never for a source that was read: its name was found to be a word.
    pub fn history_table(&self) -> TableName {
        TableName::new("history", &self.name).expect("a source's name is a word")
    }

    /// Whether every version of a key is kept, in `history.<source>`.
    pub fn has_history(&self) -> bool {
        self.history || self.load == Load::Snapshot
    }

    /// What says from when a version holds; `None` for a source without [`history`](Source::history).
    pub fn version_moment(&self) -> Option<VersionMoment<'_>> {
        if !self.history {
            return None;
        }
        match (self.updated_at.as_deref(), &self.delivered) {
            (Some(column), _) => Some(VersionMoment::UpdatedAt(column)),
            (None, Some(Delivered::Column(column))) => Some(VersionMoment::Delivered(column)),
            (None, Some(Delivered::Name(_))) => Some(VersionMoment::Name),
            (None, Some(Delivered::FirstSeen) | None) => None,
        }
    }

    /// The clock by which its days begin: that of its `time_zone` where this is a name, else UTC.
    pub fn day_zone(&self) -> TimeZone {
        let named = match &self.time_zone {
            Some(ZoneSetting::Named(name)) => TimeZone::get(name).ok(),
            Some(ZoneSetting::InHeader(_) | ZoneSetting::InColumn(_)) | None => None,
        };
        named.unwrap_or(TimeZone::UTC)
    }

    /// Columns that are stored, in the order of the table: all but the dropped ones.
    pub fn stored(&self) -> impl Iterator<Item = (&str, &Column)> {
        self.columns
            .iter()
            .filter(|(_, column)| column.personal != Personal::Drop)
            .map(|(name, column)| (name.as_str(), column))
    }

    /// Whether a row without a value in this column goes to quarantine.
    pub(crate) fn is_required(&self, name: &str) -> bool {
        self.columns[name].required || self.is_key(name)
    }

    /// Whether a column is one of those that name a row.
    pub(crate) fn is_key(&self, name: &str) -> bool {
        self.key.iter().any(|key| key == name)
    }

    /// Whether a column takes the names or the values of columns that become rows.
    pub(crate) fn is_unpivoted(&self, name: &str) -> bool {
        self.unpivot.as_ref().is_some_and(|unpivot| unpivot.name == name || unpivot.value == name)
    }

    /// Whether a column of an extract is known and left out.
    pub(crate) fn is_ignored(&self, name: &str) -> bool {
        is_any(&self.ignored, name)
    }

    /// The pattern that finds in names which file is later; empty where names do not say it.
    pub fn delivered_pattern(&self) -> &str {
        match &self.delivered {
            Some(Delivered::Name(pattern)) => pattern,
            Some(Delivered::FirstSeen | Delivered::Column(_)) | None => "",
        }
    }

    /// How long after its newest row nothing more needs to have happened.
    pub fn quiet(&self) -> Span {
        span(self.quiet.as_deref()).unwrap_or(1.day())
    }

    /// How long it may take for what is expected to be there.
    pub fn grace(&self) -> Span {
        span(self.grace.as_deref()).unwrap_or_default()
    }

    /// Whether something happens on a day of the week.
    pub fn works_on(&self, day: Weekday) -> bool {
        self.working_days.is_empty()
            || self.working_days.iter().any(|working| working.weekday() == day)
    }

    /// Format of its files, or the first of several.
    pub fn format(&self) -> FileFormat {
        self.format.0.first().copied().unwrap_or(FileFormat::Csv)
    }

    /// Whether a file of no bytes is one without rows, rather than one that was cut off above its header.
    pub(crate) fn may_have_no_bytes(&self) -> bool {
        let has_no_header = |format: &FileFormat| match format {
            FileFormat::JsonLines => true,
            FileFormat::Csv => self.dialect().header_rows == 0,
            FileFormat::Parquet | FileFormat::Xlsx => false,
        };
        self.may_be_empty && self.format.0.iter().any(has_no_header)
    }

    pub(crate) fn dialect(&self) -> Dialect {
        self.csv.clone().unwrap_or_default()
    }

    pub(crate) fn worksheet(&self) -> Worksheet {
        self.xlsx.clone().unwrap_or_default()
    }

    /// Path of the array whose elements are the rows; `None` when each line is one.
    pub(crate) fn json_rows(&self) -> Option<&str> {
        let rows = self.json.as_ref()?.rows.0.iter();
        rows.map(String::as_str).find(|rows| !rows.is_empty())
    }

    /// Whether a line without that array is a row.
    pub(crate) fn has_rows_of_lines(&self) -> bool {
        self.json.as_ref().is_none_or(|json| json.rows.0.iter().any(String::is_empty))
    }

    fn one_in_a_hundred() -> f64 {
        0.01
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use scorewright_domain::ProjectFile;

    use super::*;

    pub(crate) fn source(text: &str) -> Source {
        match Source::read(&ProjectFile::new("pipelines/sources/tickets.toml", text)) {
            Ok(source) => source,
            Err(faults) => panic!("{faults:?}"),
        }
    }

    #[test]
    fn columns_keep_their_order_and_have_one_name_or_several() {
        let source = source(
            r#"
            title = "Tickets"
            files = "tickets*.csv*"
            format = "csv"
            key = ["ticket_id"]
            [columns.ticket_id]
            from = "Id"
            type = "text"
            [columns.opened_at]
            from = ["Opened", "Created"]
            type = "timestamp"
            [columns.answers]
            type = "integer"
            min = 0
            "#,
        );
        assert_eq!(source.name, "tickets");
        let names: Vec<Vec<&str>> =
            source.columns.iter().map(|(name, column)| column.names(name)).collect();
        assert_eq!(names, [vec!["Id"], vec!["Opened", "Created"], vec!["answers"]]);
        assert!(source.is_required("ticket_id"), "a key column is required unsaid");
        assert_eq!(source.columns["answers"].min, Some(Bound("0".into())));
    }
}
