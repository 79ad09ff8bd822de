//! What became of tables and figures, for people.

use scorewright_domain::KpiValue;
use scorewright_warehouse::{Cell, QueryResult};

use super::figures::{FigureChange, FigureOutcome, ListedFigures, counts_by_metric};
use super::tables::{TableChange, TableDiff};
use crate::arguments::OutputFormat;
use crate::console::lines::{counted, grouped, labelled};
use crate::console::rows::format_rows;

/// Figures of one metric that are listed at most.
const MOST: usize = 1_000;

/// Tables with what became of their rows.
pub(super) fn tables(tables: &[TableDiff]) -> String {
    let of = |change: TableChange| tables.iter().filter(move |diff| diff.change == change);
    let all =
        [TableChange::Added, TableChange::Removed, TableChange::Changed, TableChange::Unchanged];
    let counts: Vec<String> = all
        .iter()
        .filter(|change| of(**change).next().is_some())
        .map(|change| format!("{} {}", grouped(of(*change).count() as u64), change.name()))
        .collect();
    let counts = if counts.is_empty() { "none".into() } else { counts.join(", ") };
    let rows: Vec<Vec<Cell>> = tables
        .iter()
        .filter(|diff| diff.change != TableChange::Unchanged)
        .map(table_cells)
        .collect();
    let columns = ["table", "is", "before", "after", "added", "removed", "changed", "columns"];
    labelled("tables", &[counts]) + &section(&columns, rows)
}

fn table_cells(diff: &TableDiff) -> Vec<Cell> {
    let rows = diff.rows;
    let columns = |sign: &'static str, names: &[String]| -> Vec<String> {
        names.iter().map(|name| format!("{sign}{name}")).collect()
    };
    let others = [columns("+", &diff.columns_added), columns("-", &diff.columns_removed)].concat();
    vec![
        Cell::Text(diff.table.to_string()),
        Cell::Text(diff.change.name().into()),
        count(diff.rows_before),
        count(diff.rows_after),
        count(rows.map(|rows| rows.added)),
        count(rows.map(|rows| rows.removed)),
        count(rows.map(|rows| rows.changed)),
        Cell::Text(others.join(" ")),
    ]
}

/// Figures by metric.
pub(super) fn metrics(figures: &[FigureChange]) -> String {
    let counts = counts_by_metric(figures);
    if counts.is_empty() {
        return format!("\n{}", labelled("figures", &["unchanged"]));
    }
    let of = |place: usize| counts.values().map(|counts| counts[place]).sum();
    let all = FigureOutcome::ALL.iter().enumerate();
    let all: Vec<String> =
        all.map(|(place, change)| format!("{} {}", grouped(of(place)), change.name())).collect();
    let rows = counts.iter().map(|(metric, counts)| {
        let counts = counts.iter().map(|number| count(Some(*number)));
        std::iter::once(Cell::Text((*metric).to_owned())).chain(counts).collect()
    });
    let columns = std::iter::once("metric").chain(FigureOutcome::ALL.map(FigureOutcome::name));
    "\n".to_owned()
        + &labelled("figures", &[all.join(", ")])
        + &section(&columns.collect::<Vec<_>>(), rows.collect())
}

/// The figures that are listed.
pub(super) fn figures(figures: &[FigureChange], listed: &ListedFigures<'_>) -> String {
    let (shown, more) = listed.among(figures);
    let hidden = shown.len().saturating_sub(MOST);
    let rows: Vec<Vec<Cell>> = shown.iter().take(MOST).map(|it| figure_cells(it)).collect();
    let columns = ["metric", "statistic", "period", "segment", "is", "before", "after"];
    let rest = match listed {
        ListedFigures::Largest if more > 0 => {
            let more = counted(more as u64, "figure", "figures");
            format!(
                "the largest changes; {more} more changed: `diff --metric KEY` lists all of one metric\n"
            )
        }
        ListedFigures::Of(_) if hidden > 0 => {
            format!("{} more: `--output json` has all\n", grouped(hidden as u64))
        }
        _ => String::new(),
    };
    section(&columns, rows) + &rest
}

fn figure_cells(change: &FigureChange) -> Vec<Cell> {
    let figure = change.figure();
    let text = |text: &str| Cell::Text(text.to_owned());
    vec![
        text(&figure.metric),
        text(&figure.statistic),
        text(&figure.period.label()),
        text(&figure.segment.to_string()),
        text(change.change.name()),
        value(change.before.as_ref()),
        value(change.after.as_ref()),
    ]
}

/// The value, or why there is none; nothing where a version does not have the figure.
fn value(figure: Option<&KpiValue>) -> Cell {
    let Some(figure) = figure else { return Cell::Null };
    let reason = || figure.null_reason.map(|reason| Cell::Text(reason.name().into()));
    figure.value.map(Cell::Float).or_else(reason).unwrap_or(Cell::Null)
}

/// Rows below their columns, after an empty line; nothing without rows.
fn section(columns: &[&str], rows: Vec<Vec<Cell>>) -> String {
    if rows.is_empty() {
        return String::new();
    }
    let columns = columns.iter().map(ToString::to_string).collect();
    format!("\n{}", format_rows(&QueryResult { columns, rows }, OutputFormat::Table))
}

fn count(number: Option<u64>) -> Cell {
    number.map_or(Cell::Null, |number| Cell::Integer(i64::try_from(number).unwrap_or(i64::MAX)))
}
