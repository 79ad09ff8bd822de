//! Mails of periods that are not whole: until when they are held, and what ends that.

use jiff::Timestamp;
use scorewright_domain::OwedIssue;
use scorewright_durable::DurableError;

use super::back_off::whole_minute;
use super::send::queued_at;
use crate::entry::{DeliveryState, OutboxEntry};
use crate::issue::Issue;
use crate::outbox::Outbox;
use crate::route::Route;

/// Why a held mail is never sent.
const REPLACED: &str = "a later revision takes its place";

/// Until when the mails of an issue are held; `None` when its period is whole.
///
/// The deadline is one of the report and period: whichever revision was held first set it, and it
/// never moves to a later moment. It is a whole minute, so that a night that starts some seconds
/// earlier than the one before still finds it over.
pub(super) fn deadline(outbox: &Outbox, issue: &Issue, now: Timestamp) -> Option<Timestamp> {
    let hold = issue.hold.as_ref()?;
    let own = whole_minute(now).checked_add(hold.span).unwrap_or(Timestamp::MAX);
    let period = issue.period.label();
    let entries = outbox.entries().into_iter();
    let of_period = entries.filter(|entry| entry.label.is_of_period(&issue.report, &period));
    of_period.filter_map(|entry| entry.held_until).chain([own]).min()
}

/// Ends what is held of earlier revisions, and what no server took of them yet: nobody has seen them, and nobody is to see them now.
pub(super) fn cancel_earlier(outbox: &mut Outbox, issue: &Issue) -> Result<(), DurableError> {
    let period = issue.period.label();
    let is_earlier = |entry: &OutboxEntry| {
        entry.label.is_of_period(&issue.report, &period) && entry.label.revision < issue.revision
    };
    let unsent = outbox.entries().into_iter();
    let unsent = unsent.filter(|entry| entry.is_unsent() && !entry.label.is_notice()).cloned();
    let unseen: Vec<OutboxEntry> = waiting(outbox).into_iter().chain(unsent).collect();
    for entry in unseen.into_iter().filter(is_earlier) {
        cancel(outbox, entry)?;
    }
    Ok(())
}

/// Queues what is held and whose deadline is over, as it is. What a later revision in `owed`
/// replaces ends instead, also when that revision could not be offered yet.
pub(super) fn release_due(
    outbox: &mut Outbox,
    routes: &[Box<dyn Route + '_>],
    owed: &[OwedIssue],
    now: Timestamp,
) -> Result<(), DurableError> {
    let is_replaced = |entry: &OutboxEntry| {
        let newest = OwedIssue::newest(owed, &entry.label.report, &entry.label.period);
        newest.is_some_and(|newest| newest.revision > entry.label.revision)
    };
    let (replaced, current): (Vec<_>, Vec<_>) = waiting(outbox).into_iter().partition(is_replaced);
    for entry in replaced {
        cancel(outbox, entry)?;
    }
    let is_due = |entry: &OutboxEntry| entry.held_until.is_some_and(|until| until <= now);
    let due = current.into_iter().filter(is_due).map(|entry| entry.label.key);
    outbox.release(&due.collect::<Vec<String>>(), &|label| queued_at(routes, label, now))
}

/// What is held for a deadline.
fn waiting(outbox: &Outbox) -> Vec<OutboxEntry> {
    let entries = outbox.entries().into_iter();
    entries.filter(|entry| entry.waits_until().is_some()).cloned().collect()
}

fn cancel(outbox: &mut Outbox, entry: OutboxEntry) -> Result<(), DurableError> {
    let reason = Some(REPLACED.into());
    outbox.put(OutboxEntry { state: DeliveryState::Cancelled, reason, ..entry })
}
