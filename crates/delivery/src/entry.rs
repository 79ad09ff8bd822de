//! One entry of the outbox: what goes where, and how far it got.

use scorewright_domain::{Document, Fingerprint};
use serde::{Deserialize, Serialize};

use crate::label::Label;

/// How far a delivery got.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeliveryState {
    /// Its payload is stored, but the issue is not released: nobody can have seen it.
    Rendered,
    /// Released, to be handed over.
    Queued,
    /// Handed over. Never handed over again.
    Accepted,
    /// Failed for now; tried again by the next call.
    Deferred,
    /// Failed for good.
    Rejected,
    /// Not handed over until its reason is gone.
    Held,
}

impl DeliveryState {
    /// The state as documented: `queued`.
    pub fn words(self) -> &'static str {
        match self {
            Self::Rendered => "rendered",
            Self::Queued => "queued",
            Self::Accepted => "accepted",
            Self::Deferred => "deferred",
            Self::Rejected => "rejected",
            Self::Held => "held",
        }
    }
}

/// One delivery and its state: one file of the outbox.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OutboxEntry {
    /// What goes where.
    pub label: Label,
    /// SHA-256 of the figures of its issue.
    pub figures: Fingerprint,
    /// The documents handed over.
    pub contents: Vec<Attachment>,
    /// How far it got.
    pub state: DeliveryState,
    /// Why it got no further.
    pub reason: Option<String>,
    /// Times a route was asked to take it.
    pub attempts: u32,
}

/// One document of an entry, without its bytes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Attachment {
    /// Its file name.
    pub name: String,
    /// Its media type.
    pub media_type: String,
    /// Its size.
    pub bytes: u64,
    /// SHA-256 of its bytes, in hexadecimal.
    pub sha256: Fingerprint,
}

impl Attachment {
    pub(crate) fn of(document: &Document) -> Self {
        Self {
            name: document.name.clone(),
            media_type: document.media_type.clone(),
            bytes: document.bytes.len() as u64,
            sha256: Fingerprint::of(&document.bytes),
        }
    }
}

impl OutboxEntry {
    /// Whether it is still to be delivered.
    pub fn is_outstanding(&self) -> bool {
        !matches!(self.state, DeliveryState::Accepted | DeliveryState::Rejected)
    }

    /// Whether its destination has it, or may have it.
    pub(crate) fn may_be_seen(&self) -> bool {
        use DeliveryState::{Accepted, Deferred, Queued};
        matches!(self.state, Queued | Accepted | Deferred)
    }

    /// Name of the folder that stores its payload.
    pub(crate) fn payload_name(&self) -> String {
        let contents = serde_json::to_string(&self.contents).expect("attachments are always JSON");
        format!("{}-{}", self.label.key, Fingerprint::of(contents.as_bytes()).short(16))
    }

    /// The entry as its file, with a hash over its fields that reveals damage.
    pub(crate) fn to_file(&self) -> Vec<u8> {
        let sealed = SealedEntry { seal: self.seal(), entry: self.clone() };
        let mut text = serde_json::to_string_pretty(&sealed).expect("an entry is always JSON");
        text.push('\n');
        text.into_bytes()
    }

    /// Reads a file; `None` when it is damaged.
    pub(crate) fn from_file(bytes: &[u8]) -> Option<Self> {
        let sealed: SealedEntry = serde_json::from_slice(bytes).ok()?;
        let is_whole = sealed.entry.label.is_consistent() && sealed.seal == sealed.entry.seal();
        is_whole.then_some(sealed.entry)
    }

    fn seal(&self) -> String {
        let text = serde_json::to_string(self).expect("an entry is always JSON");
        Fingerprint::of(text.as_bytes()).to_string()
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct SealedEntry {
    entry: OutboxEntry,
    seal: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry() -> OutboxEntry {
        OutboxEntry {
            label: Label::new("customer", "2026-W47", 1, "eml", "board@example.com"),
            figures: Fingerprint::of(b"csat 81"),
            contents: vec![],
            state: DeliveryState::Queued,
            reason: None,
            attempts: 0,
        }
    }

    #[test]
    fn no_changed_byte_is_read_as_another_entry() {
        let file = entry().to_file();
        assert_eq!(OutboxEntry::from_file(&file), Some(entry()));
        for at in 0..file.len() {
            let mut damaged = file.clone();
            damaged[at] ^= 1;
            let read = OutboxEntry::from_file(&damaged);
            assert!(read.is_none_or(|read| read == entry()), "byte {at}");
        }
    }
}
