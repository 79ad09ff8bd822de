//! One entry of the outbox: what goes where, and how far it got.

use scorewright_domain::{Document, Fingerprint};
use serde::{Deserialize, Serialize};

/// What names one delivery.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Label {
    /// Hash of report, period, revision, route and destination; the name of the entry's file.
    pub key: String,
    /// Name of the report.
    pub report: String,
    /// Label of the period: `2026-W47`.
    pub period: String,
    /// From 1; each change of the figures adds one.
    pub revision: u32,
    /// Name of the route.
    pub route: String,
    /// Folder or recipient.
    pub destination: String,
    /// The revision this destination has had, or may have had, before; its own when it
    /// replaces itself.
    pub replaces: Option<u32>,
}

impl Label {
    /// A label with its key.
    pub(crate) fn new(
        report: &str,
        period: &str,
        revision: u32,
        route: &str,
        destination: &str,
    ) -> Self {
        Self {
            key: key(report, period, revision, route, destination),
            report: report.into(),
            period: period.into(),
            revision,
            route: route.into(),
            destination: destination.into(),
            replaces: None,
        }
    }

    /// Whether the destination has an earlier revision, which this one corrects.
    pub fn is_correction(&self) -> bool {
        self.replaces.is_some_and(|before| before < self.revision)
    }

    fn is_true(&self) -> bool {
        self.key == key(&self.report, &self.period, self.revision, &self.route, &self.destination)
    }
}

fn key(report: &str, period: &str, revision: u32, route: &str, destination: &str) -> String {
    let parts = (report, period, revision, route, destination);
    let text = serde_json::to_string(&parts).expect("texts and a number are always JSON");
    // 128 bits: short enough for a file name and a boundary, and no two will meet.
    Fingerprint::of(text.as_bytes()).short(32).into()
}

/// How far a delivery got.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Its contents are kept, but the issue is not released: nobody can have seen it.
    Rendered,
    /// Released, to be handed over.
    Queued,
    /// Handed over. Never handed over again.
    Accepted,
    /// Refused for now; tried again by the next call.
    Deferred,
    /// Refused for good.
    Rejected,
    /// Waits for the reason to go away.
    Held,
}

impl State {
    /// The state as a page says it: `queued`.
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

/// One delivery and how far it got: one file of the outbox.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// What goes where.
    pub label: Label,
    /// SHA-256 of the figures of its issue.
    pub figures: Fingerprint,
    /// What is handed over.
    pub contents: Vec<Piece>,
    /// How far it got.
    pub state: State,
    /// Why it got no further.
    pub reason: Option<String>,
    /// Times it was handed over or refused.
    pub attempts: u32,
}

/// One document of an entry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Piece {
    /// Its file name.
    pub name: String,
    /// Its media type.
    pub media_type: String,
    /// Its size.
    pub bytes: u64,
    /// SHA-256 of its bytes, in hexadecimal.
    pub sha256: Fingerprint,
}

impl Piece {
    pub(crate) fn of(document: &Document) -> Self {
        Self {
            name: document.name.clone(),
            media_type: document.media_type.clone(),
            bytes: document.bytes.len() as u64,
            sha256: Fingerprint::of(&document.bytes),
        }
    }
}

impl Entry {
    /// Whether it is still on its way.
    pub fn is_outstanding(&self) -> bool {
        !matches!(self.state, State::Accepted | State::Rejected)
    }

    /// Whether its destination has it, or may have it.
    pub(crate) fn may_be_seen(&self) -> bool {
        matches!(self.state, State::Queued | State::Accepted | State::Deferred)
    }

    /// Name of the folder its contents are kept in until they are accepted.
    pub(crate) fn frozen_name(&self) -> String {
        let contents = serde_json::to_string(&self.contents).expect("pieces are always JSON");
        format!("{}-{}", self.label.key, Fingerprint::of(contents.as_bytes()).short(16))
    }

    /// The entry as its file, with a seal that shows damage.
    pub(crate) fn to_file(&self) -> Vec<u8> {
        let sealed = Sealed { seal: self.seal(), entry: self.clone() };
        let mut text = serde_json::to_string_pretty(&sealed).expect("an entry is always JSON");
        text.push('\n');
        text.into_bytes()
    }

    /// Reads a file; `None` when it is damaged.
    pub(crate) fn from_file(bytes: &[u8]) -> Option<Self> {
        let sealed: Sealed = serde_json::from_slice(bytes).ok()?;
        (sealed.entry.label.is_true() && sealed.seal == sealed.entry.seal()).then_some(sealed.entry)
    }

    fn seal(&self) -> String {
        let text = serde_json::to_string(self).expect("an entry is always JSON");
        Fingerprint::of(text.as_bytes()).to_string()
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Sealed {
    entry: Entry,
    seal: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry() -> Entry {
        Entry {
            label: Label::new("customer", "2026-W47", 1, "eml", "board@example.com"),
            figures: Fingerprint::of(b"csat 81"),
            contents: vec![],
            state: State::Queued,
            reason: None,
            attempts: 0,
        }
    }

    #[test]
    fn a_key_is_a_hash_of_all_five_parts() {
        // python3: hashlib.sha256(b'["customer","2026-W47",1,"eml","board@example.com"]').hexdigest()[:32]
        assert_eq!(entry().label.key, "db0ffc67de9d9d87b627cb72bb6ff79d");
        let keys = [
            key("a", "b", 1, "c", "d"),
            key("ab", "", 1, "c", "d"),
            key("a", "b", 2, "c", "d"),
            key("a", "b", 1, "d", "c"),
        ];
        assert!(keys.iter().enumerate().all(|(at, key)| !keys[..at].contains(key)));
    }

    #[test]
    fn no_changed_byte_is_read_as_another_entry() {
        let file = entry().to_file();
        assert_eq!(Entry::from_file(&file), Some(entry()));
        for at in 0..file.len() {
            let mut damaged = file.clone();
            damaged[at] ^= 1;
            assert!(Entry::from_file(&damaged).is_none_or(|read| read == entry()), "byte {at}");
        }
    }
}
