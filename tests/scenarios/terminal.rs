//! What a run looks like to a person: aligned lines that fit a terminal, and nothing that steers it.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::binary::{copy, root, scorewright};

const DAY: &str = "2026-11-23";
const WIDE: usize = 80;
const HEADER: &str = "Ticket,Team,Opened,Rating\n";

fn shop() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    copy(&root().join("tests/scenarios/base"), folder.path());
    folder
}

/// Status, and all that a terminal of 80 columns shows.
fn on_terminal(folder: &Path, arguments: &str) -> (i32, String) {
    let program = env!("CARGO_BIN_EXE_scorewright");
    let command = format!("stty cols 80 rows 24; NO_COLOR=1 exec '{program}' {arguments}");
    let mut asked = Command::new("script");
    asked.args(["-qec", &command, "/dev/null"]).current_dir(folder).env_clear();
    let path = std::env::var_os("PATH").unwrap();
    let ended = asked.env("PATH", path).env("TERM", "xterm").output().unwrap();
    (ended.status.code().unwrap(), String::from_utf8(ended.stdout).unwrap())
}

/// What is left on the screen of all that was written: bars are drawn over, and taken away.
fn screen(written: &str) -> String {
    let lines = written.split('\n').map(|line| {
        let line = line.trim_end_matches('\r');
        let last = line.rsplit("\u{1b}[2K").next().unwrap_or(line);
        last.rsplit('\r').next().unwrap_or(last).replace("\u{1b}[1A", "")
    });
    lines.collect::<Vec<_>>().join("\n")
}

fn assert_fits(text: &str) {
    for line in text.lines() {
        assert!(line.chars().count() <= WIDE, "{} letters: {line}\n{text}", line.chars().count());
        assert!(!line.contains('\u{1b}') && !line.chars().any(char::is_control), "{line:?}");
    }
}

/// The lines that begin with a label, and their labels in order.
fn labels(text: &str) -> Vec<&str> {
    let label = |line: &'static str, text: &str| text.lines().any(|it| it.starts_with(line));
    let all = [
        "landed     ",
        "built      ",
        "checked    ",
        "measured   ",
        "delivered  ",
        "owed       ",
        "version    ",
        "verdict    ",
        "page       ",
    ];
    all.into_iter().filter(|line| label(line, text)).map(str::trim_end).collect()
}

#[test]
fn first_run_and_nothing_new_fit_a_terminal_and_say_what_was_done() {
    let shop = shop();
    fs::write(
        shop.path().join("extracts/tickets_2.csv"),
        format!("{HEADER}T900,Billing,someday,4\n{}", good_rows(30)),
    )
    .unwrap();
    let (status, written) = on_terminal(shop.path(), &format!("run --as-of {DAY} --mail"));
    let shown = screen(&written);
    assert_eq!(status, 0, "{shown}");
    assert_fits(&shown);
    let all = [
        "landed",
        "built",
        "checked",
        "measured",
        "delivered",
        "owed",
        "version",
        "verdict",
        "page",
    ];
    assert_eq!(labels(&shown), all, "{shown}");
    for line in [
        "source   files  read  accepted  quarantined  repeated    s",
        "  not_a_timestamp 1",
        "landed     1 of 1 source, 2 files: 71 rows read, 70 accepted, 1 quarantined",
        "owed       nothing",
        "page       out/pages/scorecard/2026-W47/scorecard.html",
    ] {
        assert!(shown.lines().any(|it| it == line), "{line}\nis not in\n{shown}");
    }
    let again = on_terminal(shop.path(), &format!("run --as-of {DAY}")).1;
    let shown = screen(&again);
    assert_fits(&shown);
    assert!(
        shown.starts_with("nothing new: version 1 holds everything in `extracts`\n"),
        "{shown}"
    );
    let all = ["landed", "built", "checked", "measured", "delivered", "owed", "version", "page"];
    assert_eq!(labels(&shown), all, "{shown}");
    assert!(shown.contains("\npage       out/pages/scorecard/2026-W47/scorecard.html"), "{shown}");
    let piped = scorewright(shop.path(), &["run", "--as-of", DAY]).answer;
    assert_eq!(without_seconds(&shown), without_seconds(&piped), "a pipe gets the same");
    let (status, state) = on_terminal(shop.path(), "status");
    assert_eq!(status, 0, "{state}");
    assert_fits(&screen(&state));
}

