//! Verdicts and evidence on handwritten values.

use jiff::civil::{Date, date};
use scorewright_domain::{
    Benchmark, Evidence, GoalKind, IntervalMethod, KpiValue, Period, ProjectFile, Segment,
    Standing, Status, Target,
};

use crate::calendar::Calendar;
use crate::comparison::test_changes;
use crate::coverage::MetricCoverage;
use crate::metric::{Metric, read_metrics};
use crate::statistics::share_interval;

const AS_OF: Date = date(2026, 11, 23);

fn metric(name: &str, direction: &str, more: &str) -> ProjectFile {
    let text = format!(
        "title = \"A\"\nsays = \"A\"\nunit = \"share\"\ndirection = \"{direction}\"\nkind = \"ratio\"\nfact = \"fact.a\"\n\
         time = \"at\"\nnumerator = \"count(*)\"\ndenominator = \"count(*)\"\nby = [\"team\"]\n{more}"
    );
    ProjectFile::new(format!("pipelines/metrics/{name}.toml"), text)
}

fn metrics() -> Vec<Metric> {
    let total = "title = \"A\"\nsays = \"A\"\nunit = \"count\"\ndirection = \"neutral\"\nkind = \"total\"\nfact = \"fact.a\"\ntime = \"at\"\nnumerator = \"count(*)\"\n";
    read_metrics(&[
        metric("csat", "higher_is_better", ""),
        metric("churn", "lower_is_better", "grains = [\"month\"]\n"),
        metric("reopened", "lower_is_better", "matures_after_days = 7\n"),
        ProjectFile::new("pipelines/metrics/tickets.toml", total),
    ])
    .unwrap()
}

/// A share with its Wilson interval.
#[allow(clippy::cast_precision_loss, reason = "small numbers")]
fn share(metric: &str, label: &str, hits: u64, asked: u64) -> KpiValue {
    let interval = share_interval(hits, asked);
    KpiValue {
        metric: metric.into(),
        version: 1,
        statistic: "value".into(),
        period: Period::from_label(label).unwrap(),
        segment: Segment::total(),
        numerator: Some(hits as f64),
        denominator: Some(asked as f64),
        n: Some(asked),
        value: (asked > 0).then(|| hits as f64 / asked as f64),
        low: interval.map(|(low, _)| low),
        high: interval.map(|(_, high)| high),
        interval: IntervalMethod::Wilson,
        null_reason: None,
        tested_change: None,
    }
}

fn count(label: &str, rows: u32) -> KpiValue {
    let bare = share("tickets", label, 0, 0);
    let value = Some(f64::from(rows));
    KpiValue {
        numerator: value,
        denominator: None,
        n: Some(rows.into()),
        value,
        interval: IntervalMethod::None,
        ..bare
    }
}

fn target(metric: &str, value: f64) -> Target {
    Target {
        metric: metric.into(),
        statistic: "value".into(),
        segment: None,
        kind: GoalKind::Keep,
        value,
        baseline: None,
        from: date(2026, 1, 1),
        due: None,
        owner: "Head of Support".into(),
    }
}

/// Judges values whose changes are tested first, as those of a run are.
fn judge(
    values: &[KpiValue],
    metrics: &[Metric],
    targets: &[Target],
    benchmarks: &[Benchmark],
    coverage: &MetricCoverage,
) -> Vec<Standing> {
    let mut values = values.to_vec();
    test_changes(&mut values, metrics, coverage);
    super::judge(&values, metrics, targets, benchmarks, coverage)
}

fn whole() -> MetricCoverage {
    MetricCoverage::whole(Calendar::new(AS_OF, "UTC").unwrap())
}

fn one(values: &[KpiValue], targets: &[Target]) -> Standing {
    let standings = judge(values, &metrics(), targets, &[], &whole());
    assert_eq!(standings.len(), 1);
    standings.into_iter().next().unwrap()
}

fn status(metric: &str, hits: u64, asked: u64, line: f64) -> Status {
    let label = if metric == "churn" { "2026-10" } else { "2026-W47" };
    one(&[share(metric, label, hits, asked)], &[target(metric, line)]).status
}

