//! Rows of an answer as a table for people, as CSV or as JSON.

use scorewright_domain::starts_like_formula;
use scorewright_warehouse::{Cell, QueryResult};
use serde_json::{Map, Value};
use terminal_size::terminal_size_of;

use super::lines::{grouped, plain, visible};
use crate::arguments::OutputFormat;

/// Rows of a table that are printed at once.
const PAGE: usize = 1_000;

/// Letters of a cell of a table.
const LETTERS: usize = 10_000;

/// Writes rows in the asked form.
pub(crate) fn format_rows(rows: &QueryResult, output: OutputFormat) -> String {
    format_page(rows, output, 1)
}

/// The same, of a table the page of that number, from 1; CSV and JSON have all rows.
pub(crate) fn format_page(rows: &QueryResult, output: OutputFormat, page: usize) -> String {
    match output {
        OutputFormat::Table => table(rows, terminal(), page),
        OutputFormat::Csv => csv(rows),
        OutputFormat::Json => json(rows),
    }
}

/// Columns of the terminal that answers go to.
fn terminal() -> Option<usize> {
    terminal_size_of(std::io::stdout()).map(|(width, _)| usize::from(width.0))
}

/// A table for people: numbers to the right, long texts cut, and nothing that steers a terminal.
///
/// - `terminal`: columns of the terminal; the line below the names ends with it, so that it stays one line.
fn table(rows: &QueryResult, terminal: Option<usize>, page: usize) -> String {
    let first = PAGE.saturating_mul(page.saturating_sub(1)).min(rows.len());
    let shown = &rows.rows[first..rows.len().min(first + PAGE)];
    let cells: Vec<Vec<String>> = shown
        .iter()
        .map(|row| row.iter().map(|cell| printable(&cell.to_string())).collect())
        .collect();
    let names: Vec<String> = rows.columns.iter().map(|name| printable(name)).collect();
    let width = |column: usize| {
        let lengths = cells.iter().map(|row| row[column].chars().count());
        lengths.chain([names[column].chars().count()]).max().unwrap_or(0)
    };
    let widths: Vec<usize> = (0..names.len()).map(width).collect();
    let is_number: Vec<bool> = (0..names.len())
        .map(|column| shown.iter().any(|row| row[column].as_f64().is_some()))
        .collect();
    let line = |cells: &[String]| {
        let cells = cells.iter().enumerate().map(|(column, cell)| {
            if is_number[column] {
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
    let mut text = line(&names) + rule.trim_end() + "\n";
    text.extend(cells.iter().map(|row| line(row)));
    text + &counted_rows(rows.len(), first, shown.len())
}

/// `(3 rows)`, or which of them are there.
fn counted_rows(all: usize, first: usize, shown: usize) -> String {
    if shown == all {
        return format!("({all} {})\n", if all == 1 { "row" } else { "rows" });
    }
    let (page, pages) = (first / PAGE + 1, all.div_ceil(PAGE));
    let which = if shown == 0 {
        "none".to_owned()
    } else {
        format!("rows {} to {}", grouped(first as u64 + 1), grouped((first + shown) as u64))
    };
    format!(
        "({which} of {}, page {page} of {pages}: `--page N` shows another, `--output csv` has all)\n",
        grouped(all as u64)
    )
}

/// A text as a cell of a table has it, on one line.
fn printable(text: &str) -> String {
    match text.char_indices().nth(LETTERS) {
        Some((end, _)) => plain(&text[..end]) + "…",
        None => plain(text),
    }
}

/// Comma-separated values that a spreadsheet cannot run: a text that starts like a formula gets a quote before it. What
/// steers a terminal is seen in it.
fn csv(rows: &QueryResult) -> String {
    let names = rows.columns.iter().map(|name| field(&guarded(name)));
    let mut text = names.collect::<Vec<_>>().join(",") + "\n";
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
    let seen = visible(text);
    if starts_like_formula(text) { format!("'{seen}") } else { seen }
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
    fn a_long_answer_is_shown_page_by_page_and_a_long_text_is_cut() {
        let row = |number| vec![Cell::Integer(number), Cell::Text("ä".repeat(10_100))];
        let rows = QueryResult {
            columns: vec!["n".into(), "text\u{1b}".into()],
            rows: (0..1_001).map(row).collect(),
        };
        let first = format_rows(&rows, OutputFormat::Table);
        assert_eq!(first.lines().count(), 1_003);
        assert!(first.starts_with("  n  text␛\n"), "{}", &first[..40]);
        assert_eq!(first.lines().nth(2).unwrap().chars().count(), 3 + 2 + 10_001);
        assert!(first.ends_with(
            "(rows 1 to 1,000 of 1,001, page 1 of 2: `--page N` shows another, `--output csv` has all)\n"
        ));
        let second = format_page(&rows, OutputFormat::Table, 2);
        assert_eq!(second.lines().count(), 4);
        assert!(format_page(&rows, OutputFormat::Table, 9).contains("(none of 1,001"));
        assert_eq!(csv(&rows).lines().count(), 1_002);
        let longer = QueryResult {
            columns: vec!["x".repeat(70_000)],
            rows: vec![vec![Cell::Text("y".repeat(70_000))]],
        };
        assert_eq!(
            format_rows(&longer, OutputFormat::Table).lines().next().unwrap().chars().count(),
            10_001
        );
    }

    #[test]
    fn nothing_in_an_answer_steers_a_terminal() {
        let rows = QueryResult {
            columns: vec!["=na\u{1b}me".into()],
            rows: vec![vec![Cell::Text("\u{1b}]0;x\u{7}\u{202e}a\nb\0".into())]],
        };
        assert_eq!(csv(&rows), "'=na␛me\n\"␛]0;x␇<U+202E>a\nb␀\"\n");
        assert!(table(&rows, None, 1).contains("␛]0;x␇<U+202E>a b␀"));
    }

    #[test]
    fn the_line_below_the_names_ends_with_the_terminal() {
        let reasons = Cell::Text("not_a_date 3, out_of_range 4".into());
        let rows = QueryResult {
            columns: vec!["read".into(), "reasons".into()],
            rows: vec![vec![Cell::Integer(7), reasons]],
        };
        let rule = |terminal| table(&rows, terminal, 1).lines().nth(1).unwrap().to_owned();
        assert_eq!(rule(None), "----  ----------------------------");
        assert_eq!(rule(Some(12)), "----  ------");
        assert_eq!(rule(Some(5)), "----");
    }
}
