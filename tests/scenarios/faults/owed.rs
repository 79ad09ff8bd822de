//! What a dead night leaves for those after it, and what keeps a night from being published.

use std::fs;

use super::night::{AS_OF, Operations, finished, mails, night, plain, project, undisturbed};
use crate::binary::{files_below, root, scorewright};
use crate::datasets::unfolded;

#[test]
fn what_a_dead_night_owes_for_a_week_that_is_over_is_delivered_with_the_next_week() {
    let folder = project();
    let report = folder.path().join("reports/scorecard/report.toml");
    let text = fs::read_to_string(&report).unwrap();
    // The next week is not whole, and its mail waits for nothing.
    fs::write(&report, text + "[hold]\nfor = \"0h\"\n").unwrap();
    let commit = Operations::of_a_night().commit;
    assert_eq!(night(folder.path(), &format!("die_after:{commit}")).0, 137);
    let state = scorewright(folder.path(), &["status"]);
    assert_eq!(state.status, 5, "{}", state.answer);
    let told = "was interrupted; version 1 is published; run again for what it owes";
    assert!(state.answer.contains(told), "{}", state.answer);
    assert!(
        state.answer.contains("scorecard 2026-W47 r1: eml to ann@example.com"),
        "{}",
        state.answer
    );
    let next = scorewright(folder.path(), &["run", "--as-of", "2026-11-30"]);
    assert_eq!(next.status, 0, "{}{}", next.answer, next.said);
    for week in ["2026-W47", "2026-W48"] {
        let page = folder.path().join("out/pages/scorecard").join(week);
        assert!(page.join("scorecard.html").is_file(), "{week}");
    }
    assert_eq!(mails(folder.path()).len(), 4, "two weeks to two readers");
    assert_eq!(scorewright(folder.path(), &["status"]).status, 0);
    let records = files_below(&folder.path().join("out/runs"));
    let states = records.iter().map(|(_, text)| serde_json::from_slice(text).unwrap());
    let states: Vec<(serde_json::Value, serde_json::Value)> = states
        .map(|record: serde_json::Value| (record["state"].clone(), record["version"].clone()))
        .collect();
    assert_eq!(states, [("interrupted".into(), 1.into()), ("ended".into(), 2.into())]);
}

#[test]
fn a_page_of_another_look_that_a_dead_night_owes_is_delivered() {
    let folder = finished();
    let template = root().join("reports/scorecard/scorecard.md.j2");
    let text = fs::read_to_string(template).unwrap().replacen("# ", "# As of today: ", 1);
    fs::write(folder.path().join("reports/scorecard/scorecard.md.j2"), text).unwrap();
    let said = night(folder.path(), "named").1;
    assert!(said.contains("versions/0000000002.json"), "a template makes a version: {said}");
    let page = || {
        fs::read_to_string(folder.path().join("out/pages/scorecard/2026-W47/scorecard.md")).unwrap()
    };
    assert!(page().contains("As of today"));
    let link = said.lines().find(|line| line.contains(" link ")).unwrap();
    let number = link.split(' ').nth(1).unwrap();
    let path = folder.path().join("reports/scorecard/scorecard.md.j2");
    let text = fs::read_to_string(&path).unwrap().replace("As of today", "As of now");
    fs::write(&path, text).unwrap();
    assert_eq!(night(folder.path(), &format!("die_after:{number}")).0, 137);
    assert!(!page().contains("As of now"), "the night died before it wrote the page");
    let next = scorewright(folder.path(), &["run", "--as-of", AS_OF]);
    assert_eq!(next.status, 0, "{}{}", next.answer, next.said);
    assert!(page().contains("As of now") && page().contains("revision: r1"));
    assert_eq!(mails(folder.path()).len(), 2, "the figures are the same");
}

#[test]
fn a_damaged_kept_project_hinders_no_night() {
    let folder = finished();
    for (path, _) in files_below(&folder.path().join("warehouse/projects")) {
        fs::write(folder.path().join("warehouse/projects").join(path), "half").unwrap();
    }
    let checked = scorewright(folder.path(), &["check"]);
    assert_eq!(checked.status, 0, "{}", checked.said);
    assert!(
        checked.said.contains("the newest version cannot be compared with"),
        "{}",
        checked.said
    );
    let next = scorewright(folder.path(), &["run", "--as-of", "2026-11-24"]);
    assert_eq!(next.status, 0, "{}{}", next.answer, next.said);
    let explain = ["explain", "csat_top2", "--period", "2026-W47"];
    assert_eq!(scorewright(folder.path(), &explain).status, 0, "the next version keeps it again");
}

/// The night that dies after its commit, and whose project cannot be read any more.
fn damaged_after_commit() -> tempfile::TempDir {
    let folder = project();
    let commit = Operations::of_a_night().commit;
    assert_eq!(night(folder.path(), &format!("die_after:{commit}")).0, 137);
    for (path, _) in files_below(&folder.path().join("warehouse/projects")) {
        fs::write(folder.path().join("warehouse/projects").join(path), "half").unwrap();
    }
    folder
}

#[test]
fn what_a_damaged_version_owes_is_given_by_the_next_one() {
    let folder = damaged_after_commit();
    let next = plain(folder.path());
    assert_eq!(next.status, 0, "{}{}", next.answer, next.said);
    let told = "note: the newest version cannot give what it owes: ";
    assert!(next.said.contains(told), "{}", next.said);
    assert!(folder.path().join("warehouse/versions/0000000002.json").is_file());
    assert_eq!(mails(folder.path()).len(), 2);
    assert!(undisturbed(folder.path()).starts_with("nothing new"));
}

#[test]
fn what_a_damaged_version_owes_for_a_week_before_says_how_it_is_made_anew() {
    let folder = damaged_after_commit();
    // The same files would be kept whole once more.
    let settings = folder.path().join("scorewright.toml");
    let text = fs::read_to_string(&settings).unwrap();
    fs::write(settings, text + "# of the next week\n").unwrap();
    let next = scorewright(folder.path(), &["run", "--as-of", "2026-11-30"]);
    assert_eq!(next.status, 5, "{}{}", next.answer, next.said);
    let help = "`scorewright run --as-of 2026-11-23` makes it anew";
    assert!(unfolded(&next.answer).contains(help), "{}", next.answer);
    undisturbed(folder.path());
    let page = folder.path().join("out/pages/scorecard/2026-W47/scorecard.html");
    assert!(page.is_file());
    assert_eq!(scorewright(folder.path(), &["status"]).status, 0);
}

#[test]
fn a_report_that_cannot_be_shown_publishes_nothing() {
    let folder = project();
    let template = root().join("reports/scorecard/scorecard.md.j2");
    let text = fs::read_to_string(template).unwrap() + "{{ titel }}\n";
    fs::write(folder.path().join("reports/scorecard/scorecard.md.j2"), text).unwrap();
    let refused = scorewright(folder.path(), &["run", "--as-of", AS_OF]);
    assert_eq!(refused.status, 2, "{}", refused.said);
    assert!(!folder.path().join("warehouse/versions/0000000001.json").exists());
    let state = scorewright(folder.path(), &["status"]);
    assert!(
        state.answer.contains("with status 2; the scorecard has nothing by this name"),
        "{}",
        state.answer
    );
}
