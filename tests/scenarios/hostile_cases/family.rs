//! The files of `tests/hostile/`: one for each family of cases.

use std::collections::BTreeSet;
use std::fs;

use serde::Deserialize;

use super::case::Case;
use crate::binary::root;

/// Families, with the fewest cases that each must have.
const LEAST: [(&str, usize); 18] = [
    ("archives", 8),
    ("arguments", 8),
    ("configuration", 30),
    ("csv_structure", 8),
    ("dates", 8),
    ("encodings", 8),
    ("file_system", 8),
    ("injections", 8),
    ("json_structure", 8),
    ("keys", 8),
    ("limits", 8),
    ("mail", 8),
    ("numbers", 8),
    ("parquet", 8),
    ("sql_models", 30),
    ("sql_pieces", 8),
    ("templates", 15),
    ("xlsx", 8),
];

/// Cases of all families together.
const LEAST_TOGETHER: usize = 250;

/// `tests/hostile/<family>.toml`.
pub(super) struct Family {
    pub(super) name: String,
    pub(super) cases: Vec<Case>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FamilyFile {
    /// What its cases have in common, in one sentence.
    #[allow(dead_code, reason = "read by people")]
    says: String,
    /// Keys of every case that does not have them itself.
    #[serde(default)]
    each: toml::Table,
    case: Vec<toml::Table>,
}

/// All families; or the one that `SCOREWRIGHT_HOSTILE` names.
pub(super) fn families() -> Vec<Family> {
    let only = std::env::var("SCOREWRIGHT_HOSTILE").ok();
    let names = LEAST.iter().map(|(name, _)| *name);
    names.filter(|name| only.as_deref().is_none_or(|only| only == *name)).map(family).collect()
}

fn family(name: &str) -> Family {
    let path = root().join("tests/hostile").join(format!("{name}.toml"));
    let text = fs::read_to_string(&path).unwrap_or_else(|fault| panic!("{name}: {fault}"));
    let file: FamilyFile = toml::from_str(&text).unwrap_or_else(|fault| panic!("{name}: {fault}"));
    let case = |own: toml::Table| {
        let mut table = file.each.clone();
        table.extend(own);
        let mut case = Case::deserialize(table.clone())
            .unwrap_or_else(|fault| panic!("{name}: {fault}\n{table}"));
        name.clone_into(&mut case.family);
        case
    };
    Family { name: name.to_owned(), cases: file.case.into_iter().map(case).collect() }
}

#[test]
fn there_are_enough_hostile_cases_of_every_family() {
    let families: Vec<Family> = LEAST.iter().map(|(name, _)| family(name)).collect();
    for (family, (_, least)) in families.iter().zip(LEAST) {
        let names: BTreeSet<&str> = family.cases.iter().map(|case| case.name.as_str()).collect();
        assert_eq!(names.len(), family.cases.len(), "{}: a name comes twice", family.name);
        assert!(names.len() >= least, "{}: {} of {least} cases", family.name, names.len());
        let unsaid: Vec<&str> = family
            .cases
            .iter()
            .filter(|case| !case.says_how_it_ends())
            .map(|case| &*case.name)
            .collect();
        assert_eq!(unsaid, Vec::<&str>::new(), "{}: nothing is expected", family.name);
    }
    let all: usize = families.iter().map(|family| family.cases.len()).sum();
    assert!(all >= LEAST_TOGETHER, "{all} cases");
}
