//! All models of a project, in the order of their build.

mod seeds;

mod read;

mod order;

mod plan;

mod selection;

use std::collections::BTreeSet;

use jiff::Timestamp;
use scorewright_domain::{Fault, ProjectFile, TableName};
use scorewright_warehouse::{ColumnLineage, Parameters, Session};

use self::order::{OrderedModels, order};
use self::plan::{plan_check, plan_model};
use self::read::{ProjectSql, unread_feeders};
use crate::check::CustomCheck;
use crate::companion::Materialization;
use crate::model::{Model, Work};
pub use selection::RunSelection;

/// The models and checks of a project.
#[derive(Debug, Clone)]
pub struct Pipeline {
    /// Models, each behind everything it reads.
    pub models: Vec<Model>,
    /// The project's own checks, run when every model is built.
    pub checks: Vec<CustomCheck>,
}

/// The models and checks of a project that have no fault, and those that have.
#[derive(Debug, Clone)]
pub struct SoundPipeline {
    /// What has no fault in its files.
    pub pipeline: Pipeline,
    /// Tables that nothing can be said of: what reads them is not planned.
    pub broken: BTreeSet<TableName>,
    /// All faults found, not only the first.
    pub faults: Vec<Fault>,
}

impl Pipeline {
    /// Reads `models/<layer>/<noun>.{sql,toml}`, `seeds/<noun>.{csv,toml}`, `checks/<check>.sql` and `identity.toml`.
    ///
    /// - `files`: the SQL, CSV and TOML files below `pipelines`, by path below the project; those of others are passed over.
    /// - `raw`: the tables that sources make.
    ///
    /// # Errors
    ///
    /// All faults found, not only the first.
    pub fn read(files: &[ProjectFile], raw: &BTreeSet<TableName>) -> Result<Self, Vec<Fault>> {
        let SoundPipeline { pipeline, faults, .. } = Self::read_sound(files, raw);
        if faults.is_empty() { Ok(pipeline) } else { Err(faults) }
    }

    /// Reads the same files, and goes on with what has no fault.
    pub fn read_sound(files: &[ProjectFile], raw: &BTreeSet<TableName>) -> SoundPipeline {
        let ProjectSql { models, checks, mut broken, mut faults } = ProjectSql::read(files);
        faults.extend(unread_feeders(&models, &broken));
        let others = raw.union(&broken).cloned().collect();
        let OrderedModels { models, broken: misplaced, faults: more } = order(models, &others);
        broken.extend(misplaced);
        faults.extend(more);
        SoundPipeline { pipeline: Self { models, checks }, broken, faults }
    }

    /// Plans every model, its checks and the project's checks against declared columns; runs nothing.
    ///
    /// - `session` must know the raw tables; it gets every model as a table without rows.
    /// - `broken`: tables that it does not know; it gets the models that cannot be planned.
    /// - Answers with all faults of models whose own inputs are sound.
    pub fn plan(
        &self,
        session: &Session,
        as_of: Timestamp,
        broken: &mut BTreeSet<TableName>,
    ) -> Vec<Fault> {
        let mut faults = Vec::new();
        for (position, model) in self.models.iter().enumerate() {
            let is_broken = broken.contains(&model.name);
            if is_broken || model.needs().any(|table| broken.contains(table)) {
                broken.insert(model.name.clone());
            } else if let Err(fault) = plan_model(model, session, as_of, position) {
                broken.insert(model.name.clone());
                faults.push(fault);
            }
        }
        let reads_broken =
            |check: &CustomCheck| check.reads.iter().any(|table| broken.contains(table));
        for check in self.checks.iter().filter(|check| !reads_broken(check)) {
            faults.extend(plan_check(check, session, as_of).err());
        }
        faults
    }

    /// What words select: `fact.ticket` a model, `fact.ticket+` with all that reads it, `+fact.ticket` with all that it
    /// reads, and the name of a source that source, with all that reads it.
    ///
    /// - `sources`: the names of all sources.
    ///
    /// # Errors
    ///
    /// The first name that neither a model nor a source has.
    pub fn select(&self, words: &[String], sources: &[&str]) -> Result<RunSelection, String> {
        RunSelection::of(&self.models, words, sources)
    }

    /// Where models and checks cut an instant at midnight of UTC, of a project whose days begin elsewhere.
    ///
    /// - `session` and `broken` as [`Pipeline::plan`] left them.
    pub fn utc_days(
        &self,
        session: &Session,
        as_of: Timestamp,
        broken: &BTreeSet<TableName>,
    ) -> Vec<Fault> {
        let is_sound = |reads: &BTreeSet<TableName>| reads.is_disjoint(broken);
        let models = self.models.iter().filter(|model| matches!(model.work, Work::Select));
        let models = models.map(|model| (&model.sql, &model.reads));
        let checks = self.checks.iter().map(|check| (&check.sql, &check.reads));
        let parameters = Parameters::new().timestamp("as_of", as_of);
        let mut warnings = Vec::new();
        for (sql, _) in models.chain(checks).filter(|(_, reads)| is_sound(reads)) {
            // What cannot be planned is refused elsewhere.
            let found = session.utc_days(&sql.text, &parameters).unwrap_or_default();
            warnings.extend(found.iter().map(|fault| fault.in_file(sql)));
        }
        warnings
    }

    /// Adds every model to the lineage of columns, each after those it reads.
    ///
    /// What the identity file makes is not followed; a view is part of the plan of whatever reads it.
    ///
    /// # Errors
    ///
    /// The [`Fault`] of a model that cannot be planned.
    pub fn trace(&self, lineage: &mut ColumnLineage) -> Result<(), Fault> {
        let is_stored = |model: &&Model| model.settings.materialization == Materialization::Table;
        let selected = self.models.iter().filter(|model| matches!(model.work, Work::Select));
        for model in selected.filter(is_stored) {
            let added = lineage.add(&model.name, &model.sql.text);
            added.map_err(|fault| fault.in_file(&model.sql))?;
        }
        Ok(())
    }
}
