//! Where delivery keeps what it knows.

use std::path::PathBuf;

/// Where delivery keeps what it knows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeliveryFolders {
    /// What waits, with its documents. It may be lost: what is released then counts as delivered, or is held.
    pub outbox: PathBuf,
    /// Which issues were released, and how their deliveries ended. It lies beside the tables.
    pub ledger: PathBuf,
}
