//! Delivers an issue, and what earlier calls could not.

mod offer;
mod outcome;
mod send;

use std::collections::BTreeSet;
use std::path::Path;

use crate::entry::DeliveryState;
use crate::issue::Issue;
use crate::outbox::Outbox;
use crate::route::Route;
use offer::offer;
use outcome::outcome;
use send::send;

pub use outcome::{Delivery, DeliveryError};

/// Hands an issue over by all `routes`, after what earlier calls could not hand over.
///
/// - The same issue again hands nothing over: its receipts are not new.
/// - Other figures for the same report and period are the next revision.
/// - Killed at any moment, the next call continues where this one stopped.
///
/// ```
/// use scorewright_delivery::{Issue, deliver, routes};
/// use scorewright_domain::{Document, Grain, Period};
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
///     figures: Fingerprint::of(b"csat 0.81"),
///     documents: vec![page],
///     email: None,
///     hold: None,
/// };
/// let (outbox, routes) = (out.path().join("outbox"), routes(out.path()));
/// assert!(deliver(&outbox, &routes, &issue)?.receipts[0].is_new);
/// assert!(!deliver(&outbox, &routes, &issue)?.receipts[0].is_new);
/// assert!(out.path().join("pages/customer/2026-W47/scorecard.md").is_file());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
///
/// When the issue cannot be delivered as it is, and when the outbox cannot be read or written.
pub fn deliver(
    outbox: &Path,
    routes: &[Box<dyn Route + '_>],
    issue: &Issue,
) -> Result<Delivery, DeliveryError> {
    issue.check()?;
    let mut outbox = Outbox::open(outbox)?;
    let mut tried = send(&mut outbox, routes, &[DeliveryState::Queued, DeliveryState::Deferred])?;
    let revision = outbox.revision(&issue.report, &issue.period.label(), &issue.figures);
    let offered = offer(&mut outbox, routes, issue, revision)?;
    tried.extend(send(&mut outbox, routes, &[DeliveryState::Queued])?);
    Ok(outcome(&outbox, Some(revision), &offered, &tried))
}

/// Hands over what earlier calls could not, and offers nothing new.
///
/// # Errors
///
/// When the outbox cannot be read or written.
pub fn resend(outbox: &Path, routes: &[Box<dyn Route + '_>]) -> Result<Delivery, DeliveryError> {
    let mut outbox = Outbox::open(outbox)?;
    let tried = send(&mut outbox, routes, &[DeliveryState::Queued, DeliveryState::Deferred])?;
    Ok(outcome(&outbox, None, &BTreeSet::new(), &tried))
}
