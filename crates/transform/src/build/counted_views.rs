//! Views for people: the rows of each fact that count, as metrics count them.

use jiff::Timestamp;
use scorewright_domain::{Fingerprint, LEFT_OUT, LEFT_OUT_AT, Layer, TableName};
use scorewright_warehouse::{Table, Transaction, View};

/// Puts a view `counted.<noun>` for each stored fact that marks rows; takes away those of facts that no longer do.
pub(super) fn put_counted_views(transaction: &mut Transaction, as_of: Timestamp, models: usize) {
    let views = transaction.snapshot().views.keys();
    let former: Vec<TableName> =
        views.filter(|name| *name.layer() == Layer::Counted).cloned().collect();
    for name in &former {
        transaction.remove(name);
    }
    let facts = transaction.snapshot().tables.iter();
    let marked = facts.filter(|(name, _)| *name.layer() == Layer::Fact);
    let views: Vec<(TableName, View)> = marked
        .filter_map(|(name, table)| counted_view(name, table, as_of))
        .enumerate()
        .map(|(place, (name, view))| (name, View { order: models + place, ..view }))
        .collect();
    for (name, view) in views {
        transaction.put_view(&name, view);
    }
}

fn counted_view(fact: &TableName, table: &Table, as_of: Timestamp) -> Option<(TableName, View)> {
    let has = |name: &str| table.columns.iter().any(|column| column.name == name);
    let name = TableName::new(Layer::Counted.as_str(), fact.noun()).ok()?;
    let later =
        if has(LEFT_OUT_AT) { format!(" OR {LEFT_OUT_AT} >= $as_of") } else { String::new() };
    let sql = format!("SELECT * FROM {fact} WHERE {LEFT_OUT} IS NULL{later}");
    let input_hash = Fingerprint::of(format!("{sql}\0{}", table.input_hash).as_bytes()).to_string();
    has(LEFT_OUT).then_some((name, View { sql, as_of, order: 0, input_hash }))
}
