//! What a row must satisfy, and the SQL that counts and lists the rows that do not.

use scorewright_domain::{SqlName, SqlText, TableName};

use super::check_file::{AcceptedFile, RangeFile};

/// What a row must satisfy.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Rule {
    /// A SQL condition that offending rows meet.
    Condition(String),
    /// Columns that no two rows may share.
    Unique(Vec<String>),
    /// A column whose values must exist in a column of another table.
    Reference(ForeignKey),
    /// Another table that has as many rows, one for each by the grain of the model.
    RowBalance(RowBalance),
}

/// A column whose values must exist in a column of another table.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct ForeignKey {
    pub(super) column: String,
    pub(super) table: TableName,
    pub(super) target: String,
}

/// A table of which every row must be there.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct RowBalance {
    pub(super) other: TableName,
    pub(super) grain: Vec<String>,
}

impl Rule {
    pub(super) fn not_null(column: &str) -> Self {
        Self::Condition(format!("{} IS NULL", SqlName(column)))
    }

    pub(super) fn accepted(accepted: &AcceptedFile) -> Self {
        let column = SqlName(&accepted.column);
        let values: Vec<String> =
            accepted.values.iter().map(|value| SqlText(value).to_string()).collect();
        let values = values.join(", ");
        Self::Condition(format!(
            "{column} IS NOT NULL AND CAST({column} AS VARCHAR) NOT IN ({values})"
        ))
    }

    pub(super) fn range(range: &RangeFile) -> Self {
        let column = SqlName(&range.column);
        let low = range.min.map(|min| format!("{column} < {min}"));
        let high = range.max.map(|max| format!("{column} > {max}"));
        let bounds: Vec<String> = low.into_iter().chain(high).collect();
        Self::Condition(if bounds.is_empty() { "false".into() } else { bounds.join(" OR ") })
    }

    /// SQL whose column `offending` counts the rows of `table` that offend.
    pub(super) fn counting_sql(&self, table: &TableName) -> String {
        match self {
            Self::Condition(condition) => {
                format!("SELECT count(*) AS offending FROM {table} WHERE {condition}")
            }
            Self::Unique(columns) => {
                let columns = list(columns);
                format!(
                    "SELECT coalesce(sum(repeats - 1), 0) AS offending FROM \
                     (SELECT count(*) AS repeats FROM {table} GROUP BY {columns} HAVING count(*) > 1) AS repeated"
                )
            }
            Self::Reference(key) => {
                format!("SELECT count(*) AS offending {}", key.offenders(table))
            }
            Self::RowBalance(RowBalance { other, .. }) => {
                format!(
                    "SELECT abs((SELECT count(*) FROM {table}) - (SELECT count(*) FROM {other})) AS offending"
                )
            }
        }
    }

    /// SQL that lists up to five rows that offend, by the given columns; repeats by those they share.
    pub(super) fn listing_sql(&self, table: &TableName, columns: &[String]) -> String {
        let columns = list(columns);
        match self {
            Self::Condition(condition) => {
                format!(
                    "SELECT {columns} FROM {table} WHERE {condition} ORDER BY {columns} LIMIT 5"
                )
            }
            Self::Unique(shared) => {
                let shared = list(shared);
                format!(
                    "SELECT {shared} FROM {table} GROUP BY {shared} HAVING count(*) > 1 ORDER BY {shared} LIMIT 5"
                )
            }
            Self::Reference(key) => {
                format!("SELECT {columns} {} ORDER BY {columns} LIMIT 5", key.offenders(table))
            }
            Self::RowBalance(balance) => balance.listing_sql(table),
        }
    }
}

impl RowBalance {
    /// Rows of one of the two tables that the other does not have.
    fn listing_sql(&self, table: &TableName) -> String {
        let (grain, other) = (list(&self.grain), &self.other);
        format!(
            "(SELECT {grain} FROM {other} EXCEPT SELECT {grain} FROM {table}) UNION ALL \
             (SELECT {grain} FROM {table} EXCEPT SELECT {grain} FROM {other}) ORDER BY {grain} LIMIT 5"
        )
    }
}

impl ForeignKey {
    /// FROM and WHERE of the rows whose value the other table does not have.
    fn offenders(&self, table: &TableName) -> String {
        let (column, target, other) = (SqlName(&self.column), SqlName(&self.target), &self.table);
        format!(
            "FROM {table} LEFT ANTI JOIN (SELECT {target} AS referenced FROM {other}) AS referenced_rows \
             ON {table}.{column} = referenced_rows.referenced WHERE {column} IS NOT NULL"
        )
    }
}

fn list(columns: &[String]) -> String {
    columns.iter().map(|column| SqlName(column).to_string()).collect::<Vec<_>>().join(", ")
}
