//! What a column is taken for, with the evidence.

use super::fit::Fit;
use super::personal::PersonalHint;
use super::toml_text::quoted;

/// What a column is taken for, and why.
#[derive(Debug, Clone, Default)]
pub(crate) struct Guess {
    /// Lines of TOML below `from`.
    pub(crate) settings: String,
    /// Texts that mean "no value", beside the empty one.
    pub(crate) null: Vec<String>,
    /// Rows whose value does not fit, and the first of them.
    pub(crate) misfits: Option<Fit>,
    /// What decided.
    pub(crate) because: Vec<String>,
    /// Lines that a person may take instead.
    pub(crate) instead: Vec<String>,
    /// Settings that a person may choose from, where the sample does not decide.
    pub(crate) readings: Vec<String>,
    /// What only a person can decide.
    pub(crate) question: Option<String>,
    pub(crate) about: Option<PersonalHint>,
    /// Smallest and largest value, where they say something.
    pub(crate) range: Option<(String, String)>,
}

impl Guess {
    /// The word after `type`.
    pub(crate) fn kind(&self) -> &str {
        self.settings.split('"').nth(1).unwrap_or("text")
    }

    /// Settings for personal data, and for texts that mean nothing.
    pub(crate) fn lines(&self) -> String {
        let mut lines = self.settings.clone();
        if !self.null.is_empty() {
            let tokens: Vec<String> = self.null.iter().map(|token| quoted(token)).collect();
            lines += &format!("\nnull = [\"\", {}]", tokens.join(", "));
        }
        match self.about {
            Some(PersonalHint::Mail) => lines += "\npersonal = \"hash\"",
            Some(PersonalHint::Person(_)) => lines += "\npersonal = \"drop\"",
            Some(PersonalHint::PerhapsName | PersonalHint::FreeText) | None => {}
        }
        lines
    }

    pub(super) fn fitting(settings: String, fit: Fit) -> Self {
        Self { settings, misfits: Some(fit).filter(|fit| fit.misfits > 0), ..Self::default() }
    }
}
