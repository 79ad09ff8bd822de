//! Laying out plain text: width, not content.

/// Folds text to `width` columns, each line starting with `indent` blanks.
///
/// Breaks at ordinary blanks only, so that a number keeps its unit; a word longer than the line is split.
pub(super) fn fold(text: &str, width: usize, indent: Option<usize>) -> String {
    let indent = indent.unwrap_or(0).min(width / 2);
    let start = " ".repeat(indent);
    let mut lines: Vec<String> = vec![start.clone()];
    for word in text.split(' ').filter(|word| !word.is_empty()) {
        for chunk in chunks(word, width - indent) {
            let line = lines.last_mut().expect("there is always a line");
            let is_first = line.trim().is_empty();
            let needed = length(line) + length(&chunk) + usize::from(!is_first);
            if needed <= width {
                line.push_str(if is_first { "" } else { " " });
                line.push_str(&chunk);
            } else {
                lines.push(start.clone() + &chunk);
            }
        }
    }
    lines.join("\n")
}

/// Left and right text on one line of `width` columns, filled with dots; on two when they do not fit.
pub(super) fn leader(left: &str, right: &str, width: usize) -> String {
    let dots = width.saturating_sub(length(left) + length(right) + 2);
    if dots >= 2 {
        return format!("{left} {} {right}", ".".repeat(dots));
    }
    let blanks = " ".repeat(width.saturating_sub(length(right)));
    format!("{}\n{blanks}{right}", fold(left, width, None))
}

/// A line under a heading, as long as the longest line of it.
pub(super) fn underline(text: &str, mark: &str) -> String {
    let longest = text.lines().map(length).max().unwrap_or(0);
    format!("{text}\n{}", mark.repeat(longest))
}

/// Quotes text for the front matter of a Markdown file: a JSON string is a YAML string. What Markdown or HTML would read is
/// written by its number, so that the string is inert wherever it stands.
pub(super) fn quoted(text: &str) -> minijinja::Value {
    let json = serde_json::to_string(text).expect("any text is a JSON string");
    let mut quoted = String::with_capacity(json.len());
    for (at, letter) in json.char_indices() {
        let is_link = letter == ':' && json[at..].starts_with("://");
        if is_link || "<>&|*_`[]#~$@!".contains(letter) {
            quoted += &format!("\\u{:04x}", u32::from(letter));
        } else {
            quoted.push(letter);
        }
    }
    minijinja::Value::from_safe_string(quoted)
}

fn chunks(word: &str, width: usize) -> Vec<String> {
    let letters: Vec<char> = word.chars().collect();
    letters.chunks(width.max(1)).map(|chunk| chunk.iter().collect()).collect()
}

fn length(text: &str) -> usize {
    text.chars().count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_folded_at_blanks_and_numbers_keep_their_unit() {
        assert_eq!(fold("one two 3\u{a0}h", 8, None), "one two\n3\u{a0}h");
        assert_eq!(fold("aa bb cc", 7, Some(2)), "  aa bb\n  cc");
        assert_eq!(fold("abcdefghij", 4, None), "abcd\nefgh\nij");
    }

    #[test]
    fn a_leader_fills_the_line_exactly() {
        assert_eq!(leader("CSAT", "81 %", 14), "CSAT .... 81 %");
        assert_eq!(leader("A long name", "81 %", 12), "A long name\n        81 %");
    }

    #[test]
    fn front_matter_text_cannot_end_its_line() {
        assert_eq!(quoted("a\"b\n---").to_string(), "\"a\\\"b\\n---\"");
        let link = quoted("[x](http://y) <b> a: b").to_string();
        assert_eq!(link, "\"\\u005bx\\u005d(http\\u003a//y) \\u003cb\\u003e a: b\"");
        let back: String = serde_json::from_str(&link).unwrap();
        assert_eq!(back, "[x](http://y) <b> a: b");
    }
}
