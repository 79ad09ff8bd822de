//! SQL over one snapshot.

use std::path::Path;
use std::sync::Arc;

use arrow::record_batch::RecordBatch;
use datafusion::catalog::MemorySchemaProvider;
use datafusion::common::TableReference;
use datafusion::dataframe::DataFrame;
use datafusion::datasource::TableProvider;
use datafusion::datasource::empty::EmptyTable;
use datafusion::datasource::file_format::parquet::ParquetFormat;
use datafusion::datasource::listing::{
    ListingOptions, ListingTable, ListingTableConfig, ListingTableUrl,
};
use datafusion::execution::context::SQLOptions;
use datafusion::execution::disk_manager::{DiskManagerBuilder, DiskManagerMode};
use datafusion::execution::memory_pool::{FairSpillPool, TrackConsumersPool};
use datafusion::execution::runtime_env::RuntimeEnvBuilder;
use datafusion::prelude::{SessionConfig, SessionContext, col};
use scorewright_domain::{SqlName, TableName};
use tokio::runtime::Runtime;

use scorewright_durable::{Readers, create_folder, failed};

use crate::error::WarehouseError;
use crate::file_writer::FileWriter;
use crate::parameters::Parameters;
use crate::query_result::QueryResult;
use crate::snapshot::{Snapshot, Warehouse};
use crate::sql_fault::SqlFault;
use crate::table::{StoredFile, Table, View};

/// Memory that sorts, joins and aggregates may hold before they spill to disk.
const MEMORY: usize = 1024 * 1024 * 1024;

/// Answers SELECTs over the tables of one snapshot; later commits do not disturb it.
///
/// Nothing can be created, changed or copied through it, and no other table or
/// file can be reached.
pub struct Session {
    context: SessionContext,
    runtime: Runtime,
}

impl Session {
    /// Opens the tables of a snapshot.
    ///
    /// # Errors
    ///
    /// [`WarehouseError::Damaged`] when a file is missing or has another length than its commit says.
    pub fn over(warehouse: &Warehouse, snapshot: &Snapshot) -> Result<Self, WarehouseError> {
        let runtime = Runtime::new().map_err(failed("start threads for", warehouse.root()))?;
        let session = Self { context: context(spilling(warehouse.root()))?, runtime };
        for (name, table) in &snapshot.tables {
            session.add_table(warehouse.root(), name, table)?;
        }
        let mut views: Vec<(&TableName, &View)> = snapshot.views.iter().collect();
        views.sort_by_key(|(_, view)| view.order);
        for (name, view) in views {
            session.add_view(name, view).map_err(|fault| WarehouseError::Damaged {
                path: warehouse.root().join("versions"),
                what: format!("the view `{name}` no longer runs: {fault}"),
            })?;
        }
        Ok(session)
    }

    /// An engine that knows no table yet, for planning SQL against [declared](Session::declare) columns.
    ///
    /// # Errors
    ///
    /// [`WarehouseError::Io`] when its threads cannot be started.
    pub fn without_data() -> Result<Self, WarehouseError> {
        let runtime = Runtime::new().map_err(failed("start threads for", Path::new("planning")))?;
        Ok(Self { context: context(DiskManagerMode::Disabled)?, runtime })
    }

    /// Adds a table that has columns and no rows.
    ///
    /// # Errors
    ///
    /// [`WarehouseError::Engine`] when the columns do not make a table.
    pub fn declare(
        &self,
        name: &TableName,
        schema: arrow::datatypes::SchemaRef,
    ) -> Result<(), WarehouseError> {
        let engine =
            |source| WarehouseError::Engine { table: name.to_string(), source: Box::new(source) };
        self.register(name, Arc::new(EmptyTable::new(schema))).map_err(engine)
    }

