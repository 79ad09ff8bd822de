//! Numbers as people and accountants write them: `1.234,56 €`, `(1,234.56)`, `12.50-`.

use crate::source::Column;

/// How the numbers of one column are written; chosen once, asked for every value.
pub(crate) enum NumberReader {
    /// Digits, a point and a sign before them.
    Plain,
    /// With what the column declares.
    Declared(Amount),
}

impl NumberReader {
    pub(crate) fn of(column: &Column) -> Self {
        if column.is_accountants() { Self::Declared(Amount::new(column)) } else { Self::Plain }
    }

    /// The number as plain digits; `None` when it is not written as declared.
    #[inline]
    pub(crate) fn plain<'a>(&'a mut self, text: &'a [u8]) -> Option<&'a [u8]> {
        match self {
            Self::Plain => Some(text),
            Self::Declared(amount) => amount.plain(text),
        }
    }
}

/// A decimal mark, a separator between groups of three digits, and symbols beside the number.
pub(crate) struct Amount {
    mark: u8,
    separator: Option<Separator>,
    /// The longest first, so that `US$` goes before `$`.
    symbols: Vec<Vec<u8>>,
    plain: Vec<u8>,
}

impl Amount {
    fn new(column: &Column) -> Self {
        let mut symbols: Vec<Vec<u8>> = column
            .currency
            .0
            .iter()
            .map(|symbol| symbol.as_bytes().trim_ascii().to_vec())
            .collect();
        symbols.sort_by_key(|symbol| std::cmp::Reverse(symbol.len()));
        Self {
            mark: column.decimal_mark.as_deref().and_then(mark).unwrap_or(b'.'),
            separator: column.thousands.as_deref().and_then(Separator::of),
            symbols,
            plain: Vec::new(),
        }
    }

    fn plain(&mut self, text: &[u8]) -> Option<&[u8]> {
        let (is_negative, digits) = self.bare(text);
        self.plain.clear();
        if is_negative {
            self.plain.push(b'-');
        }
        let (whole, fraction) = match memchr::memchr(self.mark, digits) {
            Some(at) => (&digits[..at], Some(&digits[at + 1..])),
            None => (digits, None),
        };
        self.take_whole(whole)?;
        if let Some(fraction) = fraction {
            self.plain.push(b'.');
            self.take_digits(fraction)?;
        }
        Some(&self.plain)
    }

    /// Takes off one sign and one symbol, at either end and in either order; whether the sign is a minus.
    fn bare<'a>(&self, text: &'a [u8]) -> (bool, &'a [u8]) {
        let (mut sign, mut has_symbol, mut rest) = (None, false, trimmed(text));
        loop {
            let before = rest.len();
            if sign.is_none()
                && let Some((is_negative, inner)) = signed(rest)
            {
                (sign, rest) = (Some(is_negative), trimmed(inner));
            }
            if !has_symbol && let Some(inner) = self.without_symbol(rest) {
                (has_symbol, rest) = (true, trimmed(inner));
            }
            if rest.len() == before {
                return (sign.unwrap_or(false), rest);
            }
        }
    }

    fn without_symbol<'a>(&self, text: &'a [u8]) -> Option<&'a [u8]> {
        self.symbols
            .iter()
            .find_map(|symbol| text.strip_prefix(&symbol[..]).or(text.strip_suffix(&symbol[..])))
    }

    /// Groups must be whole: `1,5` with a separator `,` is more likely one and a half than fifteen.
    fn take_whole(&mut self, whole: &[u8]) -> Option<()> {
        let first = whole.iter().take_while(|byte| byte.is_ascii_digit()).count();
        let (digits, mut rest) = whole.split_at(first);
        self.plain.extend_from_slice(digits);
        if rest.is_empty() {
            return Some(());
        }
        if !(1..=3).contains(&first) {
            return None;
        }
        let separator = self.separator?;
        while !rest.is_empty() {
            let (group, after) = separator.strip(rest)?.split_at_checked(3)?;
            self.take_digits(group)?;
            rest = after;
        }
        Some(())
    }

    fn take_digits(&mut self, digits: &[u8]) -> Option<()> {
        self.plain.extend_from_slice(digits);
        digits.iter().all(u8::is_ascii_digit).then_some(())
    }
}

/// What stands between groups of digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Separator {
    Letter(u8),
    /// A blank, narrow or wide, breaking or not: spreadsheets write all of them for the same setting.
    Blank,
    /// `'` and `’`, as Swiss exports write both.
    Apostrophe,
}

const BLANKS: [&str; 4] = [" ", "\u{a0}", "\u{202f}", "\u{2009}"];
const APOSTROPHES: [&str; 2] = ["'", "\u{2019}"];

impl Separator {
    fn of(text: &str) -> Option<Self> {
        match text {
            "." | "," | "_" => Some(Self::Letter(text.as_bytes()[0])),
            blank if BLANKS.contains(&blank) => Some(Self::Blank),
            apostrophe if APOSTROPHES.contains(&apostrophe) => Some(Self::Apostrophe),
            _ => None,
        }
    }

