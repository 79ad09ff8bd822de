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
    /// Whether the revision it replaces was of a period that was not whole, and this one is whole.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub completes: bool,
}

/// The revision of a notice: it is of the report and period, whichever revision it is sent with.
const NOTICE: u32 = 0;

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
            completes: false,
        }
    }

    /// The label of the short mail that tells a recipient that this delivery is held: one for all
    /// revisions of its report and period.
    pub(crate) fn of_notice(&self) -> Self {
        Self::new(&self.report, &self.period, NOTICE, &self.route, &self.destination)
    }

    /// Whether it is a short mail that says that the report is held.
    pub fn is_notice(&self) -> bool {
        self.revision == NOTICE
    }

    /// Whether the destination has an earlier revision, which this one replaces.
    pub fn is_later(&self) -> bool {
        self.replaces.is_some_and(|before| before < self.revision)
    }

    /// Whether the destination has an earlier revision, which this one makes whole.
    pub fn is_completion(&self) -> bool {
        self.is_later() && self.completes
    }

    /// Whether the destination has an earlier revision, which this one corrects.
    pub fn is_correction(&self) -> bool {
        self.is_later() && !self.completes
    }

    /// What it is to a destination that has an earlier revision, as it stands in front of a subject.
    pub(crate) fn announcement(&self) -> &'static str {
        match (self.is_completion(), self.is_correction()) {
            (true, _) => "Complete: ",
            (_, true) => "Correction: ",
            _ => "",
        }
    }

    /// Whether both are of one report and period.
    pub(crate) fn is_of_period(&self, report: &str, period: &str) -> bool {
        (self.report.as_str(), self.period.as_str()) == (report, period)
    }

    /// Whether both are of one report and period, by one route to one destination.
    pub(crate) fn goes_where(&self, other: &Self) -> bool {
        self.is_of_period(&other.report, &other.period)
            && (&self.route, &self.destination) == (&other.route, &other.destination)
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
