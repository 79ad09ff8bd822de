//! Which sources and seeds a metric or a table is made from.

use std::collections::BTreeSet;

use scorewright_domain::{Layer, TableName};
use scorewright_kpi::Metric;
use scorewright_transform::Model;

use crate::project::Project;

impl Project {
    /// Sources that a metric is made from, through all models between.
    pub fn sources_of(&self, metric: &Metric) -> Vec<String> {
        self.sources_below(self.facts_of(metric))
    }

    /// Sources that the rows of a metric's facts come from; others are only looked into.
    pub fn driving_sources_of(&self, metric: &Metric) -> Vec<String> {
        self.sources_along(self.facts_of(metric), |model| &model.driving)
    }

    /// Sources that tables are made from, through all models between.
    pub fn sources_below(&self, tables: Vec<TableName>) -> Vec<String> {
        self.sources_along(tables, |model| &model.reads)
    }

    /// Seeds that a metric is made from, through all models between.
    pub fn seeds_of(&self, metric: &Metric) -> Vec<TableName> {
        let tables = self.tables_along(self.facts_of(metric), |model| &model.reads);
        tables.into_iter().filter(|table| *table.layer() == Layer::Seed).collect()
    }

    fn sources_along(
        &self,
        tables: Vec<TableName>,
        reads: impl Fn(&Model) -> &BTreeSet<TableName>,
    ) -> Vec<String> {
        let tables = self.tables_along(tables, reads);
        let landed =
            tables.iter().filter(|table| matches!(table.layer(), Layer::Raw | Layer::History));
        let sources: BTreeSet<&str> = landed.map(TableName::noun).collect();
        sources.into_iter().map(ToOwned::to_owned).collect()
    }

    /// Tables, and those that they are made from.
    fn tables_along(
        &self,
        mut waiting: Vec<TableName>,
        reads: impl Fn(&Model) -> &BTreeSet<TableName>,
    ) -> BTreeSet<TableName> {
        let mut tables: BTreeSet<TableName> = BTreeSet::new();
        while let Some(table) = waiting.pop() {
            let model = self.pipeline.models.iter().find(|model| model.name == table);
            let reads = model.iter().flat_map(|model| reads(model));
            waiting.extend(reads.filter(|read| !tables.contains(read)).cloned());
            tables.insert(table);
        }
        tables
    }

    /// The facts of a metric, and of the metrics it is computed from.
    fn facts_of(&self, metric: &Metric) -> Vec<TableName> {
        let parts = metric.parts();
        let parts = self.metrics.iter().filter(|other| parts.contains(&other.name.as_str()));
        metric.fact().into_iter().chain(parts.flat_map(|part| self.facts_of(part))).collect()
    }
}
