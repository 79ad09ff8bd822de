//! How far a source reaches, from days and moments in what landed.

use jiff::civil::date;

use super::*;
use crate::tests::source;

const ORDERS: &str =
    "title = \"Orders\"\nfiles = \"o*.csv\"\nformat = \"csv\"\nwatermark = \"at\"\n";
const COLUMNS: &str = "[columns.id]\ntype = \"text\"\n[columns.at]\ntype = \"timestamp\"\n";

fn day(as_of: Date) -> ReachDay {
    ReachDay { as_of, zone: TimeZone::get("Europe/Berlin").unwrap() }
}

fn landing(file: &str, watermark: Option<&str>) -> Landing {
    let extract = scorewright_domain::Extract {
        source: "tickets".into(),
        file: file.into(),
        fingerprint: scorewright_domain::Fingerprint::of(file.as_bytes()),
        bytes: 1,
    };
    let watermark = watermark.map(String::from);
    Landing { watermark, ..Landing::new(extract, scorewright_domain::Books::default()) }
}

/// How far a source with these settings reaches on Monday 30 November 2026.
fn reached(settings: &str, landings: Vec<Landing>) -> SourceReach {
    let source = source(&format!("{ORDERS}{settings}\n{COLUMNS}"));
    let snapshot = Snapshot { landings, ..Snapshot::empty() };
    let all = reaches(&[source], Path::new("/"), &snapshot, &day(date(2026, 11, 30)));
    all.unwrap().remove(0)
}

fn until(settings: &str, landings: Vec<Landing>) -> Option<String> {
    reached(settings, landings).until.map(|until| until.to_string())
}

fn sunday() -> Vec<Landing> {
    vec![landing("o1.csv", Some("2026-11-22T16:00:00Z")), landing("o2.csv", None)]
}

#[test]
fn a_source_reaches_a_quiet_time_beyond_its_newest_row() {
    assert_eq!(until("", sunday()).as_deref(), Some("2026-11-23T16:00:00Z"));
    assert_eq!(until("quiet = \"3d\"", sunday()).as_deref(), Some("2026-11-25T16:00:00Z"));
    assert_eq!(until("quiet = \"0d\"", sunday()).as_deref(), Some("2026-11-22T16:00:00Z"));
    assert_eq!(until("", Vec::new()), None);
}

#[test]
fn the_moment_of_delivery_says_more_than_the_newest_row() {
    let named = "delivered = { name = '_(\\d{4}-\\d{2}-\\d{2})' }";
    let file = |file| vec![landing(file, Some("2026-11-22T16:00:00Z"))];
    assert_eq!(until(named, file("o_2026-11-30.csv")).as_deref(), Some("2026-11-29T23:00:00Z"));
    let old = until(named, file("o_2026-11-20.csv"));
    assert_eq!(old, until("", sunday()), "to know more covers no less");
    assert_eq!(until(named, file("o_2027-11-20.csv")), until("", sunday()), "a slip of the year");
    assert_eq!(until("delivered = { name = '_(\\d+)' }", file("o_7.csv")), until("", sunday()));
    let marked_at = Some("2026-11-29T23:30:00Z".parse().unwrap());
    let marked = Landing { marked_at, ..landing("o.csv", None) };
    assert_eq!(until("", vec![marked]).as_deref(), Some("2026-11-29T23:30:00Z"));
}

#[test]
fn a_quiet_day_is_one_of_the_calendar() {
    let source = source(&format!("{ORDERS}{}", COLUMNS.replace("timestamp", "date")));
    let landings = vec![landing("o.csv", Some("2026-10-25"))];
    let snapshot = Snapshot { landings, ..Snapshot::empty() };
    let day = day(date(2026, 10, 26));
    let until = reaches(&[source], Path::new("/"), &snapshot, &day).unwrap().remove(0).until;
    // The day on which the clock goes back has 25 hours.
    assert_eq!(until.unwrap().to_string(), "2026-10-25T23:00:00Z");
}

#[test]
fn days_off_are_reached_with_the_day_before_them() {
    let friday = || vec![landing("o.csv", Some("2026-11-27T16:00:00Z"))];
    let working = "working_days = [\"mon\", \"tue\", \"wed\", \"thu\", \"fri\"]";
    assert_eq!(until("", friday()).as_deref(), Some("2026-11-28T16:00:00Z"));
    assert_eq!(until(working, friday()).as_deref(), Some("2026-11-29T23:00:00Z"));
}

fn due(as_of: Date, settings: &str) -> Option<String> {
    let source = source(&format!("{ORDERS}{settings}\n{COLUMNS}"));
    day(as_of).due(&source).map(|due| due.to_string())
}

#[test]
fn the_last_whole_day_week_month_or_quarter_is_due_after_its_grace() {
    let wednesday = date(2026, 11, 25);
    let midnight = |text: &str| Some(format!("{text}T23:00:00Z"));
    assert_eq!(due(wednesday, ""), None);
    assert_eq!(due(wednesday, "expect = \"daily\""), midnight("2026-11-24"));
    assert_eq!(due(wednesday, "expect = \"daily\"\ngrace = \"12h\""), midnight("2026-11-23"));
    assert_eq!(due(wednesday, "expect = \"weekly\""), midnight("2026-11-22"));
    assert_eq!(due(wednesday, "expect = \"weekly\"\ngrace = \"3d\""), midnight("2026-11-15"));
    assert_eq!(due(wednesday, "expect = \"monthly\""), midnight("2026-10-31"));
    assert_eq!(due(wednesday, "expect = \"quarterly\""), Some("2026-09-30T22:00:00Z".into()));
    let working = "expect = \"daily\"\nworking_days = [\"mon\", \"fri\"]";
    assert_eq!(due(wednesday, working), midnight("2026-11-23"), "Tuesday is a day off");
}

#[test]
fn what_ends_before_it_is_due_is_overdue() {
    assert!(reached("expect = \"daily\"", sunday()).is_overdue());
    assert!(reached("expect = \"daily\"", Vec::new()).is_overdue(), "nothing ever came");
    assert!(!reached("expect = \"daily\"\ngrace = \"7d\"", sunday()).is_overdue());
    assert!(!reached("", sunday()).is_overdue());
}
