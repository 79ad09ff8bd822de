//! Records of runs, mail files and former pages: what is old goes, and readers have what they should have.

use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::aged_nights::{age_below, files, object, project, versions};
use crate::binary::{copy, says};

const MAIL: &str = "\n[mail]\nfrom = \"Scorewright <scorecards@example.com>\"\n\
    to = [\"board@example.com\", \"ann@example.com\"]\n";

/// Lines of `[retention]` by which little is kept.
pub(crate) const LITTLE: &str =
    "nightly = 2\nmonthly = 0\nruns = \"5d\"\nmails = \"120h\"\npages = \"5d\"";

/// The small project after nights each of which corrects the figures of the same week, with a mail of two recipients.
pub(crate) fn corrected(retention: &str, nights: u32) -> tempfile::TempDir {
    let folder = project(retention);
    let report = folder.path().join("reports/scorecard/report.toml");
    let text = fs::read_to_string(&report).unwrap();
    fs::write(report, text + MAIL).unwrap();
    for number in 0..nights {
        correct(folder.path(), number);
    }
    folder
}

/// A night that brings one more ticket of a week that has ended.
fn correct(folder: &Path, number: u32) {
    let ticket = format!("C{number},Billing,2026-11-11 09:1{number}:00,5\n");
    let path = folder.join(format!("extracts/tickets_c{number}.csv"));
    fs::write(path, format!("Ticket,Team,Opened,Rating\n{ticket}")).unwrap();
    says(folder, 0, &["run", "--as-of", "2026-11-20"]);
}

fn aged(from: &Path) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    copy(from, folder.path());
    age_below(folder.path());
    folder
}

/// Names in a folder below `out/`, sorted.
fn names(folder: &Path, below: &str) -> Vec<String> {
    let listed = fs::read_dir(folder.join("out").join(below)).into_iter().flatten();
    let mut names: Vec<String> =
        listed.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

fn removed<'a>(said: &'a Value, kind: &str) -> &'a Value {
    &said[kind]["removed"]["files"]
}

#[test]
fn old_records_mails_and_former_pages_go_and_readers_keep_what_is_theirs() {
    let made = corrected(LITTLE, 5);
    let pages = names(made.path(), "pages/scorecard");
    let week = ["2026-W46", "2026-W46.r1", "2026-W46.r2", "2026-W46.r3", "2026-W46.r4"];
    assert_eq!(pages, week, "what is young stays");
    let counts = |folder: &Path| [names(folder, "runs").len(), names(folder, "mail").len()];
    assert_eq!(counts(made.path()), [5, 10]);
    let folder = aged(made.path());
    let told = object(folder.path(), 0, &["gc", "--dry-run"]);
    assert_eq!((removed(&told, "runs"), removed(&told, "mails")), (&3.into(), &10.into()));
    let former = files(&folder.path().join("out/pages/scorecard/2026-W46.r1")).len() * 3;
    assert_eq!(*removed(&told, "pages"), former, "{told}");
    assert_eq!(counts(folder.path()), [5, 10], "a dry run removes nothing");
    let text = says(folder.path(), 0, &["gc", "--dry-run"]);
    assert!(text.contains("records of runs: 3 files of") && text.contains("mails: 10"), "{text}");
    let done = object(folder.path(), 0, &["gc"]);
    for kind in ["runs", "mails", "pages"] {
        assert_eq!(done[kind], told[kind], "{kind}");
    }
    assert_eq!(versions(folder.path()), [4, 5]);
    assert_eq!(counts(folder.path()), [2, 0]);
    let kept = ["2026-W46", "2026-W46.r4"];
    assert_eq!(names(folder.path(), "pages/scorecard"), kept, "version 4 shows r4");
    let again = says(folder.path(), 0, &["run", "--as-of", "2026-11-20"]);
    assert!(again.starts_with("nothing new"), "{again}");
    assert_eq!(names(folder.path(), "mail"), Vec::<String>::new(), "nobody is mailed twice");
    says(folder.path(), 0, &["status"]);
    let records = names(folder.path(), "runs");
    correct(folder.path(), 5);
    let after = names(folder.path(), "runs");
    assert!(after.last().unwrap().starts_with("run-00000006-"), "runs are counted on: {after:?}");
    assert!(after.contains(records.last().unwrap()), "{after:?}");
    assert_eq!(names(folder.path(), "mail").len(), 2, "the next correction is mailed");
}

#[test]
fn what_the_ledger_does_not_know_as_delivered_stays() {
    let made = corrected(LITTLE, 3);
    let mails = made.path().join("out/mail");
    fs::write(mails.join("note.eml"), "of a person").unwrap();
    let edited = mails.join(names(made.path(), "mail").last().unwrap());
    fs::write(edited, "of another person").unwrap();
    let folder = aged(made.path());
    assert_eq!(*removed(&object(folder.path(), 0, &["gc"]), "mails"), 5);
    assert_eq!(names(folder.path(), "mail").len(), 2);
    let folder = aged(made.path());
    let ledger = folder.path().join("warehouse/ledger/scorecard/2026-W46.r3.json");
    fs::write(ledger, "{}").unwrap();
    assert_eq!(*removed(&object(folder.path(), 0, &["gc"]), "mails"), 4, "two are of r3");
}

#[test]
fn by_default_a_year_of_records_and_pages_stays_and_a_quarter_of_mails() {
    let folder = aged(corrected("nightly = 1\nmonthly = 0", 3).path());
    let told = object(folder.path(), 0, &["gc"]);
    for kind in ["runs", "mails", "pages"] {
        assert_eq!(*removed(&told, kind), 0, "ten days are no age: {told}");
    }
    for _ in 0..9 {
        age_below(folder.path());
    }
    let told = object(folder.path(), 0, &["gc"]);
    let counts = ["runs", "mails", "pages"].map(|kind| removed(&told, kind).as_u64().unwrap());
    assert_eq!(counts, [0, 6, 0], "100 days are one for mails");
}
