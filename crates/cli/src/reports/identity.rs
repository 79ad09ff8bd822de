//! What pages and status say about customers whose records could not be matched.

use std::collections::BTreeMap;

use scorewright_domain::{CheckId, CheckOutcome, TableName};
use scorewright_project::Project;
use scorewright_report::UnmatchedRows;
use scorewright_warehouse::{Cell, Parameters, QueryResult, Session, Snapshot};

use crate::exit::{ExitStatus, Failure};

/// The table that says how many rows belong to a known customer.
pub(crate) const MATCH: &str = "dim.identity_match";

const MAP: &str = "dim.map_identity";

/// Whether a check counts names that several customers claim.
pub(crate) fn counts_contested(table: &TableName, check: &CheckOutcome) -> bool {
    table.to_string() == MAP && check.check == CheckId::one_customer()
}

/// How many names several customers claim, so that they identify none.
pub(crate) fn contested(snapshot: &Snapshot) -> u64 {
    let built = snapshot
        .built
        .iter()
        .flat_map(|built| built.checks.iter().map(|check| (&built.table, check)));
    built
        .filter(|(table, check)| counts_contested(table, check))
        .map(|(_, check)| check.offending)
        .sum()
}

/// Rows that belong to no known customer, by source.
pub(crate) fn unmatched(
    project: &Project,
    snapshot: &Snapshot,
    session: &Session,
) -> Result<BTreeMap<String, UnmatchedRows>, Failure> {
    let mut by_source: BTreeMap<String, UnmatchedRows> = BTreeMap::new();
    if !snapshot.tables.keys().any(|table| table.to_string() == MATCH) {
        return Ok(by_source);
    }
    let sql = format!("SELECT source, table_name, rows, rows - matched AS unmatched FROM {MATCH}");
    let found = session.query(&sql, &Parameters::new());
    let found = found.map_err(|fault| Failure::new(ExitStatus::InputOutput, fault))?;
    for row in matched_rows(&found).ok_or_else(Failure::unreadable_answer)? {
        let (Some(source), Some(is_warning)) =
            (source_of(project, &row), is_too_many(snapshot, &row))
        else {
            continue;
        };
        let none = UnmatchedRows { rows: 0, looked_at: 0, is_warning: false };
        let sum = by_source.entry(source).or_insert(none);
        sum.rows += row.unmatched;
        sum.looked_at += row.rows;
        sum.is_warning |= is_warning;
    }
    Ok(by_source)
}

/// One row of the table.
struct MatchedRows {
    system: String,
    table: TableName,
    rows: u64,
    unmatched: u64,
}

/// The rows of an answer; none when it is not what was asked for.
fn matched_rows(found: &QueryResult) -> Option<Vec<MatchedRows>> {
    let [system, table] = [found.column("source")?, found.column("table_name")?];
    let [rows, unmatched] = [found.column("rows")?, found.column("unmatched")?];
    let read = |row: &Vec<Cell>| {
        Some(MatchedRows {
            system: row[system].as_text()?.to_owned(),
            table: row[table].as_text()?.parse().ok()?,
            rows: row[rows].as_u64()?,
            unmatched: row[unmatched].as_u64()?,
        })
    };
    found.rows.iter().map(read).collect()
}

/// The source that the rows of a system in a table come from, among all that the table is made from.
fn source_of(project: &Project, row: &MatchedRows) -> Option<String> {
    let mut sources = project.sources_below(vec![row.table.clone()]);
    if sources.len() > 1 {
        let is_of_system =
            |name: &String| *name == row.system || name.starts_with(&format!("{}_", row.system));
        sources.retain(is_of_system);
    }
    sources.sort_by_key(|name| !name.contains(row.table.noun()));
    sources.into_iter().next()
}

/// Whether more rows are unmatched than is tolerated; none where the project knows no customer to match.
fn is_too_many(snapshot: &Snapshot, row: &MatchedRows) -> Option<bool> {
    let known = CheckId::known_customer(&row.system, &row.table.to_string());
    let built = snapshot.built.iter().filter(|built| built.table.to_string() == MATCH);
    let check = built.flat_map(|built| &built.checks).find(|check| check.check == known);
    check.map(|check| check.verdict.is_offence())
}
