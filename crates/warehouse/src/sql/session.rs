//! The tables of one snapshot, and SELECT over them.

use std::path::Path;
use std::sync::{Arc, PoisonError, RwLock};

use arrow::datatypes::SchemaRef;
use arrow::record_batch::RecordBatch;
use datafusion::catalog::SchemaProvider;
use datafusion::dataframe::DataFrame;
use datafusion::datasource::TableProvider;
use datafusion::datasource::empty::EmptyTable;
use datafusion::error::DataFusionError;
use datafusion::execution::context::SQLOptions;
use datafusion::execution::disk_manager::DiskManagerMode;
use datafusion::prelude::SessionContext;
use datafusion::sql::parser::DFParser;
use futures::StreamExt as _;
use scorewright_domain::{Layer, LocalTime, TableName, Variables};
use scorewright_durable::failed;
use tokio::runtime::Runtime;

use super::engine::{self, CATALOG};
use super::function_calls::{placed, verify_calls};
use super::functions::{self, LocalRules};
use super::information_schema::{INFORMATION_SCHEMA, InformationSchema};
use super::layer_schema::{ClosedTable, LayerSchema, LayerTable};
use super::parameters::Parameters;
use super::query_result::QueryResult;
use super::signed_columns::signed;
use super::spill::SpillFolder;
use super::sql_fault::SqlFault;
use super::stored_table;
use super::unsupported_syntax::unsupported_syntax;
use super::variables::set_variables;
use crate::error::{WarehouseError, engine_error};
use crate::storage::{Snapshot, Table, View, Warehouse};

/// Answers SELECTs over the tables of one snapshot; later commits do not disturb it.
///
/// Nothing can be created, changed or copied through it, and no other table or
/// file can be reached.
pub struct Session {
    context: SessionContext,
    runtime: Runtime,
    /// What SQL means by a local day; `None` over a version that does not keep it.
    rules: Option<Arc<LocalRules>>,
    /// What SQL may call by a name of the project.
    variables: Variables,
    /// Queries run beside each other, and one that needs all the memory runs alone.
    turns: RwLock<()>,
    /// Removed after all that spills into it.
    _spill: Option<SpillFolder>,
}

impl Session {
    /// Opens the tables of a snapshot; those of the quarantine layer once SQL names them, since not all who may read the
    /// others may read them. Days begin in the zone that the snapshot keeps, and business hours are those of its schedules.
    ///
    /// # Errors
    ///
    /// [`WarehouseError::Damaged`] when a file is missing or has another length than its commit says;
    /// [`WarehouseError::NotOpen`] when this user may not read it.
    pub fn over(warehouse: &Warehouse, snapshot: &Snapshot) -> Result<Self, WarehouseError> {
        let root = warehouse.root();
        let runtime = Runtime::new().map_err(failed("start threads for", root))?;
        let spill = SpillFolder::create(root);
        let folder = spill.as_ref().map(|spill| vec![spill.path().to_owned()]);
        let mode = folder.map_or(DiskManagerMode::Disabled, DiskManagerMode::Directories);
        let time = snapshot.local_time.as_ref();
        let session = Self::with(engine::context(mode)?, runtime, spill, time)?;
        let session = session.with_variables(snapshot.variables.clone());
        for (name, table) in &snapshot.tables {
            if *name.layer() == Layer::Quarantine {
                session.add_on_demand(root, name, table)?;
            } else {
                session.add_table(root, name, table)?;
            }
        }
        let mut views: Vec<(&TableName, &View)> = snapshot.views.iter().collect();
        views.sort_by_key(|(_, view)| view.order);
        for (name, view) in views {
            session.add_readable_view(name, view).map_err(|fault| WarehouseError::Damaged {
                path: root.join("versions"),
                what: format!("the view `{name}` no longer runs: {fault}"),
            })?;
        }
        Ok(session)
    }

    /// Adds a view; one of a table that this user may not read says so when SQL names it.
    fn add_readable_view(&self, name: &TableName, view: &View) -> Result<(), SqlFault> {
        match self.add_view(name, view) {
            Err(fault) if fault.is_of_unreadable_table() => {
                Ok(self.put(name, LayerTable::Unreadable(fault))?)
            }
            added => added,
        }
    }

    /// An engine that knows no table yet, for planning SQL against [declared](Session::declare) columns. Days begin in
    /// UTC, and there is no schedule.
    ///
    /// # Errors
    ///
    /// [`WarehouseError::Io`] when its threads cannot be started.
    pub fn without_data() -> Result<Self, WarehouseError> {
        Self::without_data_in(&LocalTime::utc())
    }

