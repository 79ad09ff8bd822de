//! Rows of the quarantine tables.

use std::collections::BTreeSet;

use scorewright_domain::{Layer, QuarantinedRow, SqlName, TableName};
use scorewright_project::Folders;
use scorewright_warehouse::{Cell, Parameters, QueryResult, Session, Snapshot};

use crate::arguments::{QuarantineExportOptions, QuarantineListOptions};
use crate::exit::{ExitStatus, Failure};

/// Which rows of quarantine are asked for, and which columns of them.
pub(super) struct RowFilter<'a> {
    file: Option<&'a str>,
    reason: Option<&'a str>,
    columns: &'static str,
    ends: &'static str,
}

impl<'a> RowFilter<'a> {
    pub(super) fn listed(options: &'a QuarantineListOptions) -> Self {
        let (columns, ends) = if options.rows {
            ("source, file, line, \"column\", reason, raw", "ORDER BY source, file, line, byte")
        } else {
            (
                "source, reason, \"column\", count(*) AS rows, count(DISTINCT file) AS files, \
                 min(file) AS first_file, min(line) AS lowest_line",
                "GROUP BY source, reason, \"column\" ORDER BY rows DESC, source, reason, \"column\"",
            )
        };
        Self { file: options.file.as_deref(), reason: options.reason.as_deref(), columns, ends }
    }

    pub(super) fn exported(options: &'a QuarantineExportOptions) -> Self {
        Self {
            file: options.file.as_deref(),
            reason: options.reason.as_deref(),
            columns: "file, line, byte, length, \"column\", reason, raw",
            ends: "ORDER BY file, line, byte",
        }
    }
}

/// The rows of quarantine tables that a filter lets through.
pub(super) fn select(
    folders: &Folders,
    snapshot: &Snapshot,
    tables: &BTreeSet<TableName>,
    filter: &RowFilter<'_>,
) -> Result<QueryResult, Failure> {
    let all = "SELECT source, file, line, byte, length, \"column\", reason, raw FROM";
    let each: Vec<String> = tables
        .iter()
        .map(|table| format!("{all} {}.{}", table.layer(), SqlName(table.noun())))
        .collect();
    if each.is_empty() {
        return Err(Failure::no_version());
    }
    let mut conditions = vec!["TRUE"];
    let mut parameters = Parameters::new();
    for (condition, name, value) in
        [("file = $file", "file", filter.file), ("reason = $reason", "reason", filter.reason)]
    {
        if let Some(value) = value {
            conditions.push(condition);
            parameters = parameters.text(name, value);
        }
    }
    let sql = format!(
        "SELECT {} FROM ({}) AS quarantined WHERE {} {}",
        filter.columns,
        each.join(" UNION ALL "),
        conditions.join(" AND "),
        filter.ends
    );
    let session = Session::over(&folders.warehouse(), snapshot)?;
    session.query(&sql, &parameters).map_err(|fault| Failure::new(ExitStatus::InputOutput, fault))
}

/// The quarantine of every source that has landed.
pub(super) fn quarantine_tables(snapshot: &Snapshot) -> BTreeSet<TableName> {
    snapshot.tables.keys().filter(|table| *table.layer() == Layer::Quarantine).cloned().collect()
}

/// The quarantine of a source that has landed.
pub(super) fn quarantine_of(snapshot: &Snapshot, source: &str) -> Result<TableName, Failure> {
    if snapshot.number == 0 {
        return Err(Failure::no_version());
    }
    let tables = quarantine_tables(snapshot);
    let known: Vec<&str> = tables.iter().map(TableName::noun).collect();
    tables
        .iter()
        .find(|table| table.noun() == source)
        .cloned()
        .ok_or_else(|| Failure::unknown("source", source, &known))
}

/// The rows of an answer; none when it is not what was asked for.
pub(super) fn quarantined_rows(found: &QueryResult) -> Option<Vec<QuarantinedRow>> {
    let [file, column, reason, raw] = [
        found.column("file")?,
        found.column("column")?,
        found.column("reason")?,
        found.column("raw")?,
    ];
    let [line, byte, length] =
        [found.column("line")?, found.column("byte")?, found.column("length")?];
    let read = |row: &Vec<Cell>| {
        Some(QuarantinedRow {
            file: row[file].as_text()?.to_owned(),
            line: row[line].as_u64()?,
            byte: row[byte].as_u64()?,
            length: row[length].as_u64()?,
            column: row[column].as_text().map(ToOwned::to_owned),
            reason: row[reason].as_text()?.to_owned(),
            raw: row[raw].as_text()?.to_owned(),
        })
    };
    found.rows.iter().map(read).collect()
}
