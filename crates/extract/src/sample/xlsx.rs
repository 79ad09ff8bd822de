//! The columns of a sample of a spreadsheet: its first sheet, every cell as text, by the reader that a run uses.

use std::path::Path;

use arrow::array::{Array as _, AsArray as _};
use scorewright_domain::{Limits, ProjectFile};

use super::column_sample::ColumnSample;
use super::sample_table::SampleTable;
use super::toml_text::quoted;
use crate::discovery::folder::only;
use crate::read::{collect, undeclared_columns};
use crate::refusal::{ReadError, Refusal};
use crate::source::Source;

/// A name that no sheet has.
const NOBODY: &str = "\u{1}";

impl SampleTable {
    /// The columns of the first sheet of an xlsx file.
    pub(crate) fn of_xlsx(path: &Path, limits: &Limits) -> Result<Self, ReadError> {
        let nothing = of_texts(&[NOBODY.to_owned()])?;
        let found = undeclared_columns(&only(&nothing, path, limits)?, &nothing, limits);
        let names = match found {
            // A sheet that a source has no column of names those that it has.
            Err(ReadError::Refused(Refusal::MissingColumns(missing))) => missing.header,
            names => names?,
        };
        if names.is_empty() {
            return Err(Refusal::BadHeader("no column has a name").into());
        }
        let (found, rows) = collect(&of_texts(&names)?, path, limits)?;
        let mut columns: Vec<ColumnSample> =
            names.iter().map(|name| ColumnSample::named(name)).collect();
        for block in &rows.accepted {
            for (seen, values) in columns.iter_mut().zip(&block.columns) {
                let values = values.as_string::<i32>();
                (0..values.len()).for_each(|row| {
                    seen.add(if values.is_null(row) { "" } else { values.value(row) });
                });
            }
        }
        let count = |rows: u64| u32::try_from(rows).unwrap_or(u32::MAX);
        let (rows, malformed) = (count(found.read), count(found.rejected));
        Ok(Self { columns, rows, malformed, ..Self::default() })
    }
}

/// A source that takes columns as text, whatever they hold.
fn of_texts(names: &[String]) -> Result<Source, Refusal> {
    let mut text = String::from("title = \"Sample\"\nfiles = \"*\"\nformat = \"xlsx\"\n");
    for (place, name) in names.iter().enumerate() {
        text += &format!(
            "[columns.c{place}]\nfrom = {}\ntype = \"text\"\noptional = true\n",
            quoted(name)
        );
    }
    let faults = |faults: Vec<scorewright_domain::Fault>| {
        Refusal::NoSource(
            faults.first().map_or_else(String::new, |fault| fault.message().to_owned()),
        )
    };
    Source::read(&ProjectFile::new("pipelines/sources/sample.toml", text)).map_err(faults)
}
