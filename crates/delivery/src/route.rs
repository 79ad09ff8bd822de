//! What every way out of the house has in common.

use scorewright_domain::Document;

use crate::{BadIssue, Issue, Label};

/// A way to hand an issue over: into a folder, by mail.
///
/// A route keeps no state of its own: the outbox remembers what was handed
/// over. It may be asked to hand over the same thing twice, when the process
/// was killed in between; the second time must leave one delivery.
pub trait Route {
    /// Its name in keys and receipts. Never changes: a new name delivers everything again.
    fn name(&self) -> &'static str;

    /// The places it takes the issue to; none when the issue has nothing for it.
    fn destinations(&self, issue: &Issue) -> Vec<String>;

    /// What it will hand over at one of them: the same bytes for the same issue and label.
    ///
    /// # Errors
    ///
    /// When the issue lacks something the route needs, or holds what it cannot carry.
    fn pack(&self, issue: &Issue, label: &Label) -> Result<Vec<Document>, BadIssue>;

    /// Hands it over, durably: once this returns, a power cut takes nothing back.
    ///
    /// # Errors
    ///
    /// [`Refusal::Later`] when trying again may help, [`Refusal::Never`] when it will not.
    fn hand_over(&self, label: &Label, contents: &[Document]) -> Result<(), Refusal>;

    /// Whether a delivered revision may be replaced where it lies, because nobody is
    /// disturbed by it: a page may, a mail may not. What may be replaced is never held.
    fn is_replaceable(&self) -> bool {
        false
    }

    /// Whether what it handed over still lies there, byte for byte. Asked only of a route that
    /// replaces: a page that was removed or that looks different now is laid down again.
    fn lies_there(&self, _label: &Label, _contents: &[Document]) -> bool {
        true
    }
}

/// Why a route did not take something.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// It may take it another time: the disk is full, the server is away.
    #[error("{0}")]
    Later(String),
    /// It will never take it: no such mailbox.
    #[error("{0}")]
    Never(String),
}
