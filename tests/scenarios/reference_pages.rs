//! The pages of the reference list what the program knows, no more and no less.

use std::fs;

use scorewright_domain::Reason;

use crate::binary::root;

/// Cells of the first table below a heading of a page, row by row, without the head.
fn table(page: &str, heading: &str) -> Vec<Vec<String>> {
    let text = fs::read_to_string(root().join("docs/reference").join(page)).unwrap();
    let lines = text.lines().skip_while(|line| *line != heading).skip(1);
    let lines = lines.take_while(|line| !line.starts_with("## "));
    let table = lines.skip_while(|line| !line.starts_with('|'));
    table.take_while(|line| line.starts_with('|')).skip(2).map(cells).collect()
}

/// `| a | b |`
fn cells(line: &str) -> Vec<String> {
    line.trim_matches('|').split('|').map(|cell| cell.trim().to_owned()).collect()
}

/// A sentence as a cell has it: no capital, no full stop.
fn as_cell(sentence: &str) -> String {
    let (first, rest) = sentence.split_at(1);
    format!("{}{}", first.to_lowercase(), rest.trim_end_matches('.'))
}

#[test]
fn the_reference_has_every_reason_with_its_meaning_and_what_mends_it() {
    let listed = table("source.md", "## Quarantine");
    let stated: Vec<[String; 2]> = Reason::ALL
        .iter()
        .map(|reason| [format!("`{}`", reason.code()), as_cell(reason.text())])
        .collect();
    let columns: Vec<[String; 2]> =
        listed.iter().map(|row| [row[0].clone(), row[1].clone()]).collect();
    assert_eq!(columns, stated);
    for row in &listed {
        assert!(row.len() == 3 && !row[2].is_empty(), "{row:?} says what mends it");
    }
}

/// Folders with metric files of the library.
fn folders_of_metrics() -> Vec<std::path::PathBuf> {
    let pipelines = root().join("pipelines");
    let presets = fs::read_dir(pipelines.join("presets")).unwrap();
    let of_presets = presets.map(|preset| preset.unwrap().path().join("metrics"));
    of_presets.chain([pipelines.join("metrics")]).filter(|folder| folder.is_dir()).collect()
}

#[test]
fn the_reference_has_every_metric_of_the_library_with_what_it_says() {
    let page = fs::read_to_string(root().join("docs/reference/library.md")).unwrap();
    let mut listed: Vec<Vec<String>> =
        page.lines().filter(|line| line.starts_with("| `")).map(cells).collect();
    let mut stated = Vec::new();
    for folder in folders_of_metrics() {
        for file in fs::read_dir(folder).unwrap() {
            let path = file.unwrap().path();
            let file: toml::Table = fs::read_to_string(&path).unwrap().parse().unwrap();
            let text = |key: &str| file.get(key).map_or("", |value| value.as_str().unwrap());
            let decided = text("decided");
            stated.push(vec![
                format!("`{}`", path.file_stem().unwrap().to_str().unwrap()),
                format!("{}, {}", text("kind"), text("unit")),
                text("says").to_owned(),
                decided.split_once(": ").map_or(decided, |(_, why)| why).to_owned(),
            ]);
        }
    }
    listed.sort();
    stated.sort();
    assert_eq!(listed, stated);
}
