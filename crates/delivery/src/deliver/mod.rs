//! Delivers an issue, and what earlier calls could not.

mod back_off;
mod decide;
mod hold;
mod notice;
mod offer;
mod outcome;
mod send;

use std::collections::BTreeSet;

use jiff::Timestamp;
use scorewright_domain::OwedIssue;

use crate::entry::DeliveryState;
use crate::folders::DeliveryFolders;
use crate::issue::Issue;
use crate::outbox::Outbox;
use crate::route::Route;
use hold::release_due;
use offer::offer;
use outcome::outcome;
use send::send;

pub use back_off::Retry;
pub use send::due_mails;

pub use decide::{Decision, DecisionError, decide};
pub use outcome::{Delivery, DeliveryError};

/// What earlier calls could not hand over, or cannot say of.
const UNDELIVERED: [DeliveryState; 4] =
    [DeliveryState::Queued, DeliveryState::Deferred, DeliveryState::Unclear, DeliveryState::Held];

/// Hands an issue over by all `routes`, after what earlier calls could not hand over.
///
/// - The same issue again hands nothing over: its receipts are not new.
/// - A revision is the one its issue says; a destination that has an earlier one gets a correction.
/// - Mails of a period that is not whole are held; `now` is when they are first held, or says that
///   their deadline is over. What is held of an earlier revision is never sent.
/// - Killed at any moment, the next call continues where this one stopped.
///
/// ```
/// use scorewright_delivery::{DeliveryFolders, Issue, deliver, routes};
/// use scorewright_domain::{Document, Fingerprint, Grain, Period};
/// use scorewright_durable::Readers;
///
/// let out = tempfile::tempdir()?;
/// let page = Document {
///     name: "scorecard.md".into(),
///     media_type: "text/markdown; charset=utf-8".into(),
///     bytes: b"| CSAT | 81 % |\n".to_vec(),
/// };
/// let issue = Issue {
///     report: "customer".into(),
///     period: Period::containing(Grain::Week, jiff::civil::date(2026, 11, 18)),
///     revision: 1,
///     figures: Fingerprint::of(b"csat 0.81"),
///     documents: vec![page],
///     email: None,
///     message: None,
///     hold: None,
/// };
/// let [outbox, ledger] = ["outbox", "ledger"].map(|name| out.path().join(name));
/// let (folders, routes) = (DeliveryFolders { outbox, ledger }, routes(out.path(), Readers::Owner));
/// let now = "2026-11-23T03:30:00Z".parse()?;
/// assert!(deliver(&folders, &routes, &issue, now)?.receipts[0].is_new);
/// assert!(!deliver(&folders, &routes, &issue, now)?.receipts[0].is_new);
/// assert!(out.path().join("pages/customer/2026-W47/scorecard.md").is_file());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
///
/// When the issue cannot be delivered as it is, and when the outbox cannot be read or written.
pub fn deliver(
    folders: &DeliveryFolders,
    routes: &[Box<dyn Route + '_>],
    issue: &Issue,
    now: Timestamp,
) -> Result<Delivery, DeliveryError> {
    deliver_all(folders, routes, &[issue], now)
}

/// Does the same for several issues, of different reports or periods: they wait for the disk together.
///
/// - Killed at any moment, each of them is delivered as a whole or not at all, and the next call continues.
///
/// # Errors
///
/// When one of the issues cannot be delivered as it is, and nothing of them was; and when the outbox cannot be read or written.
pub fn deliver_all(
    folders: &DeliveryFolders,
    routes: &[Box<dyn Route + '_>],
    issues: &[&Issue],
    now: Timestamp,
) -> Result<Delivery, DeliveryError> {
    issues.iter().try_for_each(|issue| issue.check())?;
    let mut outbox = Outbox::open(folders, now)?;
    for issue in issues {
        outbox.load(&issue.report, &issue.period.label())?;
    }
    let mut tried = send(&mut outbox, routes, &UNDELIVERED, Retry::WhenDue, now)?;
    let offered = offer(&mut outbox, routes, issues, now)?;
    tried.extend(send(&mut outbox, routes, &[DeliveryState::Queued], Retry::WhenDue, now)?);
    outbox.fold(now)?;
    Ok(outcome(&outbox, &offered, &tried))
}

/// Hands over what earlier calls could not and what is held no longer, and offers nothing new.
///
/// - `owed`: what the newest version owes; what is held of an earlier revision of it is never sent.
/// - `retry`: whether what a server did not take waits for its back-off.
/// - `now`: a deadline up to it is over.
///
/// # Errors
///
/// When the outbox cannot be read or written.
pub fn resend(
    folders: &DeliveryFolders,
    routes: &[Box<dyn Route + '_>],
    owed: &[OwedIssue],
    retry: Retry,
    now: Timestamp,
) -> Result<Delivery, DeliveryError> {
    let mut outbox = Outbox::open(folders, now)?;
    release_due(&mut outbox, routes, owed, now)?;
    let tried = send(&mut outbox, routes, &UNDELIVERED, retry, now)?;
    outbox.fold(now)?;
    Ok(outcome(&outbox, &BTreeSet::new(), &tried))
}
