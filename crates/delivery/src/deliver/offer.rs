//! An issue into the outbox.

use std::collections::BTreeSet;

use jiff::Timestamp;
use scorewright_domain::Document;
use scorewright_durable::DurableError;

use super::hold::{cancel_earlier, deadline};
use super::notice::offer_notices;
use super::outcome::DeliveryError;
use super::send::queued_at;
use crate::entry::{DeliveryState, OutboxEntry};
use crate::issue::{BadIssue, Issue};
use crate::label::Label;
use crate::outbox::Outbox;
use crate::route::Route;

/// Adds issues to the outbox and releases what of them is not held. Returns the keys of their entries.
pub(super) fn offer(
    outbox: &mut Outbox,
    routes: &[Box<dyn Route + '_>],
    issues: &[&Issue],
    now: Timestamp,
) -> Result<BTreeSet<String>, DeliveryError> {
    // Every payload is made before anything is stored: a bad issue leaves no trace.
    let prepared = issues.iter().map(|issue| prepare(outbox, routes, issue));
    let prepared: Vec<PreparedIssue<'_>> = prepared.collect::<Result<_, BadIssue>>()?;
    store(outbox, issues, &prepared, now)?;
    let mut keys = Vec::new();
    for (issue, (mut of_issue, _)) in issues.iter().zip(prepared) {
        of_issue.extend(offer_notices(outbox, routes, issue, &of_issue)?);
        outbox.drop_unreleased(issue, &of_issue)?;
        keys.extend(of_issue);
    }
    // Only once all entries of an issue are stored: either all of them are delivered or, after an
    // interruption before, none.
    let is_rendered =
        |key: &&String| outbox.get(key).is_some_and(|entry| entry.state == DeliveryState::Rendered);
    let rendered: Vec<String> = keys.iter().filter(is_rendered).cloned().collect();
    outbox.release(&rendered, &|label| queued_at(routes, label, now))?;
    Ok(keys.into_iter().collect())
}

/// A delivery that an offer can still change, with its payload.
type OpenPayload<'a> = (&'a dyn Route, Label, Vec<Document>);

/// The keys of all deliveries of an issue, and the payloads of those that are open.
type PreparedIssue<'a> = (Vec<String>, Vec<OpenPayload<'a>>);

/// Stores the entries of issues with their payloads; nobody can have them yet.
fn store(
    outbox: &mut Outbox,
    issues: &[&Issue],
    prepared: &[PreparedIssue<'_>],
    now: Timestamp,
) -> Result<(), DurableError> {
    let mut new = Vec::new();
    for (issue, (_, payloads)) in issues.iter().zip(prepared) {
        let offer = Offer { issue, held_until: deadline(outbox, issue, now), now };
        cancel_earlier(outbox, issue)?;
        let entries = payloads.iter().map(|(route, label, payload)| {
            Some((offer.entry(outbox, *route, label.clone(), payload)?, payload.as_slice()))
        });
        new.extend(entries.flatten());
    }
    outbox.add_all(new)
}

/// Prepares an issue.
fn prepare<'a>(
    outbox: &Outbox,
    routes: &'a [Box<dyn Route + '_>],
    issue: &Issue,
) -> Result<PreparedIssue<'a>, BadIssue> {
    let (mut keys, mut known, mut prepared) = (Vec::new(), BTreeSet::new(), Vec::new());
    for route in routes {
        for destination in route.destinations(issue) {
            let label = outbox.label(issue, route.name(), &destination);
            if !known.insert(label.key.clone()) {
                continue;
            }
            keys.push(label.key.clone());
            if is_open(outbox, &**route, &label) {
                let payload = route.payload(issue, &label)?;
                prepared.push((&**route, label, payload));
            }
        }
    }
    Ok((keys, prepared))
}

/// Whether an offer can still change what a destination gets.
fn is_open(outbox: &Outbox, route: &dyn Route, label: &Label) -> bool {
    use DeliveryState::{Accepted, Deferred, Held, Queued, Rendered};
    let Some(entry) = outbox.get(&label.key) else { return true };
    match entry.state {
        Rendered | Held => !entry.is_stopped,
        Queued | Accepted | Deferred => route.is_replaceable(),
        _ => false,
    }
}

/// An issue, offered at a moment.
struct Offer<'a> {
    issue: &'a Issue,
    /// The deadline of its report and period, where the period is not whole.
    held_until: Option<Timestamp>,
    now: Timestamp,
}

impl Offer<'_> {
    /// The entry of a delivery; `None` where its destination has the payload.
    fn entry(
        &self,
        outbox: &Outbox,
        route: &dyn Route,
        label: Label,
        payload: &[Document],
    ) -> Option<OutboxEntry> {
        use DeliveryState::{Accepted, Deferred, Queued, Rendered};
        let before = outbox.get(&label.key);
        let state = match before.map(|entry| entry.state) {
            Some(Accepted) if route.is_intact(&label, payload) => return None,
            Some(Accepted | Queued | Deferred) => Queued,
            _ => Rendered,
        };
        let attempts = before.map_or(0, |entry| entry.attempts);
        let (figures, contents) = (self.issue.figures.clone(), Vec::new());
        let entry = OutboxEntry {
            label,
            figures,
            contents,
            state,
            reason: None,
            held_until: None,
            attempts,
            queued_at: None,
            unanswered: 0,
            retry_at: None,
            is_stopped: false,
        };
        Some(if outbox.is_lost(&entry.label) && route.has(payload) {
            OutboxEntry { state: Accepted, ..entry }
        } else if route.is_replaceable() {
            entry
        } else {
            self.mail(outbox, entry)
        })
    }

    /// The entry of a mail: held by what stands in its way, or as it is.
    fn mail(&self, outbox: &Outbox, entry: OutboxEntry) -> OutboxEntry {
        use DeliveryState::{Cancelled, Held};
        // What may have been delivered has no deadline: it waits for a person.
        if let Some(doubt) = doubt(outbox, &entry.label) {
            return OutboxEntry { state: Held, reason: Some(doubt), ..entry };
        }
        let entry = OutboxEntry { held_until: self.held_until, ..entry };
        let before = outbox.last_before(&entry.label);
        let has_figures = before.is_some_and(|before| before.figures == entry.figures);
        let has_part = before.is_some_and(|before| before.held_until.is_some());
        let reason = match (has_figures, has_part && self.held_until.is_some()) {
            (true, _) => Some("its recipient has these figures"),
            (_, true) => {
                Some("its recipient knows that the period is not whole; the whole follows")
            }
            _ => None,
        };
        if reason.is_some() {
            let reason = reason.map(String::from);
            return OutboxEntry { state: Cancelled, reason, ..entry };
        }
        match &self.issue.hold {
            Some(hold) if self.held_until.is_some_and(|until| until > self.now) => {
                OutboxEntry { state: Held, reason: Some(hold.reason.clone()), ..entry }
            }
            _ => entry,
        }
    }
}

/// Why a mail may have been delivered, although its entry does not say so.
fn doubt(outbox: &Outbox, label: &Label) -> Option<String> {
    let Label { key, report, period, revision, .. } = label;
    if outbox.is_damaged(key) {
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
