//! Offending rows as text, for the message.

use scorewright_warehouse::{Cell, QueryResult};

/// Rows that a message shows.
const ROWS: usize = 5;

/// Characters of a value that a message shows.
const CHARACTERS: usize = 60;

/// The first rows as a person reads them: `ticket_id=7 status=open`.
pub(super) fn samples(answer: &QueryResult) -> Vec<String> {
    answer.rows.iter().take(ROWS).map(|row| sample(&answer.columns, row)).collect()
}

fn sample(columns: &[String], row: &[Cell]) -> String {
    let fields = columns.iter().zip(row).map(|(column, cell)| format!("{column}={}", value(cell)));
    fields.collect::<Vec<_>>().join(" ")
}

fn value(cell: &Cell) -> String {
    if cell.is_null() {
        return "(null)".into();
    }
    let text = cell.to_string();
    text.chars()
        .take(CHARACTERS)
        .map(|letter| if letter.is_control() { ' ' } else { letter })
        .collect()
}
