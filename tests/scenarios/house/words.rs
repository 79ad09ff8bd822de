//! The code's words: standard terms, and one name for one type.

use std::collections::{BTreeMap, BTreeSet};

use super::source_tree::{Definition, crates, modules};

/// Types that had a name of the house and have the field's now; `CONTRIBUTING.md` has the words in use.
const RETIRED_TYPES: &[&str] = &[
    "Attempt", "Bench", "Bundle", "Fate", "Found", "Ground", "Letter", "Lie", "Outrun", "Packed",
    "Packer", "Piece", "Place", "Present", "Reading", "Room", "Rows", "Seen", "Setting", "Settled",
    "Share", "Sheaf", "Spells", "Stash", "Stretch", "Suspect", "There", "Told", "Truth", "Who",
];

/// Functions, modules and fields that had such a name.
const RETIRED_NAMES: &[&str] = &[
    "again",
    "apart",
    "aside",
    "bench",
    "bundle",
    "bundles",
    "carry",
    "carried",
    "composed",
    "cut",
    "cuts",
    "enter",
    "fate",
    "frame",
    "frozen",
    "gather",
    "give",
    "give_back",
    "given",
    "ground",
    "hear",
    "is_no_question",
    "lane",
    "lanes",
    "letter",
    "lie",
    "loose",
    "made_from",
    "marks",
    "mend",
    "mendable",
    "overdraw",
    "owners",
    "pack",
    "packed",
    "packer",
    "piece",
    "present",
    "read_again",
    "room",
    "said",
    "set_aside",
    "setting",
    "settle",
    "settled",
    "sheaf",
    "sheaves",
    "shown",
    "spare",
    "spells",
    "stash",
    "stretch",
    "stretches",
    "suspect",
    "tear",
    "tell",
    "there",
    "together",
    "told",
    "torn",
    "truth",
    "unsaid",
    "who",
    "wording",
    "write_aside",
];

/// Every definition of the workspace, with its file.
fn definitions() -> Vec<(String, Definition)> {
    let modules = crates().into_iter().flat_map(|name| modules(&name));
    let all = modules.flat_map(|module| {
        let file = module.file;
        module.definitions.into_iter().map(move |definition| (file.clone(), definition))
    });
    all.collect()
}

fn is_type(definition: &Definition) -> bool {
    matches!(definition.kind, "struct" | "enum" | "trait" | "type")
}

#[test]
fn no_name_is_a_retired_one() {
    let retired: Vec<String> = definitions()
        .into_iter()
        .filter(|(_, definition)| {
            let names = if is_type(definition) { RETIRED_TYPES } else { RETIRED_NAMES };
            names.contains(&definition.name.as_str())
        })
        .map(|(file, definition)| format!("{file}: {} {}", definition.kind, definition.name))
        .collect();
    assert_eq!(retired, Vec::<String>::new(), "these words have other names now");
}

#[test]
fn one_name_is_one_type() {
    let mut files: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (file, definition) in definitions().into_iter().filter(|(_, it)| is_type(it)) {
        files.entry(definition.name).or_default().insert(file);
    }
    assert!(files.len() > 300, "the workspace has more types than {}", files.len());
    files.retain(|_, files| files.len() > 1);
    assert_eq!(files, BTreeMap::new(), "a type of one of these files needs a name of its own");
}
