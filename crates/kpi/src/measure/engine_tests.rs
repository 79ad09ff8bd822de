//! What is summed of one reading of the rows is what the engine sums in groups.
//!
//! The engine gets the same metrics with `nullif(…, NULL)` around what they sum: the same number, which is not taken apart.

use proptest::prelude::*;
use scorewright_domain::ProjectFile;
use scorewright_warehouse::{Session, SumExpression};

use super::context::MeasureContext;
use super::properties::{AS_OF, MadeUpRow, rows, rows_of_many, session, shown};
use super::{FormerValues, measure};
use crate::calendar::Calendar;
use crate::coverage::MetricCoverage;
use crate::metric::{MetricKind, read_metrics};

const TOP: &str = "title = \"T\"\nsays = \"T\"\nunit = \"count\"\ndirection = \"neutral\"\nfact = \"fact.made_up\"\n\
    by = [\"segment\", \"score\"]\n";
const EVENTS: &str =
    "time = \"from_at\"\ngrains = [\"day\", \"week\", \"month\", \"quarter\", \"all\"]\n";
const STATES: &str =
    "from = \"from_at\"\nuntil = \"until_at\"\ngrains = [\"day\", \"week\", \"month\", \"all\"]\n";
const MOVEMENTS: &str = "from = \"from_at\"\nuntil = \"until_at\"\nentity = \"customer_id\"\n\
    grains = [\"day\", \"week\", \"month\", \"year\"]\n";

/// Tops and bottoms, each of which has no value for some rows.
const SUMS: [(&str, &str); 6] = [
    ("sum(net)", "count(score)"),
    ("sum(net) + coalesce(sum(net) FILTER (WHERE score >= 9), 0)", "count(*)"),
    ("sum(score) - sum(net)", "sum(score * score)"),
    (
        "100 * count(*) FILTER (WHERE score >= 9) - count(*) FILTER (WHERE score <= 6)",
        "coalesce(sum(score), count(net))",
    ),
    (
        "-coalesce(sum(net) FILTER (WHERE customer_id IS NULL OR from_at > $as_of), sum(score), 7)",
        "2 * count(net)",
    ),
    ("count(net) FILTER (WHERE net > 1000) * count(*)", "sum(row_id)"),
];

/// Not all bottoms count rows.
const SAMPLE: &str = "sample = \"count(net)\"\n";

/// The same of movements.
const MOVED: &str = "sample = \"count(*) FILTER (WHERE at_start)\"\n";

/// Tops and bottoms of movements.
const MOVES: [(&str, &str); 3] = [
    ("count(*) FILTER (WHERE at_start AND NOT at_end)", "count(*) FILTER (WHERE at_start)"),
    ("count(*) FILTER (WHERE moved_in) - 3 * count(*) FILTER (WHERE moved_out)", "count(*)"),
    (
        "sum(CASE WHEN at_end THEN 2 END)",
        "coalesce(sum(CASE WHEN moved_out OR at_start THEN CAST(0.5 AS DECIMAL(4, 2)) END), 1)",
    ),
];

/// All values of a metric, as they are and by the groups of the engine.
fn both(kind: &str, top: &str, bottom: &str, made_up: &[MadeUpRow]) -> [Vec<String>; 2] {
    let session = session(made_up, |_| true);
    let calendar = Calendar::new(AS_OF, "Europe/Berlin").unwrap();
    [(top.to_owned(), bottom.to_owned()), (whole(top), whole(bottom))].map(|(top, bottom)| {
        let text = format!("{TOP}kind = {kind}numerator = \"{top}\"\ndenominator = \"{bottom}\"\n");
        let metrics =
            read_metrics(&[ProjectFile::new("pipelines/metrics/made_up.toml", text)]).unwrap();
        let coverage = MetricCoverage::whole(calendar.clone());
        let measured = measure(&metrics, &session, &coverage, usize::MAX, &FormerValues::default());
        shown(&measured.unwrap().values)
    })
}

fn whole(text: &str) -> String {
    format!("nullif({text}, NULL)")
}

fn check(kind: &str, sums: &[(&str, &str)], made_up: &[MadeUpRow]) -> Result<(), TestCaseError> {
    for (top, bottom) in sums {
        let [read, grouped] = both(kind, top, bottom, made_up);
        prop_assert_eq!(read, grouped, "{}: {} / {}", kind, top, bottom);
        let is_read = |text: &str| SumExpression::of(text).is_some();
        prop_assert!(is_read(top) && is_read(bottom) && !is_read(&whole(top)), "{}", top);
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(6))]

    #[test]
    fn events(rows in rows()) {
        check(&format!("\"ratio\"\n{EVENTS}{SAMPLE}"), &SUMS, &rows)?;
    }

    #[test]
    fn clusters(rows in rows_of_many()) {
        let kind = format!("\"ratio\"\n{EVENTS}{SAMPLE}cluster = \"customer_id\"\ninterval = \"bootstrap\"\n");
        check(&kind, &SUMS, &rows)?;
    }

    #[test]
    fn states(rows in rows()) {
        check(&format!("\"state\"\n{STATES}{SAMPLE}"), &SUMS, &rows)?;
    }

    #[test]
    fn movements(rows in rows()) {
        check(&format!("\"movement\"\n{MOVEMENTS}{MOVED}"), &MOVES, &rows)?;
    }

    #[test]
    fn movements_of_many(rows in rows_of_many()) {
        check(&format!("\"movement\"\n{MOVEMENTS}{MOVED}"), &MOVES, &rows)?;
    }
}

