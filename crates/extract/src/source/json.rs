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

/// Where a value stands in an object: `satisfaction_rating.score`, `items.0.price.id`, `fields[id=42].value`, `^.id`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct JsonPath {
    /// It starts at the object of the line, not at the element that is the row.
    pub(crate) is_of_line: bool,
    /// From the outside to the inside.
    pub(crate) steps: Vec<JsonStep>,
}

/// A step of a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum JsonStep {
    /// The member of an object by its name, or the element of an array by its place.
    Member(String),
    /// The first object in an array whose member has a value: `[id=42]`.
    Keyed {
        /// Name of the member.
        member: String,
        /// Its value, as text.
        value: String,
    },
}

impl JsonPath {
    /// Reads a path: steps parted by points, a point inside a name written `\.`, `^` for the line's object,
    /// `[member=value]` after a step for the object of a list that has this value.
    pub(crate) fn parse(text: &str) -> Result<Self, &'static str> {
        let mut steps = vec![(String::new(), None)];
        let mut letters = text.chars();
        while let Some(letter) = letters.next() {
            match (letter, steps.last_mut()) {
                ('\\', Some((step, _))) => {
                    let escaped =
                        letters.next().filter(|letter| matches!(letter, '.' | '\\' | '^' | '['));
                    step.push(escaped.ok_or(r"a `\` stands before `.`, `^`, `[` or `\` only")?);
                }
                ('.', _) => steps.push((String::new(), None)),
                ('[', Some((_, keyed))) if is_keyed(letters.as_str()) => {
                    let inside: String =
                        letters.by_ref().take_while(|letter| *letter != ']').collect();
                    *keyed = inside.split_once('=').map(|(member, value)| JsonStep::Keyed {
                        member: member.to_owned(),
                        value: value.to_owned(),
                    });
                }
                (letter, Some((step, _))) => step.push(letter),
                (_, None) => {}
            }
        }
        let is_of_line = text.starts_with("^.");
        if is_of_line {
            steps.remove(0);
        }
        if steps.iter().any(|(step, _)| step.is_empty()) {
            return Err("a step between two points is empty");
        }
        let steps = steps
            .into_iter()
            .flat_map(|(step, keyed)| [Some(JsonStep::Member(step)), keyed])
            .flatten()
            .collect();
        Ok(Self { is_of_line, steps })
    }

    /// The path of a member of the row, whatever its name.
    pub(crate) fn of_member(name: &str) -> String {
        let mut path = name.replace('\\', r"\\").replace('.', r"\.");
        if path.contains('=') {
            path = path.replace('[', r"\[");
        }
        if path.starts_with('^') {
            path.insert(0, '\\');
        }
        path
    }
}

/// Whether what follows an opening bracket names a member and its value, and the step ends with it.
fn is_keyed(rest: &str) -> bool {
    rest.split_once(']').is_some_and(|(inside, after)| {
        let named = inside.split_once('=').filter(|(member, _)| !member.is_empty());
        named.is_some() && (after.is_empty() || after.starts_with('.'))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn steps(text: &str) -> (bool, Vec<String>) {
        let path = JsonPath::parse(text).unwrap();
        let step = |step| match step {
            JsonStep::Member(name) => name,
            JsonStep::Keyed { member, value } => format!("[{member}={value}]"),
        };
        (path.is_of_line, path.steps.into_iter().map(step).collect())
    }

    #[test]
    fn a_step_finds_the_object_of_a_list_by_a_member() {
        let expected = |steps: &[&str]| steps.iter().map(|it| (*it).to_owned()).collect::<Vec<_>>();
        assert_eq!(steps("fields[id=4.2].value").1, expected(&["fields", "[id=4.2]", "value"]));
        assert_eq!(steps("fields[name=Team]").1, expected(&["fields", "[name=Team]"]));
        for plain in ["a[b]", "a[b=c]d", "a[=b]"] {
            assert_eq!(steps(plain).1, [plain]);
        }
    }

    #[test]
    fn any_name_has_a_path() {
        for name in ["id", "app.version", r"\n.", "^", "^.id", "a^b", "a[b]", "a[b=c]"] {
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
