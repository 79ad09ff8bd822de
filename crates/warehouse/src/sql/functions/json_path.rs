//! The way to a value inside JSON: `$.customer.tags[0]`.

use std::iter::Peekable;
use std::str::Chars;

/// The way to a value inside JSON.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct JsonTextPath(pub(super) Vec<PathStep>);

/// One step of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum PathStep {
    /// A member of an object.
    Key(String),
    /// An item of a list, the first being 0.
    Item(usize),
}

impl JsonTextPath {
    /// Reads `$.a.b[0]`, `$."a key"`, `$['a key']`; `None` when it is no path.
    pub(crate) fn read(text: &str) -> Option<Self> {
        let mut letters = text.strip_prefix('$')?.chars().peekable();
        let mut steps = Vec::new();
        while let Some(letter) = letters.next() {
            steps.push(match letter {
                '.' => PathStep::Key(key(&mut letters)?),
                '[' => bracketed(&mut letters)?,
                _ => return None,
            });
        }
        Some(Self(steps))
    }

    /// The path of one key, as `->` takes it.
    pub(super) fn of_key(key: &str) -> String {
        format!("$[\"{}\"]", key.replace('\\', "\\\\").replace('"', "\\\""))
    }

    /// The path of one item, as `->` takes it.
    pub(super) fn of_item(item: u64) -> String {
        format!("$[{item}]")
    }
}

fn key(letters: &mut Peekable<Chars<'_>>) -> Option<String> {
    if letters.next_if_eq(&'"').is_some() {
        return quoted(letters, '"');
    }
    let mut key = String::new();
    while let Some(letter) = letters.next_if(|letter| !matches!(letter, '.' | '[' | ']' | '"')) {
        key.push(letter);
    }
    (!key.is_empty()).then_some(key)
}

fn bracketed(letters: &mut Peekable<Chars<'_>>) -> Option<PathStep> {
    let step = if let Some(quote) = letters.next_if(|letter| matches!(letter, '\'' | '"')) {
        PathStep::Key(quoted(letters, quote)?)
    } else {
        let mut digits = String::new();
        while let Some(digit) = letters.next_if(char::is_ascii_digit) {
            digits.push(digit);
        }
        PathStep::Item(digits.parse().ok()?)
    };
    letters.next_if_eq(&']').map(|_| step)
}

/// A key up to its closing quote; a backslash takes the next letter as it is.
fn quoted(letters: &mut Peekable<Chars<'_>>, quote: char) -> Option<String> {
    let mut key = String::new();
    loop {
        match letters.next()? {
            '\\' => key.push(letters.next()?),
            letter if letter == quote => return Some(key),
            letter => key.push(letter),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn steps(text: &str) -> Option<Vec<PathStep>> {
        JsonTextPath::read(text).map(|path| path.0)
    }

    #[test]
    fn a_path_is_read_step_by_step() {
        let key = |key: &str| PathStep::Key(key.into());
        assert_eq!(steps("$"), Some(Vec::new()));
        assert_eq!(steps("$.a.b[0]"), Some(vec![key("a"), key("b"), PathStep::Item(0)]));
        assert_eq!(
            steps("$.\"a.b\"['c d'][\"e\\\"f\"]"),
            Some(vec![key("a.b"), key("c d"), key("e\"f")])
        );
        assert_eq!(steps(&JsonTextPath::of_key("say \"it\"")), Some(vec![key("say \"it\"")]));
        for bad in ["a.b", "$a", "$.", "$..a", "$[x]", "$[-1]", "$[0", "$.a]", "$.\"a", ""] {
            assert_eq!(steps(bad), None, "{bad}");
        }
    }
}