    /// Adds a table, or replaces it.
    ///
    /// # Errors
    ///
    /// [`WarehouseError::Damaged`] when a file is missing or has another length than its commit says.
    pub fn add_table(
        &self,
        root: &Path,
        name: &TableName,
        table: &Table,
    ) -> Result<(), WarehouseError> {
        let engine =
            |source| WarehouseError::Engine { table: name.to_string(), source: Box::new(source) };
        let urls =
            table.files.iter().map(|file| locate(root, file)).collect::<Result<Vec<_>, _>>()?;
        let format = ParquetFormat::default().with_enable_pruning(true);
        let options = ListingOptions::new(Arc::new(format));
        let schema = self
            .runtime
            .block_on(options.infer_schema(&self.context.state(), &urls[0]))
            .map_err(engine)?;
        let config = ListingTableConfig::new_with_multi_paths(urls)
            .with_listing_options(options)
            .with_schema(schema);
        let listing = ListingTable::try_new(config).map_err(engine)?;
        self.register(name, Arc::new(listing)).map_err(engine)
    }

    /// Adds a view, or replaces it.
    ///
    /// # Errors
    ///
    /// A [`SqlFault`] when its SQL cannot be planned.
    pub fn add_view(&self, name: &TableName, view: &View) -> Result<(), SqlFault> {
        let parameters = Parameters::new().timestamp("as_of", view.as_of);
        let view = self.plan(&view.sql, &parameters)?.into_view();
        Ok(self.register(name, view)?)
    }

    /// Plans a view and adds a table that has its columns and no rows: what reads it is planned without it.
    ///
    /// # Errors
    ///
    /// A [`SqlFault`] when its SQL cannot be planned.
    pub fn declare_view(&self, name: &TableName, view: &View) -> Result<(), SqlFault> {
        let frame = self.plan(&view.sql, &Parameters::new().timestamp("as_of", view.as_of))?;
        let schema = Arc::new(frame.schema().as_arrow().clone());
        Ok(self.register(name, Arc::new(EmptyTable::new(schema)))?)
    }

    pub(crate) fn register(
        &self,
        name: &TableName,
        provider: Arc<dyn TableProvider>,
    ) -> datafusion::error::Result<()> {
        let catalog =
            self.context.catalog("scorewright").expect("the session was made with its catalog");
        if catalog.schema(name.layer().as_str()).is_none() {
            catalog
                .register_schema(name.layer().as_str(), Arc::new(MemorySchemaProvider::new()))?;
        }
        let reference = TableReference::partial(name.layer().as_str(), name.noun());
        self.context.deregister_table(reference.clone())?;
        self.context.register_table(reference, provider)?;
        Ok(())
    }

    /// Answers a SELECT with all its rows.
    ///
    /// # Errors
    ///
    /// A [`SqlFault`] when it cannot be planned or does not finish.
    pub fn query(&self, sql: &str, parameters: &Parameters) -> Result<QueryResult, SqlFault> {
        let frame = self.plan(sql, parameters)?;
        let columns = frame.schema().fields().iter().map(|field| field.name().clone()).collect();
        let batches = self.runtime.block_on(frame.collect())?;
        QueryResult::from_batches(columns, &batches)
    }

    /// Answers a SELECT batch by batch, in no order, without holding the whole answer.
    ///
    /// # Errors
    ///
    /// A [`SqlFault`] when it cannot be planned or does not finish, or the first that `take` returns.
    pub fn each_batch(
        &self,
        sql: &str,
        parameters: &Parameters,
        mut take: impl FnMut(&RecordBatch) -> Result<(), SqlFault>,
    ) -> Result<(), SqlFault> {
        let frame = self.plan(sql, parameters)?;
        self.runtime.block_on(async {
            use futures::StreamExt as _;
            let mut stream = frame.execute_stream().await?;
            while let Some(batch) = stream.next().await {
                take(&batch?)?;
            }
            Ok(())
        })
    }

    /// Checks that a SELECT can be planned, and names its columns; runs nothing.
    ///
    /// # Errors
    ///
    /// A [`SqlFault`] that points at the first slip.
    pub fn columns_of(&self, sql: &str, parameters: &Parameters) -> Result<Vec<String>, SqlFault> {
        let frame = self.plan(sql, parameters)?;
        Ok(frame.schema().fields().iter().map(|field| field.name().clone()).collect())
    }

