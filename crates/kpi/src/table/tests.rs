//! Values written and read back.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::sync::Arc;

use jiff::civil::date;
use scorewright_domain::{
    Benchmark, ChangeTest, ChangedPart, Comparability, Comparison, Coverage, CoverageState,
    DeclaredChange, Direction, Evidence, GoalKind, IntervalMethod, KpiValue, NullReason, Period,
    Segment, Standing, Status, Target, TestedChange, Unit,
};
use scorewright_warehouse::arrow::array::{Array, ArrayRef, RecordBatch, StringArray};
use scorewright_warehouse::arrow::datatypes::DataType;
use scorewright_warehouse::{Cell, QueryResult};

use super::{
    standing_schema, standings_from_batches, standings_to_batch, value_schema, values_from_rows,
    values_to_batch,
};

fn value(label: &str, segment: Segment, value: Option<f64>) -> KpiValue {
    KpiValue {
        metric: "csat_top2".into(),
        version: 2,
        statistic: "value".into(),
        period: Period::from_label(label).unwrap(),
        segment,
        numerator: value.map(|_| 8.0),
        denominator: Some(10.0),
        n: Some(10),
        value,
        low: value.map(|_| 0.49),
        high: value.map(|_| 0.94),
        interval: IntervalMethod::Wilson,
        null_reason: value.is_none().then_some(NullReason::Immature),
        tested_change: None,
    }
}

fn tested(value: KpiValue) -> KpiValue {
    let change = TestedChange {
        interval: (-0.3, f64::MIN_POSITIVE),
        standard_error: 0.08,
        probability: 1.0 / 3.0,
        test: ChangeTest::PooledZ,
    };
    KpiValue { tested_change: Some(change), ..value }
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
            Cell::Date(date(1970, 1, 1) + jiff::ToSpan::days(since))
        }
    };
    let rows = (0..batch.num_rows())
        .map(|row| batch.columns().iter().map(|array| cell(array, row)).collect());
    let columns = batch.schema().fields().iter().map(|field| field.name().clone()).collect();
    QueryResult { rows: rows.collect(), columns }
}

