//! Counts as text.

use scorewright_domain::group_digits;

use super::decimal::NBSP;

/// A count with its digits in groups: `12,408`.
pub(crate) fn count(count: u64) -> String {
    group_digits(&count.to_string())
}

/// A count and its noun: `1 row`, `2 rows`.
pub(crate) fn count_words(number: u64, noun: &str) -> String {
    format!("{}{NBSP}{noun}{}", count(number), if number == 1 { "" } else { "s" })
}

/// Small counts as words, as a sentence has them: `two`.
pub(crate) fn number_word(number: u64) -> String {
    const WORDS: [&str; 13] = [
        "no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
        "eleven", "twelve",
    ];
    let word = usize::try_from(number).ok().and_then(|index| WORDS.get(index));
    word.map_or_else(|| count(number), |word| (*word).to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_are_grouped_and_their_nouns_agree() {
        assert_eq!((count(999), count(12_408)), ("999".into(), "12,408".into()));
        assert_eq!(
            (count_words(1, "row"), count_words(2, "row")),
            ("1\u{a0}row".into(), "2\u{a0}rows".into())
        );
        assert_eq!((number_word(0), number_word(13)), ("no".into(), "13".into()));
    }
}
