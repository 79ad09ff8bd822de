//! `${NAME}` in places and addresses: put in by the command line, named where it is missing, refused elsewhere.

use std::fs;
use std::path::Path;

use crate::binary::{Ended, copy, files_below, program, root, scorewright_by};
use crate::datasets::unfolded;

const MAIL: &str = "\n[mail]\nfrom = \"${SENDER}\"\nto = [\"board@example.com\", \"${HEAD}\"]\nlink = \"${PAGES}/shop\"\n\
    [hold]\nfor = \"0h\"\n";

fn edit(project: &Path, path: &str, edit: impl FnOnce(String) -> String) {
    let path = project.join(path);
    let text = fs::read_to_string(&path).unwrap();
    fs::write(path, edit(text)).unwrap();
}

/// The small project, whose folder of extracts, files and addresses are those of the environment.
fn project() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    copy(&root().join("tests/scenarios/base"), folder.path());
    fs::create_dir(folder.path().join("inbox")).unwrap();
    fs::rename(folder.path().join("extracts"), folder.path().join("inbox/desk")).unwrap();
    edit(folder.path(), "scorewright.toml", |text| text + "extracts = \"${INBOX}\"\n");
    let source = |text: String| text.replace("\"tickets*.csv\"", "[\"${DESK}/tickets*.csv\"]");
    edit(folder.path(), "pipelines/sources/tickets.toml", source);
    edit(folder.path(), "reports/scorecard/report.toml", |text| text + MAIL);
    folder
}

const SET: [&str; 5] = [
    "INBOX=inbox",
    "DESK=desk",
    "SENDER=Scorewright <cards@example.com>",
    "HEAD=head@example.com",
    "PAGES=https://pages.example.com",
];

fn ended(project: &Path, set: &[&str], arguments: &[&str]) -> Ended {
    let program = program().to_str().unwrap();
    scorewright_by(&[&["env"][..], set, &[program]].concat(), project, arguments)
}

fn says(project: &Path, set: &[&str], status: i32, arguments: &[&str]) -> String {
    let ended = ended(project, set, arguments);
    let said = ended.answer + &ended.said;
    assert_eq!(ended.status, status, "{arguments:?}\n{said}");
    said
}

const RUN: [&str; 3] = ["run", "--as-of", "2026-11-23"];

#[test]
fn places_and_addresses_are_those_of_the_environment() {
    let folder = project();
    let project = folder.path();
    says(project, &SET, 0, &["check"]);
    says(project, &SET, 0, &RUN);
    let mails: Vec<String> = files_below(&project.join("out/mail"))
        .into_iter()
        .map(|(_, bytes)| String::from_utf8(bytes).unwrap())
        .collect();
    assert_eq!(mails.len(), 2);
    let has = |text: &str| mails.iter().filter(|mail| mail.contains(text)).count();
    assert_eq!(has("From: Scorewright <cards@example.com>"), 2);
    assert_eq!(has("To: head@example.com"), 1);
    // What is kept and shown of the project has the names, and never a value.
    for (path, bytes) in files_below(&project.join("warehouse/projects")) {
        let text = String::from_utf8(bytes).unwrap();
        assert!(text.contains("${HEAD}") && !text.contains("head@example.com"), "{path:?}");
    }
    // Whoever only reads needs none of them.
    says(project, &[], 0, &["query", "SELECT 1"]);
    says(project, &[], 0, &["explain", "csat_top2", "--period", "2026-W46"]);
    says(project, &[], 0, &["status"]);
    assert!(says(project, &SET, 0, &RUN).contains("nothing new"));
}

#[test]
fn a_name_that_is_not_set_is_named_with_its_place() {
    let folder = project();
    let project = folder.path();
    for command in [&["check"][..], &RUN] {
        let said = says(project, &["SENDER=a@example.com", "HEAD="], 2, command);
        for (name, place) in [
            ("INBOX", "scorewright.toml:4:"),
            ("DESK", "pipelines/sources/tickets.toml:2:"),
            ("HEAD", "reports/scorecard/report.toml:"),
        ] {
            let message = format!("the environment variable `{name}` is not set, or empty");
            assert!(said.contains(&message) && said.contains(place), "{name}\n{said}");
        }
    }
    assert!(!project.join("warehouse/versions").exists());
}

#[test]
fn elsewhere_a_reference_is_refused_with_where_it_may_stand() {
    let folder = project();
    let project = folder.path();
    edit(project, "scorewright.toml", |text| text.replace("Corner Shop", "${SHOP}"));
    let fact = "pipelines/models/fact/ticket.sql";
    edit(project, fact, |text| text.replace("opened_at < $as_of", "opened_at < '${DAY}'"));
    let metric = "pipelines/metrics/csat_top2.toml";
    edit(project, metric, |text| text.replace("score >= 4", "score >= ${TOP}"));
    let set = [&SET[..], &["SHOP=hunter2", "DAY=hunter2", "TOP=hunter2"]].concat();
    let said = unfolded(&says(project, &set, 2, &["check"]));
    for fault in [
        "`${SHOP}` cannot stand here",
        "`${DAY}` cannot stand here",
        "`${TOP}` cannot stand here",
        "in `files` of a source",
        "scorewright.toml:1:",
    ] {
        assert!(said.contains(fault), "{fault}\n{said}");
    }
    assert!(!said.contains("hunter2"), "{said}");
}

#[test]
fn a_secret_in_an_address_is_refused_and_not_shown() {
    let folder = project();
    let project = folder.path();
    edit(project, "pipelines/sources/tickets.toml", |text| {
        text.replace("[\"${DESK}/tickets*.csv\"]", "\"${DESK}/tickets*.csv\"")
    });
    let set = [
        "INBOX=inbox",
        "DESK=s3://key:hunter2@bucket",
        "SENDER=a@example.com",
        "HEAD=a@example.com",
        "PAGES=https://a.example",
    ];
    let said = says(project, &set, 2, &["check"]);
    assert!(said.contains("it holds a user, a password or a signature"), "{said}");
    assert!(!said.contains("hunter2"), "{said}");
}
