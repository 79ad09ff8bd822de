//! What a version owes its readers: the ledger of a commit.

use serde::{Deserialize, Serialize};

use crate::names::fingerprint::Fingerprint;

/// One report of one period that a version owes its readers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwedIssue {
    /// Name of the report.
    pub report: String,
    /// Label of the period: `2026-W47`.
    pub period: String,
    /// Which edition of the period, from 1.
    pub revision: u32,
    /// Hash of the figures shown.
    pub figures: Fingerprint,
    /// The version that it is rendered from.
    pub version: u64,
    /// Where it goes; nowhere any more once all of it was delivered: the ledger beside the outbox has that.
    pub deliveries: Vec<OwedDelivery>,
    /// Whether a later version found all of it delivered.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_delivered: bool,
}

/// A destination that an issue is owed to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwedDelivery {
    /// Name of the route: `pages`.
    pub route: String,
    /// Folder or recipient.
    pub destination: String,
    /// Hash of what it gets, where it is replaced when that changes: a page. A mail is sent once, whatever it says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contents: Option<Fingerprint>,
}

impl OwedDelivery {
    /// Whether it is handed over once, whatever it says: a mail, unlike a page.
    pub fn is_sent_once(&self) -> bool {
        self.contents.is_none()
    }
}

impl OwedIssue {
    /// The newest issue of a report and period among those of a ledger.
    pub fn newest<'a>(ledger: &'a [Self], report: &str, period: &str) -> Option<&'a Self> {
        ledger.iter().find(|issue| issue.report == report && issue.period == period)
    }

    /// Whether somebody is sent it, and not only its pages are put in their place.
    pub fn is_mailed(&self) -> bool {
        self.deliveries.iter().any(OwedDelivery::is_sent_once)
    }

    /// The same, delivered: what every later version says of it, so it says no more than is needed.
    #[must_use]
    pub fn delivered(self) -> Self {
        Self { deliveries: Vec::new(), is_delivered: true, ..self }
    }

    /// The revision that figures of a period are: that of the newest issue where they are the same, else the next.
    pub fn revision_of(&self, figures: &Fingerprint) -> u32 {
        self.revision + u32::from(self.figures != *figures)
    }
}
