//! A source that takes the columns its extracts bring: `contract = "evolve"`.
//!
//! The source is widened by a text column for each undeclared name, and everything after that works as if the file
//! had declared it. So the table's columns follow from the source file and the names in the books alone, in whatever
//! order the extracts came.

use std::collections::{BTreeMap, BTreeSet};

use scorewright_domain::Fingerprint;

use crate::source::{Column, Contract, IS_FIRST, OneOrMore, Source, VALID_FROM, VALID_TO};

/// The source with a column more for each of the names that is new; `None` when it stays as it is.
///
/// Names that differ only in case, blanks or punctuation are one column: extracts spell them as they please.
pub fn widened<'n>(source: &Source, names: impl IntoIterator<Item = &'n str>) -> Option<Source> {
    if source.contract != Contract::Evolve {
        return None;
    }
    let mut spellings: BTreeMap<String, BTreeSet<&str>> = BTreeMap::new();
    for (canonical, column) in source.columns.iter().filter(|(_, column)| column.is_evolved) {
        let names = column.from.0.iter().map(String::as_str);
        spellings.entry(canonical.clone()).or_default().extend(names);
    }
    let mut is_wider = false;
    for name in names.into_iter().map(str::trim).filter(|name| !is_declared(source, name)) {
        is_wider |= spellings.entry(canonical(source, name)).or_default().insert(name);
    }
    is_wider.then(|| {
        let mut wide = source.clone();
        wide.columns.retain(|_, column| !column.is_evolved);
        wide.columns.extend(
            spellings.into_iter().map(|(canonical, names)| (canonical, Column::evolved(names))),
        );
        wide
    })
}

/// Whether the source file itself says what becomes of a name.
fn is_declared(source: &Source, name: &str) -> bool {
    let mut declared = source.columns.iter().filter(|(_, column)| !column.is_evolved);
    source.is_ignored(name)
        || declared.any(|(canonical, column)| {
            column.names(canonical).iter().any(|known| known.trim() == name)
        })
}

/// The name of an undeclared column in the table, which no declared column and no column of history has.
fn canonical(source: &Source, name: &str) -> String {
    let mut name = snake_case(name);
    while [VALID_FROM, VALID_TO].contains(&name.as_str())
        || (source.has_history() && name == IS_FIRST)
        || source.columns.get(&name).is_some_and(|column| !column.is_evolved)
    {
        name.push_str("_undeclared");
    }
    name
}

impl Column {
    /// A text column that no source file declares.
    fn evolved<'n>(names: impl IntoIterator<Item = &'n str>) -> Self {
        let from = OneOrMore(names.into_iter().map(ToOwned::to_owned).collect());
        Self { from, optional: true, is_evolved: true, ..Self::text() }
    }
}

/// `Custom field (Root cause)` as `custom_field_root_cause`, `customerID` as `customer_id`.
///
/// Letters with marks lose them. Where other letters are lost, eight digits of the name's hash keep it apart.
fn snake_case(name: &str) -> String {
    let words = words(name);
    let is_lossy = name.chars().any(|letter| letter.is_alphanumeric() && plain(letter).is_none());
    let is_word = words.starts_with(|letter: char| letter.is_ascii_lowercase());
    let word = match words.as_str() {
        _ if is_word => words,
        "" => "column".to_owned(),
        _ => format!("column_{words}"),
    };
    if is_lossy || !name.contains(|letter: char| letter.is_alphanumeric()) {
        return format!("{word}_{}", Fingerprint::of(name.as_bytes()).short(8));
    }
    word
}

/// Letters and digits of a name in lower case, `_` between its words.
fn words(name: &str) -> String {
    let mut found = String::new();
    let mut before = ' ';
    let mut letters = name.chars().peekable();
    while let Some(letter) = letters.next() {
        let is_before_lowercase = letters.peek().is_some_and(|after| after.is_lowercase());
        let is_next_word = letter.is_uppercase()
            && (before.is_lowercase() || (before.is_uppercase() && is_before_lowercase));
        let plain = plain(letter);
        if (is_next_word || plain.is_none()) && !found.is_empty() && !found.ends_with('_') {
            found.push('_');
        }
        found.push_str(&plain.unwrap_or_default().to_ascii_lowercase());
        before = letter;
    }
    found.trim_end_matches('_').to_owned()
}

