//! Extracts that cannot be taken, and why.

use std::collections::BTreeMap;
use std::fmt;
use std::io;
use std::path::PathBuf;

use miette::Diagnostic;
use scorewright_warehouse::ObjectFault;

use crate::quarantine::Reason;

/// An extract refused whole. Nothing of it lands; the run goes on with the others.
#[derive(Debug)]
pub struct RefusedExtract {
    /// Source it belongs to.
    pub of: String,
    /// Its path below the extracts folder.
    pub file: PathBuf,
    /// Why.
    pub why: Refusal,
}

impl RefusedExtract {
    /// Why, as a code: `missing_column`, `too_many_bad_rows`.
    pub fn reason(&self) -> &'static str {
        self.why.code()
    }
}

impl fmt::Display for RefusedExtract {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "extract `{}` of source `{}` is refused: {}", self.file.display(), self.of, self.why)
    }
}

impl std::error::Error for RefusedExtract {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        std::error::Error::source(&self.why)
    }
}

impl Diagnostic for RefusedExtract {
    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        self.why.help()
    }
}

/// A source that has no extract at all.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("source `{of}` has no extract: no file below `{}` matches `{files}`", folder.display())]
pub struct MissingExtract {
    /// The source.
    pub of: String,
    /// Its file in the project.
    pub path: String,
    /// The glob that matches nothing.
    pub files: String,
    /// The extracts folder.
    pub folder: PathBuf,
    /// Files that are there, the most similar names first.
    pub there: Vec<String>,
    /// Whether rows of earlier extracts are in its table.
    pub has_landed: bool,
}

impl Diagnostic for MissingExtract {
    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        let there = match self.there.as_slice() {
            [] => "the folder is empty".to_owned(),
            names => format!("the nearest files there are: {}", names.join(", ")),
        };
        Some(Box::new(format!("{there}\nput the extract there, or mend `files` in `{}`", self.path)))
    }
}

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
    #[diagnostic(help("check that the file is whole and that its permissions let this user read it"))]
    Unreadable(#[source] io::Error),
    /// It was being written while it was read.
    #[error("it changed while it was read")]
    #[diagnostic(help("run again when the sender has finished; senders should write aside and rename"))]
    Changed,
    /// No bytes.
    #[error("it is empty")]
    #[diagnostic(help("ask the sender for the file again, or remove it if nothing was meant to be sent"))]
    Empty,
    /// At most a header, and nothing below it.
    #[error("it has no rows")]
    #[diagnostic(help("ask the sender for the file again, or remove it if nothing was meant to be sent"))]
    NoRows,
    /// Bytes of another format than the source declares.
    #[error("it is {0}, not what its name and source say")]
    #[diagnostic(help("{1}"))]
    OtherFormat(&'static str, &'static str),
    /// A header that is no list of names.
    #[error("its header cannot be read: {0}")]
    #[diagnostic(help("check `delimiter`, `quote` and `header_rows` of the source against the file"))]
    BadHeader(&'static str),
    /// A declared column is not there.
    #[error("it has no column {}", names(tried))]
    #[diagnostic(help("{}", missing_column_help(header, nearest.as_deref(), path, column)))]
    MissingColumn {
        /// Canonical name of the column.
        column: String,
        /// Names looked for.
        tried: Vec<String>,
        /// Names the file has.
        header: Vec<String>,
        /// A name of the file that may be meant.
        nearest: Option<String>,
        /// The source's file.
        path: String,
    },
    /// A declared column is there twice.
    #[error("its header has `{0}` more than once")]
    #[diagnostic(help("ask the sender to tell the columns apart: a column is found by its name alone"))]
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
    /// More bad rows than the source tolerates.
    #[error(
        "{bad} of its {read} rows are bad ({:.1} %), more than the {:.1} % that the source tolerates",
        percent(*bad, *read),
        tolerate * 100.0
    )]
    #[diagnostic(help("{}", too_many_bad_rows_help(reasons)))]
    TooManyBadRows {
        /// Bad rows.
        bad: u64,
        /// Rows read.
        read: u64,
        /// Share tolerated, from 0 to 1.
        tolerate: f64,
        /// Reasons by code, each with the first row it was found in.
        reasons: BTreeMap<&'static str, FirstSeen>,
    },
    /// A snapshot whose name does not say when it was taken.
    #[error("its name does not say when the snapshot was taken")]
    #[diagnostic(help(
        "name it by the pattern of `delivery` in the source file, with a day: accounts_2026-05-01.csv"
    ))]
    NoMoment,
    /// Larger than a limit.
    #[error("{0}")]
    #[diagnostic(help(
        "ask the sender for smaller files; the limits protect this machine from broken and hostile files"
    ))]
    TooLarge(String),
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
    #[diagnostic(help("its sheets are: {}\nmend `sheet` of `[xlsx]` in the source file", names(there)))]
    NoSheet {
        /// The sheet; `None` when any would do.
        sheet: Option<String>,
        /// The sheets that are shown.
        there: Vec<String>,
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

/// How often a reason was found in a file, and where first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FirstSeen {
    /// Rows with this reason.
    pub rows: u64,
    /// Line of the first.
    pub line: u64,
    /// Column of the first, by its name in the extract.
    pub column: Option<String>,
}

