//! A table of the warehouse as the query engine reads it.

use std::fs::File;
use std::path::Path;
use std::sync::Arc;

use arrow::datatypes::{Fields, Schema, SchemaRef};
use datafusion::datasource::file_format::parquet::ParquetFormat;
use datafusion::datasource::listing::{
    ListingOptions, ListingTable, ListingTableConfig, ListingTableUrl,
};
use datafusion::prelude::SessionContext;
use scorewright_domain::{Layer, TableName};

use crate::error::{NOT_QUARANTINE, WarehouseError, engine_error, not_open};
use crate::storage::{StoredFile, Table};

/// Opens the files of a table; its columns are those of the first one that are the table's.
pub(super) async fn open(
    context: &SessionContext,
    root: &Path,
    name: &TableName,
    table: &Table,
) -> Result<ListingTable, WarehouseError> {
    let urls = table.files.iter().map(|file| locate(root, file)).collect::<Result<Vec<_>, _>>();
    let urls = urls.map_err(|error| of_layer(error, name.layer()))?;
    let format = ParquetFormat::default().with_enable_pruning(true);
    let options = ListingOptions::new(Arc::new(format));
    let schema = options.infer_schema(&context.state(), &urls[0]).await;
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

/// The address of a stored file whose length is the one its commit says.
fn locate(root: &Path, file: &StoredFile) -> Result<ListingTableUrl, WarehouseError> {
    let path = root.join(&file.path);
    // Opened and not only looked at, so that one that this user may not read is found here.
    let opened = File::open(&path).and_then(|file| file.metadata());
    let length = opened.map_err(not_open("read", &path))?.len();
    if length != file.bytes {
        let what = format!("it has {length} bytes, its commit says {}", file.bytes);
        return Err(WarehouseError::Damaged { path, what });
    }
    let path = path.canonicalize().map_err(not_open("read", &path))?;
    ListingTableUrl::parse(path.to_string_lossy()).map_err(engine_error(&file.path))
}
