//! The identity file against the columns its tables have.

use jiff::Timestamp;
use scorewright_domain::{Fault, nearest};
use scorewright_warehouse::{Parameters, Session};
use toml::Spanned;

use super::definition::Identity;
use super::key_query::select;
use super::key_table::KeyTable;

/// Checks every declared column and condition; runs nothing.
///
/// # Errors
///
/// A [`Fault`] that points at the first slip.
pub(crate) fn plan(identity: &Identity, session: &Session, as_of: Timestamp) -> Result<(), Fault> {
    identity.tables.iter().try_for_each(|table| plan_table(identity, table, session, as_of))
}

fn plan_table(
    identity: &Identity,
    table: &KeyTable,
    session: &Session,
    as_of: Timestamp,
) -> Result<(), Fault> {
    let all = format!("SELECT * FROM {}", table.sql_name());
    let columns = session
        .columns_of(&all, &Parameters::new())
        .map_err(|fault| identity.file.fault(Some(table.toml_span.clone()), fault.message))?;
    if let Some(column) = table.columns().find(|column| !columns.contains(column.get_ref())) {
        return Err(unknown_column(identity, table, column, &columns));
    }
    let planned = session.columns_of(&select(table), &Parameters::new().timestamp("as_of", as_of));
    planned.map(drop).map_err(|fault| {
        let span = table.condition.as_ref().map_or(table.toml_span.clone(), Spanned::span);
        let shown = identity.file.fault(Some(span), fault.message);
        match fault.help {
            Some(help) => shown.help(help),
            None => shown,
        }
    })
}

fn unknown_column(
    identity: &Identity,
    table: &KeyTable,
    column: &Spanned<String>,
    columns: &[String],
) -> Fault {
    let message = format!("`{}` has no column `{}`", table.name, column.get_ref());
    let known: Vec<&str> = columns.iter().map(String::as_str).collect();
    let list = format!("columns there: {}", known.join(", "));
    let help = match nearest(column.get_ref(), &known) {
        Some(near) => format!("did you mean `{near}`? {list}"),
        None => list,
    };
    identity.file.fault(Some(column.span()), message).help(help)
}
