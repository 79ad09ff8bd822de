//! What is delivered, and the proof that it was.

use serde::{Deserialize, Serialize};

/// A rendered page, ready to be copied or mailed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    /// File name, without folders: `scorecard.html`.
    pub name: String,
    /// Media type: `text/html; charset=utf-8`.
    pub media_type: String,
    /// The bytes, the same on every rendering of the same scorecard.
    pub bytes: Vec<u8>,
}

/// Proof of one delivery to one destination.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Receipt {
    /// Key of the entry in the outbox.
    pub key: String,
    /// Name of the route that delivered it.
    pub route: String,
    /// Folder or recipient.
    pub destination: String,
    /// Whether this run delivered it; `false` when it had been delivered before.
    pub is_new: bool,
}
