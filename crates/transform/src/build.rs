//! Write, audit, put: every model that changed, and only those.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::Timestamp;
use scorewright_domain::{Built, Event, Fingerprint, Listener, TableName};
use scorewright_warehouse::{MaterializeError, Parameters, Session, Table, Transaction, View};

use crate::identity::{Identity, Part, Who};
use crate::model::{Materialization, Model, Work};
use crate::pipeline::Pipeline;
use crate::report::{BuildError, BuildReport, FailedModel};

impl Pipeline {
    /// Builds what changed since the newest commit, checks it and puts it into the transaction.
    ///
    /// A model whose text, inputs and day are those of the version before is
    /// taken over. A failure stops what depends on it and lets the rest finish;
    /// the caller commits only a [sound](BuildReport::is_sound) report.
    ///
    /// # Errors
    ///
    /// [`BuildError`] when the disk refuses; what is wrong with models is in the report.
    pub fn build(
        &self,
        transaction: &mut Transaction,
        as_of: Timestamp,
        listener: &dyn Listener,
    ) -> Result<BuildReport, BuildError> {
        self.remove_orphans(transaction);
        let mut build = Build {
            as_of,
            listener,
            session: None,
            who: Who::default(),
            report: BuildReport::default(),
        };
        for (order, model) in self.models.iter().enumerate() {
            build.model(model, order, transaction)?;
        }
        build.custom_checks(self, transaction)?;
        transaction.set_built(build.report.built.clone());
        transaction.set_checks(build.report.checks.clone());
        Ok(build.report)
    }

    /// Ends tables of models that the project no longer has.
    fn remove_orphans(&self, transaction: &mut Transaction) {
        let ours: BTreeSet<&TableName> = self.models.iter().map(|model| &model.name).collect();
        let snapshot = transaction.snapshot();
        let is_ours = |name: &&TableName| !ours.contains(*name) && name.layer().is_modelled();
        let gone: Vec<TableName> =
            snapshot.tables.keys().chain(snapshot.views.keys()).filter(is_ours).cloned().collect();
        for name in &gone {
            transaction.remove(name);
        }
    }
}

/// One build in progress. The engine starts only when a model has work.
pub(crate) struct Build<'a> {
    pub(crate) as_of: Timestamp,
    pub(crate) listener: &'a dyn Listener,
    session: Option<Session>,
    pub(crate) who: Who,
    pub(crate) report: BuildReport,
}

