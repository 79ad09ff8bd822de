//! The columns of a sample of Parquet: its first rows, as text.

use crate::refusal::AdmitExtract as _;
use scorewright_domain::Limits;
use std::fs::File;
use std::path::Path;

use arrow::array::Array as _;
use arrow::util::display::{ArrayFormatter, FormatOptions};

use super::column_sample::{ColumnSample, LIST};
use super::sample_table::SampleTable;
use crate::parquet::{batches, outline};
use crate::refusal::Refusal;

/// Rows looked at.
const ROWS: u32 = 100_000;

impl SampleTable {
    /// The columns of a Parquet file, and whether all of its rows were looked at.
    pub(crate) fn of_parquet(path: &Path, limits: &Limits) -> Result<(Self, bool), Refusal> {
        let open = || File::open(path).map_err(Refusal::Unreadable);
        let outline = outline(open()?, limits)?;
        limits.admit_columns(outline.schema.fields().len())?;
        let columns =
            outline.schema.fields().iter().map(|field| ColumnSample::named(field.name())).collect();
        let mut table = Self { columns, ..Self::default() };
        let all: Vec<usize> = (0..table.columns.len()).collect();
        for batch in batches(open()?, limits, &all)? {
            let batch = batch?;
            let left = ROWS - table.rows;
            if left == 0 {
                break;
            }
            let rows = batch.num_rows().min(left as usize);
            table.rows += u32::try_from(rows).unwrap_or(u32::MAX);
            for (seen, values) in table.columns.iter_mut().zip(batch.columns()) {
                take(seen, &values.slice(0, rows))
                    .map_err(|error| Refusal::BadParquet(error.to_string()))?;
            }
        }
        Ok((table, outline.rows <= u64::from(ROWS)))
    }
}

fn take(
    seen: &mut ColumnSample,
    values: &arrow::array::ArrayRef,
) -> Result<(), arrow::error::ArrowError> {
    let shown = FormatOptions::new().with_null("");
    if values.data_type().is_nested() {
        (0..values.len()).for_each(|row| seen.add(if values.is_null(row) { "" } else { LIST }));
        return Ok(());
    }
    let texts = ArrayFormatter::try_new(values.as_ref(), &shown)?;
    (0..values.len()).for_each(|row| seen.add(&texts.value(row).to_string()));
    Ok(())
}
