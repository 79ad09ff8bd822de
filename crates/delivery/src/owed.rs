//! What a version owes, beside what was delivered.

use std::collections::BTreeSet;

use jiff::Timestamp;
use scorewright_domain::{Fingerprint, OwedDelivery, OwedIssue};
use scorewright_durable::DurableError;

use crate::entry::{Attachment, DeliveryState, OutboxEntry};
use crate::folders::DeliveryFolders;
use crate::issue::{BadIssue, Issue};
use crate::label::Label;
use crate::outbox::Outbox;
use crate::route::Route;

/// Where an issue goes by all routes, and proof that it can.
///
/// # Errors
///
/// When the issue cannot be delivered as it is.
pub fn deliveries_of(
    issue: &Issue,
    routes: &[Box<dyn Route + '_>],
) -> Result<Vec<OwedDelivery>, BadIssue> {
    issue.check()?;
    let (mut all, mut known) = (Vec::new(), BTreeSet::new());
    for route in routes {
        for destination in route.destinations(issue) {
            if known.insert((route.name(), destination.clone())) {
                all.push(delivery_of(issue, &**route, destination)?);
            }
        }
    }
    Ok(all)
}

fn delivery_of(
    issue: &Issue,
    route: &dyn Route,
    destination: String,
) -> Result<OwedDelivery, BadIssue> {
    let (period, name) = (issue.period.label(), route.name());
    let label = Label::new(&issue.report, &period, issue.revision, name, &destination);
    let payload = route.payload(issue, &label)?;
    let contents: Vec<Attachment> = payload.iter().map(Attachment::of).collect();
    let contents = route.is_replaceable().then(|| hash_of(&contents));
    Ok(OwedDelivery { route: name.into(), destination, contents })
}

fn hash_of(contents: &[Attachment]) -> Fingerprint {
    let text = serde_json::to_string(contents).expect("attachments are always JSON");
    Fingerprint::of(text.as_bytes())
}

/// A delivery that has not come to an end, or whose destination lost what it was given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenDelivery {
    /// What goes where.
    pub label: Label,
    /// The deadline it is held for: until then nothing is to be done for it, and a resend does that.
    pub waits_until: Option<Timestamp>,
    /// Whether it waits in the outbox to be sent to a server: a resend does all that is to be done for it.
    pub is_sendable: bool,
}

/// The deliveries of some issues that have not come to an end, and those whose destination lost what it was given.
///
/// # Errors
///
/// When the outbox or the ledger cannot be read.
pub fn undelivered(
    folders: &DeliveryFolders,
    routes: &[Box<dyn Route + '_>],
    issues: &[&OwedIssue],
) -> Result<Vec<OpenDelivery>, DurableError> {
    let mut outbox = Outbox::read(folders)?;
    let mut owed = Vec::new();
    for issue in issues {
        outbox.load(&issue.report, &issue.period)?;
        let OwedIssue { report, period, revision, .. } = issue;
        for delivery in &issue.deliveries {
            let OwedDelivery { route, destination, .. } = delivery;
            let label = Label::new(report, period, *revision, route, destination);
            if !is_delivered(&outbox, routes, &label, delivery) {
                let entry = outbox.get(&label.key);
                let waits_until = entry.and_then(OutboxEntry::waits_until);
                let is_sendable = entry.is_some_and(OutboxEntry::is_sendable);
                owed.push(OpenDelivery { label, waits_until, is_sendable });
            }
        }
    }
    Ok(owed)
}

fn is_delivered(
    outbox: &Outbox,
    routes: &[Box<dyn Route + '_>],
    label: &Label,
    delivery: &OwedDelivery,
) -> bool {
    let Some(entry) = outbox.get(&label.key) else { return false };
    let is_that = delivery.contents.as_ref().is_none_or(|hash| *hash == hash_of(&entry.contents));
    let route = routes.iter().find(|route| route.name() == label.route);
    match entry.state {
        DeliveryState::Accepted => {
            is_that && route.is_none_or(|route| route.still_has(label, &entry.contents))
        }
        DeliveryState::Rejected | DeliveryState::Cancelled | DeliveryState::Expired => true,
        _ => false,
    }
}
