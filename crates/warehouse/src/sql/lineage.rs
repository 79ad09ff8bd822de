//! What SELECTs can never answer, because extracts lack columns.
//!
//! The engine's own plans are followed from raw tables upwards. In a raw table an absent column is null in every row;
//! whatever is computed from nulls alone is a constant, and the engine's own rules for constants say which. So each
//! constant knows the absent columns it comes from, and nothing is said of an expression that could still have a value.
//!
//! ```text
//! absent columns ──> branch      rows by the way they come, with the columns that are constant in them
//!                      │
//!   plan of a SELECT ──┴─> relation    scans, projections, filters, joins, unions: branches in, branches out
//!                            ├─ fold         one expression over the constants of a branch
//!                            ├─ aggregate    counts and sums of what is constant
//!                            └─ join         two branches side by side
//! ```

mod branch;

mod fold;

mod aggregate;

mod join;

mod relation;

use std::collections::{BTreeMap, BTreeSet};

use datafusion::common::TableReference;
use jiff::Timestamp;
use scorewright_domain::{AbsentColumn, TableName};

use super::parameters::Parameters;
use super::session::Session;
use super::sql_fault::SqlFault;
pub use branch::RowBranch;
use branch::TableBranches;
use relation::Relations;

/// Columns of tables that never have a value, traced through the SELECTs that make the tables.
///
/// ```text
/// raw.<source>, absent columns ──add──> staging.* ──add──> fact.* ──branches──> a SELECT of one's own
/// ```
pub struct ColumnLineage<'a> {
    session: &'a Session,
    parameters: Parameters,
    tables: BTreeMap<TableReference, TableBranches>,
}

impl<'a> ColumnLineage<'a> {
    /// Starts from the raw tables of a session; `as_of` is what SELECTs call `$as_of`.
    pub fn new(session: &'a Session, absent: &BTreeSet<AbsentColumn>, as_of: Timestamp) -> Self {
        let mut columns: BTreeMap<&str, Vec<&AbsentColumn>> = BTreeMap::new();
        for one in absent {
            columns.entry(&one.source).or_default().push(one);
        }
        let raw = columns.into_iter().map(|(source, absent)| {
            (TableReference::partial("raw", source), TableBranches::of_raw(&absent))
        });
        let parameters = Parameters::new().timestamp("as_of", as_of);
        Self { session, parameters, tables: raw.collect() }
    }

    /// Adds a table that a SELECT makes, after the tables it reads.
    ///
    /// # Errors
    ///
    /// A [`SqlFault`] when it cannot be planned.
    pub fn add(&mut self, name: &TableName, sql: &str) -> Result<(), SqlFault> {
        let table = self.table(sql)?;
        self.tables.insert(TableReference::partial(name.layer().as_str(), name.noun()), table);
        Ok(())
    }

    /// The branches of a SELECT over the tables added so far; runs nothing.
    ///
    /// # Errors
    ///
    /// A [`SqlFault`] when it cannot be planned.
    pub fn branches(&self, sql: &str) -> Result<Vec<RowBranch>, SqlFault> {
        Ok(self.table(sql)?.branches)
    }

    fn table(&self, sql: &str) -> Result<TableBranches, SqlFault> {
        let (_, plan) = self.session.typed_plan(sql, &self.parameters)?.into_parts();
        let columns = plan.schema().fields().iter().map(|field| field.name().clone()).collect();
        let branches = Relations { tables: &self.tables }.branches(&plan, &BTreeSet::new());
        Ok(TableBranches { columns, branches, plan: Some(plan) })
    }
}

#[cfg(test)]
mod tests;