    /// An engine that knows no table yet, with the zone and the schedules of a project.
    ///
    /// # Errors
    ///
    /// [`WarehouseError::Io`] when its threads cannot be started.
    pub fn without_data_in(time: &LocalTime) -> Result<Self, WarehouseError> {
        let runtime = Runtime::new().map_err(failed("start threads for", Path::new("planning")))?;
        Self::with(engine::context(DiskManagerMode::Disabled)?, runtime, None, Some(time))
    }

    fn with(
        mut context: SessionContext,
        runtime: Runtime,
        spill: Option<SpillFolder>,
        time: Option<&LocalTime>,
    ) -> Result<Self, WarehouseError> {
        let rules = time.and_then(LocalRules::of).map(Arc::new);
        functions::register(&mut context, rules.as_ref()).map_err(engine_error("all"))?;
        let catalog = context.catalog(CATALOG).expect("the session was made with its catalog");
        let schema = Arc::new(InformationSchema::of(&catalog));
        catalog.register_schema(INFORMATION_SCHEMA, schema).map_err(engine_error("all"))?;
        let variables = Variables::default();
        Ok(Self { context, runtime, rules, variables, turns: RwLock::new(()), _spill: spill })
    }

    /// The same, with the variables of a project.
    #[must_use]
    pub fn with_variables(self, variables: Variables) -> Self {
        Self { variables, ..self }
    }

    /// The zone of the project; `None` where it is UTC, or not known.
    pub(super) fn zone_other_than_utc(&self) -> Option<&str> {
        let zone = self.rules.as_ref().map(|rules| rules.zone_name.as_str());
        zone.filter(|zone| !["UTC", "Etc/UTC"].contains(zone))
    }

    /// Adds a table that has columns and no rows.
    ///
    /// # Errors
    ///
    /// [`WarehouseError::Engine`] when the columns do not make a table.
    pub fn declare(&self, name: &TableName, schema: SchemaRef) -> Result<(), WarehouseError> {
        let table = Arc::new(EmptyTable::new(schema));
        self.register(name, table).map_err(engine_error(&name.to_string()))
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
        let open = stored_table::open(&self.context, root, name, table);
        let table = Arc::new(self.runtime.block_on(open)?);
        self.register(name, table).map_err(engine_error(&name.to_string()))
    }

    /// Adds a table whose files are opened once SQL names it.
    fn add_on_demand(
        &self,
        root: &Path,
        name: &TableName,
        table: &Table,
    ) -> Result<(), WarehouseError> {
        let (root, table) = (root.to_owned(), table.clone());
        let closed = ClosedTable { root, name: name.clone(), table };
        self.put(name, LayerTable::OnDemand(closed)).map_err(engine_error(&name.to_string()))
    }

    /// Adds a view, or replaces it.
    ///
    /// # Errors
    ///
    /// A [`SqlFault`] when its SQL cannot be planned.
    pub fn add_view(&self, name: &TableName, view: &View) -> Result<(), SqlFault> {
        Ok(self.register(name, self.plan_view(view)?.into_view())?)
    }

    /// Plans a view and adds a table that has its columns and no rows: what reads it is planned without it.
    ///
    /// # Errors
    ///
    /// A [`SqlFault`] when its SQL cannot be planned.
    pub fn declare_view(&self, name: &TableName, view: &View) -> Result<(), SqlFault> {
        let schema = Arc::clone(self.plan_view(view)?.schema().inner());
        Ok(self.register(name, Arc::new(EmptyTable::new(schema)))?)
    }

    /// Answers a SELECT with all its rows.
    ///
    /// # Errors
    ///
    /// A [`SqlFault`] when it cannot be planned or does not finish.
    pub fn query(&self, sql: &str, parameters: &Parameters) -> Result<QueryResult, SqlFault> {
        let plan = self.plan(sql, parameters)?;
        let columns = column_names(&plan);
        QueryResult::from_batches(columns, &self.collect(plan)?)
    }

    /// Runs a plan beside others; where memory does not suffice, once more alone and in one partition.
    fn collect(&self, plan: DataFrame) -> Result<Vec<RecordBatch>, SqlFault> {
        let beside_others = {
            let _others = self.turns.read().unwrap_or_else(PoisonError::into_inner);
            self.runtime.block_on(plan.clone().collect())
        };
        match beside_others {
            Err(error) if is_exhausted(&error) => {
                let _alone = self.turns.write().unwrap_or_else(PoisonError::into_inner);
                let (mut state, plan) = plan.into_parts();
                state.config_mut().options_mut().execution.target_partitions = 1;
                Ok(self.runtime.block_on(DataFrame::new(state, plan).collect())?)
            }
            batches => Ok(batches?),
        }
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
        take: impl FnMut(&RecordBatch) -> Result<(), SqlFault>,
    ) -> Result<(), SqlFault> {
        self.run(self.plan(sql, parameters)?, take)
    }

