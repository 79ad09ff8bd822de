//! Whole nights with a fault at one change of the disk, and what the next night makes of them.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::binary::{copy, files_below, root, scorewright};

const AS_OF: &str = "2026-11-23";
const MAIL: &str = "\n[mail]\nfrom = \"Scorewright <scorecards@example.com>\"\n\
    to = [\"board@example.com\", \"ann@example.com\"]\n";

/// Changes of the disk that an undisturbed night makes at least: fewer, and a fault has no place to happen.
const FEWEST: u64 = 220;

/// The small project with a mail of two recipients, before its first night.
fn project() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    copy(&root().join("tests/scenarios/base"), folder.path());
    let report = folder.path().join("reports/scorecard/report.toml");
    let text = fs::read_to_string(&report).unwrap();
    fs::write(report, text + MAIL).unwrap();
    folder
}

/// A night with a disturbance: its status, and what it says.
fn night(folder: &Path, disturbance: &str) -> (i32, String) {
    let ended = Command::new(env!("CARGO_BIN_EXE_scorewright"))
        .args(["--log-format", "text", "run", "--as-of", AS_OF, "--mail"])
        .current_dir(folder)
        .env_clear()
        .env("SCOREWRIGHT_DISTURB", disturbance)
        .output()
        .unwrap();
    let status = ended.status.code().expect("no signal ends it");
    (status, String::from_utf8(ended.stderr).unwrap())
}

fn undisturbed(folder: &Path) -> String {
    let ended = scorewright(folder, &["run", "--as-of", AS_OF]);
    assert_eq!(ended.status, 0, "{}{}", ended.answer, ended.said);
    ended.answer
}

/// What readers get: pages and mails, and the files of the outbox that wait.
fn delivered(folder: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let out = files_below(&folder.join("out")).into_iter();
    out.filter(|(path, _)| !path.starts_with("runs")).collect()
}

/// Names below a folder that a dead run may leave.
fn leftovers(folder: &Path) -> Vec<PathBuf> {
    let is_left = |path: &PathBuf| {
        path.components().any(|part| {
            let name = part.as_os_str().to_string_lossy();
            [".stage", ".spill", ".tmp"].iter().any(|left| name.starts_with(left))
        })
    };
    let all = files_below(folder).into_iter().map(|(path, _)| path);
    all.filter(is_left).filter(|path| !path.ends_with(".spill/lock")).collect()
}

/// The operations of an undisturbed night: how many there are, and which of them commits.
fn operations() -> (u64, u64) {
    let folder = project();
    let (status, said) = night(folder.path(), "named");
    assert_eq!(status, 0, "{said}");
    let names: Vec<&str> = said.lines().filter(|line| line.starts_with("operation ")).collect();
    let commit = names.iter().position(|line| line.contains(" link ")).unwrap();
    (u64::try_from(names.len()).unwrap(), u64::try_from(commit).unwrap() + 1)
}

/// What `status` says of a version is what is there.
fn assert_told_truly(folder: &Path, disturbance: &str) {
    let is_published = folder.join("warehouse/versions/0000000001.json").is_file();
    let state = scorewright(folder, &["status", "--output", "json"]);
    let state: serde_json::Value = serde_json::from_str(&state.answer).unwrap();
    assert_eq!(state["version"], u64::from(is_published), "{disturbance}");
    let record = &state["last_run"];
    if record["state"] == "ended" && !record["version"].is_null() {
        assert!(is_published, "{disturbance}: {record}");
    }
    if record["state"] == "ended" && record["status"] == 74 {
        assert_eq!(record["version"] == 1, is_published, "{disturbance}: {record}");
    }
}

/// A night that is disturbed, the one after it, and one more: everything owed is there once.
fn recovers(disturbance: &str, right: &[(PathBuf, Vec<u8>)]) {
    let folder = project();
    let (status, said) = night(folder.path(), disturbance);
    assert!([0, 5, 74, 137].contains(&status), "{disturbance}: {status} {said}");
    assert!(!said.contains("panicked"), "{disturbance}: {said}");
    assert_told_truly(folder.path(), disturbance);
    let again = scorewright(folder.path(), &["run", "--as-of", AS_OF]);
    assert_eq!(again.status, 0, "{disturbance} ({status})\n{}{}", again.answer, again.said);
    let now = delivered(folder.path());
    let names = |files: &[(PathBuf, Vec<u8>)]| -> Vec<PathBuf> {
        files.iter().map(|(path, _)| path.clone()).collect()
    };
    assert_eq!(names(&now), names(right), "{disturbance} ({status})");
    assert!(now == right, "{disturbance}: other bytes");
    let versions = files_below(&folder.path().join("warehouse/versions"));
    assert_eq!(versions.len(), 1, "{disturbance}");
    assert!(folder.path().join("warehouse/CURRENT.json").is_file(), "{disturbance}");
    assert_eq!(leftovers(folder.path()), Vec::<PathBuf>::new(), "{disturbance}");
    let third = undisturbed(folder.path());
    assert!(third.starts_with("nothing new"), "{disturbance}: {third}");
    let state = scorewright(folder.path(), &["status"]);
    assert_eq!(state.status, 0, "{disturbance}: {}", state.answer);
}

