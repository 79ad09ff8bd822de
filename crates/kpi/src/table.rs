//! Values and standings as tables of the warehouse, and back.

use std::sync::Arc;

use jiff::civil::Date;
use scorewright_domain::{Grain, KpiValue, NullReason, Period, Segment, Standing};
use scorewright_warehouse::arrow::array::{
    ArrayRef, Date32Array, Float64Array, Int64Array, RecordBatch, StringArray,
};
use scorewright_warehouse::arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use scorewright_warehouse::{Cell, QueryResult};

/// A row of `kpi.value` that is not one of ours.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, miette::Diagnostic)]
#[error("row {row} of `kpi.value` has no usable `{column}`")]
#[diagnostic(help(
    "the table was made by another program version; run again with `--full-refresh`"
))]
pub struct BadValueRow {
    /// Its position, from 1.
    row: usize,
    /// The column at fault.
    column: &'static str,
}

/// What one row of `kpi.value` is about: the order of the table.
pub(crate) fn key(value: &KpiValue) -> (&str, &str, Grain, Date, &Segment) {
    (&value.metric, &value.statistic, value.period.grain, value.period.from, &value.segment)
}

/// Columns of `kpi.value`.
pub fn value_schema() -> SchemaRef {
    Arc::new(Schema::new(
        value_columns(&[]).into_iter().map(|(field, _)| field).collect::<Vec<_>>(),
    ))
}

/// Values as rows of `kpi.value`, in one order whatever the order given.
///
/// # Panics
///
/// Never: all columns have one entry for each value.
pub fn values_to_batch(values: &[KpiValue]) -> RecordBatch {
    let mut sorted: Vec<&KpiValue> = values.iter().collect();
    sorted.sort_by(|one, other| key(one).cmp(&key(other)));
    batch(value_columns(&sorted))
}

/// Columns of `kpi.standing`.
pub fn standing_schema() -> SchemaRef {
    Arc::new(Schema::new(
        standing_columns(&[]).into_iter().map(|(field, _)| field).collect::<Vec<_>>(),
    ))
}

/// Standings as rows of `kpi.standing`: the value with its verdict, in one order whatever the order given.
///
/// # Panics
///
/// Never: all columns have one entry for each standing.
pub fn standings_to_batch(standings: &[Standing]) -> RecordBatch {
    let mut sorted: Vec<&Standing> = standings.iter().collect();
    sorted.sort_by(|one, other| key(&one.current).cmp(&key(&other.current)));
    batch(standing_columns(&sorted))
}

type Column = (Field, ArrayRef);

fn batch(columns: Vec<Column>) -> RecordBatch {
    let (fields, arrays): (Vec<Field>, Vec<ArrayRef>) = columns.into_iter().unzip();
    RecordBatch::try_new(Arc::new(Schema::new(fields)), arrays)
        .expect("columns are made from the same rows")
}

fn value_columns(values: &[&KpiValue]) -> Vec<Column> {
    vec![
        text("metric", values, |value| value.metric.clone()),
        whole("version", values, |value| i64::from(value.version)),
        text("statistic", values, |value| value.statistic.clone()),
        text("grain", values, |value| value.period.grain.name().into()),
        text("period", values, |value| value.period.label()),
        day("period_from", values, |value| value.period.from),
        day("period_until", values, |value| value.period.until),
        text("dimension", values, |value| value.segment.dimension.clone()),
        text("segment", values, |value| value.segment.value.clone()),
        real("numerator", values, |value| value.numerator),
        real("denominator", values, |value| value.denominator),
        whole("n", values, |value| i64::try_from(value.n).unwrap_or(i64::MAX)),
        real("value", values, |value| value.value),
        real("low", values, |value| value.low),
        real("high", values, |value| value.high),
        text("interval", values, |value| value.interval.clone()),
        maybe_text("null_reason", values, |value| {
            value.null_reason.map(|reason| reason_code(reason).into())
        }),
    ]
}

