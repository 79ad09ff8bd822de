//! `${NAME}`: values of the environment in places and addresses that a project names.

use std::fmt;
use std::sync::Arc;

/// Finds the value of an environment variable.
type Lookup = Arc<dyn Fn(&str) -> Option<String> + Send + Sync>;

/// The environment as the command line hands it down: nothing below reads it.
#[derive(Clone)]
pub struct Environment {
    lookup: Lookup,
    /// Whether a name without a value stays as it is written.
    is_lenient: bool,
}

/// A reference that has no value.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the environment variable `{0}` is not set, or empty")]
pub struct UnsetVariable(pub String);

/// Its values are nobody's to see.
impl fmt::Debug for Environment {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Environment")
            .field("is_lenient", &self.is_lenient)
            .finish_non_exhaustive()
    }
}

impl Environment {
    /// The environment that a function looks up.
    pub fn of(lookup: impl Fn(&str) -> Option<String> + Send + Sync + 'static) -> Self {
        Self { lookup: Arc::new(lookup), is_lenient: false }
    }

    /// One without any value, in which names stay as they are written.
    pub fn none() -> Self {
        Self::of(|_| None).lenient()
    }

    /// The same, for whoever only reads: a name without a value stays as it is written.
    #[must_use]
    pub fn lenient(self) -> Self {
        Self { is_lenient: true, ..self }
    }

    /// A text with the values of the variables that it names.
    ///
    /// ```
    /// use scorewright_domain::Environment;
    /// let of_home = Environment::of(|name| (name == "HOME").then(|| "/home/ann".to_owned()));
    /// assert_eq!(of_home.expand("${HOME}/extracts").unwrap(), "/home/ann/extracts");
    /// assert!(of_home.expand("${DATA}/extracts").is_err());
    /// ```
    ///
    /// # Errors
    ///
    /// [`UnsetVariable`] at the first name without a value.
    pub fn expand(&self, text: &str) -> Result<String, UnsetVariable> {
        let (mut expanded, mut rest) = (String::new(), text);
        while let Some(reference) = reference(rest) {
            let name = &rest[reference.start + 2..reference.end - 1];
            expanded += &rest[..reference.start];
            match (self.lookup)(name).filter(|value| !value.is_empty()) {
                Some(value) => expanded += &value,
                None if self.is_lenient => expanded += &rest[reference.clone()],
                None => return Err(UnsetVariable(name.to_owned())),
            }
            rest = &rest[reference.end..];
        }
        Ok(expanded + rest)
    }
}

/// The bytes of the first `${NAME}` in a text.
pub fn reference(text: &str) -> Option<std::ops::Range<usize>> {
    let is_part = |letter: char| letter.is_ascii_alphanumeric() || letter == '_';
    text.match_indices("${").find_map(|(start, _)| {
        let name = &text[start + 2..];
        let length = name.find(|letter| !is_part(letter)).filter(|length| *length > 0)?;
        name[length..].starts_with('}').then_some(start..start + 2 + length + 1)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn expand(text: &str) -> Result<String, UnsetVariable> {
        let environment = Environment::of(|name| match name {
            "A" => Some("one".into()),
            "B" => Some("${A}".into()),
            "EMPTY" => Some(String::new()),
            _ => None,
        });
        environment.expand(text)
    }

    #[test]
    fn a_value_is_put_in_once_and_never_read_again() {
        assert_eq!(expand("${A}/x/${A}").unwrap(), "one/x/one");
        assert_eq!(expand("${B}").unwrap(), "${A}", "a value is no reference");
        assert_eq!(expand("$A ${} ${a-b} ${A").unwrap(), "$A ${} ${a-b} ${A", "not written as one");
        assert_eq!(expand("é${A}ü").unwrap(), "éoneü");
    }

    #[test]
    fn a_name_without_a_value_is_named() {
        assert_eq!(expand("${A}/${C}").unwrap_err(), UnsetVariable("C".into()));
        assert_eq!(expand("${EMPTY}").unwrap_err(), UnsetVariable("EMPTY".into()));
        assert_eq!(Environment::none().expand("${C}").unwrap(), "${C}");
    }

    #[test]
    fn nothing_shows_a_value() {
        assert!(!format!("{:?}", Environment::of(|_| Some("hunter2".into()))).contains("hunter2"));
    }
}
