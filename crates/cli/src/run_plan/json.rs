//! What the next run would do, for programs: one object a line.

use scorewright_domain::TableName;
use scorewright_transform::{PlannedModel, RebuildReason};
use serde_json::{Value, json};

use super::metrics::{MeasureReason, PlannedMetric};
use super::reports::{PlannedMail, PlannedReport};

/// What would become of a table.
pub(super) fn table(model: &PlannedModel) -> Value {
    let reads = model.reasons.iter().find_map(|reason| match reason {
        RebuildReason::Reads(tables) => Some(names(tables)),
        _ => None,
    });
    json!({
        "kind": "table",
        "table": model.table.to_string(),
        "build": !model.reasons.is_empty(),
        "new": model.reasons.contains(&RebuildReason::New),
        "edited": model.reasons.contains(&RebuildReason::Edited),
        "asks_for_the_day": model.reasons.contains(&RebuildReason::Day),
        "changed_inputs": reads.unwrap_or_default(),
    })
}

fn names(tables: &[TableName]) -> Vec<String> {
    tables.iter().map(ToString::to_string).collect()
}

/// What would become of a metric.
pub(super) fn metric(planned: &PlannedMetric) -> Value {
    json!({
        "kind": "metric",
        "metric": planned.metric,
        "measure": planned.why.is_some(),
        "why": planned.why.map(MeasureReason::name),
    })
}

/// What would become of a report.
pub(super) fn report(planned: &PlannedReport) -> Value {
    json!({
        "kind": "report",
        "report": planned.report,
        "period": planned.period,
        "late": planned.late,
        "owed_by": planned.owed_by,
    })
}

/// What would become of a mail.
pub(super) fn mail(planned: &PlannedMail) -> Value {
    json!({
        "kind": "mail",
        "report": planned.report,
        "period": planned.period,
        "route": planned.route,
        "to": planned.to,
        "state": planned.state.name(),
    })
}