fn standing_columns(standings: &[&Standing]) -> Vec<Column> {
    let values: Vec<&KpiValue> = standings.iter().map(|standing| &standing.current).collect();
    let mut columns = value_columns(&values);
    columns.extend([
        real("previous", standings, |standing| {
            standing.previous.as_ref().and_then(|value| value.value)
        }),
        real("target", standings, |standing| standing.target.as_ref().map(|target| target.value)),
        maybe_text("owner", standings, |standing| {
            standing.target.as_ref().map(|target| target.owner.clone())
        }),
        text("status", standings, |standing| standing.status.words().into()),
        real("gap", standings, |standing| standing.gap),
        real("change", standings, |standing| standing.change),
        real("change_low", standings, |standing| standing.change_interval.map(|(low, _)| low)),
        real("change_high", standings, |standing| standing.change_interval.map(|(_, high)| high)),
        text("evidence", standings, |standing| standing.evidence.words().into()),
    ]);
    columns
}

fn text<T>(name: &str, rows: &[&T], of: impl Fn(&T) -> String) -> Column {
    let array = StringArray::from_iter_values(rows.iter().map(|row| of(row)));
    (Field::new(name, DataType::Utf8, false), Arc::new(array))
}

fn maybe_text<T>(name: &str, rows: &[&T], of: impl Fn(&T) -> Option<String>) -> Column {
    let array = rows.iter().map(|row| of(row)).collect::<StringArray>();
    (Field::new(name, DataType::Utf8, true), Arc::new(array))
}

fn whole<T>(name: &str, rows: &[&T], of: impl Fn(&T) -> i64) -> Column {
    let array = Int64Array::from_iter_values(rows.iter().map(|row| of(row)));
    (Field::new(name, DataType::Int64, false), Arc::new(array))
}

fn real<T>(name: &str, rows: &[&T], of: impl Fn(&T) -> Option<f64>) -> Column {
    let array = rows.iter().map(|row| of(row)).collect::<Float64Array>();
    (Field::new(name, DataType::Float64, true), Arc::new(array))
}

fn day<T>(name: &str, rows: &[&T], of: impl Fn(&T) -> Date) -> Column {
    let since = |day: Date| (day - jiff::civil::date(1970, 1, 1)).get_days();
    let array = Date32Array::from_iter_values(rows.iter().map(|row| since(of(row))));
    (Field::new(name, DataType::Date32, false), Arc::new(array))
}

/// Reads rows of `kpi.value` back, every column selected.
///
/// # Errors
///
/// [`BadValueRow`] when a column is missing or holds something else.
pub fn values_from_rows(rows: &QueryResult) -> Result<Vec<KpiValue>, BadValueRow> {
    rows.rows
        .iter()
        .enumerate()
        .map(|(at, cells)| Row { rows, cells, number: at + 1 }.value())
        .collect()
}

struct Row<'a> {
    rows: &'a QueryResult,
    cells: &'a [Cell],
    number: usize,
}

impl Row<'_> {
    fn value(&self) -> Result<KpiValue, BadValueRow> {
        Ok(KpiValue {
            metric: self.text("metric")?,
            version: u32::try_from(self.count("version")?).map_err(|_| self.bad("version"))?,
            statistic: self.text("statistic")?,
            period: self.period()?,
            segment: Segment::of(self.text("dimension")?, self.text("segment")?),
            numerator: self.cell("numerator")?.as_f64(),
            denominator: self.cell("denominator")?.as_f64(),
            n: self.count("n")?,
            value: self.cell("value")?.as_f64(),
            low: self.cell("low")?.as_f64(),
            high: self.cell("high")?.as_f64(),
            interval: self.text("interval")?,
            null_reason: self.reason()?,
        })
    }

    fn period(&self) -> Result<Period, BadValueRow> {
        let grains = [Grain::Week, Grain::Month, Grain::Quarter, Grain::Year, Grain::All];
        let word = self.text("grain")?;
        let grain = grains.into_iter().find(|grain| grain.name() == word);
        Ok(Period {
            grain: grain.ok_or_else(|| self.bad("grain"))?,
            from: self.cell("period_from")?.as_date().ok_or_else(|| self.bad("period_from"))?,
            until: self.cell("period_until")?.as_date().ok_or_else(|| self.bad("period_until"))?,
        })
    }

    fn reason(&self) -> Result<Option<NullReason>, BadValueRow> {
        let Some(code) = self.cell("null_reason")?.as_text() else { return Ok(None) };
        let found = REASONS.into_iter().find(|(_, known)| *known == code);
        found.map(|(reason, _)| Some(reason)).ok_or_else(|| self.bad("null_reason"))
    }

    fn text(&self, column: &'static str) -> Result<String, BadValueRow> {
        self.cell(column)?.as_text().map(str::to_owned).ok_or_else(|| self.bad(column))
    }

    fn count(&self, column: &'static str) -> Result<u64, BadValueRow> {
        self.cell(column)?.as_u64().ok_or_else(|| self.bad(column))
    }

    fn cell(&self, column: &'static str) -> Result<&Cell, BadValueRow> {
        self.rows.column(column).and_then(|at| self.cells.get(at)).ok_or_else(|| self.bad(column))
    }

    fn bad(&self, column: &'static str) -> BadValueRow {
        BadValueRow { row: self.number, column }
    }
}

