//! The identity file against the columns its tables have.

use jiff::Timestamp;
use scorewright_domain::{Fault, nearest};
use scorewright_warehouse::{Parameters, Session};
use toml::Spanned;

use super::gather::{select, table_sql};
use super::rules::{Identity, KeyTable, SourceName};

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
    let at_table = |message: String| identity.file.fault(Some(table.place.clone()), message);
    let there =
        session.columns_of(&format!("SELECT * FROM {}", table_sql(table)), &Parameters::new());
    let there = there.map_err(|fault| at_table(fault.message))?;
    if let Some(column) = columns(table).find(|column| !there.contains(column.get_ref())) {
        let message = format!("`{}` has no column `{}`", table.name, column.get_ref());
        let known: Vec<&str> = there.iter().map(String::as_str).collect();
        let list = format!("columns there: {}", known.join(", "));
        let help = nearest(column.get_ref(), &known)
            .map_or_else(|| list.clone(), |near| format!("did you mean `{near}`? {list}"));
        return Err(identity.file.fault(Some(column.span()), message).help(help));
    }
    let planned = session.columns_of(&select(table), &Parameters::new().timestamp("as_of", as_of));
    planned.map(drop).map_err(|fault| {
        let place = table.condition.as_ref().map_or(table.place.clone(), Spanned::span);
        let shown = identity.file.fault(Some(place), fault.message);
        match fault.help {
            Some(help) => shown.help(help),
            None => shown,
        }
    })
}

/// Every column a table's entry names.
pub(super) fn columns(table: &KeyTable) -> impl Iterator<Item = &Spanned<String>> {
    let source = if let SourceName::In(column) = &table.source { Some(column) } else { None };
    let keys = table.keys.iter().map(|key| &key.column);
    keys.chain(source).chain(table.since.as_ref()).chain(table.until.as_ref())
}
