//! Columns that no extract has, and the metrics that cannot do without them.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use scorewright_domain::AbsentColumn;
use scorewright_project::Project;
use scorewright_warehouse::{ColumnLineage, Session, Snapshot};

use crate::exit::Failure;

/// By metric: columns that no extract has and without which rows of their source give it no value.
///
/// Found when a version is made, from the SQL that makes it, so that pages rendered later say the same.
pub(crate) fn by_metric(
    project: &Project,
    session: &Session,
    snapshot: &Snapshot,
    as_of: Date,
) -> Result<BTreeMap<String, BTreeSet<AbsentColumn>>, Failure> {
    let absent = scorewright_domain::absent_columns(&snapshot.landings);
    let mut found = BTreeMap::new();
    if absent.is_empty() {
        return Ok(found);
    }
    let mut lineage = ColumnLineage::new(session, &absent, project.midnight(as_of));
    project.pipeline.trace(&mut lineage)?;
    for metric in &project.metrics {
        let columns = scorewright_kpi::absent_columns_of(metric, &lineage)?;
        if !columns.is_empty() {
            found.insert(metric.name.clone(), columns);
        }
    }
    Ok(found)
}
