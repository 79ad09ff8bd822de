//! Declared columns that a file does not have, all of them at once.

use std::fmt;

use miette::Diagnostic;
use scorewright_domain::{group_digits, nearest};

use super::truncate::{LETTERS, listed, shortened};

/// Most columns that a message names.
const SHOWN: usize = 40;

/// What a source declares and a file lacks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MissingColumns {
    /// The columns, in the order of the source; at least one.
    pub columns: Vec<MissingColumn>,
    /// Names the file has.
    pub header: Vec<String>,
    /// The source's file.
    pub path: String,
    /// Settings under which the file has all of them: `delimiter = ";"` in `[csv]`.
    pub fitting: Option<String>,
    /// Whether its names are names: it has one of the source's columns, so that its first line is no row of somebody's.
    pub has_any: bool,
    /// Whether its names are those of a first line, and not of members.
    pub is_first_line: bool,
}

/// A declared column that is not there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MissingColumn {
    /// Its canonical name.
    pub column: String,
    /// Names looked for.
    pub tried: Vec<String>,
    /// A name of the file that may be meant; no column of the source has it.
    pub nearest: Option<String>,
}

impl MissingColumns {
    /// The columns that `missing` names canonically, each beside the names it was looked for under.
    ///
    /// - `undeclared`: names of the file that no declared column has; one of them may be meant.
    pub(crate) fn new(
        missing: Vec<(&str, Vec<&str>)>,
        header: Vec<String>,
        undeclared: &[&str],
        path: &str,
    ) -> Self {
        let is_name = |name: &&str| !name.is_empty() && name.chars().nth(LETTERS).is_none();
        let has_any = undeclared.len() < header.len();
        let undeclared: Vec<&str> =
            undeclared.iter().map(|name| name.trim()).filter(is_name).collect();
        let column = |(place, (column, tried)): (usize, (&str, Vec<&str>))| {
            // Of thousands of columns only the first are shown, so only theirs are looked for.
            let undeclared = if place < SHOWN { undeclared.as_slice() } else { &[] };
            let meant = tried.iter().find_map(|name| nearest(name, undeclared));
            MissingColumn {
                column: column.to_owned(),
                nearest: meant.map(ToOwned::to_owned),
                tried: tried.into_iter().map(ToOwned::to_owned).collect(),
            }
        };
        let columns = missing.into_iter().enumerate().map(column).collect();
        Self { columns, header, path: path.to_owned(), fitting: None, has_any, is_first_line: true }
    }

    /// What may be meant instead: a line for each column that has something near it.
    fn meant(&self) -> String {
        let line = |missing: &MissingColumn| {
            let name = missing.nearest.as_ref()?;
            Some(match self.columns.len() {
                1 => format!("did you mean `{name}`? "),
                _ => format!("{}: did you mean `{name}`?\n", missing.names()),
            })
        };
        self.columns.iter().filter_map(line).collect()
    }

    fn stranger(&self) -> &'static str {
        if self.is_first_line {
            "its first line has none of the columns of this source, so it is probably no header"
        } else {
            "it has none of the columns of this source"
        }
    }

    /// How to mend a file without any of the columns. What stands there may be somebody's, and is only counted.
    fn strangers(&self) -> String {
        let fields = group_digits(&self.header.len().to_string());
        let expected = listed(self.columns.iter().map(MissingColumn::names), SHOWN, 0);
        let mend = if self.is_first_line {
            "ask for its header, or set `header_rows = 0` and `names`"
        } else {
            "ask the sender whether it is the right file, or mend `from` of the columns"
        };
        format!("columns there: {fields}; expected: {expected}\n{mend} in `{}`", self.path)
    }

    fn settings(&self) -> String {
        match self.columns.as_slice() {
            [one] => format!("`from` of `{}`", one.column),
            _ => "their `from`".to_owned(),
        }
    }
}

impl MissingColumn {
    fn names(&self) -> String {
        let names: Vec<String> =
            self.tried.iter().map(|name| format!("`{}`", shortened(name))).collect();
        names.join(" or ")
    }
}

impl fmt::Display for MissingColumns {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.columns.as_slice() {
            _ if !self.has_any && self.fitting.is_none() => out.write_str(self.stranger()),
            [one] => write!(out, "it has no column {}", one.names()),
            several => {
                let names = listed(several.iter().map(MissingColumn::names), SHOWN, 0);
                write!(out, "it lacks {} columns: {names}", several.len())
            }
        }
    }
}

impl std::error::Error for MissingColumns {}

