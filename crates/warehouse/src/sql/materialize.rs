//! The answer to a SELECT, written into a file of a table.

use std::sync::Arc;

use arrow::datatypes::SchemaRef;
use datafusion::logical_expr::SortExpr;
use datafusion::prelude::col;
use scorewright_domain::SqlName;

use super::parameters::Parameters;
use super::session::Session;
use super::sql_fault::SqlFault;
use crate::error::WarehouseError;
use crate::parquet_write::FileWriter;
use crate::storage::StoredFile;

/// Why the answer to a SELECT could not be written into a file.
#[derive(Debug, thiserror::Error, miette::Diagnostic)]
pub enum MaterializeError {
    /// Its SQL.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Sql(#[from] SqlFault),
    /// Its file.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Warehouse(#[from] WarehouseError),
}

impl Session {
    /// Runs a SELECT into one Parquet file, sorted by the columns `sort_by`, so that the same rows give the same bytes.
    ///
    /// # Errors
    ///
    /// A [`SqlFault`] when it does not finish, or the file cannot be written.
    pub fn materialize(
        &self,
        sql: &str,
        parameters: &Parameters,
        sort_by: &[String],
        open: impl FnOnce(SchemaRef) -> Result<FileWriter, WarehouseError>,
    ) -> Result<(SchemaRef, StoredFile), MaterializeError> {
        let mut plan = self.typed_plan(sql, parameters)?;
        if !sort_by.is_empty() {
            let keys = sort_by.iter().map(|column| ascending(column)).collect();
            plan = plan.sort(keys).map_err(SqlFault::from)?;
        }
        let schema = Arc::clone(plan.schema().inner());
        let mut writer = open(Arc::clone(&schema))?;
        self.run(plan, |batch| writer.write(batch).map_err(MaterializeError::from))?;
        Ok((schema, writer.finish()?))
    }
}

fn ascending(column: &str) -> SortExpr {
    col(SqlName(column).to_string()).sort(true, false)
}