#[test]
fn equality_counts_as_met() {
    assert_eq!(status("csat", 80, 100, 0.8), Status::OnTrack);
    assert_eq!(status("churn", 5, 100, 0.05), Status::OnTrack);
}

#[test]
fn a_miss_is_off_track_only_when_the_interval_excludes_the_line() {
    // statsmodels 0.15.0: Wilson of 76/100 is 0.668 to 0.833, of 5/100 0.0215 to 0.1118
    assert_eq!(status("csat", 76, 100, 0.8), Status::AtRisk);
    assert_eq!(status("csat", 76, 100, 0.85), Status::OffTrack);
    assert_eq!(status("churn", 5, 100, 0.03), Status::AtRisk);
    assert_eq!(status("churn", 5, 100, 0.02), Status::OffTrack);
}

#[test]
fn too_few_observations_give_no_verdict() {
    assert_eq!(status("csat", 29, 29, 0.8), Status::TooLittleData);
    assert_eq!(status("csat", 30, 30, 0.8), Status::OnTrack);
    assert_eq!(status("csat", 0, 0, 0.8), Status::NoData);
}

#[test]
fn a_target_of_the_total_says_nothing_about_a_segment() {
    let segment = Segment::of("team", "Billing");
    let value = KpiValue { segment, ..share("csat", "2026-W47", 70, 100) };
    assert_eq!(one(std::slice::from_ref(&value), &[target("csat", 0.8)]).status, Status::NoTarget);
    let own = Target { segment: Some("team = Billing".into()), ..target("csat", 0.5) };
    let standing = one(&[value], &[target("csat", 0.8), own]);
    assert_eq!(standing.status, Status::OnTrack);
    assert!((standing.gap.unwrap() - 0.2).abs() < 1e-12);
}

#[test]
fn the_newest_target_in_force_counts() {
    let later = Target { from: date(2026, 11, 23), ..target("csat", 0.99) };
    let newer = Target { from: date(2026, 6, 1), ..target("csat", 0.7) };
    let standing = one(&[share("csat", "2026-W47", 75, 100)], &[target("csat", 0.9), newer, later]);
    assert_eq!(
        (standing.status, standing.target.unwrap().from),
        (Status::OnTrack, date(2026, 6, 1))
    );
}

#[test]
fn a_goal_to_reach_is_measured_on_its_straight_path() {
    // by hand: from 0.6 on 2026-01-01 to 0.8 on 2026-12-31, 326 of 364 days are over on 2026-11-23: 0.77912
    let reach = Target {
        kind: GoalKind::Reach,
        baseline: Some(0.6),
        due: Some(date(2026, 12, 31)),
        ..target("csat", 0.8)
    };
    let stand =
        |hits| one(&[share("csat", "2026-W47", hits, 10_000)], std::slice::from_ref(&reach));
    assert_eq!(stand(7792).status, Status::OnTrack);
    assert_eq!(stand(7791).status, Status::AtRisk);
    assert!((stand(7792).gap.unwrap() + 0.0208).abs() < 1e-12, "the gap is to the goal itself");
}

#[test]
fn the_period_is_the_last_whole_one_the_metric_is_ripe_for() {
    let week = |metric, label| share(metric, label, 50, 100);
    let values = [
        week("csat", "2026-W47"),
        week("csat", "2026-W46"),
        week("reopened", "2026-W47"),
        week("reopened", "2026-W46"),
    ];
    let standings = judge(&values, &metrics(), &[], &[], &whole());
    let judged: Vec<String> =
        standings.iter().map(|standing| standing.current.period.label()).collect();
    assert_eq!(
        judged,
        ["2026-W47", "2026-W46"],
        "a week after it ended, reopened tickets are known"
    );
}

