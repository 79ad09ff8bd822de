//! What the page says about who is who.

use std::fs;
use std::path::Path;

use crate::binary::{copy, root, scorewright};

/// The project of the story, run for a day.
fn published(project: &Path) -> (String, serde_json::Value) {
    copy(&root().join("tests/scenarios/base"), project);
    let story = root().join("tests/scenarios/two_claim_one_name");
    copy(&story.join("project"), project);
    fs::copy(story.join("identity.toml"), project.join("pipelines/identity.toml")).unwrap();
    let ended = scorewright(project, &["run", "--as-of", "2026-11-23"]);
    assert_eq!(ended.status, 0, "{}{}", ended.answer, ended.said);
    let page = project.join("out/pages/scorecard/2026-W47");
    let json = fs::read_to_string(page.join("scorecard.json")).unwrap();
    let markdown = fs::read_to_string(page.join("scorecard.md")).unwrap();
    (markdown, serde_json::from_str(&json).unwrap())
}

#[test]
fn the_page_counts_contested_names_and_rows_of_nobody() {
    let folder = tempfile::tempdir().unwrap();
    let (page, json) = published(folder.path());
    let page: String =
        page.chars().map(|letter| if letter.is_whitespace() { ' ' } else { letter }).collect();
    // Of eight calls, 555-3 is contested (two), 555-8 unknown, the last names nobody: four of eight.
    for said in [
        "1 name is claimed by several customers, so it belongs to none (dim.identity\\_conflict lists the claims).",
        "Calls: 4 of 8 rows belong to no known customer (50.0 %).",
        "50.0 % of rows belong to no known customer",
    ] {
        assert!(page.contains(said), "{said} is not in\n{page}");
    }
    let sources = json["data_quality"]["sources"].as_array().unwrap();
    let unmatched: Vec<(&str, &serde_json::Value)> = sources
        .iter()
        .map(|source| (source["source"].as_str().unwrap(), &source["unmatched"]))
        .collect();
    let of = |rows: u64, looked_at: u64, share: f64, is_warning: bool| serde_json::json!({ "rows": rows, "looked_at": looked_at, "share": share, "is_warning": is_warning });
    assert_eq!(
        unmatched,
        [
            ("accounts", &of(0, 4, 0.0, false)),
            ("calls", &of(4, 8, 0.5, true)),
            ("tickets", &serde_json::Value::Null)
        ]
    );
}

#[test]
fn unchanged_names_are_taken_over_byte_for_byte() {
    let folder = tempfile::tempdir().unwrap();
    published(folder.path());
    let files = || {
        let hint = fs::read_to_string(folder.path().join("warehouse/CURRENT.json")).unwrap();
        let hint: serde_json::Value = serde_json::from_str(&hint).unwrap();
        ["dim.map_identity", "dim.identity_conflict", "dim.identity_match"]
            .map(|table| hint["tables"][table].clone())
    };
    let before = files();
    assert!(
        before.iter().all(|files| files.as_array().is_some_and(|files| files.len() == 1)),
        "{before:?}"
    );
    let ended = scorewright(folder.path(), &["run", "--as-of", "2026-11-24"]);
    assert_eq!(ended.status, 0, "{}", ended.said);
    assert_eq!(files(), before, "no declared table depends on the day");

    let again = tempfile::tempdir().unwrap();
    published(again.path());
    let hint = fs::read_to_string(again.path().join("warehouse/CURRENT.json")).unwrap();
    let hint: serde_json::Value = serde_json::from_str(&hint).unwrap();
    assert_eq!(hint["tables"]["dim.map_identity"], before[0], "named by content: the same bytes");
}
