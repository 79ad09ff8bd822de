//! Rows of an answer as a table for people, as CSV or as JSON.

use scorewright_warehouse::{Cell, QueryResult};
use serde_json::{Map, Value};
use terminal_size::terminal_size_of;

use crate::arguments::OutputFormat;

/// Writes rows in the asked form.
pub(crate) fn format_rows(rows: &QueryResult, output: OutputFormat) -> String {
    match output {
        OutputFormat::Table => table(rows, terminal()),
        OutputFormat::Csv => csv(rows),
        OutputFormat::Json => json(rows),
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
    let cells: Vec<Vec<String>> =
        rows.rows.iter().map(|row| row.iter().map(printable).collect()).collect();
    let width = |column: usize| {
        let lengths = cells.iter().map(|row| row[column].chars().count());
        lengths.chain([rows.columns[column].chars().count()]).max().unwrap_or(0)
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
    text.extend(cells.iter().map(|row| line(row)));
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
        assert_eq!(format_rows(&rows, OutputFormat::Json), "");
        assert_eq!(format_rows(&rows, OutputFormat::Csv), "name,change\n");
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
