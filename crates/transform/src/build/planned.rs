//! What a build would make anew, and why, before it makes anything.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use scorewright_domain::TableName;
use scorewright_warehouse::arrow::datatypes::Schema;
use scorewright_warehouse::{Snapshot, Table, View};

use super::unchanged::{input_hash_of, stored_hash, unchanged};
use crate::companion::Materialization;
use crate::model::Model;
use crate::pipeline::Pipeline;

/// A model of the next build.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlannedModel {
    /// Its table.
    pub table: TableName,
    /// Why it is made anew; none where the table of the version before stays.
    pub reasons: Vec<RebuildReason>,
    /// Hash over everything that it will be made from.
    input_hash: String,
}

/// Why a table is made anew.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RebuildReason {
    /// The version before does not have it.
    New,
    /// Its SQL or its companion file changed, or a variable, the zone or a schedule that it names.
    Edited,
    /// Tables that it reads, or that its checks look into, change.
    Reads(Vec<TableName>),
    /// It asks for the as-of day, which is another one: it is rebuilt whole.
    Day,
}

/// The version that the next build begins from.
#[derive(Debug, Clone, Copy)]
pub struct FormerVersion<'a> {
    /// Its tables.
    pub snapshot: &'a Snapshot,
    /// Local midnight at which its as-of day began; `None` where there is no version yet.
    pub as_of: Option<Timestamp>,
}

impl Pipeline {
    /// What [`build`](Pipeline::build) would make anew of what has landed, in the order of the build.
    ///
    /// A table is named by what it is made from, so that no model has to run.
    pub fn planned(
        &self,
        former: FormerVersion<'_>,
        landed: &Snapshot,
        as_of: Timestamp,
    ) -> Vec<PlannedModel> {
        let mut plan = BuildPlan { former, landed, as_of, made: BTreeMap::new() };
        self.models.iter().map(|model| plan.model(model)).collect()
    }

    /// Tables of a version that would be other ones if all models were built of what has landed.
    pub fn behind(&self, built: &Snapshot, as_of: Timestamp) -> BTreeSet<TableName> {
        let former = FormerVersion { snapshot: built, as_of: Some(as_of) };
        let planned = self.planned(former, built, as_of).into_iter();
        planned.filter(|model| !model.reasons.is_empty()).map(|model| model.table).collect()
    }

    /// What has landed with the tables that the build will make: of each what it will be made from, and neither its rows
    /// nor its columns.
    ///
    /// - `planned`: as [`planned`](Pipeline::planned) gave it.
    pub fn planned_snapshot(&self, planned: &[PlannedModel], landed: &Snapshot) -> Snapshot {
        let mut snapshot = landed.clone();
        for (order, (model, plan)) in self.models.iter().zip(planned).enumerate() {
            if !plan.reasons.is_empty() {
                put_planned(&mut snapshot, model, order, &plan.input_hash);
            }
        }
        snapshot
    }
}

fn put_planned(snapshot: &mut Snapshot, model: &Model, order: usize, input_hash: &str) {
    let (name, input_hash) = (model.name.clone(), input_hash.to_owned());
    snapshot.tables.remove(&name);
    snapshot.views.remove(&name);
    match model.settings.materialization {
        Materialization::Table => {
            snapshot.tables.insert(name, Table::new(&Schema::empty(), Vec::new(), input_hash));
        }
        Materialization::View => {
            let (sql, as_of) = (model.sql.text.clone(), Timestamp::default());
            snapshot.views.insert(name, View { sql, as_of, order, input_hash });
        }
    }
}

struct BuildPlan<'a> {
    former: FormerVersion<'a>,
    landed: &'a Snapshot,
    as_of: Timestamp,
    /// What each model looked at so far will be made from.
    made: BTreeMap<TableName, String>,
}

impl BuildPlan<'_> {
    fn model(&mut self, model: &Model) -> PlannedModel {
        let hash = input_hash_of(model, self.as_of, self.landed, |table| self.hash(table));
        let is_kept = unchanged(model, &hash, self.former.snapshot).is_some();
        let reasons = if is_kept { Vec::new() } else { self.reasons(model) };
        self.made.insert(model.name.clone(), hash.clone());
        PlannedModel { table: model.name.clone(), reasons, input_hash: hash }
    }

    /// What a table will be made from.
    fn hash(&self, table: &TableName) -> Option<&str> {
        self.made.get(table).map(String::as_str).or_else(|| stored_hash(self.landed, table))
    }

    fn reasons(&self, model: &Model) -> Vec<RebuildReason> {
        let before = self.former.snapshot;
        let Some(stored) = stored_hash(before, &model.name) else {
            return vec![RebuildReason::New];
        };
        let mut reasons = Vec::new();
        let changed: Vec<TableName> = model
            .needs()
            .filter(|table| self.hash(table) != stored_hash(before, table))
            .cloned()
            .collect();
        let day = self.former.as_of.unwrap_or(self.as_of);
        let as_it_was = input_hash_of(model, day, self.landed, |table| stored_hash(before, table));
        if as_it_was != stored {
            reasons.push(RebuildReason::Edited);
        }
        if !changed.is_empty() {
            reasons.push(RebuildReason::Reads(changed));
        }
        if model.uses_as_of && day != self.as_of {
            reasons.push(RebuildReason::Day);
        }
        // The version before has the table, but not as something that its build made.
        if reasons.is_empty() { vec![RebuildReason::New] } else { reasons }
    }
}
