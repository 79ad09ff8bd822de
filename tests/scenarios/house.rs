//! Who may depend on whom, and who may touch the outside.

mod circles;
mod places;
mod source_tree;
mod words;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use crate::binary::{files_below, root};
use source_tree::crates;

/// Stages, none of which knows another.
const STAGES: [&str; 6] = ["ingest", "transform", "kpi", "report", "delivery", "demo"];

/// Dependencies of a crate, of tests too when asked for.
fn dependencies(name: &str) -> BTreeSet<String> {
    let path = root().join("crates").join(name).join("Cargo.toml");
    let manifest: toml::Table = toml::from_str(&fs::read_to_string(path).unwrap()).unwrap();
    let sections = ["dependencies", "build-dependencies", "dev-dependencies"];
    let of = |section: &str| {
        manifest.get(section).and_then(|table| table.as_table()).cloned().unwrap_or_default()
    };
    sections.iter().flat_map(|section| of(section).keys().cloned().collect::<Vec<_>>()).collect()
}

/// Lines of a crate's Rust files that hold any of the words.
fn mentions(name: &str, words: &[&str]) -> Vec<String> {
    let folder = root().join("crates").join(name).join("src");
    let is_rust = |path: &Path| path.extension().is_some_and(|ending| ending == "rs");
    let mut found = Vec::new();
    for (path, bytes) in files_below(&folder).into_iter().filter(|(path, _)| is_rust(path)) {
        let text = String::from_utf8(bytes).unwrap();
        let lines = text.lines().filter(|line| !line.trim_start().starts_with("//"));
        found.extend(
            lines
                .filter(|line| words.iter().any(|word| line.contains(word)))
                .map(|line| format!("{}: {line}", path.display())),
        );
    }
    found
}

#[test]
fn the_house_has_its_twelve_rooms() {
    let others = ["domain", "durable", "extract", "warehouse", "project", "cli"];
    let rooms: BTreeSet<String> = STAGES.iter().chain(&others).map(ToString::to_string).collect();
    assert_eq!(crates(), rooms);
}

#[test]
fn no_stage_opens_onto_another() {
    for stage in STAGES {
        let own = dependencies(stage);
        let others = STAGES
            .iter()
            .filter(|other| **other != stage)
            .map(|other| format!("scorewright-{other}"));
        let opened: Vec<String> = others.filter(|other| own.contains(other)).collect();
        assert_eq!(opened, Vec::<String>::new(), "{stage} depends on a stage");
        assert!(!own.contains("scorewright"), "{stage} depends on the command line");
    }
}

/// Crates of the house that a crate depends on, without `scorewright-`.
fn neighbours(name: &str) -> Vec<String> {
    let own = dependencies(name);
    own.iter().filter_map(|other| other.strip_prefix("scorewright-")).map(str::to_owned).collect()
}

#[test]
fn what_lies_below_the_stages_knows_only_what_lies_below_it() {
    assert_eq!(neighbours("domain"), Vec::<String>::new());
    assert_eq!(neighbours("durable"), Vec::<String>::new());
    assert_eq!(neighbours("extract"), ["domain", "durable"], "no table, no warehouse, no engine");
    assert_eq!(neighbours("warehouse"), ["domain", "durable"], "no extract, no metric");
    assert_eq!(neighbours("demo"), Vec::<String>::new(), "the company needs nothing of the house");
    assert!(!neighbours("project").contains(&"delivery".to_owned()), "a project sends nothing");
}

#[test]
fn only_the_warehouse_names_the_engine() {
    for name in crates() {
        let own = dependencies(&name);
        assert_eq!(own.contains("datafusion"), name == "warehouse", "{name} and the engine");
        let may_parquet = ["warehouse", "extract", "ingest"].contains(&name.as_str());
        assert!(may_parquet || !own.contains("parquet"), "{name} names Parquet");
    }
}

#[test]
fn only_the_command_line_reads_clock_environment_and_console() {
    let words = [
        "std::env",
        "SystemTime::now",
        "Instant::now",
        "Timestamp::now",
        "Zoned::now",
        "println!",
        "eprintln!",
        "process::exit",
        "stdin()",
        "stdout()",
        "stderr()",
    ];
    // A stopwatch ends what would run for ever: nothing that is answered depends on it.
    let is_stopwatch = |mention: &String| {
        mention.starts_with("sql/execution/") && mention.contains("Instant::now")
            || mention.starts_with("sql/run_plan_tests.rs") && mention.contains("Instant::now")
    };
    for name in crates().into_iter().filter(|name| name != "cli") {
        let mut mentioned = mentions(&name, &words);
        mentioned.retain(|mention| !(name == "warehouse" && is_stopwatch(mention)));
        assert_eq!(mentioned, Vec::<String>::new(), "in {name}");
    }
}

#[test]
fn there_is_no_unsafe_code_and_no_stub() {
    for name in crates() {
        let stubs = ["unsafe {", "unsafe fn", "unimplemented!", "#[ignore"].map(String::from);
        let todo = ["todo", "!("].concat();
        let words: Vec<&str> = stubs.iter().map(String::as_str).chain([todo.as_str()]).collect();
        assert_eq!(mentions(&name, &words), Vec::<String>::new(), "in {name}");
    }
}

/// Documents that the repository does not have: whoever reads the code could not follow them.
const ELSEWHERE: [&str; 8] =
    ["DESIGN", "HOUSE", "STYLE", "METRICS", "REPORTING", "RELIABILITY", "STACK", "PERFORMANCE"];

#[test]
fn no_text_cites_a_document_that_is_not_here() {
    let mut found = Vec::new();
    for folder in ["crates", "tests", "docs", "pipelines", "reports", "examples", "fuzz"] {
        for (path, bytes) in files_below(&root().join(folder)) {
            let text = String::from_utf8_lossy(&bytes);
            let cited = ELSEWHERE.iter().map(|name| format!("{name}.md"));
            found.extend(cited.filter(|name| text.contains(name)).map(|it| (path.clone(), it)));
        }
    }
    assert_eq!(found, Vec::new());
}
