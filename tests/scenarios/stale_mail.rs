//! Periods that ended long ago: published by whoever asks for their day, and mailed only when that is asked for too.

use std::fs;

use serde_json::Value;

use crate::clock_project::{edit, has_page, mails, project, ran, ran_with, run, state};
use crate::datasets::unfolded;

#[test]
fn the_mail_of_a_period_of_long_ago_is_sent_only_when_it_is_asked_for() {
    const NOW: &str = "2026-12-01 09:00:00";
    let folder = project("Europe/Berlin");
    let backfill = ["--as-of", "2026-03-02"];
    let told = "mail of scorecard 2026-W09 is not sent: the period ended 274 days ago; \
                `scorewright run --as-of 2026-03-02 --mail` sends it";
    let ended = ran_with(folder.path(), NOW, 1, "2026-03-02", &backfill);
    assert!(unfolded(&ended.answer).contains(told), "{}", ended.answer);
    assert!(has_page(folder.path(), "2026-W09"));
    assert_eq!((mails(folder.path()), &state(folder.path(), NOW)["outstanding"]), (0, &no_list()));
    let again = run(folder.path(), NOW, 0, &backfill);
    assert!(again.answer.starts_with("nothing new"), "{}", again.answer);
    assert_eq!(mails(folder.path()), 0);
    fs::remove_dir_all(folder.path().join("out/pages")).unwrap();
    run(folder.path(), NOW, 0, &backfill);
    assert!(has_page(folder.path(), "2026-W09"), "lost pages are made again");
    assert_eq!(mails(folder.path()), 0, "and nothing but pages");
    let asked = [&backfill[..], &["--mail"]].concat();
    let ended = ran_with(folder.path(), NOW, 2, "2026-03-02", &asked);
    assert!(!ended.answer.contains("is not sent"), "{}", ended.answer);
    assert_eq!(mails(folder.path()), 1);
    let again = run(folder.path(), NOW, 0, &asked);
    assert!(again.answer.starts_with("nothing new"), "{}", again.answer);
}

#[test]
fn a_later_look_of_a_mailed_period_is_neither_mailed_nor_told() {
    let folder = project("Europe/Berlin");
    ran(folder.path(), "2026-03-02 09:00:00", 1, "2026-03-02");
    assert_eq!(mails(folder.path()), 1);
    let look = |text: String| text.replacen("Shop scorecard", "Scorecard of the shop", 1);
    edit(folder.path(), "reports/scorecard/report.toml", look);
    let backfill = ["--as-of", "2026-03-02"];
    let ended = ran_with(folder.path(), "2026-12-01 09:00:00", 2, "2026-03-02", &backfill);
    assert!(!ended.answer.contains("is not sent"), "{}", ended.answer);
    assert_eq!(mails(folder.path()), 1);
}

#[test]
fn a_report_says_after_how_many_days_its_mail_is_stale() {
    let folder = project("Europe/Berlin");
    let stale = |text: String| text.replacen("[hold]", "stale_after = \"300d\"\n[hold]", 1);
    edit(folder.path(), "reports/scorecard/report.toml", stale);
    for (day, mailed) in [("2026-03-02", 1), ("2026-01-05", 1)] {
        run(folder.path(), "2026-12-01 09:00:00", 0, &["--as-of", day]);
        assert_eq!(mails(folder.path()), mailed, "{day}");
    }
}

fn no_list() -> Value {
    Value::Array(Vec::new())
}
