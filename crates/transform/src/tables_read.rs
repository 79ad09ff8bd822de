//! The tables that a piece of SQL reads, as names of the project.

use std::collections::BTreeSet;

use scorewright_domain::{BadTableName, Fault, ProjectFile, TableName};
use scorewright_warehouse::ModelSql;

/// The tables that the SQL of a file reads.
///
/// # Errors
///
/// A [`Fault`] that points at the first name that is not one of a table.
pub(crate) fn tables_read(
    sql: &ModelSql,
    file: &ProjectFile,
) -> Result<BTreeSet<TableName>, Fault> {
    sql.reads.iter().map(|table| table_name(table, file)).collect()
}

fn table_name(table: &str, file: &ProjectFile) -> Result<TableName, Fault> {
    table.parse().map_err(|bad: BadTableName| file.fault(file.find(table), bad.to_string()))
}
