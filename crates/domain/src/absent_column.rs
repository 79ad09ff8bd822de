//! Columns that extracts may lack, and lack.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::landing::Landing;

/// A column that a source declares and that no extract of it has: every row has no value there.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct AbsentColumn {
    /// Name of the source.
    pub source: String,
    /// Canonical name of the column.
    pub column: String,
}

/// The columns that every extract with rows in its raw table lacks.
///
/// - An extract none of whose rows are in the table says nothing: what it had or lacked is in no figure.
/// - A column that some extracts have is not among them, whatever their periods.
/// - A path of JSON that leads to nothing in any row of a file is a column that the file lacks.
pub fn absent_columns(landings: &[Landing]) -> BTreeSet<AbsentColumn> {
    let mut by_source: BTreeMap<&str, BTreeSet<&String>> = BTreeMap::new();
    for landing in landings.iter().filter(|landing| landing.books.accepted > 0) {
        let lacking: BTreeSet<&String> =
            landing.absent_columns.iter().chain(&landing.unmet_columns).collect();
        by_source
            .entry(&landing.extract.source)
            .and_modify(|common| common.retain(|column| lacking.contains(column)))
            .or_insert(lacking);
    }
    let of_source = |(source, columns): (&str, BTreeSet<&String>)| {
        let absent =
            |column: &String| AbsentColumn { source: source.into(), column: column.clone() };
        columns.into_iter().map(absent).collect::<Vec<_>>()
    };
    by_source.into_iter().flat_map(of_source).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::landing::{Books, Extract};
    use crate::names::fingerprint::Fingerprint;

    fn landing(source: &str, accepted: u64, absent: &[&str]) -> Landing {
        let extract = Extract {
            source: source.into(),
            file: format!("{source}.csv").into(),
            fingerprint: Fingerprint::of(b""),
            bytes: 1,
        };
        let books = Books { read: accepted, accepted, ..Books::default() };
        let absent_columns = absent.iter().map(ToString::to_string).collect();
        Landing { absent_columns, ..Landing::new(extract, books) }
    }

    fn names(landings: &[Landing]) -> Vec<String> {
        let name = |absent: &AbsentColumn| format!("{}.{}", absent.source, absent.column);
        absent_columns(landings).iter().map(name).collect()
    }

    #[test]
    fn a_column_is_absent_when_every_extract_lacks_it() {
        let landings = [
            landing("tickets", 2, &["team", "due_at"]),
            landing("ratings", 1, &["team"]),
            landing("tickets", 1, &["due_at", "channel"]),
        ];
        assert_eq!(names(&landings), ["ratings.team", "tickets.due_at"]);
    }

    #[test]
    fn an_extract_without_rows_in_the_table_says_nothing() {
        let with_team = landing("tickets", 0, &[]);
        assert_eq!(names(&[landing("tickets", 2, &["team"]), with_team]), ["tickets.team"]);
        assert_eq!(names(&[landing("tickets", 0, &["team"])]), [""; 0]);
    }

    #[test]
    fn a_path_of_json_that_no_row_has_is_a_column_it_lacks() {
        let json = Landing { unmet_columns: vec!["team".into()], ..landing("tickets", 1, &[]) };
        assert_eq!(names(&[json, landing("tickets", 1, &["team"])]), ["tickets.team"]);
    }
}
