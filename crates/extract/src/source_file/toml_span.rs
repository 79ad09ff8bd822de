//! Where a setting stands in a source file, so that a fault can point at it.

use std::ops::Range;

use scorewright_domain::ProjectFile;

/// The value of `key` in the table `section` (`""` for the top), or the nearest thing to it.
///
/// Falls back to the table's header, then to the first place the key's name stands alone:
/// a source may be written with inline tables, which this does not follow.
pub(crate) fn value_span(file: &ProjectFile, section: &str, key: &str) -> Option<Range<usize>> {
    let mut current = String::new();
    let mut header = None;
    let mut offset = 0;
    for line in file.text.split_inclusive('\n') {
        let start = offset;
        offset += line.len();
        let trimmed = line.trim();
        if let Some(name) = trimmed.strip_prefix('[').and_then(|rest| rest.split(']').next()) {
            current = name
                .split('.')
                .map(|part| part.trim().trim_matches('"'))
                .collect::<Vec<_>>()
                .join(".");
            if current == section {
                header = Some(inside(start, line, trimmed));
            }
        } else if current == section
            && let Some((name, value)) = line.split_once('=')
            && name.trim() == key
        {
            let value = value.split(" #").next().unwrap_or(value).trim();
            return Some(inside(start, line, value));
        }
    }
    header.or_else(|| file.find(key))
}

/// `word` inside the value of a setting, or the whole value.
pub(crate) fn word_span(
    file: &ProjectFile,
    section: &str,
    key: &str,
    word: &str,
) -> Option<Range<usize>> {
    let value = value_span(file, section, key)?;
    let quoted = format!("\"{word}\"");
    match file.text[value.clone()].find(&quoted) {
        Some(at) => Some(value.start + at..value.start + at + quoted.len()),
        None => Some(value),
    }
}

/// `word` inside an entry of an array of tables, from 0, or the line that begins the entry.
pub(crate) fn entry_span(
    file: &ProjectFile,
    array: &str,
    position: usize,
    word: &str,
) -> Option<Range<usize>> {
    let header = format!("[[{array}]]");
    let mut starts = file.text.match_indices(&header).map(|(start, _)| start);
    let Some(start) = starts.nth(position) else { return file.find(word) };
    let below = start + header.len();
    let length = file.text[below..].find("\n[").unwrap_or(file.text.len() - below);
    let entry = ProjectFile::new("", &file.text[below..below + length]);
    let found = entry.find(word).filter(|found| !found.is_empty());
    Some(found.map_or(start..below, |found| below + found.start..below + found.end))
}

fn inside(start: usize, line: &str, part: &str) -> Range<usize> {
    let at = start + line.find(part).unwrap_or(0);
    at..at + part.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_is_found_in_its_own_entry() {
        let file =
            ProjectFile::new("a.toml", "[[r]]\nname = \"a\"\n\n[[r]]\nname = \"b\"\n[c]\nx = 1\n");
        let at = |position, word| entry_span(&file, "r", position, word).map(|span| span.start);
        assert_eq!([at(0, "name"), at(1, "name"), at(1, "x")], [Some(6), Some(24), Some(18)]);
    }

    #[test]
    fn a_setting_is_found_in_its_own_table() {
        let text =
            "format = \"csv\"\nkey = [\"a\", \"b\"]\n[columns.a]\nformat = \"%d\" # day first\n";
        let file = ProjectFile::new("a.toml", text);
        assert_eq!(&file.text[value_span(&file, "columns.a", "format").unwrap()], "\"%d\"");
        assert_eq!(&file.text[value_span(&file, "", "format").unwrap()], "\"csv\"");
        assert_eq!(&file.text[word_span(&file, "", "key", "b").unwrap()], "\"b\"");
        assert_eq!(&file.text[value_span(&file, "columns.a", "scale").unwrap()], "[columns.a]");
    }
}
