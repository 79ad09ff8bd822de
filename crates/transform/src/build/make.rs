//! The rows of one model: written into a file, or planned as a view.

use jiff::Timestamp;
use scorewright_domain::{CheckOutcome, Fault, TableName};
use scorewright_warehouse::arrow::record_batch::RecordBatch;
use scorewright_warehouse::{
    MaterializeError, Parameters, Session, Table, Transaction, View, WarehouseError,
};

use super::build_report::{BuildError, FailedModel};
use crate::companion::Materialization;
use crate::identity::{IdentityResolver, IdentityTable, ResolvedKeys};
use crate::model::{Model, Work};

/// Why a model has no rows that can be published.
#[derive(Debug)]
pub(super) enum NotMade {
    /// The model or its rows are at fault; the others go on.
    Failed(FailedModel),
    /// The build cannot go on.
    Aborted(BuildError),
}

impl From<FailedModel> for NotMade {
    fn from(failed: FailedModel) -> Self {
        Self::Failed(failed)
    }
}

impl From<Fault> for NotMade {
    fn from(fault: Fault) -> Self {
        Self::Failed(fault.into())
    }
}

impl From<BuildError> for NotMade {
    fn from(error: BuildError) -> Self {
        Self::Aborted(error)
    }
}

impl From<WarehouseError> for NotMade {
    fn from(error: WarehouseError) -> Self {
        Self::Aborted(error.into())
    }
}

/// What is known of a model once its rows are made.
#[derive(Debug, Default)]
pub(super) struct MadeRows {
    /// Outcomes of checks that belong to the way they are made; those of the companion file come later.
    pub(super) outcomes: Vec<CheckOutcome>,
    /// Rows that repeat the grain of one before, where that was counted.
    pub(super) repeated_keys: Option<u64>,
}

/// What the rows of models are made with.
pub(super) struct ModelMaker<'a> {
    pub(super) session: &'a Session,
    pub(super) as_of: Timestamp,
    pub(super) transaction: &'a mut Transaction,
}

impl ModelMaker<'_> {
    /// Makes the rows of a model and puts its table into session and transaction.
    pub(super) fn make(
        &mut self,
        model: &Model,
        order: usize,
        input_hash: String,
        resolver: &mut IdentityResolver,
    ) -> Result<MadeRows, NotMade> {
        match (&model.work, model.settings.materialization) {
            (Work::Identity(identity, table), _) => {
                let keys = resolver.resolve(identity, self.session, self.as_of)?;
                self.write_identity(keys, *table, input_hash)
            }
            (Work::Seed(rows), _) => self.write_seed(model, rows, input_hash),
            (Work::Select, Materialization::Table) => self.write_select(model, input_hash),
            (Work::Select, Materialization::View) => self.add_view(model, order, input_hash),
        }
    }

    fn write_select(&mut self, model: &Model, input_hash: String) -> Result<MadeRows, NotMade> {
        let parameters = Parameters::new().timestamp("as_of", self.as_of);
        let (sql, grain) = (&model.sql, &model.settings.grain);
        let open = |schema| self.transaction.file_writer(schema);
        let made =
            self.session.materialize(&sql.text, &parameters, grain, open).map_err(|refused| {
                match refused {
                    MaterializeError::Warehouse(error) => NotMade::from(error),
                    MaterializeError::Sql(fault) => fault.in_file(sql).into(),
                }
            })?;
        self.put(&model.name, Table::new(&made.schema, vec![made.file], input_hash))?;
        Ok(MadeRows { repeated_keys: Some(made.repeated_keys), ..MadeRows::default() })
    }

    fn write_seed(
        &mut self,
        model: &Model,
        rows: &RecordBatch,
        input_hash: String,
    ) -> Result<MadeRows, NotMade> {
        let mut writer = self.transaction.file_writer(rows.schema())?;
        writer.write(rows)?;
        let table = Table::new(&rows.schema(), vec![writer.finish()?], input_hash);
        self.put(&model.name, table)?;
        Ok(MadeRows::default())
    }

    fn write_identity(
        &mut self,
        keys: &ResolvedKeys,
        table: IdentityTable,
        input_hash: String,
    ) -> Result<MadeRows, NotMade> {
        let file = keys.write(table, self.transaction.file_writer(table.schema())?)?;
        self.put(&table.name(), Table::new(&table.schema(), vec![file], input_hash))?;
        Ok(MadeRows { outcomes: keys.outcomes(table), ..MadeRows::default() })
    }

    fn add_view(
        &mut self,
        model: &Model,
        order: usize,
        input_hash: String,
    ) -> Result<MadeRows, NotMade> {
        let view = View { sql: model.sql.text.clone(), as_of: self.as_of, order, input_hash };
        let added = self.session.add_view(&model.name, &view);
        added.map_err(|fault| fault.in_file(&model.sql))?;
        self.transaction.put_view(&model.name, view);
        Ok(MadeRows::default())
    }

    fn put(&mut self, name: &TableName, table: Table) -> Result<(), NotMade> {
        self.session.add_table(self.transaction.root(), name, &table)?;
        self.transaction.put(name, table);
        Ok(())
    }
}
