//! Fixtures: tables as text, for the cases under `tests/`.

use std::sync::Arc;

use arrow::array::{ArrayRef, StringArray};
use arrow::compute::{CastOptions, cast_with_options};
use arrow::datatypes::{DataType, Field, Schema, SchemaRef, TimeUnit};
use arrow::record_batch::RecordBatch;
use datafusion::datasource::MemTable;
use scorewright_domain::TableName;

use super::session::Session;
use super::sql_fault::SqlFault;

impl Session {
    /// Adds a fixture: a table as comma-separated text.
    ///
    /// The header names columns and types, `ticket_id:text,opened_at:timestamp`;
    /// types are `text`, `integer`, `decimal`, `float`, `boolean`, `date`, `timestamp`
    /// (in UTC), and `text` where none is named. An empty field is no value.
    ///
    /// # Errors
    ///
    /// A [`SqlFault`] that names the column when a field does not have its type.
    pub fn add_fixture(&self, name: &TableName, text: &str) -> Result<(), SqlFault> {
        let batch = batch(text)?;
        let table = MemTable::try_new(batch.schema(), vec![vec![batch]])?;
        Ok(self.register(name, Arc::new(table))?)
    }
}

fn batch(text: &str) -> Result<RecordBatch, SqlFault> {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let fields: Vec<Field> =
        reader.headers().map_err(fault)?.iter().map(field).collect::<Result<_, _>>()?;
    let records: Vec<csv::StringRecord> =
        reader.records().collect::<Result<_, _>>().map_err(fault)?;
    let columns = fields.iter().enumerate().map(|(index, field)| column(&records, index, field));
    let columns = columns.collect::<Result<Vec<_>, _>>()?;
    let schema: SchemaRef = Arc::new(Schema::new(fields));
    RecordBatch::try_new(schema, columns).map_err(fault)
}

fn fault(error: impl Into<Box<dyn std::error::Error>>) -> SqlFault {
    SqlFault::new(error.into().to_string())
}

fn field(header: &str) -> Result<Field, SqlFault> {
    let (name, kind) = header.split_once(':').unwrap_or((header, "text"));
    let kind = match kind {
        "text" => DataType::Utf8,
        "integer" => DataType::Int64,
        "decimal" => DataType::Decimal128(18, 4),
        "float" => DataType::Float64,
        "boolean" => DataType::Boolean,
        "date" => DataType::Date32,
        "timestamp" => DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into())),
        other => {
            return Err(SqlFault::new(format!(
                "`{other}` is not a type, in the header `{header}`"
            )));
        }
    };
    Ok(Field::new(name, kind, true))
}

fn column(
    records: &[csv::StringRecord],
    index: usize,
    field: &Field,
) -> Result<ArrayRef, SqlFault> {
    let texts = records.iter().map(|record| record.get(index).filter(|text| !text.is_empty()));
    let texts: ArrayRef = Arc::new(texts.collect::<StringArray>());
    let strict = CastOptions { safe: false, ..CastOptions::default() };
    cast_with_options(&texts, field.data_type(), &strict)
        .map_err(|bad| SqlFault::new(format!("column `{}`: {bad}", field.name())))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sql::cell::Cell;
    use crate::sql::parameters::Parameters;

    #[test]
    fn a_fixture_has_the_types_of_its_header() {
        let session = Session::without_data().unwrap();
        let name = TableName::new("raw", "sale").unwrap();
        session.add_fixture(&name, "day:date,net:decimal,who:text\n2026-11-22,1.50,\n").unwrap();
        let rows =
            session.query("SELECT day, net, who FROM raw.sale", &Parameters::new()).unwrap().rows;
        let day = jiff::civil::date(2026, 11, 22);
        assert_eq!(
            rows,
            [vec![Cell::Date(day), Cell::Decimal { unscaled: 15_000, scale: 4 }, Cell::Null]]
        );
        assert!(session.add_fixture(&name, "day:date\nnever\n").is_err());
    }
}