    /// Checks that a SELECT can be planned, and names its columns; runs nothing.
    ///
    /// # Errors
    ///
    /// A [`SqlFault`] that points at the first slip.
    pub fn columns_of(&self, sql: &str, parameters: &Parameters) -> Result<Vec<String>, SqlFault> {
        Ok(column_names(&self.plan(sql, parameters)?))
    }

    /// Adds a table of any kind, or replaces it.
    pub(super) fn register(
        &self,
        name: &TableName,
        provider: Arc<dyn TableProvider>,
    ) -> datafusion::error::Result<()> {
        self.put(name, LayerTable::Open(provider))
    }

    fn put(&self, name: &TableName, table: LayerTable) -> datafusion::error::Result<()> {
        let layer = name.layer().as_str();
        let catalog = self.context.catalog(CATALOG).expect("the session was made with its catalog");
        let known = catalog.schema(layer).filter(|schema| schema.is::<LayerSchema>());
        let schema = if let Some(schema) = known {
            schema
        } else {
            let schema: Arc<dyn SchemaProvider> = Arc::new(LayerSchema::default());
            catalog.register_schema(layer, Arc::clone(&schema))?;
            schema
        };
        let schema = schema.downcast_ref::<LayerSchema>().expect("it is one of ours");
        schema.put(name.noun(), table);
        Ok(())
    }

    /// Plans a SELECT and sets its parameters; refuses any other statement.
    pub(super) fn plan(&self, sql: &str, parameters: &Parameters) -> Result<DataFrame, SqlFault> {
        let plan = self.parse_and_plan(sql, parameters)?;
        if plan.logical_plan().get_parameter_names()?.is_empty() {
            return Ok(plan);
        }
        let with_values = plan.with_param_values(parameters.to_values());
        with_values.map_err(|error| located(error, sql))
    }

    fn parse_and_plan(&self, sql: &str, parameters: &Parameters) -> Result<DataFrame, SqlFault> {
        let state = self.context.state();
        let mut statement =
            state.sql_to_statement(sql, &state.config_options().sql_parser.dialect)?;
        if let Some(fault) = unsupported_syntax(&statement) {
            return Err(fault);
        }
        set_variables(&mut statement, &self.variables, parameters)?;
        verify_calls(&statement, self.rules.as_deref())?;
        let planned = self.runtime.block_on(state.statement_to_plan(statement));
        let plan = planned.map_err(|error| located(error, sql))?;
        only_select().verify_plan(&plan)?;
        Ok(DataFrame::new(state, plan))
    }

    /// Plans a SELECT whose rows are kept: every column with the type that its rows will have.
    ///
    /// A plan as it is parsed has the type of the first part, where several are made alike only before it runs: of
    /// `CASE WHEN p THEN amount ELSE 0 END`, or of a union of whole numbers and decimals.
    pub(super) fn typed_plan(
        &self,
        sql: &str,
        parameters: &Parameters,
    ) -> Result<DataFrame, SqlFault> {
        let (state, plan) = self.plan(sql, parameters)?.into_parts();
        let typed = state.analyzer().execute_and_check(plan, state.config_options(), |_, _| {});
        let typed = typed.map_err(|error| located(error, sql))?;
        Ok(signed(DataFrame::new(state, typed))?)
    }

    /// Runs a plan and hands on its batches as they come.
    pub(super) fn run<E: From<SqlFault>>(
        &self,
        plan: DataFrame,
        mut take: impl FnMut(&RecordBatch) -> Result<(), E>,
    ) -> Result<(), E> {
        self.runtime.block_on(async {
            let mut batches = plan.execute_stream().await.map_err(SqlFault::from)?;
            while let Some(batch) = batches.next().await {
                take(&batch.map_err(SqlFault::from)?)?;
            }
            Ok(())
        })
    }

    fn plan_view(&self, view: &View) -> Result<DataFrame, SqlFault> {
        self.typed_plan(&view.sql, &Parameters::new().timestamp("as_of", view.as_of))
    }
}

/// An error as a fault, at the function of ours that it names.
fn located(error: DataFusionError, sql: &str) -> SqlFault {
    let fault = SqlFault::from(error);
    let Ok(statements) = DFParser::parse_sql(sql) else { return fault };
    statements.iter().fold(fault, placed)
}

/// What may be planned.
fn only_select() -> SQLOptions {
    SQLOptions::new().with_allow_ddl(false).with_allow_dml(false).with_allow_statements(false)
}

/// Whether a query ended because memory did not suffice.
fn is_exhausted(error: &DataFusionError) -> bool {
    matches!(error.find_root(), DataFusionError::ResourcesExhausted(_))
}

fn column_names(plan: &DataFrame) -> Vec<String> {
    plan.schema().fields().iter().map(|field| field.name().clone()).collect()
}
