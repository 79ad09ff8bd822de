//! Lines for people: plain, at most as wide as a terminal, aligned.

use std::path::Path;

use scorewright_domain::{group_digits, is_hidden};

/// Letters of a line for people.
pub(crate) const LINE: usize = 80;

/// Letters before what a label is about.
const LABEL: usize = 11;

/// A text on one line, in which what would steer a terminal, hide or turn its letters around is seen: `␛[2J`, `<U+202E>`.
pub(crate) fn plain(text: &str) -> String {
    let spaced = |letter: char| if matches!(letter, '\n' | '\t') { ' ' } else { letter };
    visible(&text.chars().map(spaced).collect::<String>())
}

/// A text in which what would steer a terminal, hide or turn its letters around is seen; line ends and tabs are kept.
pub(crate) fn visible(text: &str) -> String {
    let mut seen = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '\n' | '\t' => seen.push(letter),
            // Their pictures stand in Unicode in the order of the characters.
            '\0'..='\u{1f}' => seen.extend(char::from_u32(0x2400 + u32::from(letter))),
            '\u{7f}' => seen.push('␡'),
            hidden if is_hidden(hidden) => seen += &format!("<U+{:04X}>", u32::from(hidden)),
            plain => seen.push(plain),
        }
    }
    seen
}

/// A text of several lines, each of them plain.
pub(crate) fn plain_lines(text: &str) -> String {
    text.split('\n').map(plain).collect::<Vec<_>>().join("\n")
}

/// A text in lines of at most `width` letters, the first after `begins` letters and those after it set in by `indent`.
/// A longer word has a line of its own and is not cut: paths are copied.
pub(crate) fn wrapped(text: &str, width: usize, begins: usize, indent: usize) -> String {
    let mut lines = String::new();
    let (mut used, mut is_first) = (begins, true);
    for word in plain(text).split(' ').filter(|word| !word.is_empty()) {
        let length = word.chars().count();
        if !is_first && used + 1 + length > width {
            lines += &format!("\n{:indent$}", "");
            used = indent;
        } else if !is_first {
            lines.push(' ');
            used += 1;
        }
        lines += word;
        used += length;
        is_first = false;
    }
    lines
}

/// Lines of a label and what it is about: `landed     3 of 9 sources`. Several entries stand below each other.
pub(crate) fn labelled<T: AsRef<str>>(label: &str, entries: &[T]) -> String {
    let indent = if entries.len() == 1 { LABEL } else { LABEL + 2 };
    let line = |(place, entry): (usize, &T)| {
        let label = if place == 0 { label } else { "" };
        format!("{label:<LABEL$}{}\n", wrapped(entry.as_ref(), LINE, LABEL, indent))
    };
    entries.iter().enumerate().map(line).collect()
}

/// A count with its noun: `1 page`, `4,512 values`.
pub(crate) fn counted(count: u64, one: &str, several: &str) -> String {
    format!("{} {}", grouped(count), if count == 1 { one } else { several })
}

/// A count as people read it: `4,512`.
pub(crate) fn grouped(count: u64) -> String {
    group_digits(&count.to_string())
}

/// A path as a person in this folder would write it.
pub(crate) fn shown_path(path: &Path) -> String {
    let here = std::env::current_dir().ok();
    let below = here.as_deref().and_then(|here| path.strip_prefix(here).ok()).unwrap_or(path);
    let below = below.strip_prefix(".").unwrap_or(below);
    let shown = plain(&below.to_string_lossy());
    if shown.is_empty() { ".".into() } else { shown }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_text_is_set_in_below_its_beginning_and_words_are_whole() {
        assert_eq!(wrapped("note: a b ccc dddd", 9, 0, 2), "note: a b\n  ccc\n  dddd");
        assert_eq!(wrapped("a /very/long/path b", 6, 0, 2), "a\n  /very/long/path\n  b");
        assert_eq!(wrapped("", 9, 0, 2), "");
    }

    #[test]
    fn entries_stand_below_each_other() {
        let long = "word ".repeat(20);
        let lines = labelled("owed", &["nothing"]) + &labelled("owed", &[long.as_str(), "b"]);
        let word = "word ".repeat(14);
        let expected = format!(
            "owed       nothing\nowed       {}\n             {}\n           b\n",
            word.trim_end(),
            "word ".repeat(6).trim_end()
        );
        assert_eq!(lines, expected);
    }

    #[test]
    fn nothing_steers_the_terminal() {
        assert_eq!(plain("a\u{1b}[2J\u{202e}b\tc\0"), "a␛[2J<U+202E>b c␀");
        assert_eq!(plain_lines("a\r\nb\u{7}"), "a␍\nb␇");
        assert_eq!(visible("a\nb\tc\u{7f}\u{85}\u{200b}"), "a\nb\tc␡<U+0085><U+200B>");
        assert_eq!(shown_path(Path::new("./out/a\u{1b}b")), "out/a␛b");
        assert_eq!(shown_path(Path::new(".")), ".");
    }
}