fn good_rows(count: usize) -> String {
    (0..count).map(|row| format!("T{},Billing,2026-11-17 10:00:00,4\n", 500 + row)).collect()
}

fn without_seconds(text: &str) -> String {
    let line = |line: &str| line.split(", in ").next().unwrap_or_default().trim_end().to_owned();
    text.trim_end().lines().map(line).collect::<Vec<_>>().join("\n")
}

#[test]
fn the_path_of_another_project_is_one_from_here() {
    let shop = shop();
    fs::create_dir(shop.path().join("here")).unwrap();
    let asked = ["run", "--as-of", DAY, "--project"];
    let inside = shop.path().to_str().unwrap();
    let ended = scorewright(shop.path(), &[&asked[..], &[inside]].concat());
    assert!(ended.answer.contains("\npage       out/pages/"), "{}", ended.answer);
    let ended = scorewright(&shop.path().join("here"), &[&asked[..], &[".."]].concat());
    assert!(ended.answer.contains("\npage       ../out/pages/"), "{}", ended.answer);
}

#[test]
fn what_is_refused_fits_a_terminal_and_ends_with_what_stays() {
    let shop = shop();
    let run = format!("run --as-of {DAY} --mail");
    assert_eq!(on_terminal(shop.path(), &run).0, 0);
    let bad = format!("{HEADER}T900,Billing,someday,4\n");
    fs::write(shop.path().join("extracts/tickets_2.csv"), &bad).unwrap();
    let (status, written) = on_terminal(shop.path(), &run);
    let shown = screen(&written);
    assert_eq!(status, 3, "{shown}");
    assert_fits(&shown);
    let last = shown.trim_end().lines().last().unwrap();
    assert_eq!(last, "status 3: nothing published; version 1 stays", "{shown}");
    let source = shop.path().join("pipelines/sources/tickets.toml");
    let text = fs::read_to_string(&source).unwrap();
    fs::write(&source, text.replace("tolerate", "on_refused = \"skip_file\"\ntolerate")).unwrap();
    let (status, written) = on_terminal(shop.path(), &run);
    let shown = screen(&written);
    assert_eq!(status, 5, "{shown}");
    assert_fits(&shown);
    assert!(
        shown.contains("owed       left out: extract `tickets_2.csv` of source `tickets` is"),
        "{shown}"
    );
    assert_fits(&screen(&on_terminal(shop.path(), &run).1));
    assert_fits(&screen(&on_terminal(shop.path(), "status").1));
}

#[test]
fn a_held_mail_fits_a_terminal() {
    let shop = shop();
    let report = shop.path().join("reports/scorecard/report.toml");
    let text = fs::read_to_string(&report).unwrap();
    let mail = "[mail]\nfrom = \"Scorewright <score@example.com>\"\nto = [\"board@example.com\"]\n";
    fs::write(&report, text + mail + "[hold]\nfor = \"480h\"\n").unwrap();
    let (status, written) = on_terminal(shop.path(), "run --as-of 2026-11-30 --mail");
    let shown = screen(&written);
    assert_eq!(status, 0, "{shown}");
    assert_fits(&shown);
    assert!(
        shown.contains("owed       scorecard 2026-W48 r1: eml to board@example.com: held"),
        "{shown}"
    );
    assert!(shown.contains("delivered  1 page\n"), "{shown}");
}

#[test]
fn a_name_of_a_file_cannot_steer_the_terminal() {
    let shop = shop();
    let name = "tickets_\u{1b}[2J\u{1b}]0;mine\u{7}.csv";
    fs::write(shop.path().join("extracts").join(name), format!("{HEADER}T1,x,soon,1\n")).unwrap();
    fs::write(shop.path().join("extracts/\u{1b}[31m.txt"), "x").unwrap();
    for command in ["check", &format!("run --as-of {DAY}"), "status"] {
        let shown = screen(&on_terminal(shop.path(), command).1);
        assert!(!shown.contains('\u{1b}') && !shown.contains('\u{7}'), "{command}: {shown:?}");
    }
}
