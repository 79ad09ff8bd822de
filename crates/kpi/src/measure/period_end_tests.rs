//! Aggregates that compare moments with the end of the period.

use jiff::civil::date;
use scorewright_domain::ProjectFile;
use scorewright_warehouse::Session;

use super::{FormerValues, measure};
use crate::calendar::Calendar;
use crate::coverage::MetricCoverage;
use crate::metric::read_metrics;

/// Weeks 44 and 45 of 2026 begin on 26 October and 2 November; the clock goes back on 25 October in Berlin.
const TICKETS: &str =
    "ticket_id,team,opened_at:timestamp,resolved_at:timestamp,opened_on:date,resolved_on:date
a,A,2026-10-26T10:00:00Z,2026-11-01T22:59:59Z,2026-10-26,2026-11-01
b,A,2026-10-27T10:00:00Z,2026-11-01T23:00:00Z,2026-10-27,2026-11-02
c,B,2026-10-28T10:00:00Z,2026-11-10T10:00:00Z,2026-10-28,2026-11-10
d,B,2026-11-03T10:00:00Z,,2026-11-03,
e,B,2026-11-04T10:00:00Z,2026-11-08T22:59:59Z,2026-11-04,2026-11-08
";

fn values(kind: &str, keys: &str) -> Vec<String> {
    let session = Session::without_data().unwrap();
    session.add_fixture(&"fact.ticket".parse().unwrap(), TICKETS).unwrap();
    let text = format!(
        "title = \"T\"\nsays = \"T\"\nunit = \"count\"\ndirection = \"neutral\"\nkind = \"{kind}\"\n\
         fact = \"fact.ticket\"\nby = [\"team\"]\ngrains = [\"day\", \"week\", \"month\", \"all\"]\n{keys}"
    );
    let file = ProjectFile::new("pipelines/metrics/tickets.toml", text);
    let metrics = read_metrics(&[file]).unwrap();
    let calendar = Calendar::new(date(2026, 12, 1), "Europe/Berlin").unwrap();
    let values = measure(
        &metrics,
        &session,
        &MetricCoverage::whole(calendar),
        usize::MAX,
        &FormerValues::default(),
    )
    .unwrap()
    .values;
    let is_shown = |label: &str| ["2026-W44", "2026-W45", "2026-10", "all"].contains(&label);
    let shown = values.iter().filter(|value| {
        is_shown(&value.period.label())
            && (value.segment.is_total() || value.period.label() == "2026-W44")
    });
    shown
        .map(|value| {
            let (label, segment) = (value.period.label(), &value.segment);
            format!("{label} {segment} {}/{}", value.numerator.unwrap_or(-1.0), value.n.unwrap())
        })
        .collect()
}

#[test]
fn each_row_is_compared_with_the_end_of_each_of_its_periods() {
    let keys = "time = \"opened_at\"\nnumerator = \"count(*) FILTER (WHERE resolved_at < $period_end)\"\n\
                denominator = \"count(*)\"\n";
    let mut found = values("ratio", keys);
    found.sort();
    // by hand: a is solved a second before its week ends, b as it ends; October ends on 31 October, before all
    let expected = [
        "2026-10 all 0/3",
        "2026-W44 all 1/3",
        "2026-W44 team=A 1/2",
        "2026-W44 team=B 0/1",
        "2026-W45 all 1/2",
        "all all 4/5",
    ];
    assert_eq!(found, expected);
}

#[test]
fn days_are_compared_with_the_day_that_ends_the_period() {
    let keys =
        "time = \"opened_on\"\nnumerator = \"count(*) FILTER (WHERE resolved_on < $period_end)\"\n";
    let found = values("total", keys);
    let of = |label: &str| found.iter().filter(|it| it.starts_with(label)).count();
    assert!(found.contains(&"2026-W44 all 1/3".to_owned()), "{found:?}");
    assert!(found.contains(&"2026-W45 all 1/2".to_owned()) && of("2026-10") == 1, "{found:?}");
}

#[test]
fn a_state_compares_with_the_moment_it_is_stated_for() {
    let keys = "from = \"opened_at\"\nuntil = \"resolved_at\"\n\
                numerator = \"count(*) FILTER (WHERE resolved_at < $period_end + INTERVAL '3 days')\"\n";
    let found = values("state", keys);
    // by hand: b, c are open as week 44 ends, and b is solved within three days; c and d are as week 45 ends, and c is
    assert!(found.contains(&"2026-W44 all 1/2".to_owned()), "{found:?}");
    assert!(found.contains(&"2026-W45 all 1/2".to_owned()), "{found:?}");
}

#[test]
fn elsewhere_it_is_refused_with_the_way_out() {
    for (kind, keys) in [
        (
            "ratio",
            "time = \"opened_at\"\nfilter = \"resolved_at < $period_end\"\nnumerator = \"count(*)\"\ndenominator = \"count(*)\"\n",
        ),
        (
            "quantile",
            "time = \"opened_at\"\nvalue = \"CASE WHEN resolved_at < $period_end THEN 1 END\"\n",
        ),
        (
            "movement",
            "entity = \"ticket_id\"\nfrom = \"opened_at\"\nuntil = \"$period_end\"\nnumerator = \"count(*)\"\ndenominator = \"count(*)\"\n",
        ),
    ] {
        let text = format!(
            "title = \"T\"\nsays = \"T\"\nunit = \"count\"\ndirection = \"neutral\"\nkind = \"{kind}\"\n\
             fact = \"fact.ticket\"\n{keys}"
        );
        let file = ProjectFile::new("pipelines/metrics/tickets.toml", text);
        let faults = read_metrics(&[file]).unwrap_err();
        assert!(faults.to_string().starts_with("`$period_end` means nothing in"), "{faults}");
    }
}
