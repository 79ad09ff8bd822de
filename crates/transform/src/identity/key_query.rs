//! The query that reads the keys of a table.

use scorewright_domain::SqlName;
use toml::Spanned;

use super::key_table::KeyTable;

/// Column of the system, where the table says it row by row.
pub(super) const SOURCE: &str = "row_source";
/// Column of the earliest moment that a combination of keys is known from.
pub(super) const SINCE: &str = "since";
/// Column of the moment it ends.
pub(super) const UNTIL: &str = "until";
/// Column of the number of its rows.
pub(super) const RECORDS: &str = "records";

/// Column of the key at a position of the table's keys.
pub(super) fn key_column(position: usize) -> String {
    format!("column_{position}")
}

/// Every combination of keys once: the engine counts the rows, on all cores.
pub(super) fn select(table: &KeyTable) -> String {
    let keys = table.keys.iter().enumerate();
    let keys = keys.map(|(position, key)| text(&key.column, &key_column(position)));
    let source = table.source_column().map(|column| text(column, SOURCE));
    let columns: Vec<String> = keys.chain(source).collect();
    let groups: Vec<String> = (1..=columns.len()).map(|position| position.to_string()).collect();
    let (since, until) = (moment(table.since.as_ref()), moment(table.until.as_ref()));
    let mut conditions = vec!["TRUE".to_owned()];
    conditions
        .extend(table.condition.iter().map(|condition| format!("(\n{}\n)", condition.get_ref())));
    format!(
        "SELECT {}, min({since}) AS {SINCE}, \
         CASE WHEN count({until}) = count(*) THEN max({until}) END AS {UNTIL}, \
         count(*) AS {RECORDS} FROM {} WHERE {} GROUP BY {}",
        columns.join(", "),
        table.sql_name(),
        conditions.join(" AND "),
        groups.join(", ")
    )
}

fn text(column: &Spanned<String>, name: &str) -> String {
    format!("CAST({} AS VARCHAR) AS {name}", SqlName(column.get_ref()))
}

fn moment(column: Option<&Spanned<String>>) -> String {
    column.map_or_else(
        || "CAST(NULL AS TIMESTAMP)".into(),
        |column| SqlName(column.get_ref()).to_string(),
    )
}
