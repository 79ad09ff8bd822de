//! What became of a call.

use std::collections::BTreeSet;

use scorewright_domain::Receipt;
use scorewright_durable::DurableError;

use crate::entry::{DeliveryState, OutboxEntry};
use crate::issue::BadIssue;
use crate::outbox::Outbox;

/// What is delivered after a call, and what is not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivery {
    /// What is delivered: the whole issue, with `is_new` for what this call handed over, and what
    /// this call handed over of earlier issues.
    pub receipts: Vec<Receipt>,
    /// What is not delivered: every outstanding entry of the outbox, what failed for good of
    /// this issue or by this call, and what expired by this call. Not empty: exit status 5.
    pub outstanding: Vec<OutboxEntry>,
    /// Entries of the outbox that could not be read. Not empty: exit status 5.
    pub damaged: Vec<String>,
}

/// Why nothing more could be delivered. What a single route could not deliver is not an error but
/// [`Delivery::outstanding`].
#[derive(Debug, thiserror::Error, miette::Diagnostic)]
pub enum DeliveryError {
    /// The issue cannot be delivered as it is; nothing of it was.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Issue(#[from] BadIssue),
    /// The outbox cannot be read or written.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Disk(#[from] DurableError),
}

/// The outcome of a call that `offered` some keys and tried to hand over others.
pub(super) fn outcome(
    outbox: &Outbox,
    offered: &BTreeSet<String>,
    tried: &BTreeSet<String>,
) -> Delivery {
    let mut delivery = Delivery {
        receipts: Vec::new(),
        outstanding: Vec::new(),
        damaged: outbox.damaged().to_vec(),
    };
    for entry in outbox.entries() {
        let key = &entry.label.key;
        let is_of_this_call = offered.contains(key) || tried.contains(key);
        match entry.state {
            DeliveryState::Accepted | DeliveryState::Rejected if !is_of_this_call => {}
            // Told once, by the call that found it too old.
            DeliveryState::Expired if !tried.contains(key) => {}
            DeliveryState::Cancelled => {}
            DeliveryState::Accepted => delivery.receipts.push(receipt(entry, tried)),
            _ => delivery.outstanding.push(entry.clone()),
        }
    }
    delivery
}

fn receipt(entry: &OutboxEntry, tried: &BTreeSet<String>) -> Receipt {
    Receipt {
        key: entry.label.key.clone(),
        route: entry.label.route.clone(),
        destination: entry.label.destination.clone(),
        is_new: tried.contains(&entry.label.key),
    }
}
