//! The columns of a sample of Parquet: its first rows, as text.

use std::fs::File;
use std::path::Path;

use arrow::array::Array as _;
use arrow::util::display::{ArrayFormatter, FormatOptions};
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;

use super::seen::Seen;
use super::table::Table;
use crate::parquet::guarded;
use crate::refusal::Refusal;

/// Rows looked at.
const ROWS: usize = 100_000;

impl Table {
    /// The columns of a Parquet file, and whether all of its rows were looked at.
    pub(crate) fn of_parquet(path: &Path) -> Result<(Self, bool), Refusal> {
        guarded(|| {
            let broken = |error: &dyn std::fmt::Display| Refusal::BadParquet(error.to_string());
            let file = File::open(path).map_err(Refusal::Unreadable)?;
            let builder = ParquetRecordBatchReaderBuilder::try_new(file).map_err(|error| broken(&error))?;
            let all = builder.metadata().file_metadata().num_rows();
            let is_whole = usize::try_from(all).is_ok_and(|rows| rows <= ROWS);
            let columns = builder.schema().fields().iter().map(|field| Seen::named(field.name())).collect();
            let mut table = Self { columns, ..Self::default() };
            for batch in builder.with_limit(ROWS).build().map_err(|error| broken(&error))? {
                let batch = batch.map_err(|error| broken(&error))?;
                table.rows += u32::try_from(batch.num_rows()).unwrap_or(u32::MAX);
                for (seen, values) in table.columns.iter_mut().zip(batch.columns()) {
                    take(seen, values).map_err(|error| broken(&error))?;
                }
            }
            Ok((table, is_whole))
        })
    }
}

fn take(seen: &mut Seen, values: &arrow::array::ArrayRef) -> Result<(), arrow::error::ArrowError> {
    let shown = FormatOptions::new().with_null("");
    if values.data_type().is_nested() {
        (0..values.len()).for_each(|row| seen.add(if values.is_null(row) { "" } else { super::LIST }));
        return Ok(());
    }
    let texts = ArrayFormatter::try_new(values.as_ref(), &shown)?;
    (0..values.len()).for_each(|row| seen.add(&texts.value(row).to_string()));
    Ok(())
}
