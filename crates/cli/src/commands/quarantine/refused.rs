//! Bad rows of extracts that are refused because of them: no version has them.

use scorewright_domain::{Event, Listener as _, QuarantinedRow, group_digits};
use scorewright_project::{Folders, ProjectLocation};
use scorewright_warehouse::{Cell, QueryResult, RefusedRows};

use crate::arguments::QuarantineRefusedOptions;
use crate::console::Console;
use crate::console::rows::format_rows;
use crate::exit::{ExitStatus, Failure};

const COLUMNS: [&str; 6] = ["source", "file", "line", "column", "reason", "raw"];

/// Lists the bad rows of refused extracts.
pub(crate) fn refused(
    location: &ProjectLocation,
    options: &QuarantineRefusedOptions,
    console: &Console,
) -> Result<ExitStatus, Failure> {
    let mut found = Folders::of(location)?.warehouse().refused_rows()?;
    let is_asked =
        |asked: &Option<String>, name: &str| asked.as_deref().is_none_or(|it| it == name);
    found.retain(|rows| {
        is_asked(&options.source, &rows.source) && is_asked(&options.file, &rows.file)
    });
    let rows = found.iter().flat_map(cells).collect();
    let answer = QueryResult { columns: COLUMNS.map(String::from).to_vec(), rows };
    console.answer(&format_rows(&answer, options.output));
    for message in found.iter().filter_map(not_kept) {
        console.on_event(Event::Noticed { message });
    }
    Ok(ExitStatus::Done)
}

fn cells(of: &RefusedRows) -> impl Iterator<Item = Vec<Cell>> {
    let text = |text: &str| Cell::Text(text.to_owned());
    of.rows.iter().map(move |row: &QuarantinedRow| {
        vec![
            text(&of.source),
            text(&of.file),
            Cell::Integer(i64::try_from(row.line).unwrap_or(i64::MAX)),
            row.column.as_deref().map_or(Cell::Null, text),
            text(&row.reason),
            text(&row.raw),
        ]
    })
}

/// How many rows of an extract are not among those that are kept.
fn not_kept(of: &RefusedRows) -> Option<String> {
    let kept = of.rows.len();
    (of.bad > kept as u64).then(|| {
        format!(
            "of the {} bad rows of extract `{}` of source `{}` the first {} are kept",
            group_digits(&of.bad.to_string()),
            of.file,
            of.source,
            group_digits(&kept.to_string())
        )
    })
}
