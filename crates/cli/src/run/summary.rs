//! What a run prints at its end.

use std::collections::BTreeMap;
use std::time::Duration;

use scorewright_domain::Books;
use scorewright_project::Project;
use scorewright_warehouse::{Cell, QueryResult, Snapshot};

use crate::arguments::OutputFormat;
use crate::console::rows::format_rows;
use crate::reports::publish::Published;

/// The books by source, what was made, and where to look.
pub(crate) fn of_run(
    project: &Project,
    snapshot: &Snapshot,
    published: &Published,
    times: &BTreeMap<String, Duration>,
    seconds: f64,
) -> String {
    let tables = snapshot.tables.len() + snapshot.views.len();
    let mut text = books(snapshot, times);
    text += &format!(
        "version {} published: {tables} tables for {}, in {seconds:.1} s\n",
        snapshot.number,
        day(snapshot)
    );
    text + &left_out(snapshot) + &delivered(project, published)
}

/// The extracts that a version is made without.
pub(crate) fn left_out(snapshot: &Snapshot) -> String {
    snapshot.left_out.iter().map(|extract| format!("left out: {extract}\n")).collect()
}

/// The pages and mails, and what has not reached its readers.
pub(crate) fn delivered(project: &Project, published: &Published) -> String {
    let mut text = String::new();
    for (verdict, folder) in &published.pages {
        text += &format!("{verdict}\n  {}\n", folder.join("scorecard.html").display());
    }
    let new = published
        .receipts
        .iter()
        .filter(|receipt| receipt.is_new && receipt.route == "eml")
        .count();
    if new > 0 {
        let mails = if new == 1 { "mail" } else { "mails" };
        text += &format!("{new} {mails} in {}\n", project.folders.out("mail").display());
    }
    text.extend(published.withheld.iter().map(|what| format!("{what}\n")));
    text + &outstanding(published)
}

fn day(snapshot: &Snapshot) -> String {
    snapshot.as_of.map(|day| day.to_string()).unwrap_or_default()
}

/// What was published and has not reached its readers: mails that wait for their deadline, then what is due.
fn outstanding(published: &Published) -> String {
    let held = published.held().map(|what| format!("{what}\n"));
    held.chain(published.outstanding().map(|what| format!("outstanding: {what}\n"))).collect()
}

fn books(snapshot: &Snapshot, times: &BTreeMap<String, Duration>) -> String {
    let mut by_source: BTreeMap<&str, (usize, Books)> = BTreeMap::new();
    for landing in &snapshot.landings {
        let (files, books) = by_source.entry(&landing.extract.source).or_default();
        *files += 1;
        books.add(&landing.books);
    }
    let columns = [
        "source",
        "files",
        "read",
        "accepted",
        "quarantined",
        "duplicates",
        "superseded",
        "seconds",
        "reasons",
    ];
    let row = |(source, (files, books)): (&str, (usize, Books))| {
        row(source, files, &books, times.get(source))
    };
    let rows = by_source.into_iter().map(row).collect();
    let table = format_rows(
        &QueryResult { columns: columns.map(String::from).to_vec(), rows },
        OutputFormat::Table,
    );
    // The count of rows that ends a query's answer says nothing here.
    table.rsplit_once("\n(").map_or(table.clone(), |(table, _)| format!("{table}\n"))
}

/// A source that had nothing new took no time.
fn row(source: &str, files: usize, books: &Books, took: Option<&Duration>) -> Vec<Cell> {
    let count = |rows: u64| Cell::Integer(i64::try_from(rows).unwrap_or(i64::MAX));
    let not_data = (books.not_data > 0).then(|| format!("not_data {}", books.not_data));
    let reasons = books.reasons.iter().map(|(reason, rows)| format!("{reason} {rows}"));
    let reasons: Vec<String> = reasons.chain(not_data).collect();
    vec![
        Cell::Text(source.into()),
        Cell::Integer(i64::try_from(files).unwrap_or(i64::MAX)),
        count(books.read),
        count(books.accepted),
        count(books.quarantined),
        count(books.duplicates),
        count(books.superseded),
        took.map_or(Cell::Null, tenths),
        Cell::Text(reasons.join(", ")),
    ]
}

fn tenths(took: &Duration) -> Cell {
    let tenths = i128::try_from((took.as_millis() + 50) / 100).unwrap_or(i128::MAX);
    Cell::Decimal { unscaled: tenths, scale: 1 }
}
