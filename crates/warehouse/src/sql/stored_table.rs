//! A table of the warehouse as the query engine reads it.

use std::path::Path;
use std::sync::Arc;

use arrow::datatypes::{Fields, Schema, SchemaRef};
use datafusion::datasource::file_format::parquet::ParquetFormat;
use datafusion::datasource::listing::{ListingOptions, ListingTable, ListingTableConfig};
use datafusion::prelude::SessionContext;
use scorewright_domain::{Layer, TableName};

use super::table_files::TableFiles;
use crate::error::{NOT_QUARANTINE, WarehouseError, engine_error};
use crate::storage::Table;

/// Bytes at the end of a file that are read at once for its footer: more than almost all footers have, and less than
/// would read small files twice.
const FOOTER: usize = 64 << 10;

/// Opens the files of a table; its columns are those of the first one that are the table's.
pub(super) async fn open(
    context: &SessionContext,
    files: &TableFiles,
    root: &Path,
    name: &TableName,
    table: &Table,
) -> Result<ListingTable, WarehouseError> {
    let root = Arc::from(root);
    let urls = table.files.iter().map(|file| files.add(&root, file)).collect::<Result<Vec<_>, _>>();
    let urls = urls.map_err(|error| of_layer(error, name.layer()))?;
    let format =
        ParquetFormat::default().with_enable_pruning(true).with_metadata_size_hint(Some(FOOTER));
    let options = ListingOptions::new(Arc::new(format));
    let damages = files.damages();
    let schema = options.infer_schema(&context.state(), &urls[0]).await;
    if let Some(damage) = files.damage_after(damages) {
        return Err(damage);
    }
    let schema = schema.map(|schema| of_table(&schema, table));
    let config = ListingTableConfig::new_with_multi_paths(urls)
        .with_listing_options(options)
        .with_schema(schema.map_err(engine_error(&name.to_string()))?);
    ListingTable::try_new(config).map_err(engine_error(&name.to_string()))
}

/// The columns of a file without those that are not the table's.
fn of_table(schema: &SchemaRef, table: &Table) -> SchemaRef {
    let is_its_own = |name: &str| table.columns.iter().any(|column| column.name == name);
    let fields = schema.fields().iter().filter(|field| is_its_own(field.name()));
    Arc::new(Schema::new(fields.cloned().collect::<Fields>()))
}

/// The error, with what would open a file of this layer.
fn of_layer(error: WarehouseError, layer: &Layer) -> WarehouseError {
    match error {
        WarehouseError::NotOpen { action, path, .. } if *layer == Layer::Quarantine => {
            WarehouseError::NotOpen { action, path, help: NOT_QUARANTINE }
        }
        error => error,
    }
}
