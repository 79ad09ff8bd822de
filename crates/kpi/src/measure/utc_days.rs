//! Days of instants that the expressions of metrics take in UTC.

use scorewright_domain::Fault;
use scorewright_warehouse::Parameters;

use super::context::MeasureContext;
use super::kind::AnyFactKind;

/// Warnings of one metric, each at its expression; nothing of SQL that cannot be planned, which is refused elsewhere.
pub(super) fn of_metric(context: &MeasureContext, kind: &dyn AnyFactKind) -> Vec<Fault> {
    let Ok(sql) = kind.sql(context) else { return Vec::new() };
    let found = context.session.utc_days(sql.text(), &Parameters::new()).unwrap_or_default();
    let mut warnings: Vec<Fault> = Vec::new();
    for warning in found.iter().filter_map(|fault| sql.fault_of_expression(context.metric, fault)) {
        // An expression stands in the query once for each grain.
        if !warnings.contains(&warning) {
            warnings.push(warning);
        }
    }
    warnings
}
