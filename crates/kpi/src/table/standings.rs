//! Standings written and read back: `kpi.standing`.

use std::sync::Arc;

use scorewright_domain::Standing;
use scorewright_warehouse::arrow::array::RecordBatch;
use scorewright_warehouse::arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use scorewright_warehouse::arrow::json::ArrayWriter;

use super::coverage_rows::coverage_fields;
use super::read::BadKpiRow;
use super::row_key::row_key;
use super::serialized::batch;
use super::standing_row::StandingRow;
use super::write::value_schema;

/// Columns of `kpi.standing`: those of `kpi.value` (the tested change among them), what it was judged by, the verdict, and how much was delivered.
pub fn standing_schema() -> SchemaRef {
    let text = |name: &str| Field::new(name, DataType::Utf8, false);
    let maybe_text = |name: &str| Field::new(name, DataType::Utf8, true);
    let real = |name: &str| Field::new(name, DataType::Float64, true);
    let day = |name: &str| Field::new(name, DataType::Date32, true);
    let value = value_schema();
    let judged = [
        text("title"),
        text("says"),
        text("unit"),
        text("direction"),
        Field::new("minimum_sample", DataType::Int64, false),
        text("definition"),
        real("target"),
        maybe_text("target_kind"),
        real("target_baseline"),
        day("target_from"),
        day("target_due"),
        maybe_text("owner"),
        text("status"),
        real("gap"),
        real("previous"),
        Field::new("previous_n", DataType::Int64, true),
        real("change"),
        text("evidence"),
        day("break_on"),
        maybe_text("break_of"),
        maybe_text("break_says"),
        Field::new_list("series", Field::new_list_field(DataType::Float64, true), false),
        Field::new_list("benchmarks", Field::new_list_field(benchmark_type(), false), false),
    ];
    let value = value.fields().iter().map(|field| field.as_ref().clone());
    Arc::new(Schema::new(value.chain(judged).chain(coverage_fields()).collect::<Vec<_>>()))
}

fn benchmark_type() -> DataType {
    let text = |name: &str| Field::new(name, DataType::Utf8, false);
    let fields = vec![
        text("metric"),
        text("statistic"),
        Field::new("value", DataType::Float64, false),
        text("publisher"),
        text("source"),
        Field::new("year", DataType::Int16, false),
        text("population"),
        Field::new("retrieved", DataType::Date32, false),
        text("comparability"),
        Field::new("notes", DataType::Utf8, true),
    ];
    DataType::Struct(fields.into())
}

/// Standings as rows of `kpi.standing`, in one order whatever the order given.
///
/// # Panics
///
/// Never: every field of a row has its column.
pub fn standings_to_batch(standings: &[Standing]) -> RecordBatch {
    let mut sorted: Vec<&Standing> = standings.iter().collect();
    sorted.sort_by(|one, other| row_key(&one.current).cmp(&row_key(&other.current)));
    let rows: Vec<StandingRow> = sorted.into_iter().map(StandingRow::from).collect();
    batch(standing_schema(), &rows)
}

/// Reads rows of `kpi.standing` back, every column selected; sorted as they were written.
///
/// # Errors
///
/// [`BadKpiRow`] when a column is missing or holds something else.
pub fn standings_from_batches(batches: &[RecordBatch]) -> Result<Vec<Standing>, BadKpiRow> {
    let rows = rows(batches).map_err(|bad| BadKpiRow::unreadable("kpi.standing", &bad))?;
    let standing = |(at, row): (usize, StandingRow)| {
        row.into_standing().map_err(|column| BadKpiRow::new("kpi.standing", at + 1, column))
    };
    let mut standings: Vec<Standing> =
        rows.into_iter().enumerate().map(standing).collect::<Result<_, _>>()?;
    standings.sort_by(|one, other| row_key(&one.current).cmp(&row_key(&other.current)));
    Ok(standings)
}

fn rows(batches: &[RecordBatch]) -> Result<Vec<StandingRow>, Box<dyn std::error::Error>> {
    let mut writer = ArrayWriter::new(Vec::new());
    writer.write_batches(&batches.iter().collect::<Vec<_>>())?;
    writer.finish()?;
    let text = writer.into_inner();
    // Without batches nothing is written, not even an empty list.
    if text.is_empty() { Ok(Vec::new()) } else { Ok(serde_json::from_slice(&text)?) }
}
