//! One entry of the outbox: what goes where, and how far it got.

use jiff::{SignedDuration, Timestamp};
use scorewright_domain::{Document, Fingerprint};
use serde::{Deserialize, Serialize};

use crate::label::Label;

/// How long the message of a mail that ended without being sent is kept, from when it was queued.
const KEPT_FOR: SignedDuration = SignedDuration::from_hours(30 * 24);

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
    /// Failed for now; tried again by a later call, of what a server did not take once its back-off is over.
    Deferred,
    /// Failed for good.
    Rejected,
    /// Not handed over until its deadline is over, its reason is gone, or a person decides.
    Held,
    /// Never handed over: nobody is to have it any more.
    Cancelled,
    /// Sent, and the answer to it was lost: its destination may have it.
    Unclear,
    /// Not handed over while it was of use. Never handed over.
    Expired,
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
            Self::Cancelled => "cancelled",
            Self::Unclear => "unclear",
            Self::Expired => "expired",
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
    /// Until when it was held, or is: the deadline of its report and period. Only a mail of a period
    /// that is not whole has one, and it keeps it when it is sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub held_until: Option<Timestamp>,
    /// Times a route was asked to take it.
    pub attempts: u32,
    /// When it was queued to be sent to a server; `None` for what goes into a folder.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub queued_at: Option<Timestamp>,
    /// Times it was sent and the answer was lost.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub unanswered: u32,
    /// Before when no run tries it again, after a server did not take it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry_at: Option<Timestamp>,
    /// Whether a person holds it: nothing but a person lets it go.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_stopped: bool,
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "this is how serde asks")]
fn is_zero(count: &u32) -> bool {
    *count == 0
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
        use DeliveryState::{Accepted, Cancelled, Expired, Rejected};
        !matches!(self.state, Accepted | Rejected | Cancelled | Expired)
    }

    /// The deadline it is held for; `None` for what is not held, or held until somebody decides.
    pub fn waits_until(&self) -> Option<Timestamp> {
        // What waits for a deadline was never tried; damaged contents are found by a try.
        let is_waiting =
            self.state == DeliveryState::Held && self.attempts == 0 && !self.is_stopped;
        self.held_until.filter(|_| is_waiting)
    }

    /// Before when no run tries it again; `None` for what no server refused for now.
    pub fn waits_for_retry_until(&self) -> Option<Timestamp> {
        self.retry_at.filter(|_| self.state == DeliveryState::Deferred)
    }

    /// Why it got no further, in words: `held until 2026-12-01 06:00 UTC: no survey arrived`.
    pub fn why(&self) -> String {
        let reason = self.reason.clone().unwrap_or_else(|| "not tried yet".into());
        match self.waits_until() {
            Some(until) => format!("held until {}: {reason}", words_of(until)),
            None if self.state == DeliveryState::Unclear => {
                format!("it may have arrived: {reason}")
            }
            None => match self.waits_for_retry_until() {
                Some(at) => format!("{reason}; next try from {}", words_of(at)),
                None => reason,
            },
        }
    }

    /// Whether it is of a period that was not whole.
    pub(crate) fn is_partial(&self) -> bool {
        self.held_until.is_some()
    }

    /// Whether its destination has it, or may have it.
    pub(crate) fn may_be_seen(&self) -> bool {
        use DeliveryState::{Accepted, Deferred, Queued};
        match self.state {
            Accepted => true,
            // What a server did not take is not there; what goes into a folder may be there in part.
            Queued | Deferred => self.queued_at.is_none() || self.unanswered > 0,
            _ => self.unanswered > 0,
        }
    }

    /// Whether it waits to be sent to a server, and needs nothing but that: its message is kept.
    pub fn is_sendable(&self) -> bool {
        use DeliveryState::{Deferred, Queued, Unclear};
        let waits = matches!(self.state, Queued | Deferred | Unclear) || self.is_stopped;
        self.queued_at.is_some() && self.is_outstanding() && waits
    }

    /// Whether its destination provably has nothing of it, so that something else can take its place.
    pub(crate) fn is_unsent(&self) -> bool {
        use DeliveryState::{Deferred, Queued};
        self.queued_at.is_some()
            && self.unanswered == 0
            && !self.is_stopped
            && matches!(self.state, Queued | Deferred)
    }

    /// Whether it ended without being sent, and a person may still have it sent at a moment.
    pub(crate) fn can_be_resent(&self, now: Timestamp) -> bool {
        use DeliveryState::{Cancelled, Expired, Rejected};
        let is_kept = self.queued_at.is_some_and(|queued| now.duration_since(queued) < KEPT_FOR);
        is_kept && matches!(self.state, Rejected | Cancelled | Expired)
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

/// A deadline as people read it: `2026-12-01 06:00 UTC`.
pub(crate) fn words_of(until: Timestamp) -> String {
    until.strftime("%Y-%m-%d %H:%M UTC").to_string()
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
            held_until: None,
            attempts: 0,
            queued_at: None,
            unanswered: 0,
            retry_at: None,
            is_stopped: false,
        }
    }

    #[test]
    fn what_was_never_held_is_written_as_it_always_was() {
        let text = String::from_utf8(entry().to_file()).unwrap();
        // python3: hashlib.sha256 of the entry as compact JSON, without `held_until` and `completes`.
        assert!(
            text.contains("21f02aaf8acb974528a5f7e0924897bf283c9e72984032e6af041418e91ca018"),
            "{text}"
        );
    }

    #[test]
    fn only_what_was_never_tried_waits_for_its_deadline() {
        let until = "2026-12-01T06:00:00Z".parse().unwrap();
        let reason = Some("no survey arrived".into());
        let held =
            || OutboxEntry { held_until: Some(until), state: DeliveryState::Held, ..entry() };
        let held = OutboxEntry { reason, ..held() };
        assert_eq!(held.why(), "held until 2026-12-01 06:00 UTC: no survey arrived");
        assert_eq!(OutboxEntry::from_file(&held.to_file()), Some(held.clone()));
        assert_eq!(OutboxEntry { attempts: 1, ..held.clone() }.why(), "no survey arrived");
        assert_eq!(OutboxEntry { state: DeliveryState::Accepted, ..held }.waits_until(), None);
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
