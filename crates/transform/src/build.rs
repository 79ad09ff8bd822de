//! Write, audit, put: every model that changed, and only those.

mod build_report;

mod unchanged;

mod make;

mod reassigned_names;

mod planned;

mod audit;

mod counted_views;

mod in_progress;

use std::collections::BTreeSet;

use jiff::Timestamp;
use scorewright_domain::{Listener, TableName};
use scorewright_warehouse::{Snapshot, Transaction};

use self::counted_views::put_counted_views;
use self::in_progress::Build;
use crate::companion::Materialization;
use crate::pipeline::Pipeline;
pub use build_report::{BuildError, BuildReport, FailedModel};
pub use planned::{FormerVersion, PlannedModel, RebuildReason};

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
        self.build_some(None, transaction, as_of, listener)
    }

    /// The same of some models: the tables of all others stay as they are.
    ///
    /// A view is computed when it is read and cannot stay: one that would be another is made too.
    ///
    /// - `selected`: the models, where not all are built. The version before has the tables of all others.
    ///
    /// # Errors
    ///
    /// As [`build`](Pipeline::build).
    pub fn build_some(
        &self,
        selected: Option<&BTreeSet<TableName>>,
        transaction: &mut Transaction,
        as_of: Timestamp,
        listener: &dyn Listener,
    ) -> Result<BuildReport, BuildError> {
        for name in self.orphans(transaction.snapshot()) {
            transaction.remove(&name);
        }
        let mut build = Build::new(as_of, listener);
        for (order, model) in self.models.iter().enumerate() {
            let is_selected = selected.is_none_or(|selected| selected.contains(&model.name));
            if is_selected || model.settings.materialization == Materialization::View {
                build.model(model, order, transaction)?;
            } else {
                build.keep(model, transaction.snapshot());
            }
        }
        build.custom_checks(&self.checks, transaction)?;
        build.emit_checks();
        put_counted_views(transaction, as_of, self.models.len());
        let report = build.report;
        transaction.set_built(report.built.clone());
        transaction.set_checks(report.checks.clone());
        Ok(report)
    }

    /// Tables and views of models and seeds that the project no longer has.
    fn orphans(&self, snapshot: &Snapshot) -> Vec<TableName> {
        let models: BTreeSet<&TableName> = self.models.iter().map(|model| &model.name).collect();
        let is_orphan = |name: &&TableName| name.layer().is_built() && !models.contains(*name);
        snapshot.tables.keys().chain(snapshot.views.keys()).filter(is_orphan).cloned().collect()
    }
}