impl Refusal {
    /// Whether a later run may find it well without anybody doing anything.
    pub fn may_pass(&self) -> bool {
        matches!(self, Self::Store(fault) if fault.may_pass())
    }

    /// The refusal as a code for logs.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotRegular(_) => "not_regular",
            Self::BadName => "bad_name",
            Self::Unreadable(_) => "unreadable",
            Self::Changed => "changed",
            Self::Empty => "empty",
            Self::NoRows => "no_rows",
            Self::OtherFormat(..) => "other_format",
            Self::BadHeader(_) => "bad_header",
            Self::MissingColumn { .. } => "missing_column",
            Self::AmbiguousColumn(_) => "ambiguous_column",
            Self::SameName { .. } => "same_name",
            Self::OtherType { .. } => "other_type",
            Self::TooManyBadRows { .. } => "too_many_bad_rows",
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

/// Counts a bad row among the reasons of its file.
pub(crate) fn count(
    reasons: &mut BTreeMap<&'static str, FirstSeen>,
    reason: Reason,
    line: u64,
    column: Option<&str>,
) {
    let seen = reasons.entry(reason.code()).or_insert_with(|| FirstSeen {
        rows: 0,
        line,
        column: column.map(ToOwned::to_owned),
    });
    seen.rows += 1;
}

fn names(tried: &[String]) -> String {
    tried.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(" or ")
}

fn missing_column_help(header: &[String], nearest: Option<&str>, path: &str, column: &str) -> String {
    const SHOWN: usize = 40;
    let shown = header.iter().take(SHOWN).map(|name| shortened(name.trim())).collect::<Vec<_>>().join(", ");
    let more = match header.len().saturating_sub(SHOWN) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    let meant = nearest.map(|name| format!("did you mean `{}`? ", shortened(name))).unwrap_or_default();
    format!("{meant}its header is: {shown}{more}\nmend `from` of `{column}` in `{path}`, or ask the sender")
}

/// A name of the file as it is shown: a broken header may be one name of a megabyte.
fn shortened(name: &str) -> String {
    const LONGEST: usize = 80;
    match name.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &name[..end]),
        None => name.to_owned(),
    }
}

fn too_many_bad_rows_help(reasons: &BTreeMap<&'static str, FirstSeen>) -> String {
    let mut lines: Vec<String> = reasons
        .iter()
        .map(|(code, seen)| {
            let column =
                seen.column.as_ref().map(|column| format!(", column `{column}`")).unwrap_or_default();
            format!("{code}: {} rows, first on line {}{column}", seen.rows, seen.line)
        })
        .collect();
    lines.push("mend the source file where it describes the column wrongly, or ask the sender".into());
    lines.join("\n")
}

#[allow(clippy::cast_precision_loss, reason = "counts of rows are far below 2^52")]
fn percent(bad: u64, read: u64) -> f64 {
    bad as f64 * 100.0 / read.max(1) as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_column_shows_the_header_and_the_nearest_name() {
        let refused = RefusedExtract {
            of: "tickets".into(),
            file: "tickets.csv".into(),
            why: Refusal::MissingColumn {
                column: "closed_at".into(),
                tried: vec!["Closed".into(), "Closed at".into()],
                header: vec!["Id".into(), "Closde".into()],
                nearest: Some("Closde".into()),
                path: "pipelines/sources/tickets.toml".into(),
            },
        };
        assert_eq!(
            refused.to_string(),
            "extract `tickets.csv` of source `tickets` is refused: it has no column `Closed` or `Closed at`"
        );
        assert_eq!(
            refused.help().unwrap().to_string(),
            "did you mean `Closde`? its header is: Id, Closde\n\
             mend `from` of `closed_at` in `pipelines/sources/tickets.toml`, or ask the sender"
        );
    }

    #[test]
    fn a_header_of_one_endless_name_is_shown_by_its_beginning() {
        let help = missing_column_help(&["\0é".repeat(1 << 20)], None, "tickets.toml", "id");
        assert!(help.contains(&format!("its header is: {}…\n", "\0é".repeat(40))), "{} bytes", help.len());
    }
}