    fn strip(self, text: &[u8]) -> Option<&[u8]> {
        let any = |letters: &[&str]| {
            letters.iter().find_map(|letter| text.strip_prefix(letter.as_bytes()))
        };
        match self {
            Self::Letter(letter) => text.strip_prefix(&[letter]),
            Self::Blank => any(&BLANKS),
            Self::Apostrophe => any(&APOSTROPHES),
        }
    }
}

/// The decimal mark as a byte; `None` when it is neither point nor comma.
pub(crate) fn mark(text: &str) -> Option<u8> {
    match text {
        "." | "," => Some(text.as_bytes()[0]),
        _ => None,
    }
}

/// Whether a text can separate groups of digits.
pub(crate) fn is_separator(text: &str) -> bool {
    Separator::of(text).is_some()
}

/// The text without blanks around it, those that do not break included.
pub(crate) fn trimmed(mut text: &[u8]) -> &[u8] {
    loop {
        let before = text.len();
        text = text.trim_ascii();
        for blank in &BLANKS[1..] {
            let blank = blank.as_bytes();
            text = text.strip_prefix(blank).unwrap_or(text);
            text = text.strip_suffix(blank).unwrap_or(text);
        }
        if text.len() == before {
            return text;
        }
    }
}

/// Whether a sign is a minus, and the text without it: `-1`, `+1`, `−1`, `1-`, `(1)`.
fn signed(text: &[u8]) -> Option<(bool, &[u8])> {
    match text {
        [b'-', rest @ ..]
        | [0xE2, 0x88, 0x92, rest @ ..]
        | [b'(', rest @ .., b')']
        | [rest @ .., b'-'] => Some((true, rest)),
        [b'+', rest @ ..] => Some((false, rest)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::tests::source;
    use crate::typed::number;

    /// Reads decimals of two digits as a column declares them.
    fn reader(settings: &str) -> impl FnMut(&str) -> Option<i128> {
        let source = source(&format!(
            "title = \"T\"\nfiles = \"*\"\nformat = \"csv\"\n[columns.a]\ntype = \"decimal\"\nscale = 2\n{settings}"
        ));
        let mut numbers = NumberReader::of(&source.columns["a"]);
        move |text| {
            numbers.plain(text.trim().as_bytes()).and_then(|plain| number::decimal(plain, 2))
        }
    }

    // Expected cents: Python's `Decimal` of the number as a person reads it, times 100.
    #[test]
    fn a_european_amount_is_read_exactly() {
        let mut read =
            reader("decimal_mark = \",\"\nthousands = \".\"\ncurrency = [\"€\", \"EUR\"]");
        for (text, cents) in [
            ("1.234,56 €", Some(123_456)),
            ("1.234,56\u{a0}€", Some(123_456)),
            ("€ 1.234.567", Some(123_456_700)),
            ("1234,5EUR", Some(123_450)),
            ("-1.234,56 €", Some(-123_456)),
            ("€-1.234,56", Some(-123_456)),
            ("(1.234,56 €)", Some(-123_456)),
            ("€ (1.234,56)", Some(-123_456)),
            ("1.234,56-", Some(-123_456)),
            ("1.234,56- €", Some(-123_456)),
            ("\u{2212}0,50", Some(-50)),
            ("+0,50", Some(50)),
            (",5", Some(50)),
            ("12", Some(1_200)),
            ("1.5", None),
            ("1.2345", None),
            ("1234.567", None),
            ("1.234.56", None),
            (".234", None),
            ("1..234", None),
            ("1,234,56", None),
            ("1,23.4", None),
            ("1.234,567", None),
            ("--5", None),
            ("(-5)", None),
            ("-(5)", None),
            ("(5", None),
            ("€5€", None),
            ("$5", None),
            ("€", None),
            ("-", None),
            ("()", None),
            ("1e5", None),
            ("NaN", None),
            ("１２", None),
            ("", None),
        ] {
            assert_eq!(read(text), cents, "{text}");
        }
    }

    #[test]
    fn blanks_and_apostrophes_separate_in_all_their_forms() {
        let mut blank = reader("thousands = \" \"\ndecimal_mark = \",\"");
        assert_eq!(blank("1 234 567,89"), Some(123_456_789));
        assert_eq!(blank("1\u{a0}234\u{202f}567,89"), Some(123_456_789));
        assert_eq!(blank("1\u{2009}234567,89"), None, "groups are whole or there are none");
        let mut swiss = reader("thousands = \"'\"\ncurrency = \"CHF\"");
        assert_eq!(swiss("CHF 1'234.50"), Some(123_450));
        assert_eq!(swiss("1\u{2019}234.50 CHF"), Some(123_450));
        assert_eq!(swiss("1,234.50"), None);
    }

    #[test]
    fn a_number_of_endless_digits_is_refused_and_nothing_breaks() {
        let mut read = reader("thousands = \",\"");
        assert_eq!(read(&"9".repeat(100_000)), None);
        assert_eq!(read(&format!("1{}", ",999".repeat(30_000))), None);
        assert_eq!(read(&format!("0.{}", "0".repeat(100_000))), Some(0));
    }
}
