//! An issue into the outbox.

use std::collections::BTreeSet;

use scorewright_domain::Document;
use scorewright_durable::DurableError;

use super::outcome::DeliveryError;
use crate::entry::{DeliveryState, OutboxEntry};
use crate::issue::Issue;
use crate::label::Label;
use crate::outbox::Outbox;
use crate::route::Route;

/// Adds an issue to the outbox and releases it. Returns the keys of its entries.
pub(super) fn offer(
    outbox: &mut Outbox,
    routes: &[Box<dyn Route + '_>],
    issue: &Issue,
) -> Result<BTreeSet<String>, DeliveryError> {
    // Every payload is made before anything is stored: a bad issue leaves no trace.
    let mut keys = Vec::new();
    let mut prepared = Vec::new();
    for route in routes {
        for destination in route.destinations(issue) {
            let label = outbox.label(issue, route.name(), &destination);
            if keys.contains(&label.key) {
                continue;
            }
            keys.push(label.key.clone());
            if is_open(outbox, &**route, &label) {
                let payload = route.payload(issue, &label)?;
                prepared.push((route, label, payload));
            }
        }
    }
    for (route, label, payload) in prepared {
        add(outbox, &**route, issue, label, &payload)?;
    }
    outbox.drop_unreleased(issue, &keys)?;
    release(outbox, &keys)?;
    Ok(keys.into_iter().collect())
}

/// Whether an offer can still change what a destination gets.
fn is_open(outbox: &Outbox, route: &dyn Route, label: &Label) -> bool {
    use DeliveryState::{Accepted, Deferred, Held, Queued, Rejected, Rendered};
    match outbox.get(&label.key).map(|entry| entry.state) {
        None | Some(Rendered | Held) => true,
        Some(Queued | Accepted | Deferred) => route.is_replaceable(),
        Some(Rejected) => false,
    }
}

fn add(
    outbox: &mut Outbox,
    route: &dyn Route,
    issue: &Issue,
    label: Label,
    payload: &[Document],
) -> Result<(), DurableError> {
    use DeliveryState::{Accepted, Deferred, Held, Queued, Rendered};
    let before = outbox.get(&label.key);
    let state = match before.map(|entry| entry.state) {
        Some(Accepted) if route.is_intact(&label, payload) => return Ok(()),
        Some(Accepted | Queued | Deferred) => Queued,
        _ => Rendered,
    };
    let attempts = before.map_or(0, |entry| entry.attempts);
    let reason = if route.is_replaceable() { None } else { hold_reason(outbox, issue, &label) };
    let state = if reason.is_some() { Held } else { state };
    let figures = issue.figures.clone();
    let entry = OutboxEntry { label, figures, contents: Vec::new(), state, reason, attempts };
    outbox.add(entry, payload)
}

fn hold_reason(outbox: &Outbox, issue: &Issue, label: &Label) -> Option<String> {
    let Label { key, report, period, revision, .. } = label;
    if issue.hold.is_some() {
        issue.hold.clone()
    } else if outbox.is_damaged(key) {
        Some(format!(
            "its former entry is damaged, so it may have been delivered; remove `damaged/{key}.json` to deliver it"
        ))
    } else if outbox.is_lost(label) {
        Some(format!(
            "it was queued and its entry is lost, so it may have been delivered; remove `warehouse/ledger/{report}/{period}.r{revision}.json` to deliver it"
        ))
    } else {
        None
    }
}

/// Queues what was rendered. Only called once all entries of an issue are stored: either all of
/// them are delivered or, after an interruption before, none.
fn release(outbox: &mut Outbox, keys: &[String]) -> Result<(), DurableError> {
    let is_rendered =
        |key: &&String| outbox.get(key).is_some_and(|entry| entry.state == DeliveryState::Rendered);
    let rendered: Vec<String> = keys.iter().filter(is_rendered).cloned().collect();
    outbox.record_release(&rendered)?;
    for key in keys {
        let entry = outbox.get(key).filter(|entry| entry.state == DeliveryState::Rendered);
        if let Some(entry) = entry.cloned() {
            outbox.put(OutboxEntry { state: DeliveryState::Queued, ..entry })?;
        }
    }
    Ok(())
}