impl Diagnostic for MissingColumns {
    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        let header = listed(self.header.iter().map(|name| shortened(name.trim())), SHOWN, 0);
        if let Some(fitting) = &self.fitting {
            return Some(Box::new(format!(
                "it has all columns with {fitting} of `{}`\nas it is declared, its header is: {header}",
                self.path
            )));
        }
        if !self.has_any {
            return Some(Box::new(self.strangers()));
        }
        let (meant, place) = (self.meant(), self.settings());
        Some(Box::new(format!(
            "{meant}its header is: {header}\nmend {place} in `{}`, or ask the sender",
            self.path
        )))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::refusal::{Refusal, RefusedExtract};

    fn missing(
        missing: Vec<(&str, Vec<&str>)>,
        header: &[&str],
        undeclared: &[&str],
    ) -> RefusedExtract {
        let header = header.iter().map(|name| (*name).to_owned()).collect();
        let missing =
            MissingColumns::new(missing, header, undeclared, "pipelines/sources/tickets.toml");
        let why = Refusal::MissingColumns(Box::new(missing));
        RefusedExtract { of: "tickets".into(), file: "tickets.csv".into(), why }
    }

    fn help(refused: &RefusedExtract) -> String {
        refused.help().expect("it says how to mend it").to_string()
    }

    #[test]
    fn a_missing_column_shows_the_header_and_the_nearest_name() {
        let refused = missing(
            vec![("closed_at", vec!["Closed", "Closed at"])],
            &["Id", "Closde"],
            &["Closde"],
        );
        assert_eq!(
            refused.to_string(),
            "extract `tickets.csv` of source `tickets` is refused: it has no column `Closed` or `Closed at`"
        );
        assert_eq!(
            help(&refused),
            "did you mean `Closde`? its header is: Id, Closde\n\
             mend `from` of `closed_at` in `pipelines/sources/tickets.toml`, or ask the sender"
        );
    }

    #[test]
    fn several_missing_columns_stand_in_one_message() {
        let refused = missing(
            vec![
                ("closed_at", vec!["Closed", "Closed at"]),
                ("team", vec!["Team"]),
                ("score", vec!["Score"]),
            ],
            &["Id", " Closde", "scores"],
            &["Closde", "scores"],
        );
        assert_eq!(
            refused.why.to_string(),
            "it lacks 3 columns: `Closed` or `Closed at`, `Team`, `Score`"
        );
        assert_eq!(
            help(&refused),
            "`Closed` or `Closed at`: did you mean `Closde`?\n`Score`: did you mean `scores`?\n\
             its header is: Id, Closde, scores\n\
             mend their `from` in `pipelines/sources/tickets.toml`, or ask the sender"
        );
    }

    #[test]
    fn a_first_line_without_any_column_is_counted_and_not_shown() {
        let cells = ["T1", "ann@example.com"];
        let mut refused = missing(vec![("id", vec!["Id"]), ("team", vec!["Team"])], &cells, &cells);
        let told = format!("{refused}\n{}", help(&refused));
        assert!(told.contains("its first line has none of the columns of this source"), "{told}");
        assert!(told.contains("columns there: 2; expected: `Id`, `Team`"), "{told}");
        assert!(!told.contains("ann@") && !told.contains("T1"), "{told}");
        let Refusal::MissingColumns(missing) = &mut refused.why else { panic!("{refused}") };
        missing.fitting = Some("`delimiter = \";\"`".into());
        assert!(help(&refused).contains("its header is: T1"), "a header that is known to be one");
    }

    #[test]
    fn a_message_of_hundreds_of_columns_says_how_many_are_not_named() {
        let names: Vec<String> = (100..300).map(|number| format!("column_{number}")).collect();
        let all = names.iter().map(|name| (name.as_str(), vec![name.as_str()])).collect();
        let refused = missing(all, &["a", "b"], &["a"]).why.to_string();
        assert!(
            refused.starts_with("it lacks 200 columns: `column_100`, `column_101`"),
            "{refused}"
        );
        assert!(refused.ends_with("`column_139` and 160 more"), "{refused}");
    }

    #[test]
    fn a_header_of_one_endless_name_is_shown_by_its_beginning() {
        let name = "\0é".repeat(1 << 20);
        let help = help(&missing(vec![("id", vec!["id"])], &[&name, "score"], &[&name]));
        assert!(
            help.contains(&format!("its header is: {}…, score\n", "\0é".repeat(40))),
            "{} bytes",
            help.len()
        );
    }
}
