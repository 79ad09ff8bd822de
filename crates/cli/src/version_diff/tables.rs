//! Tables of two versions beside each other.

use std::collections::BTreeSet;

use scorewright_domain::TableName;
use scorewright_warehouse::{ColumnEntry, Snapshot, Table, View, Warehouse};

use super::rows::{RowChanges, RowComparison, built, row_changes};
use crate::exit::Failure;

/// What became of a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TableChange {
    /// Only the later version has it.
    Added,
    /// Only the earlier version has it.
    Removed,
    /// Both have it, with other content.
    Changed,
    /// Both have it, with the same files; of a view, made from the same things.
    Unchanged,
}

impl TableChange {
    /// Its name in answers.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Added => "added",
            Self::Removed => "removed",
            Self::Changed => "changed",
            Self::Unchanged => "unchanged",
        }
    }
}

/// A table or view of two versions.
pub(super) struct TableDiff {
    pub(super) table: TableName,
    pub(super) change: TableChange,
    /// Rows in the earlier version; `None` where it has no such table, or does not know of a view.
    pub(super) rows_before: Option<u64>,
    /// The same of the later version.
    pub(super) rows_after: Option<u64>,
    /// Rows by their grain; `None` where nothing names single rows of both, or nothing changed.
    pub(super) rows: Option<RowChanges>,
    /// Columns that only the later version has, by name, or has of another type.
    pub(super) columns_added: Vec<String>,
    /// Columns that only the earlier version has, by name, or has of another type.
    pub(super) columns_removed: Vec<String>,
}

/// Every table and view that either version has, by name.
pub(super) fn table_diffs(
    warehouse: &Warehouse,
    from: &Snapshot,
    to: &Snapshot,
) -> Result<Vec<TableDiff>, Failure> {
    let mut diffs: Vec<TableDiff> =
        names(from, to).into_iter().map(|table| table_diff(table, from, to)).collect();
    let comparable = |diff: &TableDiff| RowComparison::of(&diff.table, from, to);
    let changed = diffs.iter().filter(|diff| diff.change == TableChange::Changed);
    let comparisons: Vec<RowComparison<'_>> = changed.filter_map(comparable).collect();
    for (table, rows) in row_changes(warehouse, &comparisons)? {
        let diff = diffs.iter_mut().find(|diff| diff.table == table);
        diff.expect("it is compared because it is listed").rows = Some(rows);
    }
    Ok(diffs)
}

fn names(from: &Snapshot, to: &Snapshot) -> BTreeSet<TableName> {
    let of = |snapshot: &Snapshot| -> Vec<TableName> {
        snapshot.tables.keys().chain(snapshot.views.keys()).cloned().collect()
    };
    of(from).into_iter().chain(of(to)).collect()
}

fn table_diff(table: TableName, from: &Snapshot, to: &Snapshot) -> TableDiff {
    let (columns_added, columns_removed) = match (from.tables.get(&table), to.tables.get(&table)) {
        (Some(before), Some(after)) => (other_columns(after, before), other_columns(before, after)),
        _ => (Vec::new(), Vec::new()),
    };
    TableDiff {
        change: change(&table, from, to),
        rows_before: rows(from, &table),
        rows_after: rows(to, &table),
        rows: None,
        columns_added,
        columns_removed,
        table,
    }
}

fn change(name: &TableName, from: &Snapshot, to: &Snapshot) -> TableChange {
    let is_in = |snapshot: &Snapshot| {
        snapshot.tables.contains_key(name) || snapshot.views.contains_key(name)
    };
    match (is_in(from), is_in(to)) {
        (false, _) => TableChange::Added,
        (true, false) => TableChange::Removed,
        (true, true) if is_same(name, from, to) => TableChange::Unchanged,
        (true, true) => TableChange::Changed,
    }
}

fn is_same(name: &TableName, from: &Snapshot, to: &Snapshot) -> bool {
    match (from.tables.get(name), to.tables.get(name)) {
        (Some(before), Some(after)) => is_same_table(before, after),
        (None, None) => from.views.get(name).zip(to.views.get(name)).is_some_and(is_same_view),
        _ => false,
    }
}

/// Files are named by their content, and never changed.
fn is_same_table(before: &Table, after: &Table) -> bool {
    let hashes =
        |table: &Table| -> Vec<_> { table.files.iter().map(|file| file.sha256.clone()).collect() };
    before.columns == after.columns && hashes(before) == hashes(after)
}

fn is_same_view((before, after): (&View, &View)) -> bool {
    let is_same_day = before.as_of == after.as_of || !before.sql.contains("$as_of");
    before.input_hash == after.input_hash && is_same_day
}

/// Rows of a table, or of a view as its build counted them.
fn rows(snapshot: &Snapshot, name: &TableName) -> Option<u64> {
    let table = snapshot.tables.get(name).map(Table::rows);
    table.or_else(|| Some(built(snapshot, name)?.rows))
}

/// Columns of a table that another one does not have, or has of another type.
fn other_columns(table: &Table, other: &Table) -> Vec<String> {
    let is_other = |column: &&ColumnEntry| !other.columns.contains(column);
    table.columns.iter().filter(is_other).map(|column| column.name.clone()).collect()
}
