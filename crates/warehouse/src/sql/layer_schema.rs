//! The tables of one layer, as the engine finds them: opened before, or when SQL names them.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use async_trait::async_trait;
use datafusion::catalog::SchemaProvider;
use datafusion::datasource::{TableProvider, TableType};
use datafusion::error::{DataFusionError, Result};
use scorewright_domain::TableName;

use super::sql_fault::SqlFault;
use super::table_files::TableFiles;
use super::{engine, stored_table};
use crate::error::WarehouseError;
use crate::storage::{ColumnEntry, Table};

/// The tables and views of one layer.
#[derive(Debug, Default)]
pub(super) struct LayerSchema {
    tables: RwLock<BTreeMap<String, LayerTable>>,
}

/// A table of a layer.
#[derive(Debug, Clone)]
pub(super) enum LayerTable {
    /// It is open.
    Open(Arc<dyn TableProvider>),
    /// Its files are opened when SQL names it: other SQL asks nothing of them.
    OnDemand(ClosedTable),
    /// It cannot be read, and why.
    Unreadable(SqlFault),
}

/// A table whose files are not open yet.
#[derive(Debug, Clone)]
pub(super) struct ClosedTable {
    /// Folder of the warehouse.
    pub(super) root: PathBuf,
    pub(super) name: TableName,
    pub(super) table: Table,
    /// Where those of the session lie.
    pub(super) files: Arc<TableFiles>,
}

/// A table as `information_schema` shows it.
#[derive(Debug)]
pub(super) struct TableEntry {
    pub(super) name: String,
    pub(super) is_view: bool,
    pub(super) columns: Vec<ColumnEntry>,
}

impl LayerTable {
    fn entry(&self, name: &str) -> TableEntry {
        let (is_view, columns) = match self {
            Self::Open(table) => {
                (table.table_type() == TableType::View, ColumnEntry::all(&table.schema()))
            }
            Self::OnDemand(closed) => (false, closed.table.columns.clone()),
            Self::Unreadable(_) => (true, Vec::new()),
        };
        TableEntry { name: name.to_owned(), is_view, columns }
    }
}

impl ClosedTable {
    async fn open(&self) -> std::result::Result<Arc<dyn TableProvider>, WarehouseError> {
        // An engine of its own: that of the session has this table, and would be kept by it for ever.
        let context = engine::context();
        self.files.register(&context);
        let Self { root, name, table, files } = self;
        Ok(Arc::new(stored_table::open(&context, files, root, name, table).await?))
    }
}

impl LayerSchema {
    /// Adds a table, or replaces it.
    pub(super) fn put(&self, name: &str, table: LayerTable) {
        self.write().insert(name.to_owned(), table);
    }

    /// What there is, in order of name. A table that cannot be read is named, without its columns.
    pub(super) fn entries(&self) -> Vec<TableEntry> {
        self.read().iter().map(|(name, table)| table.entry(name)).collect()
    }

    fn read(&self) -> RwLockReadGuard<'_, BTreeMap<String, LayerTable>> {
        self.tables.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> RwLockWriteGuard<'_, BTreeMap<String, LayerTable>> {
        self.tables.write().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl SchemaProvider for LayerSchema {
    fn table_names(&self) -> Vec<String> {
        self.read().keys().cloned().collect()
    }

    async fn table(&self, name: &str) -> Result<Option<Arc<dyn TableProvider>>> {
        let found = self.read().get(name).cloned();
        let external = |fault: SqlFault| DataFusionError::External(Box::new(fault));
        match found {
            None => Ok(None),
            Some(LayerTable::Open(table)) => Ok(Some(table)),
            Some(LayerTable::OnDemand(table)) => {
                table.open().await.map(Some).map_err(|error| external(error.into()))
            }
            Some(LayerTable::Unreadable(fault)) => Err(external(fault)),
        }
    }

    fn table_exist(&self, name: &str) -> bool {
        self.read().contains_key(name)
    }
}
