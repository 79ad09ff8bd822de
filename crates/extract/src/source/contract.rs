//! What becomes of columns that an extract has and its source does not declare.

use serde::Deserialize;

/// What becomes of a column that the source does not declare.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Contract {
    /// It is left out, and a note and the books name it.
    #[default]
    Freeze,
    /// It lands as text under its name in `snake_case`.
    Evolve,
    /// Rows that have a value in it go to quarantine.
    Quarantine,
}

/// Whether a name, or the name without the number that tells it from others, is of one of the patterns, in any case.
pub(crate) fn is_any(patterns: &[String], name: &str) -> bool {
    let name = name.trim().to_lowercase();
    let name = name.as_str();
    let unnumbered =
        name.trim_end_matches(|letter: char| letter.is_ascii_digit()).strip_suffix('#');
    patterns.iter().map(|pattern| pattern.to_lowercase()).any(|pattern| {
        fits(&pattern, name)
            || unnumbered.is_some_and(|unnumbered| fits(&pattern, unnumbered.trim_end()))
    })
}

/// Whether a name is of a pattern in which `*` stands for anything.
fn fits(pattern: &str, name: &str) -> bool {
    let Some((start, rest)) = pattern.split_once('*') else { return pattern == name };
    let Some(mut name) = name.strip_prefix(start) else { return false };
    let mut parts: Vec<&str> = rest.split('*').collect();
    let end = parts.pop().unwrap_or_default();
    for part in parts {
        // The first place is as good as any: what follows it is the longest there is.
        let Some(at) = name.find(part) else { return false };
        name = &name[at + part.len()..];
    }
    name.ends_with(end)
}

#[cfg(test)]
mod tests {
    use super::*;

    // Expected: Python's `fnmatch.fnmatchcase`, whose `[` is written `[[]`.
    #[test]
    fn a_star_stands_for_anything() {
        for (pattern, name, is_fit) in [
            ("Custom field (*)", "Custom field (Root cause)", true),
            ("Custom field (*)", "Custom field ()", true),
            ("Custom field (*)", "Custom field (Root cause) 2", false),
            ("*", "", true),
            ("*[*]*", "Labels [2] x", true),
            ("*[*]*", "Labels ]2[ x", false),
            ("a*a", "a", false),
            ("a*b*b", "ab", false),
            ("a*b*b", "abb", true),
            ("*ab*ab", "abab", true),
            ("*ab*ab", "ab", false),
            ("Grüße*", "Grüße aus", true),
            ("Plain", "Plain", true),
            ("Plain", "Plainer", false),
        ] {
            assert_eq!(fits(pattern, name), is_fit, "{pattern} {name}");
        }
    }
}
