//! What every route implements.

use jiff::{SignedDuration, Timestamp};
use scorewright_domain::Document;

use crate::entry::{Attachment, OutboxEntry};
use crate::issue::{BadIssue, Issue};
use crate::label::Label;

/// A way to deliver an issue: into a folder, by mail, as a message.
///
/// A route keeps no state of its own: the outbox records what was handed over. It may be asked to
/// hand over the same payload twice, when the process was killed in between; the second time must
/// leave one delivery.
pub trait Route {
    /// Its name in keys and receipts. Never changes: a new name delivers everything again.
    fn name(&self) -> &'static str;

    /// The destinations it takes the issue to; none when the issue has nothing for it.
    fn destinations(&self, issue: &Issue) -> Vec<String>;

    /// The documents for one destination: the same bytes for the same issue and label.
    ///
    /// # Errors
    ///
    /// When the issue lacks something the route needs, or holds what it cannot deliver.
    fn payload(&self, issue: &Issue, label: &Label) -> Result<Vec<Document>, BadIssue>;

    /// What tells a destination at once that its mail is held, when the issue says that it does.
    ///
    /// # Errors
    ///
    /// When the issue holds what the route cannot deliver; then it cannot deliver the mail either.
    fn notice(&self, _issue: &Issue, _held: &OutboxEntry) -> Result<Option<Document>, BadIssue> {
        Ok(None)
    }

    /// Delivers a payload durably: once this returns, a power cut takes nothing back.
    ///
    /// # Errors
    ///
    /// [`HandOverError::Later`] or [`HandOverError::Paused`] when trying again may help, [`HandOverError::Never`] when it will
    /// not, [`HandOverError::Unclear`] when the destination may have it.
    fn hand_over(
        &self,
        label: &Label,
        payload: &[Document],
        before_end: &mut dyn FnMut() -> Result<(), HandOverError>,
    ) -> Result<(), HandOverError>;

    /// Does the same for several payloads, none of which takes the place of another; answers in their order.
    ///
    /// Asked only of a route that replaces: of others, each delivery is recorded before the next is made.
    ///
    /// # Errors
    ///
    /// For each payload by itself.
    fn hand_over_all(&self, payloads: &[(&Label, &[Document])]) -> Vec<Result<(), HandOverError>> {
        let hand_over = |(label, payload): &(&Label, &[Document])| {
            self.hand_over(label, payload, &mut || Ok(()))
        };
        payloads.iter().map(hand_over).collect()
    }

    /// How it sends, where that is to somebody who may have the payload without our knowing: to a server. Such a route
    /// calls `before_end` of [`Route::hand_over`] last before that can be.
    fn send_rules(&self) -> Option<SendRules> {
        None
    }

    /// Whether a delivered revision may be replaced without disturbing anybody: a page may, a mail
    /// may not. What may be replaced is never held.
    fn is_replaceable(&self) -> bool {
        false
    }

    /// Whether the destination is seen to have the payload. Asked when nothing else tells whether it was handed over:
    /// what was taken away is not seen.
    fn has(&self, _payload: &[Document]) -> bool {
        false
    }

    /// Whether the destination still has the payload, byte for byte. Asked only of a route that
    /// replaces: a page that was removed or rendered differently since is delivered again.
    fn is_intact(&self, _label: &Label, _payload: &[Document]) -> bool {
        true
    }

    /// The same, of what was handed over by name and hash. A mail that was taken away was delivered.
    fn still_has(&self, _label: &Label, _contents: &[Attachment]) -> bool {
        true
    }
}

/// How a route sends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SendRules {
    /// How long after it was queued a payload is sent.
    pub expires_after: SignedDuration,
    /// Whether a payload is sent once more when the answer to it was lost.
    pub repeats_unanswered: bool,
    /// Whether it sends at all, or what is queued waits.
    pub is_sending: bool,
}

/// How long a destination wants to be left alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pause {
    /// For a time.
    For(SignedDuration),
    /// Until a moment.
    Until(Timestamp),
}

/// Why a route did not deliver a payload.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum HandOverError {
    /// Another try may succeed: the disk is full, the server is away.
    #[error("{0}")]
    Later(String),
    /// Another try may succeed, and the destination says how long it wants to be left alone.
    #[error("{reason}")]
    Paused {
        /// Why.
        reason: String,
        /// Until when.
        pause: Pause,
    },
    /// No try will succeed: no such mailbox.
    #[error("{0}")]
    Never(String),
    /// The destination may have it: its answer was lost.
    #[error("{0}")]
    Unclear(String),
}
