use jiff::civil::{Date, date};

use super::*;

fn reach(source: &str, until: Option<&str>) -> SourceReach {
    let until = until.map(|until| until.parse().unwrap());
    SourceReach { source: source.into(), until, due: None }
}

/// The week from Monday 23 to Sunday 29 November 2026 in Berlin, of a metric made of these sources.
fn of_the_week(reaches: Vec<SourceReach>) -> Coverage {
    let calendar = Calendar::new(date(2026, 11, 30), "Europe/Berlin").unwrap();
    let reach = MetricReach { sources: reaches, matures_after_days: 0 };
    let by_metric = BTreeMap::from([("revenue".to_owned(), reach)]);
    MetricCoverage::new(calendar, by_metric).of("revenue", week(date(2026, 11, 23)))
}

fn week(day: Date) -> Period {
    Period::containing(Grain::Week, day)
}

fn state(until: &str) -> CoverageState {
    of_the_week(vec![reach("orders", Some(until))]).state
}

#[test]
fn a_period_is_covered_up_to_its_local_midnight() {
    assert_eq!(state("2026-11-29T23:00:00Z"), CoverageState::Covered);
    assert_eq!(state("2026-11-29T22:59:59Z"), CoverageState::Partial);
    assert_eq!(state("2026-11-23T23:00:00Z"), CoverageState::Partial);
    assert_eq!(state("2026-11-23T22:59:59Z"), CoverageState::Missing, "no whole day of it");
    assert_eq!(state("2026-11-22T23:00:00Z"), CoverageState::Missing);
}

#[test]
fn the_source_that_ends_first_says_how_far_a_period_is_covered() {
    let coverage = of_the_week(vec![
        reach("orders", Some("2026-12-01T00:00:00Z")),
        reach("invoices", Some("2026-11-26T08:00:00Z")),
        reach("returns", None),
    ]);
    assert_eq!(coverage.state, CoverageState::Partial);
    assert_eq!(coverage.until, Some("2026-11-26T08:00:00Z".parse().unwrap()));
    assert_eq!(coverage.sources, ["invoices"]);
}

#[test]
fn a_source_that_does_not_say_how_far_it_reaches_is_named() {
    let late = vec![reach("orders", Some("2026-12-01T00:00:00Z")), reach("returns", None)];
    let coverage = of_the_week(late);
    assert_eq!((coverage.state, coverage.until), (CoverageState::Unknown, None));
    assert_eq!(coverage.sources, ["returns"]);
    assert_eq!(of_the_week(Vec::new()), Coverage::whole());
}

#[test]
fn all_that_is_known_ends_where_its_sources_do() {
    let calendar = Calendar::new(date(2026, 11, 30), "UTC").unwrap();
    let sources = vec![reach("orders", Some("2026-11-01T00:00:00Z"))];
    let old = MetricReach { sources, matures_after_days: 0 };
    let coverage = MetricCoverage::new(calendar, BTreeMap::from([("revenue".into(), old)]));
    let everything =
        Period { grain: Grain::All, from: date(2026, 1, 1), until: date(2026, 11, 30) };
    assert_eq!(coverage.of("revenue", everything).state, CoverageState::Covered);
    assert_eq!(coverage.of("csat", week(date(2026, 11, 23))).state, CoverageState::Covered);
}

#[test]
fn a_period_is_missing_only_where_no_source_has_a_day_of_it() {
    let whole = reach("chats", Some("2026-12-01T00:00:00Z"));
    let silent = reach("tickets", Some("2026-11-16T12:00:00Z"));
    let coverage = of_the_week(vec![whole, silent.clone()]);
    assert_eq!(
        (coverage.state, &*coverage.sources),
        (CoverageState::Partial, &["tickets".to_owned()][..])
    );
    assert_eq!(of_the_week(vec![silent]).state, CoverageState::Missing);
}

#[test]
fn what_matures_is_covered_when_its_days_after_the_period_are() {
    let calendar = Calendar::new(date(2026, 11, 30), "UTC").unwrap();
    let sources = vec![reach("tickets", Some("2026-11-25T00:00:00Z"))];
    let reopened = MetricReach { sources, matures_after_days: 7 };
    let coverage = MetricCoverage::new(calendar, BTreeMap::from([("reopened".into(), reopened)]));
    assert_eq!(coverage.of("reopened", week(date(2026, 11, 16))).state, CoverageState::Partial);
    assert_eq!(coverage.of("reopened", week(date(2026, 11, 9))).state, CoverageState::Covered);
}
