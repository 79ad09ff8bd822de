//! "Where is …?": the answers of `CONTRIBUTING.md` are true.

use std::fs;

use super::source_tree::{Definition, Module, crates, modules};
use crate::binary::root;

/// A row of the table: what is looked for, the path that has it, and the public items there.
struct Answer {
    question: String,
    path: String,
    items: Vec<String>,
}

/// The rows below the heading, `| question | path | items |`.
fn answers() -> Vec<Answer> {
    let text = fs::read_to_string(root().join("CONTRIBUTING.md")).unwrap();
    let section = text.split("## Where is …").nth(1).expect("it has the section");
    let section = section.split("\n## ").next().unwrap();
    let rows = section.lines().filter(|line| line.starts_with('|')).skip(2);
    let quoted = |cell: &str| -> Vec<String> {
        cell.split('`').skip(1).step_by(2).map(ToOwned::to_owned).collect()
    };
    let answer = |row: &str| {
        let cells: Vec<&str> = row.trim_matches('|').split('|').map(str::trim).collect();
        let [question, path, items] = cells[..] else { panic!("three cells: {row}") };
        let path = quoted(path).into_iter().next().expect("the second cell has a path");
        Answer { question: question.to_owned(), path, items: quoted(items) }
    };
    rows.map(answer).collect()
}

/// What a file of a crate defines, or the files of a folder.
fn defined<'a>(modules: &'a [Module], path: &str) -> Vec<&'a Definition> {
    let is_there = |module: &&Module| module.file == path || module.file.starts_with(path);
    modules.iter().filter(is_there).flat_map(|module| &module.definitions).collect()
}

#[test]
fn every_answer_leads_to_what_it_names() {
    let modules: Vec<Module> = crates().into_iter().flat_map(|name| modules(&name)).collect();
    let answers = answers();
    assert!(answers.len() >= 10, "only {} answers", answers.len());
    for Answer { question, path, items } in answers {
        assert!(root().join(&path).exists(), "{question} {path} is not there");
        let defined = defined(&modules, &path);
        assert!(!items.is_empty(), "{question} names no item");
        for item in items {
            let name = item.trim_end_matches(['(', ')', '!']);
            let is_it = |definition: &&&Definition| definition.name == name && definition.is_public;
            assert!(
                defined.iter().any(|it| is_it(&it)),
                "{question} {path} has no public `{item}`"
            );
        }
    }
}
