//! What pages and status say about who is who.

use std::collections::BTreeMap;

use scorewright_domain::{CheckId, CheckOutcome, TableName};
use scorewright_report::UnmatchedRows;
use scorewright_warehouse::{Parameters, QueryResult, Session, Snapshot};

use toml_edit::{DocumentMut, Table};

use crate::exit::{Failure, Status};
use crate::project::Project;

/// The table that says how many rows belong to a known customer.
pub(crate) const MATCH: &str = "dim.identity_match";

const MAP: &str = "dim.map_identity";

/// Whether a check counts names that several customers claim.
pub(crate) fn counts_contested(table: &TableName, check: &CheckOutcome) -> bool {
    table.to_string() == MAP && check.check == CheckId::one_customer()
}

/// Names that belong to nobody because several customers claim them.
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

/// Takes entries of tables without rows from the identity file, the anchor too: nobody could be known by it.
pub(crate) fn keep(document: &mut DocumentMut, has_rows: impl Fn(&TableName) -> bool) {
    let is_kept = |entry: &Table| {
        let table = entry
            .get("table")
            .and_then(|table| table.as_str())
            .and_then(|table| table.parse().ok());
        table.is_none_or(|table: TableName| has_rows(&table))
    };
    if let Some(tables) = document.get_mut("tables").and_then(|item| item.as_array_of_tables_mut())
    {
        tables.retain(is_kept);
    }
    if !document.get("anchor").and_then(|item| item.as_table()).is_none_or(is_kept) {
        document.remove("anchor");
    }
}

/// Rows of each source that belong to no known customer, by source.
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
    for row in rows(&found.map_err(|fault| Failure::new(Status::InputOutput, fault))?) {
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
struct Matched {
    system: String,
    table: TableName,
    rows: u64,
    unmatched: u64,
}

fn rows(found: &QueryResult) -> Vec<Matched> {
    let row = |row: &Vec<scorewright_warehouse::Cell>| {
        Some(Matched {
            system: row[0].as_text()?.to_owned(),
            table: row[1].as_text()?.parse().ok()?,
            rows: row[2].as_u64()?,
            unmatched: row[3].as_u64()?,
        })
    };
    found.rows.iter().filter_map(row).collect()
}

/// The source that the rows of a system in a table come from, among all that the table is made from.
fn source_of(project: &Project, row: &Matched) -> Option<String> {
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
fn is_too_many(snapshot: &Snapshot, row: &Matched) -> Option<bool> {
    let known = CheckId::known_customer(&row.system, &row.table.to_string());
    let built = snapshot.built.iter().filter(|built| built.table.to_string() == MATCH);
    let check = built.flat_map(|built| &built.checks).find(|check| check.check == known);
    check.map(|check| !check.is_passed())
}
