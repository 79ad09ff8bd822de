//! What is lost after a night, whole or killed: told, made again as far as the ledger knows, and mailed to nobody twice.

use std::fs;
use std::path::{Path, PathBuf};

use super::night::{
    Operations, finished, for_each, leftovers, mails, night, plain, project, undisturbed,
};
use crate::binary::{Ended, files_below, scorewright};
use crate::datasets::unfolded;

/// What can be lost, below the project.
const LOSABLE: [&str; 3] = ["out", "out/outbox", "warehouse/CURRENT.json"];

fn lose(folder: &Path, lost: &str) {
    let path = folder.join(lost);
    if path.is_dir() {
        fs::remove_dir_all(path).unwrap();
    } else if path.exists() {
        fs::remove_file(path).unwrap();
    }
}

#[test]
fn what_was_lost_is_told_and_made_again_and_nobody_is_mailed_twice() {
    for lost in ["out", "out/outbox", "out/pages", "warehouse/CURRENT.json"] {
        let folder = finished();
        let pages = files_below(&folder.path().join("out/pages"));
        let hint = fs::read(folder.path().join("warehouse/CURRENT.json")).unwrap();
        lose(folder.path(), lost);
        let again = plain(folder.path());
        assert_eq!(again.status, 0, "{lost}: {}{}", again.answer, again.said);
        assert_eq!(files_below(&folder.path().join("out/pages")), pages, "{lost}");
        assert_eq!(fs::read(folder.path().join("warehouse/CURRENT.json")).unwrap(), hint, "{lost}");
        let left = if lost == "out" { 0 } else { 2 };
        assert_eq!(mails(folder.path()).len(), left, "{lost}: what was handed over stays so");
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

/// A night that dies from its commit on, and what is lost after it.
#[derive(Debug)]
struct Loss {
    death: String,
    lost: &'static str,
}

/// The names of the mails of a whole night, and its pages.
struct Right {
    mails: Vec<PathBuf>,
    pages: Vec<(PathBuf, Vec<u8>)>,
    hint: Vec<u8>,
}

impl Right {
    fn of(folder: &Path) -> Self {
        Self {
            mails: names(folder),
            pages: files_below(&folder.join("out/pages")),
            hint: fs::read(folder.join("warehouse/CURRENT.json")).unwrap(),
        }
    }
}

fn names(folder: &Path) -> Vec<PathBuf> {
    mails(folder).into_iter().map(|(name, _)| name).collect()
}

/// The next night gives what is owed, and mails nobody twice; where a mail may be out and nothing tells, it says so.
fn is_mended(loss: &Loss, right: &Right) {
    let folder = project();
    assert_eq!(night(folder.path(), &loss.death).0, 137, "{loss:?}");
    let before = mails(folder.path());
    lose(folder.path(), loss.lost);
    let again = plain(folder.path());
    assert_eq!(files_below(&folder.path().join("out/pages")), right.pages, "{loss:?}");
    assert_eq!(fs::read(folder.path().join("warehouse/CURRENT.json")).unwrap(), right.hint);
    assert_eq!(leftovers(folder.path()), Vec::<PathBuf>::new(), "{loss:?}");
    assert_mailed_once(loss, &before, &mails(folder.path()));
    if again.status == 5 {
        assert_ne!(loss.lost, "warehouse/CURRENT.json", "{loss:?}: {}", again.answer);
        deliver_what_is_in_doubt(&folder, loss, &again);
    }
    let third = plain(folder.path());
    assert_eq!(third.status, 0, "{loss:?}: {}{}", again.answer, third.answer);
    assert!(third.answer.starts_with("nothing new"), "{loss:?}: {}", third.answer);
    assert_eq!(scorewright(folder.path(), &["status"]).status, 0, "{loss:?}");
    let had = before.iter().map(|(name, _)| name.clone()).chain(names(folder.path()));
    let had: std::collections::BTreeSet<PathBuf> = had.collect();
    assert!(had.iter().eq(&right.mails), "{loss:?}: {had:?}");
}

/// A mail that was handed over before is not handed over again, but for the one that was about to be recorded.
fn assert_mailed_once(loss: &Loss, before: &[(PathBuf, u64)], after: &[(PathBuf, u64)]) {
    let is_again = |mail: &&(PathBuf, u64)| {
        before.iter().any(|(name, file)| *name == mail.0 && *file != mail.1)
    };
    let most = usize::from(loss.lost == "warehouse/CURRENT.json");
    assert!(after.iter().filter(is_again).count() <= most, "{loss:?}: mailed twice");
}

/// Does what the message says, once for each mail that may be out.
fn deliver_what_is_in_doubt(folder: &tempfile::TempDir, loss: &Loss, again: &Ended) {
    let doubt = "it was queued and its entry is lost, so it may have been delivered; remove `";
    let answer = unfolded(&again.answer);
    let (_, rest) = answer.split_once(doubt).unwrap_or_else(|| panic!("{loss:?}: {answer}"));
    let ledger = rest.split('`').next().unwrap();
    assert_eq!(scorewright(folder.path(), &["status"]).status, 5, "{loss:?}");
    assert_eq!(plain(folder.path()).status, 5, "{loss:?}: nothing changes by itself");
    fs::remove_file(folder.path().join(ledger)).unwrap();
    let sent = plain(folder.path());
    assert_eq!(sent.status, 0, "{loss:?}: {}", sent.answer);
}

#[test]
fn what_is_lost_of_a_night_that_died_is_mended_and_nobody_is_mailed_twice() {
    let right = Right::of(finished().path());
    let operations = Operations::of_a_night();
    let deaths = operations.looked_at(operations.commit + 1..=operations.count());
    let of_death =
        |number| LOSABLE.map(|lost| Loss { death: format!("die_before:{number}"), lost });
    let all: Vec<Loss> = deaths.flat_map(of_death).collect();
    for_each(&all, |loss| is_mended(loss, &right));
}
