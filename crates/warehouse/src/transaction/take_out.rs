//! Taking out of a transaction what has to be made again.

use scorewright_domain::TableName;

use super::Transaction;

impl Transaction {
    /// Takes out a table, and all views: they may read it, and are put again by the build.
    pub fn take_out(&mut self, table: &TableName) {
        self.snapshot.tables.remove(table);
        self.snapshot.views.clear();
    }

    /// Takes out all tables that have landed of a source. Its books stay, so that extracts which land again are as late
    /// deliveries as they were.
    pub fn take_out_source(&mut self, source: &str) {
        let is_of_source = |name: &TableName| name.layer().is_landed() && name.noun() == source;
        self.snapshot.tables.retain(|name, _| !is_of_source(name));
        self.snapshot.views.clear();
    }
}