/// Without this, what is read and what the engine groups could be the same twice.
#[test]
fn what_adds_up_is_read() {
    let session = Session::without_data().unwrap();
    let fact = "customer_id,segment,from_at:timestamp,until_at:timestamp,net:decimal\n\
        c1,E,2026-11-02T10:00:00Z,2026-11-20T10:00:00Z,10.50\n";
    session.add_fixture(&"fact.made_up".parse().unwrap(), fact).unwrap();
    let calendar = Calendar::new(AS_OF, "Europe/Berlin").unwrap();
    for (kind, top) in [
        ("\"ratio\"\ntime = \"from_at\"", "sum(net)"),
        ("\"state\"\nfrom = \"from_at\"\nuntil = \"until_at\"", "sum(net)"),
        (
            "\"movement\"\nentity = \"customer_id\"\nfrom = \"from_at\"\nuntil = \"until_at\"",
            "count(*) FILTER (WHERE at_end)",
        ),
    ] {
        let top_of_file = TOP.replace(", \"score\"", "");
        let text = format!(
            "{top_of_file}kind = {kind}\nnumerator = \"{top}\"\ndenominator = \"count(*)\"\n"
        );
        let metric = read_metrics(&[ProjectFile::new("pipelines/metrics/made_up.toml", text)])
            .unwrap()
            .remove(0);
        let (metric, session, calendar) = (&metric, &session, &calendar);
        let context = MeasureContext { metric, session, calendar, most_segments: usize::MAX };
        let is_read = match &metric.kind {
            MetricKind::Ratio(ratio) => ratio.read(&context).map(|read| read.is_some()),
            MetricKind::State(state) => state.read(&context).map(|read| read.is_some()),
            MetricKind::Movement(movement) => movement.read(&context).map(|read| read.is_some()),
            _ => panic!("another kind"),
        };
        assert!(is_read.unwrap(), "{kind}");
    }
}

/// A place for each of 12,000 customers in each of 120 weeks would take more memory than the rows.
#[test]
fn of_very_many_segments_only_those_with_rows_are_kept() {
    let session = Session::without_data().unwrap();
    let row = |number: u32| {
        let year = if number == 0 { 2024 } else { 2026 };
        format!("c{number},{year}-08-12T10:00:00Z,2026-08-20T10:00:00Z\n")
    };
    let rows = (0..12_000).map(row).collect::<String>();
    let fact = format!("customer_id,from_at:timestamp,until_at:timestamp\n{rows}");
    session.add_fixture(&"fact.made_up".parse().unwrap(), &fact).unwrap();
    let calendar = Calendar::new(AS_OF, "Europe/Berlin").unwrap();
    let ends = "from = \"from_at\"\nuntil = \"until_at\"";
    for (kind, counted) in [
        (format!("\"state\"\n{ends}"), "count(*)"),
        (
            format!("\"movement\"\nentity = \"customer_id\"\n{ends}"),
            "count(*) FILTER (WHERE at_end)",
        ),
    ] {
        let top = TOP.replace("\"segment\", \"score\"", "\"customer_id\"");
        let text = format!("{top}kind = {kind}\ngrains = [\"week\"]\nnumerator = \"{counted}\"\n");
        let file = ProjectFile::new("pipelines/metrics/made_up.toml", text);
        let metrics = read_metrics(&[file]).unwrap();
        let (metric, session, calendar) = (&metrics[0], &session, &calendar);
        let context = MeasureContext { metric, session, calendar, most_segments: 10 };
        let is_read = match &metric.kind {
            MetricKind::State(state) => state.read(&context).map(|read| read.is_some()),
            MetricKind::Movement(movement) => movement.read(&context).map(|read| read.is_some()),
            _ => panic!("another kind"),
        };
        assert!(!is_read.unwrap(), "{kind}");
        let coverage = MetricCoverage::whole(calendar.clone());
        let measured = measure(&metrics, session, &coverage, 10, &FormerValues::default());
        let most = measured.unwrap().values.into_iter().filter_map(|value| value.numerator);
        assert_eq!(most.fold(0.0, f64::max).to_string(), "12000", "{kind}");
    }
}