/// Letters of Latin-1 from `À` to `ÿ` without their marks; blank where there is no letter.
const UNMARKED: [&str; 64] = [
    "A", "A", "A", "A", "A", "A", "AE", "C", "E", "E", "E", "E", "I", "I", "I", "I", //
    "D", "N", "O", "O", "O", "O", "O", "", "O", "U", "U", "U", "U", "Y", "Th", "ss", //
    "a", "a", "a", "a", "a", "a", "ae", "c", "e", "e", "e", "e", "i", "i", "i", "i", //
    "d", "n", "o", "o", "o", "o", "o", "", "o", "u", "u", "u", "u", "y", "th", "y",
];

/// The letter in ASCII; `None` when it is no letter or digit of ASCII and none that only lacks a mark.
fn plain(letter: char) -> Option<String> {
    match letter {
        'À'..='ÿ' => {
            let unmarked = UNMARKED[letter as usize - 'À' as usize];
            (!unmarked.is_empty()).then(|| unmarked.to_owned())
        }
        _ => letter.is_ascii_alphanumeric().then(|| letter.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::tests::source;

    #[test]
    fn a_name_of_an_extract_becomes_a_name_of_sql() {
        for (name, expected) in [
            ("Custom field (Root cause)", "custom_field_root_cause"),
            ("customerID", "customer_id"),
            ("HTMLBody", "html_body"),
            ("satisfaction_rating.score", "satisfaction_rating_score"),
            ("Labels#2", "labels_2"),
            ("Größe", "grosse"),
            ("  % done ", "done"),
            ("1st reply", "column_1st_reply"),
            ("_file", "file"),
        ] {
            assert_eq!(snake_case(name), expected, "{name}");
        }
        // The digits are those of `printf 満足度 | sha256sum` and `printf '%%%' | sha256sum`.
        assert_eq!(snake_case("満足度"), "column_fe05c21c");
        assert_eq!(snake_case("%%%"), "column_918e8c75");
    }

    fn evolving() -> Source {
        source(
            "title = \"T\"\nfiles = \"*\"\nformat = \"csv\"\ncontract = \"evolve\"\nignored = [\"Custom *\"]\n\
             [columns.status]\nfrom = \"Status\"\ntype = \"text\"\n",
        )
    }

    fn evolved(source: &Source) -> Vec<(&str, Vec<&str>)> {
        let columns = source.columns.iter().filter(|(_, column)| column.is_evolved);
        columns.map(|(name, column)| (name.as_str(), column.names(name))).collect()
    }

    #[test]
    fn the_columns_of_history_are_never_an_extracts() {
        assert_eq!(
            evolved(&widened(&evolving(), ["Valid from"]).unwrap())[0].0,
            "valid_from_undeclared"
        );
    }

    #[test]
    fn the_columns_follow_from_the_names_in_whatever_order_they_came() {
        let source = evolving();
        let at_once =
            widened(&source, ["status", "Team", "Custom field (x)", "Status", "team "]).unwrap();
        let expected = vec![("status_undeclared", vec!["status"]), ("team", vec!["Team", "team"])];
        assert_eq!(evolved(&at_once), expected);
        let first = widened(&source, ["team"]).unwrap();
        let then = widened(&first, ["Team", "status"]).unwrap();
        assert_eq!(then, at_once);
        assert_eq!(
            widened(&then, ["status", "team", "Team", "Custom thing"]),
            None,
            "nothing is new"
        );
        assert_eq!(widened(&Source { contract: Contract::Freeze, ..source }, ["Team"]), None);
    }
}
