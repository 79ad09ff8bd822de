//! Open hours against a count of every minute.

use jiff::civil::date;

use super::super::day_window::DayWindow;
use super::super::schedule::ScheduleTerm;
use super::*;

fn windows(texts: &[&str]) -> Vec<DayWindow> {
    texts.iter().map(|text| text.parse().unwrap()).collect()
}

/// Nights, days with a pause, a holiday, a part day and a change in July.
fn schedule(zone: &str) -> Schedule {
    let day = windows(&["09:00-12:30", "13:15-17:00"]);
    let night = windows(&["22:30-05:45"]);
    let all = windows(&["00:00-24:00"]);
    let first = ScheduleTerm {
        from: None,
        week: [day.clone(), day.clone(), day.clone(), day, night.clone(), night.clone(), night],
        days: [(date(2026, 3, 30), Vec::new()), (date(2026, 4, 3), windows(&["10:00-11:00"]))]
            .into(),
    };
    let second = ScheduleTerm {
        from: Some(date(2026, 10, 3)),
        week: std::array::from_fn(|weekday| if weekday < 5 { all.clone() } else { Vec::new() }),
        days: [(date(2026, 10, 26), windows(&["01:00-03:00"]))].into(),
    };
    Schedule { time_zone: zone.into(), terms: vec![first, second] }
}

/// Whether a minute of UTC is open, from what the wall clock shows in it: written without the code above.
fn is_open(schedule: &Schedule, zone: &TimeZone, minute: i64) -> bool {
    let local = Timestamp::from_second(minute * 60).unwrap().to_zoned(zone.clone());
    let shown = u16::try_from(local.hour()).unwrap() * 60 + u16::try_from(local.minute()).unwrap();
    let today = schedule.windows(local.date()).iter();
    let yesterday = schedule.windows(local.date().yesterday().unwrap()).iter();
    let of_today =
        |window: &DayWindow| window.from_minute() <= shown && shown < window.until_minute();
    let of_yesterday = |window: &DayWindow| shown + 1440 < window.until_minute();
    today.copied().any(|window| of_today(&window))
        || yesterday.copied().any(|window| of_yesterday(&window))
}

/// Pseudo-random numbers, the same in every run.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, limit: i64) -> i64 {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        i64::try_from(self.0 >> 33).unwrap() % limit
    }
}

/// Compares pairs of minutes around a day with a count of all minutes between them.
fn compare(zone: &str, around: Date, pairs: usize) {
    const DAYS: i64 = 12;
    let (schedule, tz) = (schedule(zone), TimeZone::get(zone).unwrap());
    let start = around.to_zoned(TimeZone::UTC).unwrap().timestamp().as_second() / 60 - DAYS * 720;
    let open: Vec<i64> = (0..DAYS * 1440)
        .scan(0, |sum, minute| {
            let before = *sum;
            *sum += i64::from(is_open(&schedule, &tz, start + minute));
            Some(before)
        })
        .collect();
    let hours = OpenHours::new(schedule).unwrap();
    let mut numbers = Numbers(around.day().unsigned_abs().into());
    for _ in 0..pairs {
        let [one, other] = [0, 1].map(|_| numbers.below(DAYS * 1440));
        let (from, until) = (one.min(other), one.max(other));
        let counted = (open[index(until)] - open[index(from)]) * 60;
        let instant = |minute: i64| (start + minute) * MINUTE;
        let found = hours.seconds_between(instant(from), instant(until));
        assert_eq!(found, Some(counted), "{zone} around {around}: {from} to {until}");
    }
}

fn index(minute: i64) -> usize {
    usize::try_from(minute).unwrap()
}

#[test]
fn every_minute_is_counted_as_the_wall_clock_shows_it() {
    for (zone, days) in [
        ("Europe/Berlin", [date(2026, 3, 29), date(2026, 10, 25)]),
        ("America/New_York", [date(2026, 3, 8), date(2026, 11, 1)]),
        // Half an hour, and in the south.
        ("Australia/Lord_Howe", [date(2026, 4, 5), date(2026, 10, 4)]),
        // At midnight; and the last days of a year.
        ("America/Santiago", [date(2026, 4, 5), date(2026, 9, 6)]),
        ("Asia/Kathmandu", [date(2026, 1, 1), date(2026, 12, 31)]),
    ] {
        for day in days {
            compare(zone, day, 400);
        }
    }
}

#[test]
fn a_part_of_a_second_does_not_count() {
    let hours = OpenHours::new(schedule("UTC")).unwrap();
    let monday = date(2026, 6, 1).at(9, 0, 0, 0).to_zoned(TimeZone::UTC).unwrap();
    let nine = monday.timestamp().as_microsecond();
    assert_eq!(hours.seconds_between(nine - 1, nine + 999_999), Some(0));
    assert_eq!(hours.seconds_between(nine, nine + 1_999_999), Some(1));
    assert_eq!(hours.seconds_between(nine + 5 * SECOND, nine), Some(0), "ends before it begins");
}

#[test]
fn years_between_are_counted_whole_and_the_end_of_time_has_an_answer() {
    let always = ScheduleTerm {
        week: std::array::from_fn(|_| windows(&["00:00-24:00"])),
        ..ScheduleTerm::default()
    };
    let schedule = Schedule { time_zone: "Europe/Berlin".into(), terms: vec![always] };
    let hours = OpenHours::new(schedule).unwrap();
    let at = |year| year_start(year) + 12_345 * SECOND;
    assert_eq!(hours.seconds_between(at(1970), at(2031)), Some((at(2031) - at(1970)) / SECOND));
    let end = Timestamp::MAX.as_second() * SECOND;
    assert_eq!(hours.seconds_between(at(9000), end), Some((end - at(9000)) / SECOND));
    assert_eq!(hours.seconds_between(at(2026), i64::MAX), None);
}
