//! The columns of a sample of a spreadsheet: its first sheet, every cell as text, by the reader that a run uses.

use std::path::Path;

use arrow::array::{Array as _, AsArray as _};
use scorewright_domain::{ProjectFile, Silent};

use super::page::quoted;
use super::seen::Seen;
use super::table::Table;
use crate::discover::alone;
use crate::format;
use crate::limits::Limits;
use crate::refusal::Refusal;
use crate::rows::Rows;
use crate::source::Source;

/// A name that no sheet has.
const NOBODY: &str = "\u{1}";

impl Table {
    /// The columns of the first sheet of an xlsx file.
    pub(crate) fn of_xlsx(path: &Path, limits: &Limits) -> Result<Self, Refusal> {
        let nothing = of_texts(&[NOBODY.to_owned()])?;
        let file = alone(&nothing, path, limits)?;
        let reader = format::of(nothing.format);
        let names = reader.undeclared(&file, &nothing, limits);
        if names.is_empty() {
            // Says why, when it is not that the sheet is empty.
            reader.read(&file, &nothing, limits, &mut Rows::new(&nothing, "", limits, &Silent))?;
            return Err(Refusal::BadHeader("no column has a name"));
        }
        let source = of_texts(&names)?;
        let mut rows = Rows::new(&source, &file.name(), limits, &Silent);
        reader.read(&file, &source, limits, &mut rows)?;
        let found = rows.finish()?;
        let mut columns: Vec<Seen> = names.iter().map(|name| Seen::named(name)).collect();
        for batch in &found.batches {
            for (seen, values) in columns.iter_mut().zip(batch.columns()) {
                let values = values.as_string::<i32>();
                (0..values.len()).for_each(|row| {
                    seen.add(if values.is_null(row) { "" } else { values.value(row) })
                });
            }
        }
        let count = |rows: usize| u32::try_from(rows).unwrap_or(u32::MAX);
        let (rows, torn) = (
            count(usize::try_from(found.read).unwrap_or(usize::MAX)),
            count(found.quarantined.len()),
        );
        Ok(Self { columns, rows, torn, ..Self::default() })
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
