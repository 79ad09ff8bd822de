//! Why an extract is refused, one variant for each reason, with what mends it.

use std::collections::BTreeMap;
use std::io;

use miette::Diagnostic;
use scorewright_domain::group_digits;

use super::bad_rows::{self, FirstSeen};
use super::date_order::DateOrderFault;
use super::delivery_order::DeliveryOrderFault;
use super::exceeded::Exceeded;
use super::missing_columns::MissingColumns;
use super::object_fault::ObjectFault;
use super::renamed_column::RenamedColumn;

/// Why an extract is refused.
#[derive(Debug, thiserror::Error, Diagnostic)]
pub enum Refusal {
    /// A link, folder, pipe or device.
    #[error("it is {0}, not a regular file")]
    #[diagnostic(help("put the file itself into the extracts folder"))]
    NotRegular(&'static str),
    /// A name that is not text.
    #[error("its name is not UTF-8")]
    #[diagnostic(help("rename the file"))]
    BadName,
    /// The operating system refused to read it.
    #[error("it cannot be read")]
    #[diagnostic(help(
        "check that the file is whole and that its permissions let this user read it"
    ))]
    Unreadable(#[source] io::Error),
    /// It was being written while it was read.
    #[error("it changed while it was read")]
    #[diagnostic(help(
        "run again when the sender has finished; senders should write aside and rename"
    ))]
    Changed,
    /// No bytes.
    #[error("it is empty")]
    #[diagnostic(help(
        "ask the sender for the file again, or remove it if nothing was meant to be sent\n\
         of JSON Lines, and of CSV without a header, no byte may mean no row: `may_be_empty = true` in the source file"
    ))]
    Empty,
    /// At most a header, and nothing below it.
    #[error("it has no rows")]
    #[diagnostic(help(
        "ask the sender for the file again, or remove it if nothing was meant to be sent\n\
         where no row is an answer too: `may_be_empty = true` in the source file"
    ))]
    NoRows,
    /// Bytes of another format than the source declares.
    #[error("it is {0}, not what its name and source say")]
    #[diagnostic(help("{1}"))]
    OtherFormat(&'static str, &'static str),
    /// A header that is no list of names.
    #[error("its header cannot be read: {0}")]
    #[diagnostic(help(
        "check `delimiter`, `quote` and `header_rows` of the source against the file"
    ))]
    BadHeader(&'static str),
    /// Declared columns are not there.
    #[error(transparent)]
    #[diagnostic(transparent)]
    MissingColumns(Box<MissingColumns>),
    /// No column of it is one of those that become rows.
    #[error("none of its columns is of the pattern {}", names(patterns))]
    #[diagnostic(help(
        "{}\nmend `columns` of `[unpivot]` in the source file",
        header_in_words(header)
    ))]
    NothingToUnpivot {
        /// Patterns that no column is of.
        patterns: Vec<String>,
        /// Names the file has; empty where none is a column of the source.
        header: Vec<String>,
    },
    /// A value that should stand above its rows.
    #[error("nothing above its rows is what `above` of its column `{0}` looks for")]
    #[diagnostic(help(
        "mend the regular expression in the source file; `optional = true` where the file need not have it"
    ))]
    NotAbove(String),
    /// A column vanished, and another came.
    #[error(transparent)]
    #[diagnostic(transparent)]
    RenamedColumn(Box<RenamedColumn>),
    /// A declared column is there twice.
    #[error("its header has `{0}` more than once")]
    #[diagnostic(help(
        "ask the sender to tell the columns apart: a column is found by its name alone"
    ))]
    AmbiguousColumn(String),
    /// Two undeclared columns that would be one.
    #[error("its undeclared columns `{first}` and `{second}` would both become `{column}`")]
    #[diagnostic(help("declare one of them in the source file, or list it in `ignored`"))]
    SameName {
        /// Name of one in the file.
        first: String,
        /// Name of the other.
        second: String,
        /// Name both would have in the table.
        column: String,
    },
    /// A Parquet column whose type cannot become the declared one.
    #[error("its column `{column}` is {found} and cannot be read as {declared}")]
    #[diagnostic(help("mend `type` in the source file, or ask the sender for a plain column"))]
    OtherType {
        /// Name in the file.
        column: String,
        /// Type in the file.
        found: String,
        /// Type declared.
        declared: String,
    },
    /// Zones that its header names, and that cannot be used: several, or one that is not known.
    #[error("its header names the time zone {}", .0.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(" and "))]
    #[diagnostic(help(
        "a file has one zone, with a name of the IANA database, such as Europe/Berlin: write the one that is meant as `time_zone = \"…\"` in the source file"
    ))]
    HeaderZone(Vec<String>),
    /// Dates that have the day first or the month first, and nothing says which.
    #[error(transparent)]
    #[diagnostic(transparent)]
    DateOrder(Box<DateOrderFault>),
    /// Nothing says whether it was delivered before or after another file.
    #[error(transparent)]
    #[diagnostic(transparent)]
    DeliveryOrder(Box<DeliveryOrderFault>),
    /// More bad rows than the source tolerates.
    #[error(
        "{} of its {} rows are bad ({:.1} %), more than the {:.1} % that the source tolerates",
        group_digits(&bad.to_string()),
        group_digits(&read.to_string()),
        bad_rows::percent(*bad, *read),
        tolerate * 100.0
    )]
    #[diagnostic(help("{}", bad_rows::help(reasons, json_rows.as_deref())))]
    TooManyBadRows {
        /// Bad rows.
        bad: u64,
        /// Rows read.
        read: u64,
        /// Share tolerated, from 0 to 1.
        tolerate: f64,
        /// Reasons by code, each with the first row it was found in.
        reasons: BTreeMap<String, FirstSeen>,
        /// The list inside the objects of a JSON file that holds its rows, where the source names none.
        json_rows: Option<String>,
    },
    /// Bad rows with more of the money than the source tolerates.
    #[error(
        "its bad rows have {:.1} % of the money in `{column}`, more than the {:.1} % that the source tolerates",
        share * 100.0,
        tolerate * 100.0
    )]
    #[diagnostic(help("{}", bad_rows::help(reasons, None)))]
    TooMuchBadMoney {
        /// Column of the money.
        column: String,
        /// Share of it in bad rows, from 0 to 1.
        share: f64,
        /// Share tolerated, from 0 to 1.
        tolerate: f64,
        /// Reasons by code, each with the first row it was found in.
        reasons: BTreeMap<String, FirstSeen>,
    },
    /// A snapshot whose name does not say when it was taken.
    #[error("its name does not say when the snapshot was taken")]
    #[diagnostic(help(
        "name it by the pattern of `delivery` in the source file, with a day: accounts_2026-05-01.csv"
    ))]
    NoMoment,
    /// Larger than a limit.
    #[error("{0}")]
    #[diagnostic(help("{}", _0.help()))]
    TooLarge(Exceeded),
    /// A Parquet file that cannot be trusted.
    #[error("it is not a sound Parquet file: {0}")]
    #[diagnostic(help("ask the sender for the file again; it may have been cut off on the way"))]
    BadParquet(String),
    /// A spreadsheet that cannot be trusted.
    #[error("it is not a sound xlsx file: {0}")]
    #[diagnostic(help(
        "open it in the program that wrote it and save it anew, or ask the sender for the file again"
    ))]
    BadXlsx(String),
    /// A spreadsheet without the sheet that is asked for.
    #[error("it has no sheet{}", sheet.as_ref().map(|name| format!(" `{name}`")).unwrap_or_default())]
    #[diagnostic(help(
        "its sheets are: {}\nmend `sheet` of `[xlsx]` in the source file",
        names(sheets)
    ))]
    NoSheet {
        /// The sheet; `None` when any would do.
        sheet: Option<String>,
        /// The sheets that are shown.
        sheets: Vec<String>,
    },
    /// An object store that did not give it.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Store(Box<ObjectFault>),
    /// A sample from which no sound source file comes.
    #[error("no source file reads it: {0}")]
    #[diagnostic(help("write the source file by hand: docs/reference/source.md says how"))]
    NoSource(String),
}

