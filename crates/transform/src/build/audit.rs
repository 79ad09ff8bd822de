//! The checks of a model that was just made, and the project's own.

use jiff::Timestamp;
use scorewright_domain::{Built, CheckId, CheckOutcome, TableName};
use scorewright_warehouse::{Parameters, Session};

use super::build_report::FailedModel;
use super::make::MadeRows;
use crate::check::{CustomCheck, TableCounts};
use crate::model::Model;

/// Counts the rows of a model and runs the checks of its companion file.
///
/// - `built`: the models before it.
pub(super) fn audit(
    model: &Model,
    session: &Session,
    made: MadeRows,
    built: &[Built],
) -> Result<Built, FailedModel> {
    let counts = count(model, session, made.repeated_keys, built)?;
    let checks = model.checks.iter().map(|check| {
        let outcome = check.run(session, &model.name, &model.settings.grain, &counts);
        outcome.map_err(|fault| {
            let companion = &model.companion;
            fault.mark(companion.fault(check.toml_span(companion), fault.to_string())).into()
        })
    });
    let mut checks = checks.collect::<Result<Vec<_>, FailedModel>>()?;
    checks.extend(made.outcomes);
    Ok(Built {
        table: model.name.clone(),
        grain: model.settings.grain.clone(),
        upstream: model.reads.iter().cloned().collect(),
        rows: counts.rows,
        is_unchanged: false,
        checks,
    })
}

/// What is known of a model at once; no rows are a failure unless the companion file allows it.
fn count(
    model: &Model,
    session: &Session,
    repeated_keys: Option<u64>,
    built: &[Built],
) -> Result<TableCounts, FailedModel> {
    let mut counts = known_counts(model, built).map_or_else(|| scan(model, session), Ok)?;
    if counts.rows == 0 && !model.settings.may_be_empty {
        let (table, file) = (model.name.to_string(), model.companion.path.clone());
        return Err(FailedModel::Empty { table, file });
    }
    if let Some(repeats) = repeated_keys {
        counts.add(CheckId::unique(&model.settings.grain), repeats);
    }
    let rows_of = |table: &TableName| built.iter().find(|it| it.table == *table).map(|it| it.rows);
    for check in &model.checks {
        if let Some(other) = check.balanced_with().and_then(rows_of) {
            counts.add(check.id.clone(), counts.rows.abs_diff(other));
        }
    }
    Ok(counts)
}

fn scan(model: &Model, session: &Session) -> Result<TableCounts, FailedModel> {
    let conditions = model.checks.iter().filter_map(|check| Some((&check.id, check.condition()?)));
    let counts = TableCounts::scan(&model.name, &conditions.collect::<Vec<_>>(), session);
    Ok(counts.map_err(|fault| fault.in_file(&model.sql))?)
}

/// What is known without a look at the rows: of a model that hands on those of another one, what that one was found to
/// be. `None` where a check of rows asks something else.
fn known_counts(model: &Model, built: &[Built]) -> Option<TableCounts> {
    let passed_on = model.passed_on.as_ref()?;
    let other = built.iter().find(|it| it.table.to_string() == passed_on.table)?;
    let mut counts = TableCounts::of_rows(other.rows);
    for check in &model.checks {
        // What others ask depends on more than their names.
        let is_known = check.columns.iter().all(|column| passed_on.columns.contains(column))
            && (check.id == CheckId::unique(&check.columns)
                || check.columns.iter().any(|column| check.id == CheckId::not_null(column)));
        let outcome = other.checks.iter().find(|outcome| is_known && outcome.check == check.id);
        match outcome {
            Some(outcome) => counts.add(check.id.clone(), outcome.offending),
            None if check.condition().is_some() => return None,
            None => {}
        }
    }
    Some(counts)
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