    /// Runs a SELECT into one Parquet file, sorted by the given columns, so that the same rows give the same bytes.
    ///
    /// # Errors
    ///
    /// A [`SqlFault`] when it does not finish, or the file cannot be written.
    pub fn materialize(
        &self,
        sql: &str,
        parameters: &Parameters,
        sort_by: &[String],
        open: impl FnOnce(arrow::datatypes::SchemaRef) -> Result<FileWriter, WarehouseError>,
    ) -> Result<(arrow::datatypes::SchemaRef, StoredFile), Refused> {
        let mut frame = self.plan(sql, parameters)?;
        if !sort_by.is_empty() {
            let keys = sort_by
                .iter()
                .map(|column| col(SqlName(column).to_string()).sort(true, false))
                .collect();
            frame = frame.sort(keys).map_err(SqlFault::from)?;
        }
        let schema = Arc::new(frame.schema().as_arrow().clone());
        let mut writer = open(schema.clone())?;
        self.runtime.block_on(async {
            use futures::StreamExt as _;
            let mut stream = frame.execute_stream().await.map_err(SqlFault::from)?;
            while let Some(batch) = stream.next().await {
                let batch: RecordBatch = batch.map_err(SqlFault::from)?;
                writer.write(&batch)?;
            }
            Ok::<(), Refused>(())
        })?;
        Ok((schema, writer.finish()?))
    }

    fn plan(&self, sql: &str, parameters: &Parameters) -> Result<DataFrame, SqlFault> {
        let only_select = SQLOptions::new()
            .with_allow_ddl(false)
            .with_allow_dml(false)
            .with_allow_statements(false);
        let frame = self.runtime.block_on(self.context.sql_with_options(sql, only_select))?;
        if frame.logical_plan().get_parameter_names().map_or(true, |names| names.is_empty()) {
            return Ok(frame);
        }
        Ok(frame.with_param_values(parameters.to_values())?)
    }
}

/// Why a table could not be made.
#[derive(Debug, thiserror::Error, miette::Diagnostic)]
pub enum Refused {
    /// Its SQL.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Sql(#[from] SqlFault),
    /// Its file.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Warehouse(#[from] WarehouseError),
}

/// The address of a stored file, after a look at its length.
fn locate(root: &Path, file: &StoredFile) -> Result<ListingTableUrl, WarehouseError> {
    let path = root.join(&file.path);
    let length = std::fs::metadata(&path).map_err(failed("open", &path))?.len();
    if length != file.bytes {
        let what = format!("it has {length} bytes, its commit says {}", file.bytes);
        return Err(WarehouseError::Damaged { path, what });
    }
    let path = path.canonicalize().map_err(failed("open", &path))?;
    let url = ListingTableUrl::parse(path.to_string_lossy());
    url.map_err(|source| WarehouseError::Engine {
        table: file.path.clone(),
        source: Box::new(source),
    })
}

/// What does not fit into memory goes below the warehouse, never into a folder that others share.
///
/// The folder is made here because the engine makes it only if it finds none, and two
/// sessions at once would both find none. Who may only read does without.
fn spilling(root: &Path) -> DiskManagerMode {
    let folder = root.join(".spill");
    match create_folder(&folder, Readers::Anyone) {
        Ok(()) => DiskManagerMode::Directories(vec![folder]),
        Err(_) => DiskManagerMode::Disabled,
    }
}

fn context(spilling: DiskManagerMode) -> Result<SessionContext, WarehouseError> {
    let mut config = SessionConfig::new()
        .with_default_catalog_and_schema("scorewright", "default")
        .with_create_default_catalog_and_schema(true)
        .with_information_schema(false);
    config.options_mut().sql_parser.collect_spans = true;
    config.options_mut().execution.parquet.schema_force_view_types = false;
    config.options_mut().execution.time_zone = Some("UTC".into());
    let pool = TrackConsumersPool::new(
        FairSpillPool::new(MEMORY),
        std::num::NonZeroUsize::new(5).expect("five is not zero"),
    );
    let spill = DiskManagerBuilder::default().with_mode(spilling);
    let runtime = RuntimeEnvBuilder::new()
        .with_memory_pool(Arc::new(pool))
        .with_disk_manager_builder(spill)
        .build_arc();
    let runtime = runtime.map_err(|source| WarehouseError::Engine {
        table: "all".into(),
        source: Box::new(source),
    })?;
    Ok(SessionContext::new_with_config_rt(config, runtime))
}
