//! A model or check against the columns its tables have, without data.

use jiff::Timestamp;
use scorewright_domain::Fault;
use scorewright_warehouse::{Parameters, Session, View};

use crate::check::{Check, CustomCheck};
use crate::identity::{self, Identity, IdentityTable};
use crate::model::{Model, Work};

/// Plans a model and its checks; the session then knows it as a table without rows.
///
/// # Errors
///
/// A [`Fault`] that points at the first slip.
pub(super) fn plan_model(
    model: &Model,
    session: &Session,
    as_of: Timestamp,
    order: usize,
) -> Result<(), Fault> {
    match &model.work {
        Work::Identity(identity, table) => plan_identity(model, identity, *table, session, as_of),
        Work::Seed(rows) => {
            let declared = session.declare(&model.name, rows.schema());
            declared.map_err(|error| model.sql.fault(None, error.to_string()))?;
            model.checks.iter().try_for_each(|check| plan_model_check(model, check, session))
        }
        Work::Select => {
            let sql = model.sql.text.clone();
            let view = View { sql, as_of, order, input_hash: String::new() };
            let declared = session.declare_view(&model.name, &view);
            declared.map_err(|fault| fault.in_file(&model.sql))?;
            model.checks.iter().try_for_each(|check| plan_model_check(model, check, session))
        }
    }
}

/// The tables of one identity file have its faults in common; the first of them names them.
fn plan_identity(
    model: &Model,
    identity: &Identity,
    table: IdentityTable,
    session: &Session,
    as_of: Timestamp,
) -> Result<(), Fault> {
    if table == IdentityTable::Map {
        identity::plan(identity, session, as_of)?;
    }
    let declared = session.declare(&model.name, table.schema());
    declared.map_err(|error| model.sql.fault(None, error.to_string()))
}

fn plan_model_check(model: &Model, check: &Check, session: &Session) -> Result<(), Fault> {
    let planned = session.columns_of(&check.counting_sql(&model.name), &Parameters::new());
    planned.map(drop).map_err(|fault| {
        let span = check.toml_span(&model.companion);
        let shown = model.companion.fault(span, fault.message);
        let help = fault.help.unwrap_or_default();
        shown.help(format!("the check {} cannot run: {help}", check.id))
    })
}

/// Plans a check of the project's own.
///
/// # Errors
///
/// A [`Fault`] that points at the slip.
pub(super) fn plan_check(
    check: &CustomCheck,
    session: &Session,
    as_of: Timestamp,
) -> Result<(), Fault> {
    let parameters = Parameters::new().timestamp("as_of", as_of);
    let planned = session.columns_of(&check.sql.text, &parameters);
    planned.map(drop).map_err(|fault| fault.in_file(&check.sql))
}
