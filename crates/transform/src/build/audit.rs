//! The checks of a model that was just made, and the project's own.

use jiff::Timestamp;
use scorewright_domain::{Built, CheckOutcome};
use scorewright_warehouse::{Parameters, Session};

use super::build_report::FailedModel;
use crate::check::{CustomCheck, query_count};
use crate::model::Model;

/// Counts the rows of a model and runs the checks of its companion file.
pub(super) fn audit(model: &Model, session: &Session) -> Result<Built, FailedModel> {
    let rows = count_rows(model, session)?;
    let checks = model.checks.iter().map(|check| {
        let outcome = check.run(session, &model.name, &model.settings.grain, rows);
        outcome.map_err(|fault| {
            let companion = &model.companion;
            fault.mark(companion.fault(check.toml_span(companion), fault.to_string())).into()
        })
    });
    Ok(Built {
        table: model.name.clone(),
        grain: model.settings.grain.clone(),
        upstream: model.reads.iter().cloned().collect(),
        rows,
        is_unchanged: false,
        checks: checks.collect::<Result<_, FailedModel>>()?,
    })
}

/// The rows of a model; none are a failure unless the companion file allows it.
fn count_rows(model: &Model, session: &Session) -> Result<u64, FailedModel> {
    let sql = format!("SELECT count(*) AS counted FROM {}", model.name);
    let counted = query_count(session, &sql, "counted");
    let rows = counted.map_err(|fault| fault.in_file(&model.sql))?;
    if rows == 0 && !model.settings.may_be_empty {
        let (table, file) = (model.name.to_string(), model.companion.path.clone());
        return Err(FailedModel::Empty { table, file });
    }
    Ok(rows)
}

/// Runs a check of the project's own.
pub(super) fn run_custom_check(
    check: &CustomCheck,
    as_of: Timestamp,
    session: &Session,
) -> Result<CheckOutcome, FailedModel> {
    let outcome = check.run(session, &Parameters::new().timestamp("as_of", as_of));
    Ok(outcome.map_err(|fault| fault.in_file(&check.sql))?)
}
