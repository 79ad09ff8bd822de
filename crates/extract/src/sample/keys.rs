//! Which columns may name a row, and which say when.

use super::column_sample::ColumnSample;
use super::guess::Guess;
use super::name::has_word;
use super::naming::is_identity;

/// Candidates for the settings above the columns, by canonical name.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Keys {
    pub(crate) key: Option<String>,
    /// A column that names things but has repeats: a key of the newest versions only.
    pub(crate) repeated: Option<String>,
    pub(crate) updated_at: Option<String>,
    pub(crate) created_at: Option<String>,
}

const UPDATED: [&str; 7] =
    ["updated", "modified", "changed", "update", "modification", "recorded", "synced"];
const CREATED: [&str; 14] = [
    "created",
    "opened",
    "submitted",
    "ordered",
    "purchase",
    "started",
    "placed",
    "registered",
    "creation",
    "create",
    "open",
    "received",
    "sent",
    "date",
];

impl Keys {
    /// Finds them among the columns, in the order of the file.
    pub(crate) fn of(columns: &[(String, ColumnSample, Guess)]) -> Self {
        let mut found = Self::default();
        for (name, seen, guess) in columns {
            let is_full = seen.empty == 0
                && guess.null.is_empty()
                && guess.misfits.is_none()
                && seen.filled() > 0;
            if !is_full || guess.about.is_some() || seen.above.is_some() {
                continue;
            }
            let place = match guess.kind() {
                "timestamp" | "date" if has_word(name, &UPDATED) => &mut found.updated_at,
                "timestamp" | "date" if has_word(name, &CREATED) => &mut found.created_at,
                "text" | "integer" if names_something(name) && seen.is_unique() => &mut found.key,
                "text" | "integer" if names_something(name) => &mut found.repeated,
                _ => continue,
            };
            place.get_or_insert_with(|| name.clone());
        }
        found
    }
}

fn names_something(name: &str) -> bool {
    is_identity(name) || name.ends_with("num") || name.ends_with("id")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_full_and_has_no_repeats() {
        let columns = [
            ("parent_id", &["1", "1", "2"][..]),
            ("ticket_id", &["7", "8", "9"]),
            ("created_at", &["2026-11-22", "2026-11-22", "2026-11-23"]),
            ("updated_at", &["2026-11-22", "2026-11-22", ""]),
        ];
        let columns = columns.map(|(name, values)| {
            let seen = ColumnSample::of(name, values);
            (name.to_owned(), seen.clone(), Guess::of(name, &seen, 0))
        });
        let name = |name: &str| Some(name.to_owned());
        let expected = Keys {
            key: name("ticket_id"),
            repeated: name("parent_id"),
            updated_at: None,
            created_at: name("created_at"),
        };
        assert_eq!(Keys::of(&columns), expected);
    }
}
