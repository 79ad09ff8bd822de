//! How the mail of a period that is not whole waits: the `[hold]` part of a report.

use jiff::SignedDuration;
use serde::Deserialize;

/// Longest time that a mail may be held.
const LONGEST: SignedDuration = SignedDuration::from_hours(24 * 30);

/// How long it is held where the report does not say.
pub(super) const DEFAULT: SignedDuration = SignedDuration::from_hours(24);

/// The `[hold]` part of a report: its mail while a period is not whole.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MailHold {
    /// How long the mail is held at most: `24h`; `0h` sends it at once.
    #[serde(rename = "for", default)]
    pub longest: Option<String>,
    /// Whether recipients are told at once, by a short mail, that it is held.
    #[serde(default)]
    pub notice: bool,
}

impl MailHold {
    /// How long the mail is held at most; `None` when it is not said as a time that a mail may be held.
    pub(super) fn span(&self) -> Option<SignedDuration> {
        let Some(text) = &self.longest else { return Some(DEFAULT) };
        let span: SignedDuration = text.parse().ok()?;
        (!span.is_negative() && span <= LONGEST).then_some(span)
    }
}
