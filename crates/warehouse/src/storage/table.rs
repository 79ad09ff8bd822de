//! One table or view, as a commit records it.

use std::sync::Arc;

use arrow::datatypes::{DataType, Field, Schema};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::stored_file::StoredFile;

/// One column of a table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ColumnEntry {
    /// Its name.
    pub name: String,
    /// Its type, as a person reads it: `text`, `integer`, `decimal(18, 4)`, `timestamp`.
    pub kind: String,
}

impl ColumnEntry {
    /// The columns of a schema, in order.
    pub(crate) fn all(schema: &Schema) -> Vec<Self> {
        let entry =
            |field: &Arc<Field>| Self { name: field.name().clone(), kind: kind(field.data_type()) };
        schema.fields().iter().map(entry).collect()
    }
}

/// One table of a snapshot: its files in order, its columns, and a hash over its inputs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Table {
    /// Its files; at least one, which may hold no rows.
    pub files: Vec<StoredFile>,
    /// Its columns in order. Its files may have more, which are not the table's: those by which versions of rows are
    /// told apart, in tables that show one version of each.
    pub columns: Vec<ColumnEntry>,
    /// Hash over everything it was built from: when equal, building it again gives the same bytes.
    #[serde(alias = "made_from")]
    pub input_hash: String,
    /// The instant whose versions it shows, where they are not the newest ones.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub visible_at: Option<Timestamp>,
}

impl Table {
    /// A table of files that share a schema.
    pub fn new(schema: &Schema, files: Vec<StoredFile>, input_hash: String) -> Self {
        Self { files, columns: ColumnEntry::all(schema), input_hash, visible_at: None }
    }

    /// The newest moment at which a version in it began or ended; `None` where none has a moment.
    pub fn newest_at(&self) -> Option<Timestamp> {
        self.files.iter().filter_map(|file| file.versions.as_ref()?.newest_at).max()
    }

    /// Rows of all its files.
    pub fn rows(&self) -> u64 {
        self.files.iter().map(|file| file.rows).sum()
    }

    /// Bytes of all its files.
    pub fn bytes(&self) -> u64 {
        self.files.iter().map(|file| file.bytes).sum()
    }
}

/// A model that is not stored: its SQL is run whenever it is read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct View {
    /// One SELECT.
    pub sql: String,
    /// The instant its `$as_of` stands for.
    pub as_of: Timestamp,
    /// Position among the views, so that each is defined after those it reads.
    pub order: usize,
    /// Hash over everything it is built from.
    #[serde(alias = "made_from")]
    pub input_hash: String,
}

fn kind(data_type: &DataType) -> String {
    match data_type {
        DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View => "text".into(),
        DataType::Dictionary(_, value) => kind(value),
        DataType::Boolean => "boolean".into(),
        DataType::Date32 => "date".into(),
        DataType::Timestamp(..) => "timestamp".into(),
        DataType::Float64 | DataType::Float32 => "float".into(),
        DataType::Decimal128(precision, scale) => format!("decimal({precision}, {scale})"),
        DataType::List(item) => format!("list of {}", kind(item.data_type())),
        DataType::Struct(_) => "record".into(),
        integer if integer.is_integer() => "integer".into(),
        other => other.to_string().to_lowercase(),
    }
}
