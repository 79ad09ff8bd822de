//! Entries of the outbox to their routes.

use std::collections::BTreeSet;

use jiff::Timestamp;
use scorewright_domain::Document;
use scorewright_durable::DurableError;

use super::back_off::{Retry, next_try};
use crate::entry::{DeliveryState, OutboxEntry, words_of};
use crate::folders::DeliveryFolders;
use crate::label::Label;
use crate::outbox::Outbox;
use crate::route::{HandOverError, Pause, Route, SendRules};

/// Times a mail is sent at most without a person: once, and once more after a lost answer.
const SENT_AT_MOST: u32 = 2;

/// What is recorded before a mail may have arrived, and stays where the process ends then.
const INTERRUPTED: &str = "it was being sent when the process ended, so it may have arrived";

/// Hands over every entry in one of `states`, oldest revision first. Returns their keys.
///
/// - An entry of a route that is not among `routes` stays as it is, as does one of a route that does not send.
/// - What a server did not take stays as it is until its back-off is over, unless it is tried at once.
/// - What is too old to be sent at `now` ends.
pub(super) fn send(
    outbox: &mut Outbox,
    routes: &[Box<dyn Route + '_>],
    states: &[DeliveryState],
    retry: Retry,
    now: Timestamp,
) -> Result<BTreeSet<String>, DurableError> {
    let is_due = |entry: &&OutboxEntry| states.contains(&entry.state);
    let due: Vec<OutboxEntry> = outbox.entries().into_iter().filter(is_due).cloned().collect();
    let mut tried = BTreeSet::new();
    for entry in due {
        let Some(route) = routes.iter().find(|route| route.name() == entry.label.route) else {
            continue;
        };
        let key = entry.label.key.clone();
        if let Some(expired) = expired(&**route, &entry, now) {
            outbox.put(expired)?;
        } else if is_handed_over(&**route, &entry) && !is_backing_off(&entry, retry, now) {
            try_once(outbox, &**route, entry, now)?;
        } else {
            continue;
        }
        tried.insert(key);
    }
    outbox.clear_payloads(now)?;
    Ok(tried)
}

/// What a call would send now, each with its message, and nothing is changed.
///
/// # Errors
///
/// When the outbox cannot be read.
pub fn due_mails(
    folders: &DeliveryFolders,
    routes: &[Box<dyn Route + '_>],
    now: Timestamp,
) -> Result<Vec<(OutboxEntry, Document)>, DurableError> {
    let outbox = Outbox::read(folders)?;
    let is_due = |entry: &&OutboxEntry| {
        let route = routes.iter().find(|route| route.name() == entry.label.route);
        route.is_some_and(|route| {
            let rules = route.send_rules();
            rules.is_some_and(|rules| is_due_by(Some(rules), entry))
                && expired(&**route, entry, now).is_none()
        })
    };
    let due = outbox.entries().into_iter().filter(is_due);
    let with_message = |entry: &OutboxEntry| Some((entry.clone(), outbox.payload(entry)?.pop()?));
    Ok(due.filter_map(with_message).collect())
}

/// When what is queued at a moment is queued, where its route sends it: from then on it ages.
pub(super) fn queued_at(
    routes: &[Box<dyn Route + '_>],
    label: &Label,
    now: Timestamp,
) -> Option<Timestamp> {
    let route = routes.iter().find(|route| route.name() == label.route);
    route.and_then(|route| route.send_rules()).map(|_| now)
}

/// The entry as one that ended, where it is too old to be sent.
fn expired(route: &dyn Route, entry: &OutboxEntry, now: Timestamp) -> Option<OutboxEntry> {
    let (rules, queued) = (route.send_rules()?, entry.queued_at?);
    let until = queued.checked_add(rules.expires_after).unwrap_or(Timestamp::MAX);
    if until > now {
        return None;
    }
    let last = entry.reason.as_ref().map(|reason| format!("; last: {reason}"));
    let reason = format!("not sent by {}{}", words_of(until), last.unwrap_or_default());
    let (state, is_stopped) = (DeliveryState::Expired, false);
    Some(OutboxEntry { state, reason: Some(reason), is_stopped, ..entry.clone() })
}

/// Whether an entry is handed over now, by the rules of its route.
fn is_handed_over(route: &dyn Route, entry: &OutboxEntry) -> bool {
    let rules = route.send_rules();
    if rules.is_some_and(|rules: SendRules| !rules.is_sending) {
        return false;
    }
    is_due_by(rules, entry)
}

fn is_backing_off(entry: &OutboxEntry, retry: Retry, now: Timestamp) -> bool {
    let until = entry.waits_for_retry_until().filter(|_| retry == Retry::WhenDue);
    until.is_some_and(|until| until > now)
}

fn is_due_by(rules: Option<SendRules>, entry: &OutboxEntry) -> bool {
    let repeats = rules.is_some_and(|rules| rules.repeats_unanswered);
    match entry.state {
        DeliveryState::Queued | DeliveryState::Deferred => true,
        DeliveryState::Unclear => repeats && entry.unanswered < SENT_AT_MOST,
        _ => false,
    }
}

fn try_once(
    outbox: &mut Outbox,
    route: &dyn Route,
    entry: OutboxEntry,
    now: Timestamp,
) -> Result<(), DurableError> {
    outbox.load(&entry.label.report, &entry.label.period)?;
    let entry = OutboxEntry { attempts: entry.attempts.saturating_add(1), ..entry };
    let Tried { state, reason, pause } = match obsolete(outbox, route, &entry.label) {
        Some((state, reason)) => Tried::because(state, reason.into()),
        None => hand_over(outbox, route, &entry),
    };
    let unanswered = entry.unanswered + u32::from(state == DeliveryState::Unclear);
    // What goes into a folder harms nobody by being tried again at once.
    let backs_off = state == DeliveryState::Deferred && route.send_rules().is_some();
    let retry_at = backs_off.then(|| next_try(now, entry.attempts, pause));
    outbox.put(OutboxEntry { state, reason, unanswered, retry_at, ..entry })
}

/// How a try ended.
struct Tried {
    state: DeliveryState,
    reason: Option<String>,
    /// How long the destination wants to be left alone.
    pause: Option<Pause>,
}

impl Tried {
    fn because(state: DeliveryState, reason: String) -> Self {
        Self { state, reason: Some(reason), pause: None }
    }
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

fn hand_over(outbox: &mut Outbox, route: &dyn Route, entry: &OutboxEntry) -> Tried {
    use DeliveryState::{Accepted, Deferred, Held, Rejected, Unclear};
    let Some(payload) = outbox.payload(entry) else {
        let reason = "its kept contents are damaged; offering the same issue again replaces them";
        return Tried::because(Held, reason.into());
    };
    match hand_over_recorded(outbox, route, entry, &payload) {
        Ok(()) => Tried { state: Accepted, reason: None, pause: None },
        Err(HandOverError::Later(reason)) => Tried::because(Deferred, reason),
        Err(HandOverError::Paused { reason, pause }) => {
            Tried { pause: Some(pause), ..Tried::because(Deferred, reason) }
        }
        Err(HandOverError::Never(reason)) => Tried::because(Rejected, reason),
        Err(HandOverError::Unclear(reason)) => Tried::because(Unclear, reason),
    }
}

/// Hands over, and records last before the destination may have it that it may: a process that ends then is not one that
/// sent nothing.
fn hand_over_recorded(
    outbox: &mut Outbox,
    route: &dyn Route,
    entry: &OutboxEntry,
    payload: &[Document],
) -> Result<(), HandOverError> {
    let interrupted = OutboxEntry {
        state: DeliveryState::Unclear,
        reason: Some(INTERRUPTED.into()),
        unanswered: entry.unanswered + 1,
        ..entry.clone()
    };
    let mut before_end = || {
        let recorded = outbox.put(interrupted.clone());
        recorded.map_err(|error| HandOverError::Later(error.in_full()))
    };
    route.hand_over(&entry.label, payload, &mut before_end)
}
