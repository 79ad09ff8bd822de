//! Rows of a sample, side by side as far as a line is wide.

use super::lines::plain;

/// Characters of a line, and of one value in it.
const LINE: usize = 110;
const CELL: usize = 30;

/// Rows under their names, in as many blocks as the width of a line asks for.
pub(crate) fn sample_table(columns: &[String], rows: &[Vec<String>]) -> String {
    let names: Vec<String> = columns.iter().map(|name| shortened(name)).collect();
    let rows: Vec<Vec<String>> =
        rows.iter().map(|row| row.iter().map(|value| shortened(value)).collect()).collect();
    let width = |column: usize| {
        let values = rows.iter().map(|row| row[column].chars().count());
        values.chain([names[column].chars().count()]).max().unwrap_or(0)
    };
    let widths: Vec<usize> = (0..columns.len()).map(width).collect();
    let rule: Vec<String> = widths.iter().map(|width| "-".repeat(*width)).collect();
    let block = |columns: &Vec<usize>| {
        let lines = [&names, &rule].into_iter().chain(&rows);
        lines.map(|values| line(values, columns, &widths)).collect::<String>()
    };
    blocks(&widths).iter().map(block).collect::<Vec<_>>().join("\n")
}

/// The values of some columns, each as wide as its column.
fn line(values: &[String], columns: &[usize], widths: &[usize]) -> String {
    let values = columns
        .iter()
        .map(|column| format!("{:<width$}", values[*column], width = widths[*column]));
    values.collect::<Vec<_>>().join("  ").trim_end().to_owned() + "\n"
}

/// Which columns stand side by side.
fn blocks(widths: &[usize]) -> Vec<Vec<usize>> {
    let mut blocks: Vec<Vec<usize>> = Vec::new();
    let mut used = LINE;
    for (column, width) in widths.iter().enumerate() {
        if used + width > LINE || blocks.is_empty() {
            blocks.push(Vec::new());
            used = 0;
        }
        used += width + 2;
        blocks.last_mut().expect("one was pushed").push(column);
    }
    blocks
}

/// A value as a terminal may show it: shortened, without characters that steer it.
pub(crate) fn shortened(value: &str) -> String {
    let mut text = plain(&value.chars().take(CELL).collect::<String>());
    if value.chars().count() > CELL {
        text.pop();
        text.push('…');
    }
    text
}
