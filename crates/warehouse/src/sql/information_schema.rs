//! `information_schema.tables` and `information_schema.columns`: what SQL can read here, as SQL.

use std::sync::{Arc, Weak};

use arrow::array::{ArrayRef, Int64Array, StringArray};
use arrow::record_batch::RecordBatch;
use async_trait::async_trait;
use datafusion::catalog::{CatalogProvider, SchemaProvider};
use datafusion::datasource::{MemTable, TableProvider};
use datafusion::error::Result;

use super::layer_schema::{LayerSchema, TableEntry};

/// Name of the schema.
pub(super) const INFORMATION_SCHEMA: &str = "information_schema";

/// The tables of all layers, and nothing else of the engine.
#[derive(Debug)]
pub(super) struct InformationSchema {
    /// The catalog that holds this schema too.
    catalog: Weak<dyn CatalogProvider>,
}

impl InformationSchema {
    pub(super) fn of(catalog: &Arc<dyn CatalogProvider>) -> Self {
        Self { catalog: Arc::downgrade(catalog) }
    }

    /// Every table with its layer, in order.
    fn entries(&self) -> Vec<(String, TableEntry)> {
        let Some(catalog) = self.catalog.upgrade() else { return Vec::new() };
        let mut layers = catalog.schema_names();
        layers.sort_unstable();
        let of_layer = |layer: String| {
            let schema = catalog.schema(&layer);
            let entries = schema.as_ref().and_then(|schema| schema.downcast_ref::<LayerSchema>());
            let entries = entries.map(LayerSchema::entries).unwrap_or_default();
            entries.into_iter().map(move |entry| (layer.clone(), entry))
        };
        layers.into_iter().flat_map(of_layer).collect()
    }

    fn tables(&self) -> Result<RecordBatch> {
        let entries = self.entries();
        let kind = |entry: &TableEntry| if entry.is_view { "VIEW" } else { "BASE TABLE" };
        Ok(RecordBatch::try_from_iter([
            ("table_schema", texts(entries.iter().map(|(layer, _)| layer.as_str()))),
            ("table_name", texts(entries.iter().map(|(_, entry)| entry.name.as_str()))),
            ("table_type", texts(entries.iter().map(|(_, entry)| kind(entry)))),
        ])?)
    }

    fn columns(&self) -> Result<RecordBatch> {
        let entries = self.entries();
        let rows: Vec<_> = entries
            .iter()
            .flat_map(|(layer, entry)| {
                let columns = (1_i64..).zip(&entry.columns);
                columns.map(move |(position, column)| (layer, &entry.name, position, column))
            })
            .collect();
        let positions: ArrayRef =
            Arc::new(rows.iter().map(|(_, _, position, _)| *position).collect::<Int64Array>());
        Ok(RecordBatch::try_from_iter([
            ("table_schema", texts(rows.iter().map(|(layer, ..)| layer.as_str()))),
            ("table_name", texts(rows.iter().map(|(_, table, ..)| table.as_str()))),
            ("column_name", texts(rows.iter().map(|(.., column)| column.name.as_str()))),
            ("ordinal_position", positions),
            ("data_type", texts(rows.iter().map(|(.., column)| column.kind.as_str()))),
        ])?)
    }
}

fn texts<'a>(values: impl Iterator<Item = &'a str>) -> ArrayRef {
    Arc::new(StringArray::from_iter_values(values))
}

#[async_trait]
impl SchemaProvider for InformationSchema {
    fn table_names(&self) -> Vec<String> {
        ["columns", "tables"].map(String::from).to_vec()
    }

    async fn table(&self, name: &str) -> Result<Option<Arc<dyn TableProvider>>> {
        let batch = match name {
            "tables" => self.tables()?,
            "columns" => self.columns()?,
            _ => return Ok(None),
        };
        Ok(Some(Arc::new(MemTable::try_new(batch.schema(), vec![vec![batch]])?)))
    }

    fn table_exist(&self, name: &str) -> bool {
        ["columns", "tables"].contains(&name)
    }
}
