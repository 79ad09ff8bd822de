//! A repair that dies or fails at one change of the disk: the newest version is the whole one, or the one before.

use std::fs;
use std::path::Path;
use std::process::Command;

use jiff::civil::date;

use super::night::{faults_at, for_each, leftovers, operations_in};
use crate::aged_nights::{digests, nights, object, project, versions};
use crate::binary::{copy, stored_version};

/// The small project after two nights, with a bit of rows and of a fact flipped.
fn damaged() -> (tempfile::TempDir, serde_json::Value) {
    let folder = project("nightly = 30");
    nights(folder.path(), date(2026, 11, 20), 2);
    let right = digests(folder.path());
    let stored = stored_version(&folder.path().join("warehouse"), 2);
    for table in ["raw.tickets", "fact.ticket"] {
        let path = stored["tables"][table]["files"][0]["path"].as_str().unwrap();
        let path = folder.path().join("warehouse").join(path);
        let mut bytes = fs::read(&path).unwrap();
        let middle = bytes.len() / 2;
        bytes[middle] ^= 1;
        fs::write(&path, bytes).unwrap();
    }
    (folder, right)
}

/// A repair with a disturbance: its status, and what it says.
fn repair(folder: &Path, disturbance: &str) -> (i32, String) {
    let ended = Command::new(env!("CARGO_BIN_EXE_scorewright"))
        .args(["--log-format", "text", "repair"])
        .current_dir(folder)
        .env_clear()
        .env("SCOREWRIGHT_DISTURB", disturbance)
        .output()
        .unwrap();
    let status = ended.status.code().expect("no signal ends it");
    (status, String::from_utf8(ended.stderr).unwrap())
}

fn copied(from: &Path) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    copy(from, folder.path());
    folder
}

#[test]
fn a_repair_that_dies_or_fails_anywhere_is_done_by_the_next() {
    let (folder, right) = damaged();
    let whole = copied(folder.path());
    let (status, said) = repair(whole.path(), "named");
    assert_eq!(status, 0, "{said}");
    let operations = operations_in(&said);
    assert!(operations.len() > 20, "{operations:?}");
    let commit = operations.iter().position(|name| name.contains(" link ")).unwrap();
    // All of them around the commit, and some of those before it.
    let is_looked_at = |number: &usize| number.is_multiple_of(4) || number.abs_diff(commit) < 3;
    let faults: Vec<String> = (0..operations.len())
        .filter(is_looked_at)
        .flat_map(|number| faults_at(number + 1, &operations[number]))
        .collect();
    for_each(&faults, |fault| {
        let folder = copied(folder.path());
        let (status, said) = repair(folder.path(), fault);
        assert!([0, 74, 137].contains(&status), "{fault}: {status} {said}");
        let newest = *versions(folder.path()).last().unwrap();
        assert!([2, 3].contains(&newest), "{fault}: {newest}");
        if newest == 3 {
            let found = object(folder.path(), 0, &["verify", "--deep"]);
            assert_eq!(found["newest_whole"], 3, "{fault}: what is published is whole");
        }
        object(folder.path(), 0, &["repair"]);
        // A file that got its name back before the end has made the version before whole too.
        let found = object(folder.path(), 0, &["verify", "--deep"]);
        assert_eq!(found["newest_whole"], *versions(folder.path()).last().unwrap(), "{fault}");
        assert_eq!(digests(folder.path()), right, "{fault}");
        assert_eq!(leftovers(folder.path()), Vec::<std::path::PathBuf>::new(), "{fault}");
    });
}
