//! The answer to a SELECT, written into a file of a table.

use std::path::Path;
use std::sync::Arc;

use arrow::datatypes::SchemaRef;
use datafusion::dataframe::DataFrame;
use datafusion::error::DataFusionError;
use datafusion::logical_expr::SortExpr;
use datafusion::prelude::{ParquetReadOptions, SessionContext, col};
use scorewright_domain::SqlName;

use super::execution::{ExecutionMode, Unfinished, Watch};
use super::parameters::Parameters;
use super::repeated_keys::RepeatedKeys;
use super::session::Session;
use super::sql_fault::SqlFault;
use crate::error::WarehouseError;
use crate::parquet_write::FileWriter;
use crate::storage::StoredFile;

/// The answer to a SELECT in a file.
#[derive(Debug)]
pub struct Materialized {
    /// Its columns.
    pub schema: SchemaRef,
    /// The file.
    pub file: StoredFile,
    /// Rows that share the columns they are sorted by with the row before; no value is one value.
    pub repeated_keys: u64,
}

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

/// A file, and how many of its rows repeat their key.
type CountedFile = (StoredFile, u64);

/// Why a file was not written to its end.
enum Unwritten {
    OutOfMemory,
    Failed(MaterializeError),
}

impl From<Unfinished> for Unwritten {
    fn from(unfinished: Unfinished) -> Self {
        match unfinished {
            Unfinished::OutOfMemory => Self::OutOfMemory,
            Unfinished::Failed(fault) => Self::Failed(fault.into()),
        }
    }
}

impl<E: Into<MaterializeError>> From<E> for Unwritten {
    fn from(error: E) -> Self {
        Self::Failed(error.into())
    }
}

impl Session {
    /// Runs a SELECT into one Parquet file, sorted by the columns `sort_by`, so that the same rows give the same bytes.
    ///
    /// Nothing runs beside it, so that the memory it has does not depend on its neighbours. Where that does not suffice,
    /// it runs again by plans that need little, and at last its rows are sorted apart from what makes them: the same
    /// bytes each time.
    ///
    /// # Errors
    ///
    /// A [`SqlFault`] when it does not finish, or the file cannot be written.
    pub fn materialize(
        &self,
        sql: &str,
        parameters: &Parameters,
        sort_by: &[String],
        open: impl Fn(SchemaRef) -> Result<FileWriter, WarehouseError>,
    ) -> Result<Materialized, MaterializeError> {
        let unsorted = self.typed_plan(sql, parameters)?;
        let schema = Arc::clone(unsorted.schema().inner());
        let (watch, sorted) = (self.watch(), sorted(unsorted.clone(), sort_by)?);
        let open = || open(Arc::clone(&schema));
        let write = |mode| self.write(&sorted, sort_by, mode, &watch, &open);
        let written = write(ExecutionMode::Alone)
            .or_else(|unwritten| unwritten.retry(|| write(ExecutionMode::Frugal)))
            .or_else(|unwritten| {
                unwritten.retry(|| self.write_in_two_steps(&unsorted, sort_by, &watch, &open))
            });
        match written {
            Ok((file, repeated_keys)) => Ok(Materialized { schema, file, repeated_keys }),
            Err(Unwritten::OutOfMemory) => Err(self.out_of_memory().into()),
            Err(Unwritten::Failed(error)) => Err(error),
        }
    }

    /// Writes the rows of a plan that is sorted by a key, and counts those that repeat it.
    fn write(
        &self,
        plan: &DataFrame,
        key: &[String],
        mode: ExecutionMode,
        watch: &Watch,
        open: &impl Fn() -> Result<FileWriter, WarehouseError>,
    ) -> Result<CountedFile, Unwritten> {
        let (mut writer, most) = (open()?, self.limits.table_bytes);
        let mut repeated = RepeatedKeys::of(key);
        let written = self.execute(plan.clone(), mode, watch, |batch| {
            repeated.add(&batch).map_err(|error| SqlFault::from(DataFusionError::from(error)))?;
            writer.write(&batch)?;
            admit(writer.bytes(), most)
        });
        match written {
            Ok(()) => {
                let file = writer.finish()?;
                admit(file.bytes, most)?;
                Ok((file, repeated.count()))
            }
            Err(unwritten) => {
                writer.abandon()?;
                Err(unwritten)
            }
        }
    }

    /// Writes the rows in any order into a temporary file, and sorts that one: neither step holds what the other needs.
    fn write_in_two_steps(
        &self,
        unsorted: &DataFrame,
        sort_by: &[String],
        watch: &Watch,
        open: &impl Fn() -> Result<FileWriter, WarehouseError>,
    ) -> Result<CountedFile, Unwritten> {
        let Some(folder) = self.spill_path() else { return Err(Unwritten::OutOfMemory) };
        let schema = Arc::clone(unsorted.schema().inner());
        let name = "unsorted.parquet";
        let temporary = || FileWriter::create(folder.join(name), name.into(), Arc::clone(&schema));
        self.write(unsorted, &[], ExecutionMode::Frugal, watch, &temporary)?;
        let rows = self.read_temporary(&folder.join(name))?;
        self.write(&sorted(rows, sort_by)?, sort_by, ExecutionMode::Frugal, watch, open)
    }

    fn read_temporary(&self, path: &Path) -> Result<DataFrame, SqlFault> {
        let context = SessionContext::new_with_state(self.context.state());
        let path = path.to_string_lossy().into_owned();
        Ok(self.threads.block_on(context.read_parquet(path, ParquetReadOptions::default()))?)
    }
}

impl Unwritten {
    /// Another try, where it may help.
    fn retry(self, make: impl FnOnce() -> Result<CountedFile, Self>) -> Result<CountedFile, Self> {
        match self {
            Self::OutOfMemory => make(),
            Self::Failed(_) => Err(self),
        }
    }
}

/// Refuses a file of too many bytes. While it is written only those of whole row groups are known.
fn admit(bytes: u64, most: u64) -> Result<(), Unwritten> {
    if bytes <= most { Ok(()) } else { Err(SqlFault::table_too_large(most).into()) }
}

fn sorted(plan: DataFrame, by: &[String]) -> Result<DataFrame, SqlFault> {
    if by.is_empty() {
        return Ok(plan);
    }
    let keys = by.iter().map(|column| ascending(column)).collect();
    Ok(plan.sort(keys)?)
}

fn ascending(column: &str) -> SortExpr {
    col(SqlName(column).to_string()).sort(true, false)
}
