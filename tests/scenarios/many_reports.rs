//! Many reports are rendered and delivered at the same time: each is what it would be alone.

use std::fs;
use std::path::{Path, PathBuf};

use crate::binary::{copy, files_below, root, scorewright};

/// More than are rendered at the same time, and more than are delivered together.
const COPIES: usize = 70;

/// A small project with copies of its report.
fn project() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    copy(&root().join("tests/scenarios/base"), folder.path());
    let reports = folder.path().join("reports");
    let file = reports.join("scorecard/report.toml");
    let definition = fs::read_to_string(&file).unwrap();
    copy(&root().join("reports/scorecard"), &reports.join("scorecard"));
    let mail = "\n[mail]\nfrom = \"scorecards@example.com\"\nto = [\"board@example.com\"]\n";
    fs::write(&file, definition + mail).unwrap();
    for number in 0..COPIES {
        copy(&reports.join("scorecard"), &reports.join(name(number)));
    }
    folder
}

/// As long as the name of the first, and without letters that any format escapes.
fn name(number: usize) -> String {
    format!("segment{number:02}")
}

fn run(folder: &Path) {
    let ended = scorewright(folder, &["run", "--as-of", "2026-11-23"]);
    assert_eq!(ended.status, 0, "{}", ended.said);
}

/// The documents of a report below a folder, with its name in them made the one of the first.
fn documents(folder: &Path, report: &str) -> Vec<(PathBuf, String)> {
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap().replace(report, "scorecard");
    let files = files_below(&folder.join(report)).into_iter();
    files.map(|(path, bytes)| (path, text(bytes))).collect()
}

#[test]
fn each_of_many_reports_is_rendered_and_delivered_as_it_is_alone() {
    let folder = project();
    run(folder.path());
    let shown = folder.path().join("shown");
    let rendered = scorewright(folder.path(), &["render", "--to", "shown"]);
    assert_eq!(rendered.status, 0, "{}", rendered.said);
    let alone = folder.path().join("alone");
    for report in ["scorecard", &name(COPIES - 1)] {
        let one = scorewright(folder.path(), &["render", "--report", report, "--to", "alone"]);
        assert_eq!(one.status, 0, "{}", one.said);
        assert!(files_below(&alone.join(report)) == files_below(&shown.join(report)), "{report}");
    }
    let pages = folder.path().join("out/pages");
    let (first_shown, first_page) =
        (documents(&shown, "scorecard"), documents(&pages, "scorecard"));
    assert!(first_shown.len() >= 3 && first_page.len() >= 3);
    for report in (0..COPIES).map(name) {
        assert!(documents(&shown, &report) == first_shown, "{report}");
        assert!(documents(&pages, &report) == first_page, "{report}");
    }
    let told: Vec<&str> = rendered.answer.lines().collect();
    assert!(told.is_sorted_by_key(|path| path.rsplit('/').nth(1)), "in the order of the reports");
    assert_eq!(told.len(), files_below(&shown).len());
}

#[test]
fn a_fault_of_one_of_many_leaves_what_was_there() {
    let folder = project();
    run(folder.path());
    assert_eq!(scorewright(folder.path(), &["render", "--to", "shown"]).status, 0);
    let shown = folder.path().join("shown");
    let before = files_below(&shown);
    for number in [20, 40] {
        let template = format!("reports/{}/scorecard.md.j2", name(number));
        fs::write(folder.path().join(template), "{{ nothing }}").unwrap();
    }
    let refused = scorewright(folder.path(), &["render", "--to", "shown"]);
    assert_eq!(refused.status, 2, "{}", refused.said);
    assert!(refused.said.contains("reports/segment20/"), "the first is told: {}", refused.said);
    assert!(!refused.said.contains("reports/segment40/"), "{}", refused.said);
    assert!(files_below(&shown) == before, "nothing is written, and nothing left beside it");
}
