//! Names that stand for another customer than in the version before: who is who has no day, so that all periods follow.

use scorewright_domain::{Event, TableName};
use scorewright_warehouse::{Session, Table, Transaction};

use super::make::NotMade;
use crate::check::query_count;
use crate::identity::IdentityTable;
use crate::model::{Model, Work};

const REASSIGNED: &str = "SELECT count(*) AS names FROM before.map_identity AS former \
                          JOIN dim.map_identity AS known USING (source, kind, source_key) \
                          WHERE (former.customer_id IS DISTINCT FROM known.customer_id)";

/// The table of names that a model is about to replace; none where it makes another table, or the first one.
pub(super) fn former_names(model: &Model, transaction: &Transaction) -> Option<Table> {
    let is_map = matches!(model.work, Work::Identity(_, IdentityTable::Map));
    is_map.then(|| transaction.snapshot().tables.get(&model.name).cloned()).flatten()
}

/// How many of the former names stand for another customer now, as a note; none where all stand for the same.
pub(super) fn reassigned(
    former: &Table,
    model: &Model,
    session: &Session,
    transaction: &Transaction,
) -> Result<Option<Event>, NotMade> {
    let before = TableName::new("before", model.name.noun()).expect("the noun of a name is one");
    session.add_table(transaction.root(), &before, former)?;
    let names = query_count(session, REASSIGNED, "names")
        .map_err(|fault| fault.in_file(&model.companion))?;
    let note = || Event::Noticed {
        message: format!(
            "{names} {} for another customer than in the version before, in all periods",
            if names == 1 { "name stands" } else { "names stand" }
        ),
    };
    Ok((names > 0).then(note))
}
