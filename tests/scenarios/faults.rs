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
const FEWEST: u64 = 120;

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
        .args(["--log-format", "text", "run", "--as-of", AS_OF])
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
            name.starts_with(".staged-") || name.starts_with(".stage") || name.starts_with(".tmp")
        })
    };
    files_below(folder).into_iter().map(|(path, _)| path).filter(is_left).collect()
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

/// A night that is disturbed, the one after it, and one more: everything owed is there once.
fn recovers(disturbance: &str, right: &[(PathBuf, Vec<u8>)]) {
    let folder = project();
    let (status, said) = night(folder.path(), disturbance);
    assert!([0, 5, 74, 137].contains(&status), "{disturbance}: {status} {said}");
    assert!(!said.contains("panicked"), "{disturbance}: {said}");
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