impl Build<'_> {
    fn model(
        &mut self,
        model: &Model,
        order: usize,
        transaction: &mut Transaction,
    ) -> Result<(), BuildError> {
        if self.depends_on_failure(model) {
            self.report.skipped.push(model.name.clone());
            return Ok(());
        }
        let input_hash = self.input_hash(model, transaction);
        if let Some(before) = taken_over(model, &input_hash, transaction) {
            self.tell(&before);
            self.report.built.push(before);
            return Ok(());
        }
        self.open(transaction)?;
        match (&model.work, model.settings.materialization) {
            (Work::Identity(identity, part), _) => {
                if !self.identify(model, (identity, *part), &input_hash, transaction)? {
                    return Ok(());
                }
            }
            (Work::Select, Materialization::Table) => {
                if !self.materialize(model, &input_hash, transaction)? {
                    return Ok(());
                }
            }
            (Work::Select, Materialization::View) => {
                let view =
                    View { sql: model.sql.text.clone(), as_of: self.as_of, order, input_hash };
                if let Err(fault) = self.session().add_view(&model.name, &view) {
                    self.fail(fault.in_file(&model.sql).into(), model);
                    return Ok(());
                }
                transaction.put_view(&model.name, view);
            }
        }
        self.audit(model);
        Ok(())
    }

    /// Writes the table aside; `false` when its SQL fails.
    fn materialize(
        &mut self,
        model: &Model,
        input_hash: &str,
        transaction: &mut Transaction,
    ) -> Result<bool, BuildError> {
        let parameters = Parameters::new().timestamp("as_of", self.as_of);
        let open = |schema| transaction.file_writer(schema);
        let made =
            self.session().materialize(&model.sql.text, &parameters, &model.settings.grain, open);
        let (schema, file) = match made {
            Ok(made) => made,
            Err(MaterializeError::Warehouse(error)) => return Err(error.into()),
            Err(MaterializeError::Sql(fault)) => {
                self.fail(fault.in_file(&model.sql).into(), model);
                return Ok(false);
            }
        };
        let table = Table::new(&schema, vec![file], input_hash.into());
        self.session().add_table(transaction.root(), &model.name, &table)?;
        transaction.put(&model.name, table);
        Ok(true)
    }

    /// Writes a table of the identity file aside; `false` when the file does not fit its tables.
    fn identify(
        &mut self,
        model: &Model,
        (identity, part): (&Arc<Identity>, Part),
        input_hash: &str,
        transaction: &mut Transaction,
    ) -> Result<bool, BuildError> {
        if Part::ALL.iter().any(|other| self.report.skipped.contains(&other.table())) {
            self.report.skipped.push(model.name.clone());
            return Ok(false);
        }
        let session = self.session.as_ref().expect("opened before a model is worked on");
        let resolved = match self.who.find(identity, session, self.as_of) {
            Ok(resolved) => resolved,
            Err(fault) => {
                self.fail(fault.into(), model);
                return Ok(false);
            }
        };
        let file = resolved.write(part, transaction.file_writer(part.schema())?)?;
        let table = Table::new(&part.schema(), vec![file], input_hash.into());
        session.add_table(transaction.root(), &model.name, &table)?;
        transaction.put(&model.name, table);
        Ok(true)
    }

    fn depends_on_failure(&self, model: &Model) -> bool {
        model.needs().any(|table| self.report.skipped.contains(table))
    }

    pub(crate) fn fail(&mut self, failed: FailedModel, model: &Model) {
        self.report.failed.push(failed);
        self.report.skipped.push(model.name.clone());
    }

    pub(crate) fn open(&mut self, transaction: &Transaction) -> Result<(), BuildError> {
        if self.session.is_none() {
            self.session = Some(transaction.session()?);
        }
        Ok(())
    }

    pub(crate) fn session(&self) -> &Session {
        self.session.as_ref().expect("opened before a model is worked on")
    }

    /// Hash over everything the model is made from: its files, the day where it asks for it, and all it reads.
    fn input_hash(&self, model: &Model, transaction: &Transaction) -> String {
        let snapshot = transaction.snapshot();
        let upstream: BTreeMap<&TableName, &str> = model
            .needs()
            .filter_map(|name| {
                let table = snapshot.tables.get(name).map(|table| table.input_hash.as_str());
                Some((
                    name,
                    table.or_else(|| {
                        snapshot.views.get(name).map(|view| view.input_hash.as_str())
                    })?,
                ))
            })
            .collect();
        let as_of = if model.uses_as_of { self.as_of.to_string() } else { String::new() };
        let text = format!("{}\0{}\0{as_of}\0{upstream:?}", model.sql.text, model.companion.text);
        Fingerprint::of(text.as_bytes()).to_string()
    }

    pub(crate) fn tell(&self, built: &Built) {
        let (table, rows, is_unchanged) = (built.table.to_string(), built.rows, built.is_unchanged);
        self.listener.on_event(Event::TableBuilt { table, rows, is_unchanged });
    }
}

/// What the newest commit says of the model, if it was made from the same things.
fn taken_over(model: &Model, input_hash: &str, transaction: &Transaction) -> Option<Built> {
    let snapshot = transaction.snapshot();
    let stored = match model.settings.materialization {
        Materialization::Table => snapshot.tables.get(&model.name).map(|table| &table.input_hash),
        Materialization::View => snapshot.views.get(&model.name).map(|view| &view.input_hash),
    };
    let before = snapshot.built.iter().find(|built| built.table == model.name)?;
    (stored? == input_hash).then(|| Built { is_unchanged: true, ..before.clone() })
}