/// Codes of the reasons in the column `null_reason`, as serde writes them.
const REASONS: [(NullReason, &str); 6] = [
    (NullReason::EmptyDenominator, "empty_denominator"),
    (NullReason::NoRows, "no_rows"),
    (NullReason::NoBase, "no_base"),
    (NullReason::MissingPart, "missing_part"),
    (NullReason::Immature, "immature"),
    (NullReason::Suppressed, "suppressed"),
];

/// The code of a reason, as it stands in the column `null_reason`.
pub(crate) fn reason_code(reason: NullReason) -> &'static str {
    REASONS.into_iter().find(|(known, _)| *known == reason).map_or("no_rows", |(_, code)| code)
}

#[cfg(test)]
mod tests {
    use scorewright_domain::{NullReason, Period};
    use scorewright_warehouse::arrow::array::Array;

    use super::*;

    fn value(label: &str, segment: Segment, value: Option<f64>) -> KpiValue {
        KpiValue {
            metric: "csat_top2".into(),
            version: 2,
            statistic: "value".into(),
            period: Period::from_label(label).unwrap(),
            segment,
            numerator: value.map(|_| 8.0),
            denominator: Some(10.0),
            n: 10,
            value,
            low: value.map(|_| 0.49),
            high: value.map(|_| 0.94),
            interval: "wilson".into(),
            null_reason: value.is_none().then_some(NullReason::Immature),
        }
    }

    /// The cells of a batch as the warehouse would answer them.
    fn rows(batch: &RecordBatch) -> QueryResult {
        use scorewright_warehouse::arrow::array::AsArray;
        use scorewright_warehouse::arrow::datatypes::{Date32Type, Float64Type, Int64Type};
        let cell = |array: &ArrayRef, row: usize| match array.data_type() {
            _ if array.is_null(row) => Cell::Null,
            DataType::Utf8 => Cell::Text(array.as_string::<i32>().value(row).into()),
            DataType::Int64 => Cell::Integer(array.as_primitive::<Int64Type>().value(row)),
            DataType::Float64 => Cell::Float(array.as_primitive::<Float64Type>().value(row)),
            _ => {
                let since = array.as_primitive::<Date32Type>().value(row);
                Cell::Date(jiff::civil::date(1970, 1, 1) + jiff::ToSpan::days(since))
            }
        };
        let rows = (0..batch.num_rows())
            .map(|row| batch.columns().iter().map(|array| cell(array, row)).collect());
        let columns = batch.schema().fields().iter().map(|field| field.name().clone()).collect();
        QueryResult { rows: rows.collect(), columns }
    }

    #[test]
    fn values_come_back_as_they_went_sorted() {
        let total = value("2026-W47", Segment::total(), Some(0.8));
        let team = value("2026-W47", Segment::of("team", "Billing"), None);
        let month = value("2026-10", Segment::total(), Some(0.7));
        let batch = values_to_batch(&[month.clone(), team.clone(), total.clone()]);
        assert_eq!(batch.schema(), value_schema());
        assert_eq!(values_from_rows(&rows(&batch)), Ok(vec![total, team, month]));
    }

    #[test]
    fn a_missing_column_is_named() {
        let mut rows = rows(&values_to_batch(&[value("2026-10", Segment::total(), Some(0.7))]));
        rows.columns[12] = "worth".into();
        let bad = values_from_rows(&rows).unwrap_err();
        assert_eq!(bad.to_string(), "row 1 of `kpi.value` has no usable `value`");
    }

    #[test]
    fn no_values_are_a_table_without_rows() {
        assert_eq!(values_to_batch(&[]).num_rows(), 0);
        assert_eq!(standings_to_batch(&[]).schema(), standing_schema());
    }
}
