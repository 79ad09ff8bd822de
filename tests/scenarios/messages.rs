//! What messages advise can be done, and helps.

use std::fs;
use std::path::Path;

use scorewright_domain::Fingerprint;
use serde_json::Value;

use crate::binary::{copy, files_below, root, scorewright};

const COMMANDS: [&[&str]; 16] = [
    &[],
    &["demo"],
    &["init"],
    &["add", "source"],
    &["run"],
    &["check"],
    &["metrics"],
    &["query"],
    &["explain"],
    &["diff"],
    &["render"],
    &["quarantine", "list"],
    &["quarantine", "export"],
    &["quarantine", "replay"],
    &["status"],
    &["verify"],
];

/// Words that begin with two dashes.
fn flags(text: &str) -> Vec<&str> {
    let is_part = |letter: char| letter.is_ascii_lowercase() || letter == '-';
    let words = text.split(|letter| !is_part(letter));
    words.filter(|word| word.len() > 2 && word.starts_with("--")).collect()
}

/// What stands between backticks on a line.
fn quoted(line: &str) -> impl Iterator<Item = &str> {
    line.split('`').skip(1).step_by(2)
}

#[test]
fn messages_name_only_flags_that_there_are() {
    let helps: Vec<String> = COMMANDS
        .iter()
        .map(|command| scorewright(&root(), &[command, &["--help"][..]].concat()).answer)
        .collect();
    let known: Vec<&str> = helps.iter().flat_map(|help| flags(help)).collect();
    let mut named = 0;
    for (path, bytes) in files_below(&root().join("crates")) {
        let is_code = path.extension().is_some_and(|ending| ending == "rs");
        let text = String::from_utf8(bytes).unwrap_or_default();
        let lines = text.lines().filter(|line| !line.trim_start().starts_with("//"));
        for flag in lines.filter(|_| is_code).flat_map(quoted).flat_map(flags) {
            assert!(known.contains(&flag), "{}: no command has `{flag}`", path.display());
            named += 1;
        }
    }
    assert!(named >= 4, "only {named} flags were found");
}

/// Makes the newest commit one of another program version, whose `kpi.value` had other columns.
fn age_values(project: &Path) {
    let path = project.join("warehouse/versions/0000000001.json");
    let mut sealed: Value = serde_json::from_str(&fs::read_to_string(&path).unwrap()).unwrap();
    let version = &mut sealed["version"];
    let tables = &mut version["manifests"]["tables"];
    tables["kpi.value"] = tables["fact.ticket"].clone();
    version["configuration"] = "another version".into();
    let sha256 = Fingerprint::of(version.to_string().as_bytes()).to_string();
    sealed["sha256"] = sha256.into();
    fs::write(path, sealed.to_string()).unwrap();
}

#[test]
fn a_run_measures_again_what_another_program_version_measured() {
    let shop = tempfile::tempdir().unwrap();
    copy(&root().join("tests/scenarios/base"), shop.path());
    let run = || scorewright(shop.path(), &["run", "--as-of", "2026-11-23"]);
    let explain = || scorewright(shop.path(), &["explain", "csat_top2", "--period", "2026-W47"]);
    assert_eq!((run().status, explain().status), (0, 0));
    age_values(shop.path());
    let refused = explain();
    assert_eq!(refused.status, 74, "{}", refused.said);
    assert!(
        refused.said.contains("row 1 of `kpi.value` has no usable `metric`"),
        "{}",
        refused.said
    );
    assert!(refused.said.contains("`scorewright run`"), "{}", refused.said);
    assert_eq!((run().status, explain().status), (0, 0));
}
