//! A hash over the rows of a table that does not depend on how they lie in files.

use arrow::array::{Array, RecordBatch};
use arrow::error::ArrowError;
use arrow::util::display::{ArrayFormatter, FormatOptions};
use scorewright_domain::{Fingerprint, FingerprintHasher, TableName};

use super::identifier;
use super::parameters::Parameters;
use super::session::Session;
use super::sql_fault::SqlFault;
use crate::storage::Table;

impl Session {
    /// SHA-256 over the names and types of the columns of a table, and its rows in the order of its grain.
    ///
    /// - `grain`: the columns that name one row, which no two rows share; without one, rows are ordered by all columns.
    /// - Equal for equal rows, whatever the files, their encodings and the order in them.
    ///
    /// # Errors
    ///
    /// A [`SqlFault`] when the table cannot be read, or exceeds a limit.
    pub fn digest(
        &self,
        name: &TableName,
        table: &Table,
        grain: &[String],
    ) -> Result<Fingerprint, SqlFault> {
        let mut hasher = FingerprintHasher::default();
        for column in &table.columns {
            add(&mut hasher, Some(&column.name));
            add(&mut hasher, Some(&column.kind));
        }
        // One stream of sorted rows: their batches come in order.
        self.each_batch(&select(name, table, grain), &Parameters::new(), |batch| {
            add_rows(&mut hasher, batch).map_err(|error| SqlFault::new(error.to_string()))
        })?;
        Ok(hasher.finish())
    }
}

/// All rows in an order that their values alone decide.
fn select(name: &TableName, table: &Table, grain: &[String]) -> String {
    let all: Vec<&str> = table.columns.iter().map(|column| column.name.as_str()).collect();
    let is_grain = !grain.is_empty() && grain.iter().all(|column| all.contains(&column.as_str()));
    let quoted = |column: &str| identifier(column);
    let columns: Vec<String> = all.iter().map(|column| quoted(column)).collect();
    let order = if is_grain {
        grain.iter().map(|column| quoted(column)).collect()
    } else {
        columns.clone()
    };
    let (layer, noun) = (identifier(name.layer().as_str()), identifier(name.noun()));
    format!("SELECT {} FROM {layer}.{noun} ORDER BY {}", columns.join(", "), order.join(", "))
}

fn add_rows(hasher: &mut FingerprintHasher, batch: &RecordBatch) -> Result<(), ArrowError> {
    let options = FormatOptions::new().with_display_error(false);
    let columns = batch.columns();
    let formatters = columns.iter().map(|column| ArrayFormatter::try_new(column, &options));
    let formatters = formatters.collect::<Result<Vec<_>, _>>()?;
    let nulls: Vec<_> = columns.iter().map(Array::logical_nulls).collect();
    let mut text = String::new();
    for row in 0..batch.num_rows() {
        for (formatter, nulls) in formatters.iter().zip(&nulls) {
            if nulls.as_ref().is_some_and(|nulls| nulls.is_null(row)) {
                add(hasher, None);
            } else {
                text.clear();
                formatter.value(row).write(&mut text)?;
                add(hasher, Some(&text));
            }
        }
    }
    Ok(())
}

/// Adds a text so that no two lists of texts give the same bytes; no value is none of them.
fn add(hasher: &mut FingerprintHasher, text: Option<&str>) {
    let length = text.map_or(u64::MAX, |text| text.len() as u64);
    hasher.update(&length.to_le_bytes());
    hasher.update(text.unwrap_or_default().as_bytes());
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow::array::{ArrayRef, DictionaryArray, Int64Array, StringArray};
    use arrow::datatypes::Int32Type;

    use super::*;
    use crate::storage::Warehouse;

    fn texts(values: &[Option<&str>]) -> ArrayRef {
        Arc::new(StringArray::from(values.to_vec()))
    }

    /// The digest of a table of some files, each of keys and texts.
    fn digest(files: &[(&[i64], ArrayRef)], grain: &[&str]) -> String {
        let folder = tempfile::tempdir().unwrap();
        let warehouse = Warehouse::at(folder.path());
        let name = TableName::new("fact", "thing").unwrap();
        let mut stored = Vec::new();
        let mut schema = None;
        for (number, (keys, texts)) in files.iter().enumerate() {
            let keys: ArrayRef = Arc::new(Int64Array::from(keys.to_vec()));
            let batch = RecordBatch::try_from_iter_with_nullable([
                ("key", keys, true),
                ("text", Arc::clone(texts), true),
            ])
            .unwrap();
            let below = format!("{number}.parquet");
            let writer = crate::parquet_write::FileWriter::create(
                warehouse.root().join(&below),
                below,
                batch.schema(),
            );
            let mut writer = writer.unwrap();
            writer.write(&batch).unwrap();
            stored.push(writer.finish().unwrap());
            schema = Some(batch.schema());
        }
        let table = Table::new(&schema.unwrap(), stored, "test".into());
        let session = Session::without_data().unwrap();
        session.add_table(warehouse.root(), &name, &table).unwrap();
        let grain: Vec<String> = grain.iter().map(ToString::to_string).collect();
        session.digest(&name, &table, &grain).unwrap().to_string()
    }

    #[test]
    fn equal_rows_are_equal_however_they_lie_in_files() {
        let one = digest(&[(&[1, 2, 3], texts(&[Some("a"), None, Some("")]))], &["key"]);
        let two = [(&[3, 1][..], texts(&[Some(""), Some("a")])), (&[2][..], texts(&[None]))];
        assert_eq!(digest(&two, &["key"]), one);
        let dictionary: DictionaryArray<Int32Type> =
            [Some("a"), None, Some("")].into_iter().collect();
        assert_eq!(digest(&[(&[1, 2, 3], Arc::new(dictionary))], &["key"]), one);
    }

    #[test]
    fn another_row_or_order_of_values_is_another_digest() {
        let of = |keys: &[i64], values: &[Option<&str>]| digest(&[(keys, texts(values))], &[]);
        let one = of(&[1, 2], &[Some("a"), Some("b")]);
        assert_eq!(of(&[2, 1], &[Some("b"), Some("a")]), one, "rows are ordered by all columns");
        for other in [
            of(&[1, 2], &[Some("b"), Some("a")]),
            of(&[1, 2], &[Some("a"), None]),
            of(&[1, 2], &[Some("a"), Some("")]),
            of(&[1], &[Some("a")]),
            of(&[1, 2, 2], &[Some("a"), Some("b"), Some("b")]),
        ] {
            assert_ne!(other, one);
        }
    }
}
