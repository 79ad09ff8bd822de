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

/// Hands over every entry in one of `states`, oldest revision first, pages before all else. Returns their keys.
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
    let (mut tried, mut pages, mut others) = (BTreeSet::new(), Vec::new(), Vec::new());
    for entry in due {
        let Some(route) = routes.iter().find(|route| route.name() == entry.label.route) else {
            continue;
        };
        let key = entry.label.key.clone();
        if let Some(expired) = expired(&**route, &entry, now) {
            outbox.put(expired)?;
        } else if is_handed_over(&**route, &entry) && !is_backing_off(&entry, retry, now) {
            let of_kind = if route.is_replaceable() { &mut pages } else { &mut others };
            of_kind.push((&**route, entry));
        } else {
            continue;
        }
        tried.insert(key);
    }
    for (route, entries) in groups(pages) {
        hand_over_group(outbox, route, entries, now)?;
    }
    // After the pages, to which a mail may lead, and each recorded before the next: one at most is handed over twice.
    for (route, entry) in others {
        try_once(outbox, route, entry, now)?;
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
    let (entry, payload) = begin(outbox, route, entry)?;
    let tried = match payload {
        Ok(payload) => Tried::of(hand_over_recorded(outbox, route, &entry, &payload)),
        Err(tried) => tried,
    };
    outbox.put(tried.entry(route, entry, now))
}

/// Pages of one route, none of which changes what becomes of another one.
type Group<'a> = (&'a dyn Route, Vec<OutboxEntry>);

/// Pages that are handed over together at most: they are in memory.
const LARGEST_GROUP: usize = 64;

/// Pages that need not be handed over one after the other, oldest revision first.
fn groups<'a>(entries: Vec<(&'a dyn Route, OutboxEntry)>) -> Vec<Group<'a>> {
    let mut groups: Vec<Group<'a>> = Vec::new();
    for (route, entry) in entries {
        let of_route = groups.iter_mut().rfind(|(other, _)| other.name() == route.name());
        match of_route.filter(|(_, group)| fits(group, &entry)) {
            Some((_, group)) => group.push(entry),
            None => groups.push((route, vec![entry])),
        }
    }
    groups
}

/// Whether an entry changes nothing for a group: of a page, one revision takes the place of another.
fn fits(group: &[OutboxEntry], entry: &OutboxEntry) -> bool {
    let Label { report, period, .. } = &entry.label;
    let is_of_page = |other: &OutboxEntry| other.label.is_of_period(report, period);
    group.len() < LARGEST_GROUP && !group.iter().any(is_of_page)
}

/// Hands a group over; what became of all of it is recorded together.
fn hand_over_group(
    outbox: &mut Outbox,
    route: &dyn Route,
    group: Vec<OutboxEntry>,
    now: Timestamp,
) -> Result<(), DurableError> {
    let (mut ended, mut begun) = (Vec::new(), Vec::new());
    for entry in group {
        match begin(outbox, route, entry)? {
            (entry, Ok(payload)) => begun.push((entry, payload)),
            (entry, Err(tried)) => ended.push(tried.entry(route, entry, now)),
        }
    }
    let payloads: Vec<(&Label, &[Document])> =
        begun.iter().map(|(entry, payload)| (&entry.label, payload.as_slice())).collect();
    let results = route.hand_over_all(&payloads);
    let handed = begun.into_iter().zip(results);
    ended.extend(handed.map(|((entry, _), result)| Tried::of(result).entry(route, entry, now)));
    outbox.put_all(ended)
}

/// Counts a try of an entry: its payload, or how the try ended before it was handed over.
fn begin(
    outbox: &mut Outbox,
    route: &dyn Route,
    entry: OutboxEntry,
) -> Result<(OutboxEntry, Result<Vec<Document>, Tried>), DurableError> {
    outbox.load(&entry.label.report, &entry.label.period)?;
    let entry = OutboxEntry { attempts: entry.attempts.saturating_add(1), ..entry };
    if let Some((state, reason)) = obsolete(outbox, route, &entry.label) {
        return Ok((entry, Err(Tried::because(state, reason.into()))));
    }
    let damaged = "its kept contents are damaged; offering the same issue again replaces them";
    let payload = outbox.payload(&entry);
    let payload = payload.ok_or_else(|| Tried::because(DeliveryState::Held, damaged.into()));
    Ok((entry, payload))
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

    fn of(result: Result<(), HandOverError>) -> Self {
        use DeliveryState::{Accepted, Deferred, Rejected, Unclear};
        match result {
            Ok(()) => Self { state: Accepted, reason: None, pause: None },
            Err(HandOverError::Later(reason)) => Self::because(Deferred, reason),
            Err(HandOverError::Paused { reason, pause }) => {
                Self { pause: Some(pause), ..Self::because(Deferred, reason) }
            }
            Err(HandOverError::Never(reason)) => Self::because(Rejected, reason),
            Err(HandOverError::Unclear(reason)) => Self::because(Unclear, reason),
        }
    }

    /// The entry after the try.
    fn entry(self, route: &dyn Route, entry: OutboxEntry, now: Timestamp) -> OutboxEntry {
        let Self { state, reason, pause } = self;
        let unanswered = entry.unanswered + u32::from(state == DeliveryState::Unclear);
        // What goes into a folder harms nobody by being tried again at once.
        let backs_off = state == DeliveryState::Deferred && route.send_rules().is_some();
        let retry_at = backs_off.then(|| next_try(now, entry.attempts, pause));
        OutboxEntry { state, reason, unanswered, retry_at, ..entry }
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