/// Two at a time, because a night waits for the disk more than for a processor.
fn all_recover(disturbances: &[String], right: &[(PathBuf, Vec<u8>)]) {
    let next = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                while let Some(disturbance) = disturbances.get(next.fetch_add(1, Ordering::SeqCst))
                {
                    recovers(disturbance, right);
                }
            });
        }
    });
}

#[test]
fn a_night_that_dies_or_fails_anywhere_owes_nothing_after_the_next() {
    let folder = project();
    undisturbed(folder.path());
    let right = delivered(folder.path());
    let (count, commit) = operations();
    assert!(count >= FEWEST, "only {count} operations are seen");
    let before = (1..commit).step_by(10).map(|number| format!("die_before:{number}"));
    let failing = (1..=count).step_by(10).map(|number| format!("no_space:{number}"));
    let broken = (6..=count).step_by(10).map(|number| format!("device_error:{number}"));
    let after = (commit..=count).map(|number| format!("die_before:{number}"));
    let last = std::iter::once(format!("die_after:{commit}"));
    let all: Vec<String> = before.chain(failing).chain(broken).chain(after).chain(last).collect();
    all_recover(&all, &right);
}

/// The project after a whole night.
fn finished() -> tempfile::TempDir {
    let folder = project();
    undisturbed(folder.path());
    folder
}

fn mails(folder: &Path) -> usize {
    files_below(&folder.join("out/mail")).len()
}

#[test]
fn what_was_lost_is_told_and_made_again_and_nobody_is_mailed_twice() {
    for lost in ["out", "out/outbox", "out/pages", "warehouse/CURRENT.json"] {
        let folder = finished();
        let path = folder.path().join(lost);
        let pages = files_below(&folder.path().join("out/pages"));
        let hint = fs::read(folder.path().join("warehouse/CURRENT.json")).unwrap();
        if path.is_dir() {
            fs::remove_dir_all(&path).unwrap();
        } else {
            fs::remove_file(&path).unwrap();
        }
        let again = scorewright(folder.path(), &["run", "--as-of", AS_OF]);
        assert_eq!(again.status, 0, "{lost}: {}{}", again.answer, again.said);
        assert_eq!(files_below(&folder.path().join("out/pages")), pages, "{lost}");
        assert_eq!(fs::read(folder.path().join("warehouse/CURRENT.json")).unwrap(), hint, "{lost}");
        let is_mail_lost = lost == "out";
        let count = if is_mail_lost && !folder.path().join("out/mail").exists() {
            0
        } else {
            mails(folder.path())
        };
        assert_eq!(
            count,
            if is_mail_lost { 0 } else { 2 },
            "{lost}: what was handed over stays so"
        );
        let told = match lost {
            "out/outbox" => "nothing new",
            "warehouse/CURRENT.json" => "`warehouse/CURRENT.json` was not that of version 1",
            _ => "owed by version 1: scorecard 2026-W47 r1: pages to scorecard/2026-W47",
        };
        let said = format!("{}{}", again.answer, again.said);
        assert!(said.contains(told), "{lost}: {said}");
        assert!(undisturbed(folder.path()).starts_with("nothing new"), "{lost}");
    }
}

#[test]
fn what_a_dead_night_owes_for_a_week_that_is_over_is_delivered_with_the_next_week() {
    let folder = project();
    let report = folder.path().join("reports/scorecard/report.toml");
    let text = fs::read_to_string(&report).unwrap();
    // The next week is not whole, and its mail waits for nothing.
    fs::write(&report, text + "[hold]\nfor = \"0h\"\n").unwrap();
    let (_, commit) = operations();
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
    assert_eq!(mails(folder.path()), 4, "two weeks to two readers");
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
    assert_eq!(mails(folder.path()), 2, "the figures are the same");
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
