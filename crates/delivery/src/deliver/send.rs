//! Entries of the outbox to their routes.

use std::collections::BTreeSet;

use scorewright_durable::DurableError;

use crate::entry::{DeliveryState, OutboxEntry};
use crate::label::Label;
use crate::outbox::Outbox;
use crate::route::{HandOverError, Route};

/// Hands over every entry in one of `states`, oldest revision first. Returns their keys.
///
/// An entry of a route that is not among `routes` stays as it is.
pub(super) fn send(
    outbox: &mut Outbox,
    routes: &[Box<dyn Route + '_>],
    states: &[DeliveryState],
) -> Result<BTreeSet<String>, DurableError> {
    let is_due = |entry: &&OutboxEntry| states.contains(&entry.state);
    let due: Vec<OutboxEntry> = outbox.entries().into_iter().filter(is_due).cloned().collect();
    let mut tried = BTreeSet::new();
    for entry in due {
        let Some(route) = routes.iter().find(|route| route.name() == entry.label.route) else {
            continue;
        };
        tried.insert(entry.label.key.clone());
        outbox.load(&entry.label.report, &entry.label.period)?;
        let (state, reason) = match obsolete(outbox, &**route, &entry.label) {
            Some((state, reason)) => (state, Some(reason.into())),
            None => hand_over(outbox, &**route, &entry),
        };
        let attempts = entry.attempts.saturating_add(1);
        outbox.put(OutboxEntry { state, reason, attempts, ..entry })?;
    }
    outbox.clear_payloads()?;
    Ok(tried)
}

/// How a delivery ends that came too late to be handed over.
fn obsolete(
    outbox: &Outbox,
    route: &dyn Route,
    label: &Label,
) -> Option<(DeliveryState, &'static str)> {
    if route.is_replaceable() && outbox.has_later(label) {
        Some((DeliveryState::Rejected, "a later revision is there"))
    } else if label.is_notice() && !outbox.is_waiting(label) {
        Some((DeliveryState::Cancelled, "the report is held no longer"))
    } else {
        None
    }
}

fn hand_over(
    outbox: &Outbox,
    route: &dyn Route,
    entry: &OutboxEntry,
) -> (DeliveryState, Option<String>) {
    let Some(payload) = outbox.payload(entry) else {
        let reason = "its kept contents are damaged; offering the same issue again replaces them";
        return (DeliveryState::Held, Some(reason.into()));
    };
    match route.hand_over(&entry.label, &payload) {
        Ok(()) => (DeliveryState::Accepted, None),
        Err(HandOverError::Later(reason)) => (DeliveryState::Deferred, Some(reason)),
        Err(HandOverError::Never(reason)) => (DeliveryState::Rejected, Some(reason)),
    }
}
