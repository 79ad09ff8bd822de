//! A version is explained and shown as it was made, whatever became of the project since.

use std::fs;
use std::path::{Path, PathBuf};

use crate::binary::{copy, files_below, root, rows, scorewright};

const AS_OF: &str = "2026-11-23";
const TEMPLATE: &str = "reports/scorecard/scorecard.md.j2";

/// A small project with one version.
fn project() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    copy(&root().join("tests/scenarios/base"), folder.path());
    run(folder.path());
    folder
}

fn run(folder: &Path) {
    let ended = scorewright(folder, &["run", "--as-of", AS_OF]);
    assert_eq!(ended.status, 0, "{}", ended.said);
}

/// Files by path, with their bytes.
type Documents = Vec<(PathBuf, Vec<u8>)>;

/// What `explain` answers, the documents that `render` writes, and what both say beside it.
fn shown(folder: &Path) -> (String, Documents, [String; 2]) {
    let to = tempfile::tempdir().unwrap();
    let explain = ["explain", "csat_top2", "--period", "2026-W47", "--segment", "team=Billing"];
    let explained = scorewright(folder, &explain);
    let rendered = scorewright(folder, &["render", "--to", to.path().to_str().unwrap()]);
    assert_eq!((explained.status, rendered.status), (0, 0), "{}{}", explained.said, rendered.said);
    (explained.answer, files_below(to.path()), [explained.said, rendered.said])
}

fn standings(folder: &Path) -> Vec<serde_json::Value> {
    let sql = "SELECT * FROM kpi.standing ORDER BY metric, grain, dimension, segment";
    rows(&scorewright(folder, &["query", "--output", "json", sql]).answer)
}

/// One way to edit a file: what it holds afterwards; nothing when it is removed.
type Edit = fn(&[u8]) -> Option<Vec<u8>>;

const EDITS: [Edit; 5] = [
    |_| None,
    |_| Some(Vec::new()),
    |_| Some(b"\xff\xfe".to_vec()),
    |text| Some([text, b"\n[[broken"].concat()),
    |text| Some(text.iter().map(|byte| if byte.is_ascii_digit() { b'7' } else { *byte }).collect()),
];

fn write(path: &Path, text: Option<Vec<u8>>) {
    match text {
        None => fs::remove_file(path).unwrap(),
        Some(text) => fs::write(path, text).unwrap(),
    }
}

#[test]
fn no_edit_of_the_project_changes_what_a_version_says() {
    let folder = project();
    let (explained, rendered, said) = shown(folder.path());
    assert_eq!(said, ["", ""], "nothing changed yet");
    let is_edited = |path: &PathBuf| !path.starts_with("extracts") && !path.starts_with("out");
    let files = files_below(folder.path()).into_iter().map(|(path, _)| path);
    let files: Vec<PathBuf> =
        files.filter(is_edited).filter(|path| !path.starts_with("warehouse")).collect();
    assert_eq!(files.len(), 10);
    for file in &files {
        let path = folder.path().join(file);
        let before = fs::read(&path).unwrap();
        let is_settings = file == Path::new("scorewright.toml");
        // A folder without settings is no project.
        for (at, edit) in EDITS.iter().enumerate().skip(usize::from(is_settings)) {
            let after = edit(&before);
            let is_edit = after.as_ref() != Some(&before);
            write(&path, after);
            let (now_explained, now_rendered, said) = shown(folder.path());
            assert_eq!(now_explained, explained, "{} {at}", file.display());
            assert!(now_rendered == rendered, "{} {at}", file.display());
            for said in said {
                let named = said.contains("the project changed since version 1: ")
                    && said.contains(file.to_str().unwrap());
                assert_eq!(named, is_edit, "{} {at}: {said}", file.display());
            }
        }
        fs::write(&path, before).unwrap();
    }
}

#[test]
fn the_notice_names_what_became_of_each_file() {
    let folder = project();
    let path = |name: &str| folder.path().join("pipelines").join(name);
    fs::copy(path("metrics/csat_top2.toml"), path("metrics/csat.toml")).unwrap();
    fs::remove_file(path("models/fact/ticket.toml")).unwrap();
    let targets = fs::read_to_string(path("targets.toml")).unwrap();
    fs::write(path("targets.toml"), targets + "# by the board\n").unwrap();
    let said = shown(folder.path()).2;
    let notice = "the project changed since version 1: `pipelines/metrics/csat.toml` was added, \
        `pipelines/targets.toml` changed, `pipelines/models/fact/ticket.toml` was removed; this is what that version \
        was made of, and `scorewright run` makes the next one";
    assert!(said.iter().all(|said| said.contains(notice)), "{said:?}");
}

#[test]
fn a_template_changes_pages_and_no_figure() {
    let folder = project();
    let (_, before, _) = shown(folder.path());
    let standard = root().join(TEMPLATE);
    let text = fs::read_to_string(standard).unwrap().replacen("# ", "# As of today: ", 1);
    fs::write(folder.path().join(TEMPLATE), text).unwrap();
    let (_, after, said) = shown(folder.path());
    assert_eq!(said, ["", ""], "a template is of today");
    let changed: Vec<&PathBuf> = before
        .iter()
        .zip(&after)
        .filter(|(one, other)| one != other)
        .map(|(one, _)| &one.0)
        .collect();
    assert_eq!(changed, [Path::new("scorecard/scorecard.md")]);

    let judged = standings(folder.path());
    run(folder.path());
    assert_eq!(standings(folder.path()), judged);
    let pages = folder.path().join("out/pages/scorecard");
    assert!(!pages.join("2026-W47.r1").exists(), "no figure changed, so it is the same revision");
    let page = fs::read_to_string(pages.join("2026-W47/scorecard.md")).unwrap();
    assert!(page.contains("As of today: ") && page.contains("revision: r1"), "{page}");
}

#[test]
fn another_report_changes_no_verdict() {
    let folder = project();
    let judged = standings(folder.path());
    let grains: Vec<&str> =
        judged.iter().filter_map(|standing| standing["grain"].as_str()).collect();
    assert!(grains.contains(&"week") && grains.contains(&"month"), "whatever the report shows");
    let report = folder.path().join("reports/board/report.toml");
    fs::create_dir_all(report.parent().unwrap()).unwrap();
    let lines = "[[group]]\ntitle = 'Support'\nlines = ['csat_top2']\n";
    fs::write(report, format!("title = 'Board'\ngrain = 'month'\nhistory = 12\n{lines}")).unwrap();
    run(folder.path());
    assert_eq!(standings(folder.path()), judged);
    assert!(folder.path().join("out/pages/board/2026-10/scorecard.html").is_file());
}
