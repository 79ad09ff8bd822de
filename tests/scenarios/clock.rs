//! The clock: nights on which it changes, weeks and days that calendars differ on, and clocks that are wrong.

use std::fs;

use serde_json::Value;

use crate::binary::{copy, files_below};
use crate::clock_project::{edit, has_page, mails, newest, project, ran, ran_with, run, state};

#[test]
fn in_the_night_the_clock_goes_forward_a_run_is_for_the_day_that_begins() {
    let folder = project("Europe/Berlin");
    // 01:30 in winter; then 03:30 in summer, an hour later, when a clock that does not know shows 02:30.
    let first = ran(folder.path(), "2026-03-29 00:30:00", 1, "2026-03-29");
    assert!(!first.said.contains("clock"), "{}", first.said);
    let again = run(folder.path(), "2026-03-29 01:30:00", 0, &[]);
    assert!(again.answer.starts_with("nothing new"), "{}", again.answer);
    ran(folder.path(), "2026-03-30 00:30:00", 2, "2026-03-30");
}

#[test]
fn in_the_night_the_clock_goes_back_two_runs_at_the_same_time_are_one_day() {
    let folder = project("Europe/Berlin");
    ran(folder.path(), "2026-10-24 00:30:00", 1, "2026-10-24");
    // 02:30 in summer, and 02:30 in winter, an hour later.
    let first = ran(folder.path(), "2026-10-25 00:30:00", 2, "2026-10-25");
    let second = run(folder.path(), "2026-10-25 01:30:00", 0, &[]);
    assert!(second.answer.starts_with("nothing new"), "{}", second.answer);
    assert!(!(first.said + &second.said).contains("clock"), "no clock went back");
    ran(folder.path(), "2026-10-26 01:30:00", 3, "2026-10-26");
}

#[test]
fn the_last_week_of_2026_is_week_53_and_is_reported_in_2027() {
    let folder = project("Europe/Berlin");
    // Sunday 3 January is the last day of week 53: week 52 is the last one that is over.
    ran(folder.path(), "2027-01-03 02:30:00", 1, "2027-01-03");
    assert!(has_page(folder.path(), "2026-W52") && !has_page(folder.path(), "2026-W53"));
    ran(folder.path(), "2027-01-03 23:30:00", 2, "2027-01-04");
    assert!(has_page(folder.path(), "2026-W53"));
    ran(folder.path(), "2027-01-11 02:30:00", 3, "2027-01-11");
    assert!(has_page(folder.path(), "2027-W01"));
    assert_eq!(mails(folder.path()), 3);
}

#[test]
fn on_either_side_of_the_date_line_a_run_is_for_the_day_there() {
    const INSTANT: &str = "2026-11-23 10:30:00";
    for (zone, day, week) in [
        ("Pacific/Kiritimati", "2026-11-24", "2026-W47"),
        ("Europe/Berlin", "2026-11-23", "2026-W47"),
        ("Pacific/Pago_Pago", "2026-11-22", "2026-W46"),
    ] {
        let folder = project(zone);
        // Pago Pago is 11 hours behind UTC, so that its Sunday lasts until 11:00 there.
        ran(folder.path(), INSTANT, 1, day);
        assert!(has_page(folder.path(), week), "{zone}");
    }
}

#[test]
fn a_clock_that_went_back_an_hour_is_told_and_the_run_is_the_newest_one() {
    let folder = project("Europe/Berlin");
    ran(folder.path(), "2026-11-23 23:30:00", 1, "2026-11-24");
    let back = ran(folder.path(), "2026-11-23 22:30:00", 2, "2026-11-23");
    let told = "the clock says 2026-11-23T22:3";
    assert!(back.said.contains(told) && back.said.contains("minutes before"), "{}", back.said);
    let forth = ran(folder.path(), "2026-11-24 22:30:00", 3, "2026-11-24");
    assert!(!forth.said.contains("clock"), "{}", forth.said);
}

#[test]
fn a_record_of_an_earlier_program_is_not_counted_and_comes_first() {
    let folder = project("Europe/Berlin");
    ran(folder.path(), "2026-11-23 02:30:00", 1, "2026-11-23");
    let runs = folder.path().join("out/runs");
    let (name, text) = files_below(&runs).pop().unwrap();
    let mut record: Value = serde_json::from_slice(&text).unwrap();
    assert_eq!(record.as_object_mut().unwrap().remove("sequence"), Some(1.into()));
    fs::remove_file(runs.join(&name)).unwrap();
    let uncounted = name.to_str().unwrap().strip_prefix("run-00000001-").unwrap();
    fs::write(runs.join(uncounted), record.to_string()).unwrap();
    assert_eq!(state(folder.path(), "2026-11-23 02:31:00")["last_run"]["sequence"], 0);
    let back = ran(folder.path(), "2026-11-22 12:20:00", 1, "2026-11-22");
    assert!(back.said.contains("14 hours before"), "{}", back.said);
}

