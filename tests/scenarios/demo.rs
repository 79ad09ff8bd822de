//! The first command of the README, through the real binary.

use std::fs;

use crate::binary::scorewright;

/// A company small enough for a test, and large enough that every metric has values.
const SMALL: [&str; 7] = ["demo", "company", "--customers", "60", "--weeks", "60", "--as-of=2026-11-23"];

#[test]
fn a_demo_goes_from_nothing_to_a_scorecard_and_has_nothing_to_do_afterwards() {
    let folder = tempfile::tempdir().unwrap();
    let made = scorewright(folder.path(), &SMALL);
    assert_eq!(made.status, 0, "{}{}", made.answer, made.said);
    let pages = folder.path().join("company/out/pages/scorecard/2026-W47");
    assert!(made.answer.contains("company/out/pages/scorecard/2026-W47/scorecard.html"), "{}", made.answer);
    for document in ["scorecard.html", "scorecard.md", "scorecard.json"] {
        assert!(fs::metadata(pages.join(document)).unwrap().len() > 1000, "{document}");
    }
    let mail = fs::read_dir(folder.path().join("company/out/mail")).unwrap().next().unwrap().unwrap();
    let mail = fs::read_to_string(mail.path()).unwrap();
    let place = |kind: &str| mail.find(kind).unwrap_or_else(|| panic!("no {kind} in {mail}"));
    assert!(place("multipart/alternative") < place("text/plain"));
    assert!(place("text/plain") < place("text/html"), "the text comes first");

    let again = scorewright(folder.path(), &["run", "--project", "company", "--as-of", "2026-11-23"]);
    assert!(again.answer.starts_with("nothing new: version 1"), "{}", again.answer);
    let other = scorewright(folder.path(), &["demo", "company/pipelines"]);
    assert_eq!(other.status, 2, "a folder of somebody is not written to");
}

#[test]
fn the_books_of_the_demo_balance_and_its_dirt_is_named() {
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(scorewright(folder.path(), &SMALL).status, 0);
    let status = scorewright(folder.path(), &["status", "--project", "company", "--output", "json"]);
    let status: serde_json::Value = serde_json::from_str(&status.answer).unwrap();
    let count = |name: &str| status["books"][name].as_u64().unwrap();
    let kept = ["accepted", "quarantined", "duplicates", "superseded"].map(count).iter().sum::<u64>();
    assert_eq!(count("read"), kept);
    assert!(count("quarantined") > 0 && count("duplicates") > 0, "{status}");
    let reasons = status["books"]["reasons"].as_object().unwrap();
    assert_eq!(reasons.values().map(|rows| rows.as_u64().unwrap()).sum::<u64>(), count("quarantined"));
}
