//! What identifies one delivery.

use scorewright_domain::Fingerprint;
use serde::{Deserialize, Serialize};

/// One revision of a report on its way to one destination.
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
    /// The revision this destination has had, or may have had, before; the same revision when it
    /// is delivered again over itself.
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

    /// Whether the key is the hash of the other fields.
    pub(crate) fn is_consistent(&self) -> bool {
        self.key == key(&self.report, &self.period, self.revision, &self.route, &self.destination)
    }
}

fn key(report: &str, period: &str, revision: u32, route: &str, destination: &str) -> String {
    let parts = (report, period, revision, route, destination);
    let text = serde_json::to_string(&parts).expect("texts and a number are always JSON");
    // 128 bits: short enough for a file name and a MIME boundary, long enough not to collide.
    Fingerprint::of(text.as_bytes()).short(32).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_a_hash_of_all_five_parts() {
        // python3: hashlib.sha256(b'["customer","2026-W47",1,"eml","board@example.com"]').hexdigest()[:32]
        let label = Label::new("customer", "2026-W47", 1, "eml", "board@example.com");
        assert_eq!(label.key, "db0ffc67de9d9d87b627cb72bb6ff79d");
        let keys = [
            key("a", "b", 1, "c", "d"),
            key("ab", "", 1, "c", "d"),
            key("a", "b", 2, "c", "d"),
            key("a", "b", 1, "d", "c"),
        ];
        assert!(keys.iter().enumerate().all(|(at, key)| !keys[..at].contains(key)));
    }
}
