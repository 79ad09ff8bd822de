//! The tables of one snapshot, and SELECT over them.

use std::path::Path;
use std::sync::{Arc, RwLock};

use arrow::datatypes::SchemaRef;
use arrow::record_batch::RecordBatch;
use datafusion::catalog::SchemaProvider;
use datafusion::dataframe::DataFrame;
use datafusion::datasource::TableProvider;
use datafusion::datasource::empty::EmptyTable;
use datafusion::prelude::SessionContext;
use scorewright_domain::{Layer, LocalTime, SqlLimits, TableName, Variables};
use scorewright_durable::failed;

use super::engine::{self, CATALOG};
use super::execution::QueryThreads;
use super::functions::{self, LocalRules};
use super::information_schema::{INFORMATION_SCHEMA, InformationSchema};
use super::layer_schema::{ClosedTable, LayerSchema, LayerTable};
use super::parameters::Parameters;
use super::query_result::{AnswerColumn, QueryResult};
use super::spill::SpillFolder;
use super::sql_fault::SqlFault;
use super::stored_table;
use super::table_files::TableFiles;
use crate::error::{WarehouseError, engine_error};
use crate::storage::{Snapshot, Table, View, Warehouse};

/// Answers SELECTs over the tables of one snapshot; later commits do not disturb it.
///
/// Nothing can be created, changed or copied through it, and no other table or
/// file can be reached.
pub struct Session {
    pub(super) context: SessionContext,
    pub(super) threads: QueryThreads,
    /// Where the files of its tables lie.
    pub(super) files: Arc<TableFiles>,
    /// What SQL means by a local day; `None` over a version that does not keep it.
    pub(super) rules: Option<Arc<LocalRules>>,
    /// What SQL may call by a name of the project.
    pub(super) variables: Variables,
    /// What a query may take.
    pub(super) limits: SqlLimits,
    /// Whether the same SQL answers the same at every run.
    pub(super) is_repeatable: bool,
    /// Queries run beside each other, and one that needs all the memory runs alone.
    pub(super) turns: RwLock<()>,
    /// Removed after all that spills into it.
    spill: Option<SpillFolder>,
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
        let threads = QueryThreads::start().map_err(failed("start threads for", root))?;
        let session = Self::with(threads, snapshot.local_time.as_ref())?;
        let session = Self {
            limits: warehouse.sql_limits(),
            spill: SpillFolder::create(root),
            ..session.with_variables(snapshot.variables.clone())
        };
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
        let threads = QueryThreads::start();
        Self::with(threads.map_err(failed("start threads for", Path::new("planning")))?, Some(time))
    }

    fn with(threads: QueryThreads, time: Option<&LocalTime>) -> Result<Self, WarehouseError> {
        let mut context = engine::context();
        let files = Arc::new(TableFiles::default());
        files.register(&context);
        let rules = time.and_then(LocalRules::of).map(Arc::new);
        functions::register(&mut context, rules.as_ref()).map_err(engine_error("all"))?;
        let catalog = context.catalog(CATALOG).expect("the session was made with its catalog");
        let schema = Arc::new(InformationSchema::of(&catalog));
        catalog.register_schema(INFORMATION_SCHEMA, schema).map_err(engine_error("all"))?;
        let (variables, limits) = (Variables::default(), SqlLimits::default());
        Ok(Self {
            context,
            threads,
            files,
            rules,
            variables,
            limits,
            is_repeatable: true,
            turns: RwLock::new(()),
            spill: None,
        })
    }

    /// The same, with the variables of a project.
    #[must_use]
    pub fn with_variables(self, variables: Variables) -> Self {
        Self { variables, ..self }
    }

    /// The same, for a person who asks: SQL may call the clock and chance, which nothing that is kept may depend on.
    #[must_use]
    pub fn for_a_person(self) -> Self {
        Self { is_repeatable: false, ..self }
    }

    /// The zone of the project; `None` where it is UTC, or not known.
    pub(super) fn zone_other_than_utc(&self) -> Option<&str> {
        let zone = self.rules.as_ref().map(|rules| rules.zone_name.as_str());
        zone.filter(|zone| !["UTC", "Etc/UTC"].contains(zone))
    }

    /// Folder of its temporary files; without one, as for a user who may only read, nothing spills.
    pub(super) fn spill_path(&self) -> Option<&Path> {
        self.spill.as_ref().map(SpillFolder::path)
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
        let open = stored_table::open(&self.context, &self.files, root, name, table);
        let table = Arc::new(self.threads.block_on(open)?);
        self.register(name, table).map_err(engine_error(&name.to_string()))
    }

    /// Adds a table whose files are opened once SQL names it.
    fn add_on_demand(
        &self,
        root: &Path,
        name: &TableName,
        table: &Table,
    ) -> Result<(), WarehouseError> {
        let (root, table, files) = (root.to_owned(), table.clone(), Arc::clone(&self.files));
        let closed = ClosedTable { root, name: name.clone(), table, files };
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
        QueryResult::from_batches(columns, &self.collect(&plan)?)
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
        self.run(&self.plan(sql, parameters)?, take)
    }

    /// Answers a SELECT column by column, some rows at a time, in no order.
    ///
    /// - `take`: gets the columns in the order of the SELECT, and how many rows they have.
    ///
    /// # Errors
    ///
    /// A [`SqlFault`] when it cannot be planned or does not finish, or the first that `take` returns.
    pub fn each_columns(
        &self,
        sql: &str,
        parameters: &Parameters,
        mut take: impl FnMut(&[AnswerColumn], usize) -> Result<(), SqlFault>,
    ) -> Result<(), SqlFault> {
        self.each_batch(sql, parameters, |batch| {
            let columns = batch.columns().iter().map(AnswerColumn::of);
            take(&columns.collect::<Result<Vec<_>, _>>()?, batch.num_rows())
        })
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

    fn plan_view(&self, view: &View) -> Result<DataFrame, SqlFault> {
        self.typed_plan(&view.sql, &Parameters::new().timestamp("as_of", view.as_of))
    }
}

fn column_names(plan: &DataFrame) -> Vec<String> {
    plan.schema().fields().iter().map(|field| field.name().clone()).collect()
}
