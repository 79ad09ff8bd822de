//! `scorewright query`: SQL over the newest version, or an older one.

use scorewright_domain::ProjectFile;
use scorewright_project::{Folders, ProjectLocation};
use scorewright_warehouse::{Cell, Parameters, QueryResult, Session, Snapshot, SqlFault};

use crate::arguments::{OutputFormat, QueryOptions};
use crate::console::Console;
use crate::console::rows::{format_page, format_rows};
use crate::exit::{ExitStatus, Failure};

/// Answers a SELECT, or lists what there is to ask.
pub(crate) fn query(
    location: &ProjectLocation,
    options: &QueryOptions,
    console: &Console,
) -> Result<ExitStatus, Failure> {
    let warehouse = Folders::of(location)?.warehouse();
    let snapshot = match options.snapshot {
        Some(number) => warehouse.version(number)?,
        None => warehouse.newest()?,
    };
    if snapshot.number == 0 {
        return Err(Failure::no_version());
    }
    if options.tables {
        console.answer(&tables(&snapshot));
        return Ok(ExitStatus::Done);
    }
    let sql = ProjectFile::new("the query", options.sql.clone().unwrap_or_default());
    let session = Session::over(&warehouse, &snapshot)?.for_a_person();
    let parameters = as_of(&snapshot);
    let rows = session.query(&sql.text, &parameters).map_err(|fault| refused(fault, &sql))?;
    console.answer(&format_page(&rows, options.output, options.page));
    Ok(ExitStatus::Done)
}

/// A fault with a place is shown at it; one without needs no file around it, unless it exceeds a limit.
fn refused(fault: SqlFault, sql: &ProjectFile) -> Failure {
    if fault.place.is_some() || fault.limit.is_some() {
        fault.in_file(sql).into()
    } else if fault.is_damage {
        Failure::new(ExitStatus::InputOutput, fault)
    } else {
        Failure::new(ExitStatus::Configuration, fault)
    }
}

fn as_of(snapshot: &Snapshot) -> Parameters {
    let instant = snapshot.views.values().map(|view| view.as_of).next();
    instant.map_or_else(Parameters::new, |instant| Parameters::new().timestamp("as_of", instant))
}

fn tables(snapshot: &Snapshot) -> String {
    let mut rows = QueryResult {
        columns: ["table", "rows", "columns"].map(String::from).to_vec(),
        rows: Vec::new(),
    };
    for (name, table) in &snapshot.tables {
        let columns: Vec<String> =
            table.columns.iter().map(|column| format!("{} {}", column.name, column.kind)).collect();
        let count = i64::try_from(table.rows()).unwrap_or(i64::MAX);
        rows.rows.push(vec![
            Cell::Text(name.to_string()),
            Cell::Integer(count),
            Cell::Text(columns.join(", ")),
        ]);
    }
    for name in snapshot.views.keys() {
        rows.rows.push(vec![Cell::Text(name.to_string()), Cell::Text("view".into()), Cell::Null]);
    }
    format_rows(&rows, OutputFormat::Table)
}
