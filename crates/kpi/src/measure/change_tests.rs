//! Changes from one period to the next are tested in every period, from the rows where a test needs them.

use std::collections::BTreeMap;

use jiff::civil::date;
use jiff::{Timestamp, ToSpan as _};
use scorewright_domain::{ChangeTest, ProjectFile, SourceReach, TestedChange};
use scorewright_warehouse::Session;

use super::{FormerValues, measure};
use crate::calendar::Calendar;
use crate::coverage::{MetricCoverage, MetricReach};
use crate::metric::read_metrics;

/// Seconds that the tickets of three weeks took: W43, W44 and W45 of 2026.
const WEEKS: [(&str, &[i64]); 3] = [
    ("2026-10-20T10:00:00Z", &[3, 3, 5, 5, 5, 8, 8, 9, 12, 12, 14, 20, 20, 31]),
    ("2026-10-27T10:00:00Z", &[5, 5, 8, 9, 9, 9, 14, 15, 20, 31, 31, 40, 44]),
    ("2026-11-03T10:00:00Z", &[5, 5, 8, 9, 9, 9, 14, 15, 20, 31, 31, 40, 44]),
];

/// By week, the change of a metric's statistic, everything being delivered.
fn changes(statistic: &str, lines: &str) -> [Option<TestedChange>; 3] {
    changes_of(statistic, lines, BTreeMap::new())
}

/// The same, where the sources of metrics reach so far.
fn changes_of(
    statistic: &str,
    lines: &str,
    reach: BTreeMap<String, MetricReach>,
) -> [Option<TestedChange>; 3] {
    let mut tickets = "opened_at:timestamp,resolved_at:timestamp,seconds:integer\n".to_owned();
    for (opened, all) in WEEKS {
        let at: Timestamp = opened.parse().unwrap();
        let row = |seconds: &i64| format!("{at},{},{seconds}\n", at + seconds.seconds());
        tickets.extend(all.iter().map(row));
    }
    // Small groups cannot be protected beside all that is known.
    let is_small = lines.contains("minimum_group");
    let grains = if is_small { "grains = ['week']\n" } else { "grains = ['week', 'all']\n" };
    let text = format!(
        "title = 'A'\nsays = 'A'\ndirection = 'lower_is_better'\nfact = 'fact.ticket'\n{grains}{lines}"
    );
    let metrics = read_metrics(&[ProjectFile::new("pipelines/metrics/a.toml", text)]).unwrap();
    let session = Session::without_data().unwrap();
    session.add_fixture(&"fact.ticket".parse().unwrap(), &tickets).unwrap();
    let coverage = MetricCoverage::new(Calendar::new(date(2026, 11, 9), "UTC").unwrap(), reach);
    let measured =
        measure(&metrics, &session, &coverage, usize::MAX, &FormerValues::default()).unwrap();
    let of = |label: &str| {
        let mut values = measured.values.iter();
        let is_asked = |value: &&_| {
            let value: &scorewright_domain::KpiValue = value;
            value.statistic == statistic && value.period.label() == label
        };
        values.find(is_asked).unwrap().tested_change
    };
    ["2026-W43", "2026-W44", "2026-W45"].map(of)
}

fn is_near(one: f64, other: f64) -> bool {
    (one - other).abs() < 1e-10
}

const MEDIAN: &str =
    "unit = 'duration'\nkind = 'quantile'\ntime = 'opened_at'\nvalue = 'seconds'\n";

#[test]
fn medians_are_compared_by_ranks_in_every_period() {
    let [first, second, third] = changes("median", MEDIAN);
    assert_eq!(first, None, "nothing before it");
    let second = second.unwrap();
    // scipy 1.17.1 mannwhitneyu(method="asymptotic"); numpy: all differences sorted, the 50th from either end
    assert_eq!((second.test, second.interval), (ChangeTest::MannWhitney, (-1.0, 17.0)));
    assert!(is_near(second.probability, 0.112_276_215_806_629_84), "{second:?}");
    assert!(is_near(third.unwrap().probability, 1.0), "the same again");
    let [_, mean, _] = changes("mean", MEDIAN);
    assert_eq!(mean.unwrap().test, ChangeTest::Welch);
}

#[test]
fn times_of_what_goes_on_are_compared_by_the_log_rank_test() {
    let [first, second, _] = changes(
        "median",
        "unit = 'duration'\nkind = 'survival'\nfrom = 'opened_at'\nuntil = 'resolved_at'\n",
    );
    assert_eq!(first, None);
    let second = second.unwrap();
    // lifelines 0.30 logrank_test
    assert_eq!(second.test, ChangeTest::LogRank);
    assert!(is_near(second.probability, 0.078_567_179_667_627_67), "{second:?}");
    assert!(second.interval.0 < 5.0 && second.interval.1 > 5.0, "median 8.5, then 14: {second:?}");
}

#[test]
fn shares_are_compared_and_never_across_a_declared_change() {
    let share = "unit = 'share'\nkind = 'ratio'\ntime = 'opened_at'\nnumerator = 'count(*) FILTER (WHERE seconds < 10)'\n\
                 denominator = 'count(*)'\n";
    let [_, second, third] = changes("value", share);
    let second = second.unwrap();
    // scipy 1.17.1: 2 * norm.sf of the pooled z of 6 of 13 and 8 of 14
    assert_eq!(second.test, ChangeTest::PooledZ);
    assert!(is_near(second.probability, 0.567_995_737_866_268_8), "{second:?}");
    assert!(third.is_some());
    for lines in [share, MEDIAN] {
        let statistic = if lines == share { "value" } else { "median" };
        let parted = format!(
            "{lines}[[changes]]\non = 2026-10-28\nwhat = 'wording'\nsays = 'Other words'\n"
        );
        let [_, second, third] = changes(statistic, &parted);
        assert_eq!((second, third), (None, None), "the week of the change is of both");
    }
}

#[test]
fn a_week_that_was_not_delivered_to_its_end_is_compared_with_nothing() {
    let until = Some("2026-11-05T00:00:00Z".parse().unwrap());
    let sources = vec![SourceReach { source: "tickets".into(), until, due: None }];
    let reach = MetricReach { sources, matures_after_days: 0 };
    let [_, second, third] =
        changes_of("median", MEDIAN, BTreeMap::from([("a".to_owned(), reach)]));
    assert!(second.is_some());
    assert_eq!(third, None, "the week of 2 November ends on the 8th");
}

#[test]
fn small_groups_are_not_compared_by_ranks() {
    let lines = format!("{MEDIAN}minimum_group = 5\n");
    let [_, second, _] = changes("median", &lines);
    assert_eq!(second.map(|change| change.test), Some(ChangeTest::CombinedIntervals));
}
