//! Names from extracts and files, made safe to print.

/// Longest name a page prints.
const LONGEST_NAME: usize = 120;

/// Longest sentence or formula a page prints.
const LONGEST_TEXT: usize = 2000;

/// A name on one line: no control characters, no reversal of the reading order, no excess length.
///
/// Runs of blanks become one blank. A name written from right to left is isolated, so that the sentence
/// around it keeps its order. Everything else is kept as it is: escaping belongs to the renderer.
pub(crate) fn clean(text: &str) -> String {
    clean_to(text, LONGEST_NAME)
}

/// A sentence or formula, cleaned like a name.
pub(crate) fn clean_text(text: &str) -> String {
    clean_to(text, LONGEST_TEXT)
}

fn clean_to(text: &str, longest: usize) -> String {
    let visible: String = text
        .chars()
        .map(|letter| if letter.is_control() || is_line_end(letter) { ' ' } else { letter })
        .filter(|letter| !is_reading_order(*letter))
        .collect();
    let words: Vec<&str> = visible.split(' ').filter(|word| !word.is_empty()).collect();
    let name = shorten(&words.join(" "), longest);
    if name.chars().any(is_right_to_left) { format!("\u{2068}{name}\u{2069}") } else { name }
}

/// Letters of Hebrew, Arabic and their kin.
fn is_right_to_left(letter: char) -> bool {
    matches!(letter, '\u{590}'..='\u{8ff}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{fefc}' | '\u{10800}'..='\u{10fff}' | '\u{1e800}'..='\u{1efff}')
}

fn is_line_end(letter: char) -> bool {
    matches!(letter, '\u{2028}' | '\u{2029}')
}

/// Overrides and isolates that make text read differently from what it is.
fn is_reading_order(letter: char) -> bool {
    matches!(letter, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

/// At most `longest` characters, truncated between words where that is near.
pub(crate) fn shorten(text: &str, longest: usize) -> String {
    if text.chars().count() <= longest {
        return text.to_owned();
    }
    let kept: String = text.chars().take(longest.saturating_sub(1)).collect();
    let cut = kept.rfind(' ').filter(|cut| *cut * 2 > kept.len()).unwrap_or(kept.len());
    format!("{}…", kept[..cut].trim_end_matches([',', ';', ':', ' ']))
}

/// The abbreviation that a title has in brackets, otherwise the title: `CSAT`.
pub(crate) fn short_title(title: &str) -> String {
    let inner = title
        .split_once('(')
        .and_then(|(_, rest)| rest.split_once(')'))
        .map(|(inner, _)| inner.trim());
    let is_abbreviation = |inner: &&str| {
        (2..=8).contains(&inner.chars().count())
            && inner.chars().any(char::is_uppercase)
            && !inner.contains(' ')
    };
    inner.filter(is_abbreviation).map_or_else(|| shorten(title, 40), str::to_owned)
}

/// The same in ASCII, so that a mail header stays readable: accents go, signs become words.
pub(crate) fn ascii(text: &str) -> String {
    let plain: String = text.chars().map(plain).collect::<Vec<_>>().concat();
    plain.replace(" %", "%").split_whitespace().collect::<Vec<_>>().join(" ")
}

fn plain(letter: char) -> String {
    let replaced = match letter {
        letter if letter.is_ascii_graphic() || letter == ' ' => return letter.to_string(),
        '\u{a0}' => " ",
        '−' | '–' | '—' => "-",
        '…' => "...",
        '€' => "EUR ",
        '£' => "GBP ",
        '¥' => "JPY ",
        'à'..='å' => "a",
        'À'..='Å' => "A",
        'ç' => "c",
        'Ç' => "C",
        'è'..='ë' => "e",
        'È'..='Ë' => "E",
        'ì'..='ï' => "i",
        'ñ' => "n",
        'ò'..='ö' | 'ø' => "o",
        'Ò'..='Ö' | 'Ø' => "O",
        'ù'..='ü' => "u",
        'Ù'..='Ü' => "U",
        'æ' => "ae",
        'ß' => "ss",
        '’' | '‘' => "'",
        _ => "",
    };
    replaced.to_owned()
}

/// With a capital first letter.
pub(crate) fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_uppercase().collect::<String>() + letters.as_str()
    })
}

/// `a`, `a and b`, `a, b and c`.
pub(crate) fn joined(words: &[String]) -> String {
    match words {
        [] => String::new(),
        [only] => only.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_one_line_in_reading_order() {
        assert_eq!(clean("Bill\r\ning\t team"), "Bill ing team");
        assert_eq!(clean("safe\u{202e}gnp.exe"), "safegnp.exe");
        assert_eq!(clean("תמיכה"), "\u{2068}תמיכה\u{2069}");
        assert_eq!(clean(&"x".repeat(500)).chars().count(), 120);
        assert_eq!(clean("<script>|*"), "<script>|*", "escaping is the renderer's");
    }

    #[test]
    fn a_title_is_shortened_to_its_abbreviation() {
        assert_eq!(short_title("Customer satisfaction (CSAT)"), "CSAT");
        assert_eq!(short_title("Churn (customers, not money)"), "Churn (customers, not money)");
        assert_eq!(short_title("One touch"), "One touch");
    }

    #[test]
    fn a_subject_is_ascii() {
        assert_eq!(ascii("Zufriedenheit für Café – −3.4\u{a0}%"), "Zufriedenheit fur Cafe - -3.4%");
        assert_eq!(ascii("€12 🎉"), "EUR 12");
    }

    #[test]
    fn words_are_joined_as_in_a_sentence() {
        let words = ["a".to_owned(), "b".to_owned(), "c".to_owned()];
        assert_eq!(joined(&words), "a, b and c");
        assert_eq!(joined(&words[..2]), "a and b");
    }
}
