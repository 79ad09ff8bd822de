//! The chat that a report posts a message to: the `[webhook]` part of a report.

use serde::Deserialize;
use toml::{Spanned, Value};

/// The `[webhook]` part of a report: a chat that gets a message for each period.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReportWebhook {
    /// Where its address is, which never stands here. Any value, so that one that stands here is never repeated.
    pub url: Spanned<Value>,
    /// What it is called in the outbox: `leadership`.
    #[serde(default = "ReportWebhook::default_name")]
    pub name: String,
    /// Address of the full page; that of the mail when absent.
    #[serde(default)]
    pub link: Option<String>,
}

impl ReportWebhook {
    fn default_name() -> String {
        "chat".into()
    }

    /// Whether its name can stand in a line of the outbox.
    pub(super) fn has_name(&self) -> bool {
        const LONGEST: usize = 60;
        let is_part = |letter: char| letter.is_ascii_alphanumeric() || "-_.".contains(letter);
        let starts = self.name.starts_with(|first: char| first.is_ascii_alphanumeric());
        starts && self.name.len() <= LONGEST && self.name.chars().all(is_part)
    }
}
