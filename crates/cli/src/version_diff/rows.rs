//! Rows of the tables that changed, by their grain: the engine joins both versions of a table.

use std::collections::BTreeMap;

use scorewright_domain::{Built, CheckId, TableName};
use scorewright_warehouse::{
    Parameters, QueryResult, Session, Snapshot, Table, Warehouse, identifier,
};

use crate::exit::{ExitStatus, Failure};

/// How many rows of a table came, went, and have other values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct RowChanges {
    pub(super) added: u64,
    pub(super) removed: u64,
    /// Rows of both whose values differ in a column that both have.
    pub(super) changed: u64,
}

/// A table of two versions whose rows can be compared one by one.
pub(super) struct RowComparison<'s> {
    name: TableName,
    before: &'s Table,
    after: &'s Table,
    grain: &'s [String],
}

impl<'s> RowComparison<'s> {
    /// A stored model with one proven grain in both versions; `None` of any other table.
    pub(super) fn of(name: &TableName, from: &'s Snapshot, to: &'s Snapshot) -> Option<Self> {
        let (before, after) = (from.tables.get(name)?, to.tables.get(name)?);
        let grain = proven_grain(built(from, name)?)?;
        let is_grain_of_both = proven_grain(built(to, name)?)? == grain
            && grain.iter().all(|column| common_columns(before, after).contains(&column.as_str()));
        is_grain_of_both.then(|| Self { name: name.clone(), before, after, grain })
    }

    fn sql(&self) -> String {
        let (before, after) = (named("before", &self.name), named("after", &self.name));
        let first = identifier(&self.grain[0]);
        let equal = |column: &String| format!("b.{0} = a.{0}", identifier(column));
        let key = self.grain.iter().map(equal).collect::<Vec<_>>().join(" AND ");
        format!(
            "SELECT count(*) FILTER (WHERE b.{first} IS NULL) AS added, \
             count(*) FILTER (WHERE a.{first} IS NULL) AS removed, \
             count(*) FILTER (WHERE b.{first} IS NOT NULL AND a.{first} IS NOT NULL AND ({})) AS changed \
             FROM {before} AS b FULL JOIN {after} AS a ON {key}",
            self.is_other()
        )
    }

    /// Whether a row has another value in a column that both versions have.
    fn is_other(&self) -> String {
        let columns = common_columns(self.before, self.after).into_iter();
        let values = columns.filter(|name| !self.grain.iter().any(|column| column == name));
        let differs = |name: &str| format!("(b.{0} IS DISTINCT FROM a.{0})", identifier(name));
        let differences: Vec<String> = values.map(differs).collect();
        if differences.is_empty() { "false".into() } else { differences.join(" OR ") }
    }
}

/// What the build of a model of a version left behind.
pub(super) fn built<'s>(snapshot: &'s Snapshot, name: &TableName) -> Option<&'s Built> {
    snapshot.built.iter().find(|built| built.table == *name)
}

/// The grain of a model, where its checks found no repeat and no row without it.
fn proven_grain(built: &Built) -> Option<&[String]> {
    let is_proven = |id: CheckId| {
        built.checks.iter().any(|outcome| outcome.check == id && outcome.offending == 0)
    };
    let has_values = built.grain.iter().all(|column| is_proven(CheckId::not_null(column)));
    let is_key = !built.grain.is_empty() && is_proven(CheckId::unique(&built.grain));
    (is_key && has_values).then_some(&built.grain)
}

/// Columns of the same name and type.
fn common_columns<'t>(before: &'t Table, after: &Table) -> Vec<&'t str> {
    let columns = before.columns.iter().filter(|column| after.columns.contains(column));
    columns.map(|column| column.name.as_str()).collect()
}

/// The name of a table in the session that has those of both versions.
fn named(which: &str, name: &TableName) -> TableName {
    TableName::new(&format!("{which}_{}", name.layer()), name.noun()).expect("both are words")
}

/// Counts the rows that came, went, and have other values.
pub(super) fn row_changes(
    warehouse: &Warehouse,
    comparisons: &[RowComparison<'_>],
) -> Result<Vec<(TableName, RowChanges)>, Failure> {
    if comparisons.is_empty() {
        return Ok(Vec::new());
    }
    let both = |comparison: &RowComparison<'_>| {
        let RowComparison { name, before, after, .. } = comparison;
        [(named("before", name), (*before).clone()), (named("after", name), (*after).clone())]
    };
    let tables: BTreeMap<TableName, Table> = comparisons.iter().flat_map(both).collect();
    let session = Session::over(warehouse, &Snapshot { tables, ..Snapshot::empty() })?;
    let count = |comparison: &RowComparison<'_>| {
        let counts = session.query(&comparison.sql(), &Parameters::new());
        let counts = counts.map_err(|fault| Failure::new(ExitStatus::InputOutput, fault))?;
        let rows = counts_in(&counts).ok_or_else(Failure::unreadable_answer)?;
        Ok((comparison.name.clone(), rows))
    };
    comparisons.iter().map(count).collect()
}

fn counts_in(counts: &QueryResult) -> Option<RowChanges> {
    let row = counts.rows.first()?;
    let count = |name: &str| row[counts.column(name)?].as_u64();
    Some(RowChanges {
        added: count("added")?,
        removed: count("removed")?,
        changed: count("changed")?,
    })
}