#[test]
fn each_length_of_period_is_judged_and_compared_with_its_own_period_before() {
    let values = [
        share("csat", "2026-10", 30, 100),
        share("csat", "2026-09", 20, 90),
        share("csat", "2026-W47", 40, 100),
        share("csat", "2026-W45", 10, 100),
    ];
    let standings = judge(&values, &metrics(), &[], &[], &whole());
    let judged: Vec<(String, Option<u64>)> = standings
        .iter()
        .map(|standing| (standing.current.period.label(), standing.comparison.previous_n))
        .collect();
    assert_eq!(judged, [("2026-W47".into(), None), ("2026-10".into(), Some(90))]);
    assert_eq!(standings[1].comparison.previous, Some(20.0 / 90.0));
}

#[test]
fn the_series_begins_with_a_value_and_keeps_its_gaps() {
    let values = [
        share("csat", "2026-W47", 50, 100),
        share("csat", "2026-W45", 40, 100),
        share("csat", "2026-W44", 0, 0),
    ];
    assert_eq!(one(&values, &[]).series, [Some(0.4), None, Some(0.5)]);
}

#[test]
fn the_series_is_at_most_as_long_as_a_report_may_show() {
    let mut week = Period::from_label("2026-W47").unwrap();
    let mut values = Vec::new();
    for _ in 0..110 {
        values.push(share("csat", &week.label(), 50, 100));
        week = week.previous();
    }
    assert_eq!(one(&values, &[]).series.len(), Standing::LONGEST_SERIES);
}

#[test]
fn a_large_change_is_real_and_a_small_one_is_not() {
    let change = |now: u64, before: u64, asked: u64| {
        let values =
            [share("csat", "2026-W47", now, asked), share("csat", "2026-W46", before, asked)];
        let standing = one(&values, &[]);
        (standing.evidence, standing.current.tested_change.map(|test| test.interval))
    };
    assert_eq!(change(900, 800, 1000).0, Evidence::Real);
    assert_eq!(change(84, 80, 100).0, Evidence::Noise, "four points, but the interval holds zero");
    assert_eq!(change(81, 80, 100).0, Evidence::NoClearChange);
    assert_eq!(change(20, 10, 20).0, Evidence::TooLittleData);
    let (low, high) = change(840, 800, 1000).1.unwrap();
    // statsmodels 0.15.0: confint_proportions_2indep(840, 1000, 800, 1000, method="newcomb")
    assert!((low - 0.006_312_391_601).abs() < 1e-10 && (high - 0.073_621_179_760).abs() < 1e-10);
}

#[test]
fn many_looks_make_a_weak_signal_noise() {
    // 560/1000 against 514/1000 alone has p = 0.039 (Newcombe, by bisection); among thirty it is no discovery
    let teams = |count: u32| {
        (0..count).flat_map(|team| {
            let hits = if team == 0 { 560 } else { 514 };
            let of = |label, hits| KpiValue {
                segment: Segment::of("team", format!("{team:02}")),
                ..share("csat", label, hits, 1000)
            };
            [of("2026-W47", hits), of("2026-W46", 514)]
        })
    };
    let evidence = |count| {
        let values: Vec<KpiValue> = teams(count).collect();
        judge(&values, &metrics(), &[], &[], &whole())[0].evidence
    };
    assert_eq!(evidence(1), Evidence::Real);
    assert_eq!(evidence(30), Evidence::Noise);
}

#[test]
fn segments_and_other_periods_are_families_of_their_own() {
    // the same weak signal as above, of the total: 300 quiet segments and two quiet totals of the month leave it alone
    let quiet = |metric: &str, label: &str, segment: Segment| KpiValue {
        segment,
        ..share(metric, label, 514, 1000)
    };
    let mut values =
        vec![share("csat", "2026-W47", 560, 1000), share("csat", "2026-W46", 514, 1000)];
    for team in 0..300 {
        let segment = Segment::of("team", format!("{team:03}"));
        values.push(quiet("csat", "2026-W47", segment.clone()));
        values.push(quiet("csat", "2026-W46", segment));
    }
    for metric in ["csat", "churn"] {
        values.push(quiet(metric, "2026-10", Segment::total()));
        values.push(quiet(metric, "2026-09", Segment::total()));
    }
    let standings = judge(&values, &metrics(), &[], &[], &whole());
    let total = standings.iter().find(|standing| {
        standing.current.segment.is_total() && standing.current.period.label() == "2026-W47"
    });
    assert_eq!(total.unwrap().evidence, Evidence::Real);
}

