//! `scorewright query`: SQL over the newest version, or an older one.

use scorewright_domain::ProjectFile;
use scorewright_warehouse::{Cell, Parameters, QueryResult, Session, Snapshot, SqlFault};
use serde_json::{Map, Value};
use terminal_size::terminal_size_of;

use crate::arguments::{Output, Place, QueryOptions};
use crate::console::Console;
use crate::exit::{Failure, Status};
use crate::settings::Folders;

/// Answers a SELECT, or lists what there is to ask.
pub(crate) fn query(
    place: &Place,
    options: &QueryOptions,
    console: &Console,
) -> Result<Status, Failure> {
    let warehouse = Folders::of(place)?.warehouse();
    let snapshot = match options.snapshot {
        Some(number) => warehouse.version(number)?,
        None => warehouse.newest()?,
    };
    if snapshot.number == 0 {
        return Err(Failure::usage(
            "the warehouse has no version yet",
            "run `scorewright run` first",
        ));
    }
    if options.tables {
        console.answer(&tables(&snapshot));
        return Ok(Status::Done);
    }
    let sql = ProjectFile::new("the query", options.sql.clone().unwrap_or_default());
    let session = Session::over(&warehouse, &snapshot)?;
    let parameters = as_of(&snapshot);
    let rows = session.query(&sql.text, &parameters).map_err(|fault| refused(fault, &sql))?;
    console.answer(&written(&rows, options.output));
    Ok(Status::Done)
}

/// A fault with a place is shown at it; one without needs no file around it.
fn refused(fault: SqlFault, sql: &ProjectFile) -> Failure {
    if fault.place.is_some() {
        fault.in_file(sql).into()
    } else {
        Failure::new(Status::Configuration, fault)
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
    written(&rows, Output::Table)
}

/// Writes rows in the asked form.
pub(crate) fn written(rows: &QueryResult, output: Output) -> String {
    match output {
        Output::Table => table(rows, terminal()),
        Output::Csv => csv(rows),
        Output::Json => json(rows),
    }
}

/// Columns of the terminal that answers go to.
fn terminal() -> Option<usize> {
    terminal_size_of(std::io::stdout()).map(|(width, _)| usize::from(width.0))
}

/// A table for people: numbers to the right, control characters shown as blanks.
///
/// - `terminal`: columns of the terminal; the line below the names ends with it, so that it stays one line.
fn table(rows: &QueryResult, terminal: Option<usize>) -> String {
    let shown: Vec<Vec<String>> =
        rows.rows.iter().map(|row| row.iter().map(printable).collect()).collect();
    let width = |column: usize| {
        let cells = shown.iter().map(|row| row[column].chars().count());
        cells.chain([rows.columns[column].chars().count()]).max().unwrap_or(0)
    };
    let widths: Vec<usize> = (0..rows.columns.len()).map(width).collect();
    let is_number = |column: usize| rows.rows.iter().any(|row| row[column].as_f64().is_some());
    let line = |cells: &[String]| {
        let cells = cells.iter().enumerate().map(|(column, cell)| {
            if is_number(column) {
                format!("{cell:>width$}", width = widths[column])
            } else {
                format!("{cell:<width$}", width = widths[column])
            }
        });
        cells.collect::<Vec<_>>().join("  ").trim_end().to_owned() + "\n"
    };
    let rule: Vec<String> = widths.iter().map(|width| "-".repeat(*width)).collect();
    let rule: String =
        line(&rule).trim_end().chars().take(terminal.unwrap_or(usize::MAX)).collect();
    let mut text = line(&rows.columns) + rule.trim_end() + "\n";
    text.extend(shown.iter().map(|row| line(row)));
    text + &format!("({} {})\n", rows.len(), if rows.len() == 1 { "row" } else { "rows" })
}

fn printable(cell: &Cell) -> String {
    cell.to_string().chars().map(|letter| if letter.is_control() { ' ' } else { letter }).collect()
}

/// Comma-separated values that a spreadsheet cannot run: a text that starts like a formula gets a quote before it.
fn csv(rows: &QueryResult) -> String {
    let mut text = rows.columns.iter().map(|name| field(name)).collect::<Vec<_>>().join(",") + "\n";
    for row in &rows.rows {
        let fields = row.iter().map(|cell| match cell {
            Cell::Text(text) => field(&guarded(text)),
            other => other.to_string(),
        });
        text += &(fields.collect::<Vec<_>>().join(",") + "\n");
    }
    text
}

fn guarded(text: &str) -> String {
    let is_formula =
        text.trim_start().starts_with(['=', '+', '-', '@', '\t', '\r', '＝', '＋', '－', '＠']);
    if is_formula { format!("'{text}") } else { text.to_owned() }
}

fn field(text: &str) -> String {
    if text.contains([',', '"', '\n', '\r']) {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text.into()
    }
}

/// One object a line: nothing at all when there is no row.
fn json(rows: &QueryResult) -> String {
    let mut text = String::new();
    for row in &rows.rows {
        let object: Map<String, Value> =
            rows.columns.iter().cloned().zip(row.iter().map(value)).collect();
        text += &(Value::Object(object).to_string() + "\n");
    }
    text
}

fn value(cell: &Cell) -> Value {
    match cell {
        Cell::Null => Value::Null,
        Cell::Boolean(claim) => (*claim).into(),
        Cell::Integer(number) => (*number).into(),
        Cell::Float(number) => (*number).into(),
        other => other.to_string().into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_that_looks_like_a_formula_cannot_run_in_a_spreadsheet() {
        let rows = QueryResult {
            columns: vec!["name".into(), "change".into()],
            rows: vec![vec![Cell::Text("=HYPERLINK(\"x\")".into()), Cell::Integer(-3)]],
        };
        assert_eq!(csv(&rows), "name,change\n\"'=HYPERLINK(\"\"x\"\")\",-3\n");
    }

    #[test]
    fn an_answer_without_rows_is_a_header_or_nothing() {
        let rows = QueryResult { columns: vec!["name".into(), "change".into()], rows: Vec::new() };
        assert_eq!(written(&rows, Output::Json), "");
        assert_eq!(written(&rows, Output::Csv), "name,change\n");
    }

    #[test]
    fn the_line_below_the_names_ends_with_the_terminal() {
        let reasons = Cell::Text("not_a_date 3, out_of_range 4".into());
        let rows = QueryResult {
            columns: vec!["read".into(), "reasons".into()],
            rows: vec![vec![Cell::Integer(7), reasons]],
        };
        let rule = |terminal| table(&rows, terminal).lines().nth(1).unwrap().to_owned();
        assert_eq!(rule(None), "----  ----------------------------");
        assert_eq!(rule(Some(12)), "----  ------");
        assert_eq!(rule(Some(5)), "----");
    }
}
