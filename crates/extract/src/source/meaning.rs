//! What the values of a column mean to people.

/// What is done with personal data.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Personal {
    /// Kept as received.
    #[default]
    Keep,
    /// Replaced by the first 32 hexadecimal digits of its SHA-256.
    ///
    /// The hash has no secret key: it hides a value from a reader, but whoever
    /// guesses the value can prove the guess.
    Hash,
    /// An e-mail address, replaced by the hash of it in small letters and without blanks around it; a text without an
    /// `@` is no value.
    HashAddress,
    /// An e-mail address, of which only what stands after the `@` is kept, in small letters.
    Domain,
    /// Left out of the table.
    Drop,
}

/// Which survey question a column answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Question {
    /// Would you recommend us, 0 to 10.
    Nps,
    /// How satisfied are you.
    Csat,
    /// How easy, or how much effort, was it.
    Ces,
    /// Another question.
    Other,
}

/// Which end of a customer effort question is good.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Orientation {
    /// High means easy.
    Ease,
    /// High means much effort.
    Effort,
}
