//! What a person says of an extract, and what is still to be said.

use std::fmt;

use miette::Diagnostic;
use scorewright_extract::{Orientation, listed, shortened};

/// What a person says of an extract that is to feed a role.
#[derive(Debug, Clone, Default)]
pub struct AnsweredRole {
    /// Noun of the role: `ticket`.
    pub role: String,
    /// Columns of the role, each with the column of the extract that tells it.
    pub columns: Vec<(String, String)>,
    /// Columns of the role, each with the text that all rows have there.
    pub values: Vec<(String, String)>,
    /// Questions of a survey, each with the column of its answers.
    pub questions: Vec<(String, String)>,
    /// Which end of a question about effort is good.
    pub orientation: Option<Orientation>,
    /// What comes first in days that the extract does not decide.
    pub dates: Option<DayOrder>,
}

/// What comes first in a day such as `03.04.2026`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DayOrder {
    /// It is the third of April.
    DayFirst,
    /// It is the fourth of March.
    MonthFirst,
}

/// A column that was found by its name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundColumn {
    /// Option that says another: `--column`.
    pub flag: &'static str,
    /// Column of the role, or question of a survey, that it tells.
    pub tells: String,
    /// Column of the source.
    pub column: String,
}

impl FoundColumn {
    pub(crate) fn new(flag: &'static str, tells: &str, column: &str) -> Self {
        Self { flag, tells: tells.to_owned(), column: column.to_owned() }
    }
}

/// A question that only a person can answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OpenQuestion {
    /// Which column of the extract tells a column of the role.
    Column {
        /// Column of the role.
        column: String,
        /// What it tells: `when the ticket was opened`.
        says: String,
    },
    /// Which columns of the extract have the answers to the questions of a survey.
    Survey {
        /// What is asked.
        says: String,
    },
    /// What comes first in the days of a column.
    Dates {
        /// Column of the extract.
        column: String,
    },
}

/// An extract that does not tell what a role needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnansweredRole {
    /// Noun of the role.
    pub role: String,
    /// What is still to be said.
    pub open: Vec<OpenQuestion>,
    /// What was said and cannot be so, each with what mends it.
    pub faults: Vec<String>,
    /// Columns of the extract.
    pub columns: Vec<String>,
}

impl fmt::Display for UnansweredRole {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.faults.len() {
            0 => write!(
                out,
                "`staging.{}` needs to know {} more",
                self.role,
                things(self.open.len())
            ),
            faults => write!(
                out,
                "{} of what is said for `staging.{}` cannot be",
                things(faults),
                self.role
            ),
        }
    }
}

fn things(count: usize) -> String {
    if count == 1 { "one thing".into() } else { format!("{count} things") }
}

impl std::error::Error for UnansweredRole {}

impl Diagnostic for UnansweredRole {
    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        const SHOWN: usize = 60;
        let open = self.open.iter().map(|question| match question {
            OpenQuestion::Column { column, says } => format!("--column {column}=COLUMN: {says}\n"),
            OpenQuestion::Survey { says } => format!("{says}\n"),
            OpenQuestion::Dates { column } => format!(
                "--dates day-first or --dates month-first: no value of `{}` says it\n",
                shortened(column)
            ),
        });
        let faults = self.faults.iter().map(|fault| format!("{fault}\n"));
        let columns = self.columns.iter().map(|name| format!("`{}`", shortened(name)));
        let text: String = faults.chain(open).collect();
        Some(Box::new(format!("{text}columns of the extract: {}", listed(columns, SHOWN, 0))))
    }
}