#[test]
fn a_count_is_compared_with_its_usual_ups_and_downs() {
    let weeks = |last: u32| -> Vec<KpiValue> {
        let counts = [100, 110, 104, 98, 107, 101, 109, 103, 100, last];
        (38..48).zip(counts).map(|(week, rows)| count(&format!("2026-W{week}"), rows)).collect()
    };
    // by hand: changes 10 6 6 9 6 8 6 3, mean 6.75, half-width 1.96 * 1.2533 * 6.75 = 16.58
    assert_eq!(one(&weeks(120), &[]).evidence, Evidence::Real);
    let standing = one(&weeks(112), &[]);
    assert_eq!(standing.evidence, Evidence::Noise);
    assert!((standing.current.tested_change.unwrap().interval.1 - 28.581).abs() < 1e-3);
    assert_eq!(one(&weeks(103), &[]).evidence, Evidence::NoClearChange);
}

/// Weeks 45 to 47 begin on the second, the ninth and the sixteenth of November.
fn with_a_change_on(day: Date) -> Standing {
    let changes = format!("[[changes]]\non = {day}\nwhat = \"scale\"\nsays = \"To 7\"\n");
    let metrics = read_metrics(&[metric("csat", "higher_is_better", &changes)]).unwrap();
    let values = [
        share("csat", "2026-W45", 300, 1000),
        share("csat", "2026-W46", 800, 1000),
        share("csat", "2026-W47", 900, 1000),
    ];
    judge(&values, &metrics, &[], &[], &whole()).into_iter().next().unwrap()
}

#[test]
fn nothing_is_compared_across_a_declared_change() {
    for day in [date(2026, 11, 10), date(2026, 11, 16), date(2026, 11, 22)] {
        let standing = with_a_change_on(day);
        assert_eq!(standing.evidence, Evidence::NotComparable, "{day}");
        assert_eq!((standing.comparison.change, standing.series), (None, vec![Some(0.9)]), "{day}");
        assert_eq!(standing.trend_break.map(|change| change.on), Some(day));
    }
}

#[test]
fn what_was_changed_before_both_periods_ends_the_series_alone() {
    let standing = with_a_change_on(date(2026, 11, 9));
    assert_eq!((standing.evidence, standing.comparison.previous), (Evidence::Real, Some(0.8)));
    assert_eq!(standing.series, [Some(0.8), Some(0.9)]);
    assert_eq!(standing.trend_break.unwrap().says, "To 7");
    for day in [date(2026, 11, 2), date(2026, 11, 23)] {
        let standing = with_a_change_on(day);
        assert_eq!((standing.trend_break, standing.series.len()), (None, 3), "{day}");
    }
}

#[test]
fn what_is_made_of_a_changed_metric_is_changed_with_it() {
    let changes = "[[changes]]\non = 2026-11-16\nwhat = \"channel\"\nsays = \"By mail\"\n";
    let derived = "title = \"A\"\nsays = \"A\"\nunit = \"share\"\ndirection = \"neutral\"\nkind = \"derived\"\n\
                   formula = \"csat / 2\"\n";
    let metrics = read_metrics(&[
        metric("csat", "higher_is_better", changes),
        ProjectFile::new("pipelines/metrics/half.toml", derived),
    ])
    .unwrap();
    let values = [share("half", "2026-W46", 800, 1000), share("half", "2026-W47", 900, 1000)];
    let standing = judge(&values, &metrics, &[], &[], &whole()).into_iter().next().unwrap();
    assert_eq!(standing.evidence, Evidence::NotComparable);
    assert_eq!(standing.trend_break.map(|change| change.says).as_deref(), Some("By mail"));
}
