//! Whole nights with a fault at one change of the disk, and what the next night makes of them.
//!
//! `SCOREWRIGHT_FAULTS=from_commit` looks at every operation from the commit on, and `all` at every one with every kind of
//! fault, as `just faults` does.

mod cleaning;
mod lost;
mod mending;
mod night;
mod owed;
mod sending;

use std::path::{Path, PathBuf};

use crate::binary::{files_below, scorewright};
use night::{
    Operations, delivered, for_each, leftovers, mails, night, plain, project, undisturbed,
};

/// Changes of the disk that an undisturbed night makes: with fewer, some are not seen and a fault has no place to happen.
const RECORDED: usize = 220;

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
fn recovers(disturbance: &str, operations: &Operations, right: &[(PathBuf, Vec<u8>)]) {
    let folder = project();
    let (status, said) = night(folder.path(), disturbance);
    assert!([0, 5, 74, 137].contains(&status), "{disturbance}: {status} {said}");
    assert!(!said.contains("panicked"), "{disturbance}: {said}");
    assert_told_truly(folder.path(), disturbance);
    let before = mails(folder.path());
    let again = plain(folder.path());
    assert_eq!(again.status, 0, "{disturbance} ({status})\n{}{}", again.answer, again.said);
    assert_whole(folder.path(), disturbance, right);
    let after = mails(folder.path());
    let again_handed_over = before.iter().filter(|mail| !after.contains(mail)).count();
    assert!(again_handed_over <= 1, "{disturbance}: only one can be half handed over");
    if disturbance.ends_with(&format!(":{}", operations.count() + 1)) {
        assert!(
            again.answer.starts_with("nothing new: version 1"),
            "{disturbance}: what ended is kept"
        );
        assert_eq!(again_handed_over, 0, "{disturbance}: what ended is kept");
    }
    let third = undisturbed(folder.path());
    assert!(third.starts_with("nothing new"), "{disturbance}: {third}");
    let state = scorewright(folder.path(), &["status"]);
    assert_eq!(state.status, 0, "{disturbance}: {}", state.answer);
}

/// Readers have what an undisturbed night gives them, once, and nothing else is left.
fn assert_whole(folder: &Path, disturbance: &str, right: &[(PathBuf, Vec<u8>)]) {
    let now = delivered(folder);
    let names = |files: &[(PathBuf, Vec<u8>)]| -> Vec<PathBuf> {
        files.iter().map(|(path, _)| path.clone()).collect()
    };
    assert_eq!(names(&now), names(right), "{disturbance}");
    assert!(now == right, "{disturbance}: other bytes");
    let versions = files_below(&folder.join("warehouse/versions"));
    assert_eq!(versions.len(), 1, "{disturbance}");
    assert!(folder.join("warehouse/CURRENT.json").is_file(), "{disturbance}");
    assert_eq!(leftovers(folder), Vec::<PathBuf>::new(), "{disturbance}");
}

#[test]
fn a_night_that_dies_or_fails_anywhere_owes_nothing_after_the_next() {
    let folder = night::finished();
    let right = delivered(folder.path());
    let operations = Operations::of_a_night();
    assert!(operations.count() >= RECORDED, "only {} operations are seen", operations.count());
    for_each(&operations.faults(), |fault| recovers(fault, &operations, &right));
}
