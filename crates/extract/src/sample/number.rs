//! Settings that may read a column of numbers.

use std::collections::BTreeSet;

use super::column_sample::ColumnSample;
use super::toml_text::quoted;

/// Marks people put between thousands and before the decimals.
const MARKS: [(&str, &str); 11] = [
    ("", "."),
    (",", "."),
    ("", ","),
    (".", ","),
    (" ", ","),
    ("\u{a0}", ","),
    ("\u{202f}", ","),
    ("'", "."),
    (" ", "."),
    ("\u{2019}", "."),
    ("_", "."),
];

/// Settings worth trying, the plainest first.
pub(crate) fn candidates(seen: &ColumnSample) -> Vec<String> {
    let mut found = vec!["type = \"integer\"".to_owned()];
    if !seen.values.keys().any(|value| value.contains(|letter: char| letter.is_ascii_digit())) {
        return Vec::new();
    }
    found.push(format!("type = \"decimal\"\nscale = {}", scale(seen, ".")));
    let Some(currency) = currency(seen) else { return found };
    for (thousands, decimal) in MARKS {
        let mut settings = String::new();
        if !thousands.is_empty() {
            settings += &format!("\nthousands = {}", quoted(thousands));
        }
        settings += &format!("\ndecimal_mark = {}", quoted(decimal));
        if !currency.is_empty() {
            let symbols: Vec<String> = currency.iter().map(|symbol| quoted(symbol)).collect();
            settings += &format!("\ncurrency = [{}]", symbols.join(", "));
        }
        found.push(format!("type = \"decimal\"\nscale = {}{settings}", scale(seen, decimal)));
    }
    found
}

/// What a reading makes of a mark, for a person.
pub(crate) fn meaning(settings: &str) -> &'static str {
    if settings.contains("\nthousands = ") {
        "if it is a thousand and more"
    } else {
        "if it is a number with decimals"
    }
}

/// Whether one reading takes a mark for thousands that another takes for decimals.
pub(crate) fn is_rival(settings: &str, other: &str) -> bool {
    let mark = |text: &str, key: &str| {
        text.lines().find_map(|line| line.strip_prefix(key)?.strip_prefix(" = ").map(str::to_owned))
    };
    // A decimal number of which nothing is said has a point.
    let decimal_mark = |text: &str| {
        let plain = text.starts_with("type = \"decimal\"").then(|| quoted("."));
        mark(text, "decimal_mark").or(plain)
    };
    let (thousands, decimal) = (mark(settings, "thousands"), decimal_mark(settings));
    let (others_thousands, others_decimal) = (mark(other, "thousands"), decimal_mark(other));
    (thousands.is_some() && thousands == others_decimal)
        || (decimal.is_some() && decimal == others_thousands)
}

/// Most digits any value has after the mark; two at least, because another file may have them.
fn scale(seen: &ColumnSample, mark: &str) -> usize {
    let digits = |value: &String| {
        let (_, after) = value.rsplit_once(mark)?;
        Some(after.chars().take_while(char::is_ascii_digit).count())
    };
    seen.values.keys().filter_map(digits).max().unwrap_or(0).clamp(2, 18)
}

/// Symbols that stand beside the digits; `None` when the values are plainly something else.
fn currency(seen: &ColumnSample) -> Option<BTreeSet<String>> {
    const SYMBOLS: usize = 3;
    let mut symbols = BTreeSet::new();
    for value in seen.values.keys() {
        let is_mark =
            |letter: char| letter.is_ascii_digit() || ".,'+-() \u{a0}\u{202f}".contains(letter);
        let symbol = value.trim_matches(is_mark);
        if !symbol.is_empty() && value.contains(|letter: char| letter.is_ascii_digit()) {
            symbols.insert(symbol.to_owned());
        }
        if symbols.len() > SYMBOLS {
            return None;
        }
    }
    symbols.iter().all(|symbol| is_currency(symbol)).then_some(symbols)
}

/// Whether a symbol is one of money or of a share: `Q3` is no sum of a currency called Q.
fn is_currency(symbol: &str) -> bool {
    const CODES: [&str; 20] = [
        "EUR", "USD", "GBP", "CHF", "JPY", "CNY", "INR", "BRL", "CAD", "AUD", "SEK", "NOK", "DKK",
        "PLN", "CZK", "kr", "Fr", "zł", "Kč", "R$",
    ];
    let is_sign = |letter: char| "€$£¥₹₽₺₩₪฿¢%".contains(letter);
    CODES.contains(&symbol) || (symbol.chars().count() <= 3 && symbol.contains(is_sign))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scale_and_currency_come_from_the_values() {
        let found = candidates(&ColumnSample::of("amount", &["€ 1.234,50", "€ 2,5"]));
        assert!(
            found.contains(
                &"type = \"decimal\"\nscale = 2\nthousands = \".\"\ndecimal_mark = \",\"\ncurrency = [\"€\"]"
                    .to_owned()
            )
        );
        assert_eq!(candidates(&ColumnSample::of("word", &["New"])), Vec::<String>::new());
        assert_eq!(
            candidates(&ColumnSample::of("word", &["Team 1", "Group 2"])).len(),
            2,
            "words are no currency"
        );
        assert_eq!(
            candidates(&ColumnSample::of("quarter", &["Q3", "Q4"])).len(),
            2,
            "nor are letters"
        );
    }

    #[test]
    fn thousands_of_one_reading_are_decimals_of_another() {
        let [english, plain, continental] = [
            "type = \"decimal\"\nthousands = \",\"\ndecimal_mark = \".\"",
            "type = \"decimal\"\ndecimal_mark = \",\"",
            "type = \"decimal\"\nthousands = \".\"\ndecimal_mark = \",\"",
        ];
        assert!(is_rival(english, plain) && is_rival(continental, english));
        assert!(!is_rival(plain, continental));
    }
}
