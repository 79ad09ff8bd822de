//! Names in SQL.

use datafusion::sql::sqlparser::keywords::ALL_KEYWORDS;
use scorewright_domain::SqlName;

/// A column's or table's name as SQL takes it: in quotes where SQL has a word of its own, or a letter that no name has.
pub fn identifier(name: &str) -> String {
    let is_plain = name.starts_with(|first: char| first.is_ascii_lowercase())
        && name
            .chars()
            .all(|letter| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '_');
    let is_word = ALL_KEYWORDS.binary_search(&name.to_ascii_uppercase().as_str()).is_ok();
    if is_plain && !is_word { name.to_owned() } else { SqlName(name).to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_sql_are_quoted() {
        for (name, expected) in [
            ("ticket_id", "ticket_id"),
            ("order", "\"order\""),
            ("end", "\"end\""),
            ("Größe", "\"Größe\""),
            ("a\"b", "\"a\"\"b\""),
        ] {
            assert_eq!(identifier(name), expected);
        }
    }
}
