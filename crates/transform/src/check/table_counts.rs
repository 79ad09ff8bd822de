//! What is counted of a table before its checks: in one scan, while it was written, or when others were built.

use std::collections::BTreeMap;

use scorewright_domain::{CheckId, TableName};
use scorewright_warehouse::{Parameters, Session, SqlFault};

use super::count::query_count;

/// What is known of a table.
#[derive(Debug, Default)]
pub(crate) struct TableCounts {
    /// Its rows.
    pub(crate) rows: u64,
    /// By check, the rows that offend.
    offending: BTreeMap<CheckId, u64>,
}

impl TableCounts {
    /// What is known of a table of known rows.
    pub(crate) fn of_rows(rows: u64) -> Self {
        Self { rows, offending: BTreeMap::new() }
    }

    /// Counts the rows of a table and, in the same scan, those that offend each check of rows alone.
    ///
    /// - `conditions`: what offending rows meet, by check.
    ///
    /// Where the scan does not come to its end, rows alone are counted: the check that is at fault says so when it runs.
    ///
    /// # Errors
    ///
    /// A [`SqlFault`] when the rows of the table cannot be counted.
    pub(crate) fn scan(
        table: &TableName,
        conditions: &[(&CheckId, &str)],
        session: &Session,
    ) -> Result<Self, SqlFault> {
        if let Ok(counts) = Self::in_one_scan(table, conditions, session) {
            return Ok(counts);
        }
        let sql = format!("SELECT count(*) AS counted FROM {table}");
        Ok(Self::of_rows(query_count(session, &sql, "counted")?))
    }

    fn in_one_scan(
        table: &TableName,
        conditions: &[(&CheckId, &str)],
        session: &Session,
    ) -> Result<Self, SqlFault> {
        let counted = conditions.iter().enumerate().map(|(at, (_, condition))| {
            format!(", count(*) FILTER (WHERE {condition}) AS offending_{at}")
        });
        let sql = format!("SELECT count(*) AS counted{} FROM {table}", counted.collect::<String>());
        let answer = session.query(&sql, &Parameters::new())?;
        let no_counts = || SqlFault::new("the query does not answer one row of counts");
        let [cells] = answer.rows.as_slice() else { return Err(no_counts()) };
        let counts = cells.iter().map(|cell| cell.as_u64().ok_or_else(no_counts));
        let counts = counts.collect::<Result<Vec<u64>, SqlFault>>()?;
        let ids = conditions.iter().map(|(id, _)| (*id).clone());
        Ok(Self { rows: counts[0], offending: ids.zip(counts[1..].iter().copied()).collect() })
    }

    /// Adds how many rows offend a check, as something else than the scan knows.
    pub(crate) fn add(&mut self, check: CheckId, offending: u64) {
        self.offending.insert(check, offending);
    }

    /// How many rows offend a check; `None` where that is not known yet.
    pub(crate) fn offending(&self, check: &CheckId) -> Option<u64> {
        self.offending.get(check).copied()
    }
}
