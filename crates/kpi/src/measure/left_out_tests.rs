//! Rows that a fact marks as left out count in no kind of metric, unless it asks for them.

use jiff::civil::date;
use miette::Diagnostic;
use scorewright_domain::{KpiValue, ProjectFile};
use scorewright_warehouse::Session;

use super::{FormerValues, measure};
use crate::calendar::Calendar;
use crate::coverage::MetricCoverage;
use crate::faults::ProjectFaults;
use crate::metric::read_metrics;

/// Five counted rows of one week; `later` and `at_midnight` are left out after the as-of day's beginning, `before` is not.
const TICKETS: &str = "ticket_id,left_out,left_out_at:timestamp,opened_at:timestamp,ended_at:timestamp,seconds:integer
one,,,2026-11-02T10:00:00Z,2026-11-30T10:00:00Z,10
two,,,2026-11-03T10:00:00Z,2026-11-30T10:00:00Z,20
three,,,2026-11-03T10:00:00Z,,30
later,deleted,2026-11-20T10:00:00Z,2026-11-04T10:00:00Z,,40
at_midnight,deleted,2026-11-08T23:00:00Z,2026-11-04T10:00:00Z,,50
before,deleted,2026-11-08T22:59:59Z,2026-11-04T10:00:00Z,,1000
spam,spam,,2026-11-05T10:00:00Z,,1000
";

fn measured(
    fixture: &str,
    kind: &str,
    keys: &str,
) -> Result<Vec<KpiValue>, (ProjectFaults, String)> {
    let session = Session::without_data().unwrap();
    session.add_fixture(&"fact.ticket".parse().unwrap(), fixture).unwrap();
    let text = format!(
        "title = \"T\"\nsays = \"T\"\nunit = \"count\"\ndirection = \"neutral\"\nkind = \"{kind}\"\n\
         fact = \"fact.ticket\"\ngrains = [\"week\"]\n{keys}"
    );
    let metrics =
        read_metrics(&[ProjectFile::new("pipelines/metrics/tickets.toml", &text)]).unwrap();
    let calendar = Calendar::new(date(2026, 11, 9), "Europe/Berlin").unwrap();
    measure(
        &metrics,
        &session,
        &MetricCoverage::whole(calendar),
        usize::MAX,
        &FormerValues::default(),
    )
    .map(|measured| measured.values)
    .map_err(|faults| (faults, text))
}

fn value_of(kind: &str, keys: &str) -> Option<f64> {
    measured(TICKETS, kind, keys).unwrap()[0].value
}

const KINDS: [(&str, &str, f64, f64); 4] = [
    ("total", "time = \"opened_at\"\nnumerator = \"count(*)\"\n", 5.0, 7.0),
    (
        "ratio",
        "time = \"opened_at\"\nnumerator = \"sum(seconds)\"\ndenominator = \"count(*)\"\n",
        30.0,
        2150.0 / 7.0,
    ),
    (
        "quantile",
        "time = \"opened_at\"\nvalue = \"seconds\"\nstatistics = [\"median\"]\n",
        30.0,
        40.0,
    ),
    ("state", "from = \"opened_at\"\nuntil = \"ended_at\"\nnumerator = \"count(*)\"\n", 5.0, 7.0),
];

#[test]
fn rows_that_are_left_out_count_in_no_kind() {
    // by hand from the seven rows above
    for (kind, keys, expected, _) in KINDS {
        assert_eq!(value_of(kind, keys), Some(expected), "{kind}");
    }
    let movement = "entity = \"ticket_id\"\nfrom = \"opened_at\"\nuntil = \"ended_at\"\n\
                    numerator = \"count(*) FILTER (WHERE at_end)\"\ndenominator = \"count(*)\"\n";
    let found = measured(TICKETS, "movement", movement).unwrap();
    assert_eq!(found[0].denominator, Some(5.0));
}

#[test]
fn a_metric_may_count_them_all() {
    for (kind, keys, _, expected) in KINDS {
        let keys = format!("{keys}include_left_out = true\n");
        assert_eq!(value_of(kind, &keys), Some(expected), "{kind}");
        let keys = keys.replace("= true", "= false");
        assert_ne!(value_of(kind, &keys), Some(expected), "{kind}");
    }
}

#[test]
fn a_fact_that_marks_no_rows_has_none_to_include() {
    let unmarked = TICKETS.replace("left_out", "other");
    let (faults, text) =
        measured(&unmarked, "total", &format!("{}include_left_out = true\n", KINDS[0].1))
            .unwrap_err();
    assert_eq!(faults.to_string(), "`fact.ticket` has no column `left_out`");
    let label = faults.labels().and_then(|mut labels| labels.next()).unwrap();
    assert_eq!(&text[label.offset()..label.offset() + label.len()], "true");
    let counted = measured(&unmarked, "total", KINDS[0].1).unwrap();
    assert_eq!(counted[0].value, Some(7.0));
}

#[test]
fn without_a_moment_a_marked_row_never_counts() {
    let undated = TICKETS.replace("left_out_at", "other_at");
    let counted = measured(&undated, "total", KINDS[0].1).unwrap();
    assert_eq!(counted[0].value, Some(3.0));
}
