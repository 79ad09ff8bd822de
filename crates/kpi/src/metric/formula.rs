//! The names a formula is made of.

use std::ops::Range;

/// Words of SQL that a formula may hold beside names of metrics and parameters.
const WORDS: &[&str] = &[
    "and", "as", "bigint", "between", "case", "cast", "double", "else", "end", "false", "in", "is",
    "not", "null", "or", "then", "true", "when",
];

/// Names in a formula with their positions: everything that is neither a call, a word of SQL, a text nor a number.
///
/// The engine evaluates the formula; this only lists the metrics it is about.
pub(crate) fn names_in(formula: &str) -> Vec<(Range<usize>, &str)> {
    words_in(formula)
        .into_iter()
        .filter(|(range, word)| {
            let is_call = formula[range.end..].trim_start().starts_with('(');
            let is_number = word.starts_with(|first: char| first.is_ascii_digit());
            !is_call && !is_number && !WORDS.contains(&word.to_ascii_lowercase().as_str())
        })
        .collect()
}

fn words_in(formula: &str) -> Vec<(Range<usize>, &str)> {
    let is_part = |letter: char| letter.is_ascii_alphanumeric() || letter == '_';
    let mut words = Vec::new();
    let mut at = 0;
    while let Some(rest) = formula.get(at..).filter(|rest| !rest.is_empty()) {
        let length = if let Some(text) = rest.strip_prefix('\'') {
            text.find('\'').map_or(rest.len(), |end| end + 2)
        } else if rest.starts_with(is_part) {
            let length = rest.find(|letter| !is_part(letter)).unwrap_or(rest.len());
            words.push((at..at + length, &rest[..length]));
            length
        } else {
            rest.chars().next().map_or(1, char::len_utf8)
        };
        at += length;
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_what_is_neither_call_nor_word_nor_number_nor_text() {
        let formula = "CASE WHEN churn > 0.01 THEN round(revenue / churn, 2) ELSE nullif('no é', 'x') END * months";
        let names: Vec<&str> = names_in(formula).into_iter().map(|(_, name)| name).collect();
        assert_eq!(names, ["churn", "revenue", "churn", "months"]);
    }

    #[test]
    fn a_name_knows_its_place() {
        assert_eq!(names_in("2 * revenue")[0].0, 4..11);
    }
}
