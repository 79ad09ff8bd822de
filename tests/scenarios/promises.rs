//! What every run promises, whatever the project.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::binary::{copy, files_below, root, scorewright};

const DAY: &str = "2026-11-23";

fn shop() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    copy(&root().join("tests/scenarios/base"), folder.path());
    folder
}

fn run(project: &Path, day: &str) -> crate::binary::Ended {
    let ended = scorewright(project, &["run", "--as-of", day]);
    assert_eq!(ended.status, 0, "{}{}", ended.answer, ended.said);
    ended
}

#[test]
fn the_same_extracts_and_day_give_the_same_bytes() {
    let (one, two) = (shop(), shop());
    run(one.path(), DAY);
    run(two.path(), DAY);
    for part in
        ["warehouse/tables", "warehouse/versions", "warehouse/manifests", "out/pages", "out/mail"]
    {
        let [left, right] = [one.path(), two.path()].map(|project| {
            let folder = project.join(part);
            if folder.is_dir() { files_below(&folder) } else { Vec::new() }
        });
        assert!(part == "out/mail" || !left.is_empty(), "{part} has no files");
        for (left, right) in left.iter().zip(&right) {
            assert_eq!(left.0, right.0, "names in {part}");
            assert!(left.1 == right.1, "{} differs", left.0.display());
        }
        assert_eq!(left.len(), right.len(), "files in {part}");
    }
}

#[test]
fn a_second_run_on_the_same_extracts_does_nothing() {
    let shop = shop();
    run(shop.path(), DAY);
    let before = files_below(&shop.path().join("warehouse"));
    let again = run(shop.path(), DAY);
    assert!(again.answer.contains("nothing new"), "{}", again.answer);
    assert!(before == files_below(&shop.path().join("warehouse")), "the warehouse was touched");
    let required = scorewright(shop.path(), &["run", "--as-of", DAY, "--require-new"]);
    assert_eq!(required.status, 4, "{}", required.said);
}

#[test]
fn a_file_sent_again_under_another_name_adds_nothing() {
    let shop = shop();
    run(shop.path(), DAY);
    fs::copy(
        shop.path().join("extracts/tickets.csv"),
        shop.path().join("extracts/tickets_again.csv"),
    )
    .unwrap();
    let ended = run(shop.path(), DAY);
    assert!(ended.answer.contains("nothing new"), "{}", ended.answer);
    let count = scorewright(
        shop.path(),
        &["query", "--output", "csv", "SELECT count(*) AS n FROM raw.tickets"],
    );
    assert_eq!(count.answer, "n\n40\n");
}

#[test]
fn increments_end_where_one_run_over_everything_ends() {
    let (steps, once) = (shop(), shop());
    let path = |shop: &tempfile::TempDir, name: &str| shop.path().join("extracts").join(name);
    let text = fs::read_to_string(path(&steps, "tickets.csv")).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    let part = |from: usize, to: usize| [&lines[..1], &lines[from..to]].concat().join("\n") + "\n";
    fs::write(path(&steps, "tickets.csv"), part(1, 21)).unwrap();
    run(steps.path(), DAY);
    fs::write(path(&steps, "tickets_later.csv"), part(21, 41)).unwrap();
    run(steps.path(), DAY);
    fs::write(path(&once, "tickets.csv"), part(1, 21)).unwrap();
    fs::write(path(&once, "tickets_later.csv"), part(21, 41)).unwrap();
    run(once.path(), DAY);
    for table in ["fact.ticket", "kpi.value", "kpi.standing"] {
        let sql = format!("SELECT * FROM {table}");
        let [left, right] = [&steps, &once]
            .map(|shop| scorewright(shop.path(), &["query", "--output", "csv", &sql]).answer);
        assert!(left.lines().count() > 1, "{table} has rows");
        assert_eq!(left, right, "{table}");
    }
}

#[test]
fn a_backfill_does_not_know_what_came_later() {
    let shop = shop();
    run(shop.path(), "2026-11-09");
    let newest = scorewright(
        shop.path(),
        &[
            "query",
            "--output",
            "csv",
            "SELECT max(period_until) AS last FROM kpi.value WHERE \"grain\" = 'week'",
        ],
    );
    assert_eq!(newest.answer, "last\n2026-11-09\n");
}

#[test]
fn a_reader_that_goes_away_is_no_crash() {
    let shop = shop();
    run(shop.path(), DAY);
    let mut asked = Command::new(env!("CARGO_BIN_EXE_scorewright"))
        .args(["query", "SELECT * FROM fact.ticket"])
        .current_dir(shop.path())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(asked.stdout.take());
    let ended = asked.wait_with_output().unwrap();
    assert_eq!(ended.status.code(), Some(0), "{}", String::from_utf8_lossy(&ended.stderr));
}

#[test]
fn without_a_terminal_every_line_of_the_log_is_one_json_object() {
    let shop = shop();
    let ended = Command::new(env!("CARGO_BIN_EXE_scorewright"))
        .args(["run", "--as-of", DAY])
        .current_dir(shop.path())
        .output()
        .unwrap();
    let said = String::from_utf8(ended.stderr).unwrap();
    let mut events: Vec<serde_json::Value> = said
        .lines()
        .map(|line| serde_json::from_str(line).unwrap_or_else(|bad| panic!("{bad}: {line}")))
        .collect();
    assert_eq!(events.last().unwrap()["event"], "run_finished", "{said}");
    for event in
        ["step_started", "extract_landed", "table_built", "metric_measured", "document_written"]
    {
        assert!(events.iter().any(|known| known["event"] == event), "no {event} in {said}");
    }
    for event in &mut events {
        // `20261130T001953` is no ticket.
        for moment in ["ts", "run"] {
            event.as_object_mut().unwrap().remove(moment);
        }
        assert!(!event.to_string().contains("T00"), "a value of an extract is in the log: {event}");
    }
}