#[test]
fn a_clock_that_went_back_more_than_a_day_is_refused_until_somebody_has_looked() {
    const BACK: &str = "2026-11-22 14:20:00";
    let folder = project("Europe/Berlin");
    ran(folder.path(), "2026-11-24 02:30:00", 1, "2026-11-24");
    let before = files_below(folder.path());
    for more in [&[][..], &["--as-of", "2026-11-24"], &["--as-of", "2026-11-23", "--mail"]] {
        let refused = run(folder.path(), BACK, 2, more);
        for part in ["2026-11-22T14:2", "2026-11-24T02:3", "36 hours", "--clock-is-right"] {
            assert!(refused.said.contains(part), "{part}: {}", refused.said);
        }
    }
    assert!(files_below(folder.path()) == before, "nothing is written under a wrong clock");
    let day = "2026-11-22";
    let right = ran_with(folder.path(), BACK, 2, day, &["--clock-is-right"]);
    assert!(!right.said.contains("clock"), "{}", right.said);
    let next = ran(folder.path(), "2026-11-23 02:30:00", 3, "2026-11-23");
    assert!(!next.said.contains("clock"), "{}", next.said);
}

#[test]
fn a_run_after_two_months_is_told_and_mails_the_last_week() {
    let folder = project("Europe/Berlin");
    ran(folder.path(), "2026-11-23 02:30:00", 1, "2026-11-23");
    let late = ran(folder.path(), "2027-01-23 02:30:00", 2, "2027-01-23");
    assert!(
        late.said.contains("no run for 6") && late.said.contains("days, since"),
        "{}",
        late.said
    );
    assert!(!late.answer.contains("is not sent"), "{}", late.answer);
    assert_eq!(mails(folder.path()), 2);
}

#[test]
fn a_clock_five_years_ahead_is_refused_until_somebody_has_looked() {
    const AHEAD: &str = "2031-11-23 12:30:00";
    let folder = project("Europe/Berlin");
    ran(folder.path(), "2026-11-23 02:30:00", 1, "2026-11-23");
    for more in [&[][..], &["--as-of", "2026-11-30"]] {
        let refused = run(folder.path(), AHEAD, 2, more);
        assert!(refused.said.contains("1826 days ago"), "{}", refused.said);
    }
    assert_eq!(newest(folder.path(), AHEAD).1, 1);
    ran_with(folder.path(), AHEAD, 2, "2031-11-23", &["--clock-is-right"]);
    // It was ahead after all: the clock is set right, and the nights go on.
    run(folder.path(), "2026-11-24 02:30:00", 2, &[]);
    ran_with(folder.path(), "2026-11-24 02:30:00", 3, "2026-11-24", &["--clock-is-right"]);
    ran(folder.path(), "2026-11-25 02:30:00", 4, "2026-11-25");
}

#[test]
fn a_clock_beyond_the_years_of_extracts_is_refused_whoever_has_looked() {
    let folder = project("Europe/Berlin");
    for instant in ["2201-01-01 02:30:00", "1969-12-31 02:30:00"] {
        for more in [&["--clock-is-right"][..], &["--as-of", "2026-11-23"]] {
            let refused = run(folder.path(), instant, 2, more);
            assert!(refused.said.contains("in the years 1970 to 2200"), "{}", refused.said);
        }
    }
    assert!(!folder.path().join("out/runs").exists());
}

#[test]
fn the_weeks_of_a_missed_month_are_made_up_for_and_mailed() {
    let folder = project("Europe/Berlin");
    ran(folder.path(), "2026-10-26 02:30:00", 1, "2026-10-26");
    let next = ran(folder.path(), "2026-11-26 02:30:00", 2, "2026-11-26");
    assert!(!next.said.contains("no run for"), "{}", next.said);
    assert!(!has_page(folder.path(), "2026-W44"), "a run reports the last week alone");
    for (sequence, day) in [(3, "2026-11-02"), (4, "2026-11-09"), (5, "2026-11-16")] {
        let made_up = ["--as-of", day];
        let ended = ran_with(folder.path(), "2026-11-26 09:00:00", sequence, day, &made_up);
        assert!(!ended.answer.contains("is not sent"), "{}", ended.answer);
    }
    assert!(has_page(folder.path(), "2026-W44") && has_page(folder.path(), "2026-W46"));
    assert_eq!(mails(folder.path()), 5, "each week once");
}

#[test]
fn a_mail_whose_deadline_is_over_goes_out_on_a_night_that_publishes_nothing() {
    let folder = project("Europe/Berlin");
    edit(folder.path(), "reports/scorecard/report.toml", |text| {
        text.replace("[hold]\nfor = \"0h\"\n", "")
    });
    run(folder.path(), "2026-11-30 02:30:00", 0, &[]);
    assert_eq!(mails(folder.path()), 0, "week 48 is not whole, and its mail waits for 24 hours");
    run(folder.path(), "2026-11-30 03:30:00", 4, &["--as-of", "2026-12-01", "--require-new"]);
    assert_eq!(mails(folder.path()), 0);
    let other = tempfile::tempdir().unwrap();
    copy(folder.path(), other.path());
    run(folder.path(), "2026-12-01 03:30:00", 4, &["--require-new"]);
    assert_eq!(mails(folder.path()), 1, "no new extract");
    fs::write(other.path().join("extracts/tickets_bad.csv"), "Ticket,Team\nT1,A\n").unwrap();
    run(other.path(), "2026-12-01 03:30:00", 3, &[]);
    assert_eq!(mails(other.path()), 1, "a refused extract");
    run(other.path(), "2026-12-01 04:30:00", 3, &[]);
    assert_eq!(mails(other.path()), 1, "and only once");
}