#[test]
fn values_come_back_as_they_went_sorted() {
    let total = tested(value("2026-W47", Segment::total(), Some(0.8)));
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
fn an_unknown_method_of_an_interval_is_refused() {
    let mut rows = rows(&values_to_batch(&[value("2026-10", Segment::total(), Some(0.7))]));
    let column = rows.column("interval_method").unwrap();
    rows.rows[0][column] = Cell::Text("wilsn".into());
    let bad = values_from_rows(&rows).unwrap_err();
    assert_eq!(bad.to_string(), "row 1 of `kpi.value` has no usable `interval_method`");
}

#[test]
fn versions_of_earlier_programs_call_the_method_interval() {
    let mut rows = rows(&values_to_batch(&[value("2026-10", Segment::total(), Some(0.7))]));
    let column = rows.column("interval_method").unwrap();
    let read = values_from_rows(&rows).unwrap();
    rows.columns[column] = "interval".into();
    assert_eq!(values_from_rows(&rows).unwrap(), read);
}

/// A standing with all it can have.
fn standing(segment: Segment) -> Standing {
    let target = Target {
        metric: "csat_top2".into(),
        statistic: "value".into(),
        segment: (!segment.is_total()).then(|| segment.to_string()),
        kind: GoalKind::Reach,
        value: 0.85,
        baseline: Some(0.1 + 0.2),
        from: date(2026, 1, 1),
        due: Some(date(2026, 12, 31)),
        owner: "Head of \"Support\", =1+1".into(),
    };
    Standing {
        current: tested(value("2026-W47", segment, Some(2.0 / 3.0))),
        series: vec![Some(1e-300), None, Some(2.0 / 3.0)],
        title: "Zufriedenheit ☃\n<b>".into(),
        says: "What customers say".into(),
        unit: Unit::Share,
        direction: Direction::HigherIsBetter,
        minimum_sample: 30,
        definition: "numerator: sum(a); denominator: count(*)".into(),
        gap: Some(2.0 / 3.0 - 0.85),
        target: Some(target),
        benchmarks: vec![benchmark(None), benchmark(Some("another scale"))],
        status: Status::AtRisk,
        comparison: Comparison {
            previous: Some(0.7),
            previous_n: Some(12),
            change: Some(2.0 / 3.0 - 0.7),
        },
        evidence: Evidence::Noise,
        trend_break: Some(DeclaredChange {
            on: date(2026, 5, 4),
            what: ChangedPart::SendTime,
            says: "Asked a day later".into(),
        }),
        coverage: Coverage {
            state: CoverageState::Partial,
            until: Some("2026-11-19T16:30:00.000001Z".parse().unwrap()),
            sources: vec!["shop_orders".into(), "stripe_invoices".into()],
        },
    }
}

fn benchmark(notes: Option<&str>) -> Benchmark {
    Benchmark {
        metric: "csat_top2".into(),
        statistic: "value".into(),
        value: 0.1 + 0.7,
        publisher: "XM Institute".into(),
        source: "Ratings".into(),
        year: 2023,
        population: "10,000 in the US".into(),
        retrieved: date(2026, 3, 2),
        comparability: Comparability::Context,
        notes: notes.map(String::from),
    }
}

#[test]
fn standings_come_back_as_they_went_sorted() {
    let bare = Standing {
        current: value("2026-10", Segment::total(), None),
        series: vec![None],
        target: None,
        benchmarks: Vec::new(),
        gap: None,
        comparison: Comparison::default(),
        status: Status::NoData,
        evidence: Evidence::TooLittleData,
        trend_break: None,
        coverage: Coverage::whole(),
        ..standing(Segment::total())
    };
    let (total, team) = (standing(Segment::total()), standing(Segment::of("team", "a=b")));
    let batch = standings_to_batch(&[bare.clone(), team.clone(), total.clone()]);
    assert_eq!(batch.schema(), standing_schema());
    let halves = [batch.slice(2, 1), batch.slice(0, 2)];
    assert_eq!(standings_from_batches(&halves), Ok(vec![total, team, bare]));
}

#[test]
fn a_standing_of_another_form_is_refused() {
    let batch = standings_to_batch(&[standing(Segment::total())]);
    let without = batch.schema().index_of("unit").unwrap();
    let kept: Vec<usize> = (0..batch.num_columns()).filter(|column| *column != without).collect();
    let bad = standings_from_batches(&[batch.project(&kept).unwrap()]).unwrap_err();
    assert!(bad.to_string().contains("missing field `unit`"), "{bad}");
    let named = standings_from_batches(&[with_text(&batch, "status", "fine")]).unwrap_err();
    assert_eq!(named.to_string(), "row 1 of `kpi.standing` has no usable `status`");
}

/// The batch with another text in all rows of a column.
fn with_text(batch: &RecordBatch, column: &str, text: &str) -> RecordBatch {
    let mut columns = batch.columns().to_vec();
    let at = batch.schema().index_of(column).unwrap();
    columns[at] = Arc::new(StringArray::from(vec![text; batch.num_rows()]));
    RecordBatch::try_new(batch.schema(), columns).unwrap()
}

#[test]
fn no_values_are_a_table_without_rows() {
    assert_eq!(values_to_batch(&[]).num_rows(), 0);
    assert_eq!(standings_to_batch(&[]).schema(), standing_schema());
    assert_eq!(standings_from_batches(&[standings_to_batch(&[])]), Ok(Vec::new()));
    assert_eq!(standings_from_batches(&[]), Ok(Vec::new()));
}

/// The words in backticks of the first column of the tables below a heading of the guide.
fn documented(heading: &str) -> Vec<String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/numbers.md");
    let text = fs::read_to_string(path).unwrap();
    let section = text.split(&format!("\n## {heading}\n")).nth(1).unwrap().to_owned();
    let section = section.split("\n## ").next().unwrap().to_owned();
    let cells = section.lines().filter_map(|line| line.strip_prefix("| ")?.split(" | ").next());
    let words = cells.flat_map(|cell| cell.split('`').skip(1).step_by(2));
    words.map(String::from).collect()
}

#[test]
fn every_column_of_a_verdict_is_documented_and_no_other() {
    let (value, standing) = (value_schema(), standing_schema());
    let own = standing.fields().iter().map(|field| field.name().clone());
    let mut own: Vec<String> = own.filter(|name| value.index_of(name).is_err()).collect();
    let mut documented = documented("Verdict");
    own.sort();
    documented.sort();
    assert_eq!(documented, own);
    let names: BTreeSet<&String> = standing.fields().iter().map(|field| field.name()).collect();
    assert_eq!(names.len(), standing.fields().len(), "every column has a name of its own");
}

#[test]
fn every_test_of_a_change_is_documented_and_no_other() {
    let tests = documented("Change").into_iter().filter(|word| word != "test");
    assert_eq!(tests.collect::<Vec<_>>(), ChangeTest::ALL.map(ChangeTest::name));
}
