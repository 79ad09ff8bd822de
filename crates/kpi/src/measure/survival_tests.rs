//! Times and shares of what goes on, from the rows of a fact.

use jiff::civil::date;
use scorewright_domain::{IntervalMethod, KpiValue, NullReason, ProjectFile};
use scorewright_warehouse::Session;

use super::{FormerValues, measure};
use crate::calendar::Calendar;
use crate::coverage::MetricCoverage;
use crate::faults::ProjectFaults;
use crate::metric::read_metrics;

/// Half of the tickets of October end after 10 days, or on the 15th; one of those that go on ends after the as-of day.
const TICKETS: &str =
    "ticket_id,team,opened_at:timestamp,resolved_at:timestamp,opened_on:date,resolved_on:date
t1,A,2026-10-01T00:00:00Z,2026-10-02T12:00:00Z,2026-10-01,2026-10-02
t2,A,2026-10-01T00:00:00Z,2026-10-11T00:00:00Z,2026-10-01,2026-10-11
t3,B,2026-10-05T00:00:00Z,,2026-10-05,
t4,B,2026-10-05T00:00:00Z,2026-11-20T00:00:00Z,2026-10-05,2026-11-20
t5,A,2026-11-01T00:00:00Z,2026-10-31T00:00:00Z,2026-11-01,2026-10-31
";

fn measured(lines: &str) -> Result<Vec<KpiValue>, ProjectFaults> {
    let text = format!(
        "title = 'A'\nsays = 'A'\ndirection = 'lower_is_better'\nkind = 'survival'\nfact = 'fact.ticket'\ngrains = ['month']\n{lines}"
    );
    let metrics = read_metrics(&[ProjectFile::new("pipelines/metrics/a.toml", text)])?;
    let session = Session::without_data().unwrap();
    session.add_fixture(&"fact.ticket".parse().unwrap(), TICKETS).unwrap();
    let coverage = MetricCoverage::whole(Calendar::new(date(2026, 11, 15), "UTC").unwrap());
    let measured = measure(&metrics, &session, &coverage, usize::MAX, &FormerValues::default());
    measured.map(|measured| measured.values)
}

const INSTANTS: &str = "from = 'opened_at'\nuntil = 'resolved_at'\n";
const DAYS: &str = "from = 'opened_on'\nuntil = 'resolved_on'\n";

#[test]
fn what_goes_on_is_counted_as_long_as_it_was_seen() {
    // Survival of October: 3/4 from 1.5 days on, 2/4 from 10 days on; two were seen for 41 days.
    let value = measured(&format!("unit = 'duration'\n{INSTANTS}")).unwrap().remove(0);
    assert_eq!((value.statistic.as_str(), value.value), ("median", Some(864_000.0)));
    assert_eq!((value.numerator, value.denominator, value.n), (Some(2.0), Some(4.0), Some(4)));
    let of_days = measured(&format!("unit = 'duration'\n{DAYS}")).unwrap().remove(0);
    assert_eq!(of_days.value, Some(864_000.0));
}

#[test]
fn a_time_that_too_few_have_ended_within_is_not_reached() {
    let lines = format!("unit = 'duration'\nstatistics = ['p90']\nby = ['team']\n{INSTANTS}");
    let values = measured(&lines).unwrap();
    assert!(values.iter().all(|value| value.statistic == "p90"));
    let why = |team: &str| {
        let value = values.iter().find(|value| value.segment.value == team).unwrap();
        value.value.ok_or_else(|| value.null_reason.unwrap())
    };
    assert_eq!((why(""), why("B")), (Err(NullReason::NotReached), Err(NullReason::NotReached)));
    assert_eq!(why("A"), Ok(864_000.0));
}

#[test]
fn a_share_lasts_longer_than_some_days() {
    let share = |days: u16| {
        measured(&format!("unit = 'share'\nafter_days = {days}\n{INSTANTS}")).unwrap().remove(0)
    };
    assert_eq!([1, 2, 10, 41].map(|days| share(days).value), [1.0, 0.75, 0.5, 0.5].map(Some));
    assert_eq!(share(2).interval, IntervalMethod::Greenwood);
    assert_eq!(share(42).null_reason, Some(NullReason::NotReached));
}

#[test]
fn both_ends_are_moments_of_one_kind() {
    let told = |until: &str| {
        let lines = format!("unit = 'duration'\nfrom = 'opened_at'\nuntil = '{until}'\n");
        measured(&lines).unwrap_err().to_string()
    };
    assert_eq!(told("resolved_on"), "`from` and `until` must both be timestamps or both be dates");
    assert!(told("length(team)").starts_with("`until` must be a timestamp or a date, it is"));
}

#[test]
fn what_is_asked_must_fit_the_unit() {
    for (lines, expected) in [
        ("unit = 'share'\n", "a metric of kind `survival` needs `after_days`"),
        ("unit = 'duration'\nafter_days = 3\n", "a time has no `after_days`"),
        (
            "unit = 'duration'\nstatistics = ['mean']\n",
            "there is no mean of times that are not over",
        ),
        ("unit = 'count'\n", "a metric of kind `survival` is a time or a share"),
    ] {
        let told = measured(&format!("{lines}{INSTANTS}")).unwrap_err().to_string();
        assert_eq!(told, expected);
    }
}
