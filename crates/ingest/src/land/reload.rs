//! Extracts read once more although nothing is new.

use scorewright_extract::Source;
use scorewright_warehouse::{Table, Transaction};

/// Lets the next [`land`](crate::land()) of the transaction read every extract of a source that is there again,
/// as it does when the source's file has changed. Rows of extracts that are gone stay.
pub fn reload(source: &Source, transaction: &mut Transaction) {
    for name in [source.raw_table(), source.history_table()] {
        if let Some(table) = transaction.snapshot().tables.get(&name).cloned() {
            // Made from nothing that a source could say.
            transaction.put(&name, Table { input_hash: String::new(), ..table });
        }
    }
}
