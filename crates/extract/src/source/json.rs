//! How JSON is taken apart: the `[json]` part of a source, and paths into an object.

use serde::Deserialize;

use super::written::Names;

/// The `[json]` part of a source.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct JsonRows {
    /// Path of an array in each line whose elements are the rows; empty when the line is the row. Of both, a line that
    /// has the array is no row itself.
    pub rows: Names,
}

/// Where a value stands in an object: `satisfaction_rating.score`, `items.0.price.id`, `^.id`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct JsonPath {
    /// It starts at the object of the line, not at the element that is the row.
    pub(crate) is_of_line: bool,
    /// Names of members and places in arrays, from the outside to the inside.
    pub(crate) steps: Vec<String>,
}

impl JsonPath {
    /// Reads a path: steps parted by points, a point inside a name written `\.`, `^` for the line's object.
    pub(crate) fn parse(text: &str) -> Result<Self, &'static str> {
        let mut steps = vec![String::new()];
        let mut letters = text.chars();
        while let Some(letter) = letters.next() {
            match (letter, steps.last_mut()) {
                ('\\', Some(step)) => {
                    let escaped =
                        letters.next().filter(|letter| matches!(letter, '.' | '\\' | '^'));
                    step.push(escaped.ok_or(r"a `\` stands before `.`, `^` or `\` only")?);
                }
                ('.', _) => steps.push(String::new()),
                (letter, Some(step)) => step.push(letter),
                (_, None) => {}
            }
        }
        let is_of_line = text.starts_with("^.");
        if is_of_line {
            steps.remove(0);
        }
        if steps.iter().any(String::is_empty) {
            return Err("a step between two points is empty");
        }
        Ok(Self { is_of_line, steps })
    }

    /// The path of a member of the row, whatever its name.
    pub(crate) fn of_member(name: &str) -> String {
        let mut path = name.replace('\\', r"\\").replace('.', r"\.");
        if path.starts_with('^') {
            path.insert(0, '\\');
        }
        path
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn steps(text: &str) -> (bool, Vec<String>) {
        let path = JsonPath::parse(text).unwrap();
        (path.is_of_line, path.steps)
    }

    #[test]
    fn any_name_has_a_path() {
        for name in ["id", "app.version", r"\n.", "^", "^.id", "a^b"] {
            assert_eq!(steps(&JsonPath::of_member(name)), (false, vec![name.to_owned()]));
        }
    }

    #[test]
    fn a_path_has_steps() {
        assert_eq!(steps("id"), (false, vec!["id".into()]));
        assert_eq!(
            steps("items.0.price"),
            (false, vec!["items".into(), "0".into(), "price".into()])
        );
        assert_eq!(steps("^.id"), (true, vec!["id".into()]));
        assert_eq!(steps(r"app\.version.\\n"), (false, vec!["app.version".into(), r"\n".into()]));
        assert_eq!(steps(r"\^.id"), (false, vec!["^".into(), "id".into()]));
    }

    #[test]
    fn a_path_with_nothing_in_it_is_none() {
        for text in ["", "a..b", "a.", ".a", "^.", r"a\b", r"a\"] {
            assert!(JsonPath::parse(text).is_err(), "{text:?}");
        }
    }
}
