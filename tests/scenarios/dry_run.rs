//! `run --dry-run` says what the run after it publishes, ends as that run does, and leaves nothing behind.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use crate::binary::{Ended, copy, files_below, query, root, says, scorewright};
use crate::datasets::unfolded;

const DAY: &str = "2026-11-23";

fn shop() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    copy(&root().join("tests/scenarios/base"), folder.path());
    let report = folder.path().join("reports/scorecard/report.toml");
    let mail =
        "[mail]\nfrom = \"scorecards@example.com\"\nto = [\"board@example.com\"]\n\n[[group]]";
    edit(&report, "[[group]]", mail);
    folder
}

fn edit(file: &Path, from: &str, to: &str) {
    let text = fs::read_to_string(file).unwrap();
    assert!(text.contains(from), "{text}");
    fs::write(file, text.replacen(from, to, 1)).unwrap();
}

/// All files of a project, without the lock, the remembered hashes of extracts, and what a run left that failed.
fn state(project: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let is_state = |name: &Path| {
        !name.ends_with("lock") && !name.ends_with(".seen") && !name.starts_with("warehouse/.stage")
    };
    files_below(project).into_iter().filter(|(name, _)| is_state(name)).collect()
}

/// A dry run, which leaves everything as it was.
fn dry_run(project: &Path, words: &[&str]) -> Ended {
    let before = state(project);
    let ended = scorewright(project, &[&["run", "--as-of", DAY, "--dry-run"], words].concat());
    let after = state(project);
    assert!(!project.join("warehouse/.stage").exists(), "what it made is taken back");
    assert!(before == after, "{:?}", after.iter().map(|(name, _)| name).collect::<Vec<_>>());
    ended
}

/// Rows that an answer states of each table after it.
fn rows_after(answer: &str) -> BTreeMap<String, String> {
    let tables = answer.split("\ntable ").nth(1).expect("tables are listed");
    let lines = tables.lines().skip(2).take_while(|line| !line.starts_with('('));
    let words = lines.map(|line| line.split_whitespace().collect::<Vec<_>>());
    words
        .map(|words| {
            let place = if words[1] == "added" { 2 } else { 3 };
            (words[0].to_owned(), words.get(place).copied().unwrap_or_default().to_owned())
        })
        .collect()
}

/// What an answer says of tables and figures.
fn changes(answer: &str) -> &str {
    let from = answer.find("\ntables ").expect("tables are told") + 1;
    let until = answer.find("\ndry run ").unwrap_or(answer.len());
    answer[from..until].trim_end()
}

#[test]
fn a_dry_run_says_what_the_run_after_it_publishes() {
    let shop = shop();
    let project = shop.path();
    let first = dry_run(project, &[]);
    assert_eq!(first.status, 0, "{}{}", first.answer, first.said);
    let mail = "mails      scorecard 2026-W47 r1: eml to board@example.com: would be sent\n";
    assert!(unfolded(&first.answer).contains(&unfolded(mail)), "{}", first.answer);
    assert!(first.answer.contains("would be for Monday 2026-11-23"), "{}", first.answer);
    assert!(first.answer.ends_with("\ndry run    nothing is published, sent or kept\n"));
    says(project, 0, &["run", "--as-of", DAY]);
    for (table, rows) in rows_after(&first.answer) {
        let count = query(project, &format!("SELECT count(*) AS n FROM {table}"));
        assert_eq!(count, format!("n\n{rows}\n"), "{table}");
    }

    let more = "Ticket,Team,Opened,Rating\nT901,Billing,2026-11-18 09:00:00,1\n";
    fs::write(project.join("extracts/tickets_more.csv"), more).unwrap();
    let second = dry_run(project, &["--require-new"]);
    assert_eq!(second.status, 0, "{}", second.said);
    assert!(second.answer.contains("scorecard 2026-W47 r2"), "a correction: {}", second.answer);
    says(project, 0, &["run", "--as-of", DAY]);
    let told = says(project, 0, &["diff"]);
    assert_eq!(changes(&second.answer), changes(&told), "as `diff` says it afterwards");
    assert!(told.contains("figures    0 appeared, 0 gone,"), "{told}");
}

#[test]
fn a_dry_run_ends_as_the_run_would() {
    let shop = shop();
    let project = shop.path();
    let ends = |status: i32, words: &[&str]| {
        let rehearsed = dry_run(project, words);
        assert_eq!(rehearsed.status, status, "{words:?}: {}{}", rehearsed.answer, rehearsed.said);
        let real = scorewright(project, &[&["run", "--as-of", DAY], words].concat());
        assert_eq!(real.status, status, "{words:?}: {}{}", real.answer, real.said);
        rehearsed
    };
    ends(0, &[]);
    let nothing = ends(0, &[]);
    assert!(nothing.answer.starts_with("nothing new: version 1 holds everything"));
    ends(4, &["--require-new"]);

    let bad = project.join("extracts/tickets_bad.csv");
    fs::write(&bad, "Another,Header\n1,2\n").unwrap();
    let refused = ends(3, &[]);
    assert!(refused.answer.is_empty(), "{}", refused.answer);
    edit(
        &project.join("pipelines/sources/tickets.toml"),
        "tolerate = 0.1",
        "tolerate = 0.1\non_refused = \"keep_yesterday\"",
    );
    let left_out = ends(5, &[]);
    assert!(unfolded(&left_out.answer).contains("left out: "), "{}", left_out.answer);
    fs::remove_file(&bad).unwrap();

    let companion = project.join("pipelines/models/fact/ticket.toml");
    edit(&companion, "max = 5 }", "max = 4 }");
    let failed = ends(3, &[]);
    assert!(unfolded(&failed.said).contains("range(score)"), "{}", failed.said);
    edit(&companion, "max = 4 }", "max = 5 }");
    edit(&project.join("pipelines/models/fact/ticket.sql"), "opened_at", "opened");
    ends(2, &[]);
}

#[test]
fn mails_for_a_server_would_wait() {
    let shop = shop();
    let project = shop.path();
    let settings = project.join("scorewright.toml");
    let text = fs::read_to_string(&settings).unwrap();
    let smtp = "\n[smtp]\nhost = \"mail.example.com\"\ndomains = [\"example.com\"]\n";
    fs::write(&settings, text + smtp).unwrap();
    let rehearsed = dry_run(project, &[]);
    assert_eq!(rehearsed.status, 5, "{}{}", rehearsed.answer, rehearsed.said);
    let waits = "would wait for `scorewright send`";
    assert!(unfolded(&rehearsed.answer).contains(waits), "{}", rehearsed.answer);
    says(project, 5, &["run", "--as-of", DAY]);
    assert_eq!(dry_run(project, &[]).status, 5, "the mail waits still");
    says(project, 5, &["run", "--as-of", DAY]);
}
