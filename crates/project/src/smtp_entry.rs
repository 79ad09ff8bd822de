//! `[smtp]` of `scorewright.toml`, as it is written.

use serde::Deserialize;
use toml::{Spanned, Value};

/// The mail server as it is written.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SmtpEntry {
    /// Name of the server.
    pub(crate) host: Spanned<String>,
    /// Its port; that of the protection when absent.
    #[serde(default)]
    pub(crate) port: Option<u16>,
    /// How the connection is protected.
    #[serde(default)]
    pub(crate) security: ConnectionSecurity,
    /// Certificates of authorities that are trusted besides those of the system.
    #[serde(default)]
    pub(crate) ca_file: Option<String>,
    /// Who logs in.
    #[serde(default)]
    pub(crate) user: Option<Spanned<String>>,
    /// Where the password is. Any value, so that one that stands here is never repeated.
    #[serde(default)]
    pub(crate) password: Option<Spanned<Value>>,
    /// Domains that may be mailed.
    #[serde(default)]
    pub(crate) domains: Option<Spanned<Vec<String>>>,
    /// How long the server has for each answer.
    #[serde(default)]
    pub(crate) timeout: Option<Spanned<String>>,
    /// What becomes of a mail whose answer was lost.
    #[serde(default)]
    pub(crate) after_lost_answer: AfterLostAnswer,
    /// How long after it was queued a mail is sent.
    #[serde(default)]
    pub(crate) expires_after: Option<Spanned<String>>,
}

/// How the connection to the mail server is protected.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ConnectionSecurity {
    /// TLS from `STARTTLS` on, which the server must offer.
    #[default]
    StartTls,
    /// TLS from the first byte.
    Implicit,
    /// None, and only to this machine.
    None,
}

/// What becomes of a mail whose answer was lost.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum AfterLostAnswer {
    /// It is sent once more, and may arrive twice.
    #[default]
    Duplicate,
    /// It waits for a person.
    Hold,
}
