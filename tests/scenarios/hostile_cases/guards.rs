//! Guards of the code, each with the case that turns red without it; `tests/mutants.py` takes them away one by one.

use std::fs;

use serde::Deserialize;

use super::family::families;
use crate::binary::root;

/// Guards that there must be.
const LEAST: usize = 15;

/// `tests/hostile/guards.toml`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Guards {
    guard: Vec<Guard>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Guard {
    /// What it keeps out.
    name: String,
    file: String,
    /// The text that is the guard, once in its file.
    text: String,
    /// The text that takes it away.
    without: String,
    /// The case that fails then: `family/case`.
    case: String,
}

#[test]
fn each_guard_stands_where_its_list_says_and_has_its_case() {
    let text = fs::read_to_string(root().join("tests/hostile/guards.toml")).unwrap();
    let guards: Guards = toml::from_str(&text).unwrap();
    let families = families();
    let cases: Vec<String> =
        families.iter().flat_map(|family| &family.cases).map(super::Case::label).collect();
    for guard in &guards.guard {
        let code = fs::read_to_string(root().join(&guard.file)).unwrap();
        assert_eq!(code.matches(&guard.text).count(), 1, "{}: `{}`", guard.name, guard.text);
        assert_ne!(guard.text, guard.without, "{}", guard.name);
        assert!(cases.contains(&guard.case), "{}: there is no case `{}`", guard.name, guard.case);
    }
    assert!(guards.guard.len() >= LEAST, "{} guards", guards.guard.len());
}
