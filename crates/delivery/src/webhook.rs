//! The web addresses that take the messages of reports.

use std::time::Duration;

use jiff::SignedDuration;

use crate::secret::Secret;

/// The webhooks of a project, and how long what is sent to them is of use.
pub struct Webhooks {
    /// How long after it was queued a message is sent; later it is of no use.
    pub expires_after: SignedDuration,
    /// Whether a message is sent once more when the answer to it was lost, so that it may arrive twice.
    pub repeats_unanswered: bool,
    /// Where to; `None` where messages are queued and not sent.
    pub targets: Option<Vec<Webhook>>,
}

/// The webhook of a report.
pub struct Webhook {
    /// Name of the report.
    pub report: String,
    /// Its address, which is shown nowhere; or why it is not known.
    pub address: Result<Secret, String>,
    /// Certificates in PEM of authorities that are trusted besides those of the system.
    pub authorities: Option<Vec<u8>>,
    /// How long connecting may take, and how long the message and the answer to it.
    pub timeout: Duration,
    /// Time since some moment, by a clock that nobody sets.
    pub elapsed: fn() -> Duration,
}
