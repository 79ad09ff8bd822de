//! What the values of metrics are measured from, so that those of the version before stay where nothing of it changed.

use std::collections::BTreeMap;

use scorewright_domain::{Fingerprint, TableName};
use scorewright_kpi::{Metric, MetricCoverage};
use scorewright_project::Project;
use scorewright_warehouse::Snapshot;

/// By metric a hash over everything that its values depend on; without metrics of which only measuring tells.
///
/// - `built`: the facts that are measured, and what SQL means.
pub(crate) fn measured_from(
    project: &Project,
    built: &Snapshot,
    coverage: &MetricCoverage,
) -> BTreeMap<String, Fingerprint> {
    let of_metric = |metric: &Metric| {
        let most_segments = project.settings.limits.segments;
        let definition = metric.measured_from(coverage, most_segments)?;
        let rows = rows_of(&metric.fact()?, built)?;
        let (program, local_time) = (env!("CARGO_PKG_VERSION"), &built.local_time);
        let variables = &built.variables;
        let text = format!("{program}\0{definition}\0{rows}\0{local_time:?}\0{variables:?}");
        Some((metric.name.clone(), Fingerprint::of(text.as_bytes())))
    };
    project.metrics.iter().filter_map(of_metric).collect()
}

/// What the rows of a table or a view are made from.
fn rows_of(fact: &TableName, built: &Snapshot) -> Option<String> {
    let view = built.views.get(fact).map(|view| view.input_hash.clone());
    let table = built.tables.get(fact);
    view.or_else(|| table.map(|table| format!("{} {:?}", table.input_hash, table.visible_at)))
}