impl From<Exceeded> for Refusal {
    fn from(exceeded: Exceeded) -> Self {
        Self::TooLarge(exceeded)
    }
}

impl From<DeliveryOrderFault> for Refusal {
    fn from(fault: DeliveryOrderFault) -> Self {
        Self::DeliveryOrder(Box::new(fault))
    }
}

impl From<ObjectFault> for Refusal {
    fn from(fault: ObjectFault) -> Self {
        Self::Store(Box::new(fault))
    }
}

impl Refusal {
    /// Whether a later run may find it well without anybody doing anything.
    pub fn may_pass(&self) -> bool {
        matches!(self, Self::Store(fault) if fault.may_pass())
    }

    /// Whether it is for rows, each of which can be shown.
    pub fn is_for_bad_rows(&self) -> bool {
        matches!(self, Self::TooManyBadRows { .. } | Self::TooMuchBadMoney { .. })
    }

    /// The refusal as a code for logs.
    pub fn reason(&self) -> &'static str {
        match self {
            Self::NotRegular(_) => "not_regular",
            Self::BadName => "bad_name",
            Self::Unreadable(_) => "unreadable",
            Self::Changed => "changed",
            Self::Empty => "empty",
            Self::NoRows => "no_rows",
            Self::OtherFormat(..) => "other_format",
            Self::BadHeader(_) => "bad_header",
            Self::MissingColumns(_) => "missing_column",
            Self::NothingToUnpivot { .. } => "nothing_to_unpivot",
            Self::NotAbove(_) => "not_above",
            Self::RenamedColumn(_) => "renamed_column",
            Self::AmbiguousColumn(_) => "ambiguous_column",
            Self::SameName { .. } => "same_name",
            Self::OtherType { .. } => "other_type",
            Self::HeaderZone(_) => "header_zone",
            Self::DateOrder(_) => "date_order",
            Self::DeliveryOrder(_) => "delivery_order",
            Self::TooManyBadRows { .. } => "too_many_bad_rows",
            Self::TooMuchBadMoney { .. } => "too_much_bad_money",
            Self::NoMoment => "no_moment",
            Self::TooLarge(_) => "too_large",
            Self::BadParquet(_) => "bad_parquet",
            Self::BadXlsx(_) => "bad_xlsx",
            Self::NoSheet { .. } => "no_sheet",
            Self::Store(fault) => fault.kind(),
            Self::NoSource(_) => "no_source",
        }
    }
}

fn header_in_words(header: &[String]) -> String {
    if header.is_empty() {
        "its first line has none of the columns of this source, so it is probably no header".into()
    } else {
        format!("its header is: {}", header.join(", "))
    }
}

fn names(tried: &[String]) -> String {
    tried.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(" or ")
}
