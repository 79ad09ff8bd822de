//! What a person decides of one mail.

use jiff::Timestamp;
use scorewright_durable::DurableError;

use super::send::queued_at;
use crate::entry::{DeliveryState, OutboxEntry};
use crate::folders::DeliveryFolders;
use crate::outbox::Outbox;
use crate::route::Route;

/// What is to become of a mail that waits or was not sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    /// It is not sent until somebody decides again.
    Hold,
    /// It is never sent.
    Cancel,
    /// It is queued anew, as if it were of today; its bytes stay the same.
    Resend,
}

/// Why a decision is not carried out; nothing is changed.
#[derive(Debug, thiserror::Error, miette::Diagnostic)]
pub enum DecisionError {
    /// No mail has such a key.
    #[error("no mail in the outbox has a key that begins with `{0}`")]
    #[diagnostic(help("`scorewright outbox list` shows the keys"))]
    Unknown(String),
    /// Several mails do.
    #[error("{count} mails in the outbox have a key that begins with `{start}`")]
    #[diagnostic(help("write more of the key"))]
    Several {
        /// The start of their keys.
        start: String,
        /// How many.
        count: usize,
    },
    /// The mail is in a state in which that cannot be done.
    #[error("this cannot be done with mail {key}: {why}")]
    Impossible {
        /// The mail.
        key: String,
        /// Why.
        why: &'static str,
    },
    /// The outbox cannot be read or written.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Disk(#[from] DurableError),
}

impl Outbox {
    /// The entry whose key begins so.
    ///
    /// # Errors
    ///
    /// When there is none, or more than one.
    pub fn find(&self, start: &str) -> Result<&OutboxEntry, DecisionError> {
        let entries = self.entries().into_iter();
        let found: Vec<&OutboxEntry> =
            entries.filter(|entry| entry.label.key.starts_with(start)).collect();
        match found[..] {
            [entry] if !start.is_empty() => Ok(entry),
            [] => Err(DecisionError::Unknown(start.into())),
            _ => Err(DecisionError::Several { start: start.into(), count: found.len() }),
        }
    }
}

/// Carries out what a person decides of the mails whose keys begin so; returns them as they are then. The caller holds
/// the lock of the run.
///
/// # Errors
///
/// At the first that cannot be done; then nothing is changed.
pub fn decide(
    folders: &DeliveryFolders,
    routes: &[Box<dyn Route + '_>],
    starts: &[String],
    decision: Decision,
    now: Timestamp,
) -> Result<Vec<OutboxEntry>, DecisionError> {
    let mut outbox = Outbox::open(folders, now)?;
    let mut chosen = Vec::new();
    for start in starts {
        let entry = outbox.find(start)?.clone();
        let route = routes.iter().find(|route| route.name() == entry.label.route);
        let why = match route {
            Some(route) if route.is_replaceable() => Some("it is a page"),
            _ => obstacle(&outbox, &entry, decision, now),
        };
        if let Some(why) = why {
            return Err(DecisionError::Impossible { key: entry.label.key, why });
        }
        chosen.push(entry);
    }
    for entry in &chosen {
        carry_out(&mut outbox, routes, entry, decision, now)?;
    }
    outbox.fold(now)?;
    let keys = chosen.iter().map(|entry| &entry.label.key);
    Ok(keys.filter_map(|key| outbox.get(key).cloned()).collect())
}

/// Why a decision cannot be carried out.
fn obstacle(
    outbox: &Outbox,
    entry: &OutboxEntry,
    decision: Decision,
    now: Timestamp,
) -> Option<&'static str> {
    use DeliveryState::{Accepted, Rendered};
    match (decision, entry.state) {
        (_, Accepted) => Some("it was handed over, and nothing takes that back"),
        (_, Rendered) => Some("its report is not released: the next run does that"),
        (Decision::Resend, _) => {
            let is_kept = entry.is_outstanding() || entry.can_be_resent(now);
            let is_whole = is_kept && outbox.payload(entry).is_some();
            (!is_whole).then_some("its message is not kept any more")
        }
        (Decision::Hold | Decision::Cancel, _) if entry.is_outstanding() => None,
        _ => Some("it came to an end already"),
    }
}

fn carry_out(
    outbox: &mut Outbox,
    routes: &[Box<dyn Route + '_>],
    entry: &OutboxEntry,
    decision: Decision,
    now: Timestamp,
) -> Result<(), DurableError> {
    use DeliveryState::{Cancelled, Held};
    let (state, reason, is_stopped) = match decision {
        Decision::Hold => (Held, "held by a person", true),
        Decision::Cancel => (Cancelled, "cancelled by a person", false),
        Decision::Resend => {
            let key = [entry.label.key.clone()];
            return outbox.release(&key, &|label| queued_at(routes, label, now));
        }
    };
    let reason = Some(reason.into());
    // What was never queued ages from now on, so that its message is kept for a while.
    let queued_at = entry.queued_at.or_else(|| queued_at(routes, &entry.label, now));
    outbox.put(OutboxEntry { state, reason, queued_at, is_stopped, ..entry.clone() })
}
