//! A cleaning that dies or fails at one change of the disk: what it leaves is garbage, never a version without its files.

use std::path::{Path, PathBuf};
use std::process::Command;

use jiff::civil::date;

use super::night::{faults_at, for_each, operations_in};
use crate::aged_nights::{age, age_below, digests, files, nights, object, project, versions};
use crate::binary::{copy, says};
use crate::old_outputs::{LITTLE, corrected};

/// The small project after some nights of long ago, of which two are kept.
fn aged() -> tempfile::TempDir {
    let folder = project("nightly = 2\nmonthly = 0");
    nights(folder.path(), date(2026, 11, 20), 5);
    age(folder.path());
    folder
}

/// A copy whose files are as old.
fn copied(from: &Path) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    copy(from, folder.path());
    age(folder.path());
    folder
}

/// A cleaning with a disturbance: its status, and what it says.
fn gc(folder: &Path, disturbance: &str) -> (i32, String) {
    let ended = Command::new(env!("CARGO_BIN_EXE_scorewright"))
        .args(["--log-format", "text", "gc"])
        .current_dir(folder)
        .env_clear()
        .env("SCOREWRIGHT_DISTURB", disturbance)
        .output()
        .unwrap();
    let status = ended.status.code().expect("no signal ends it");
    (status, String::from_utf8(ended.stderr).unwrap())
}

/// Paths of what is in the warehouse.
fn stored(folder: &Path) -> Vec<PathBuf> {
    let mut paths: Vec<PathBuf> = ["versions", "manifests", "tables", "projects"]
        .iter()
        .flat_map(|name| files(&folder.join("warehouse").join(name)))
        .map(|path| path.strip_prefix(folder).unwrap().to_owned())
        .collect();
    paths.sort();
    paths
}

#[test]
fn a_cleaning_that_dies_or_fails_anywhere_leaves_every_version_whole() {
    let folder = aged();
    let right = copied(folder.path());
    let (status, said) = gc(right.path(), "named");
    assert_eq!(status, 0, "{said}");
    let operations = operations_in(&said);
    assert!(operations.len() > 20, "{operations:?}");
    assert_eq!(versions(right.path()), [4, 5]);
    let digests_before = digests(folder.path());
    let numbered = operations.iter().enumerate();
    let faults: Vec<String> =
        numbered.flat_map(|(number, name)| faults_at(number + 1, name)).collect();
    for_each(&faults, |fault| {
        let folder = copied(folder.path());
        let (status, said) = gc(folder.path(), fault);
        assert!([74, 137].contains(&status), "{fault}: {status} {said}");
        let whole = object(folder.path(), 0, &["verify"]);
        assert!(whole["newest_whole"] == 5, "{fault}: {whole}");
        age(folder.path());
        object(folder.path(), 0, &["gc"]);
        assert_eq!(stored(folder.path()), stored(right.path()), "{fault}");
        assert_eq!(digests(folder.path()), digests_before, "{fault}");
    });
}

/// Paths of what is in `out/`.
fn outputs(folder: &Path) -> Vec<PathBuf> {
    let all = files(&folder.join("out")).into_iter();
    let mut paths: Vec<PathBuf> =
        all.map(|path| path.strip_prefix(folder).unwrap().to_owned()).collect();
    paths.sort();
    paths
}

#[test]
fn a_cleaning_of_outputs_that_dies_or_fails_is_ended_by_the_next_and_nobody_is_mailed_twice() {
    let made = corrected(LITTLE, 4);
    let aged = || {
        let folder = tempfile::tempdir().unwrap();
        copy(made.path(), folder.path());
        age_below(folder.path());
        folder
    };
    let right = aged();
    let (status, said) = gc(right.path(), "named");
    assert_eq!(status, 0, "{said}");
    let operations = operations_in(&said);
    let numbered = operations.iter().enumerate().filter(|(_, name)| name.contains("out/"));
    let faults: Vec<String> =
        numbered.flat_map(|(number, name)| faults_at(number + 1, name)).collect();
    assert!(faults.len() > 20, "{operations:?}");
    for_each(&faults, |fault| {
        let folder = aged();
        let (status, said) = gc(folder.path(), fault);
        assert!([74, 137].contains(&status), "{fault}: {status} {said}");
        let run = says(folder.path(), 0, &["run", "--as-of", "2026-11-20"]);
        assert!(run.starts_with("nothing new"), "{fault}: {run}");
        age_below(folder.path());
        object(folder.path(), 0, &["gc"]);
        assert_eq!(outputs(folder.path()), outputs(right.path()), "{fault}");
    });
}
