//! Short mails that tell recipients at once that their report is held.

use super::outcome::DeliveryError;
use crate::entry::{DeliveryState, OutboxEntry};
use crate::issue::Issue;
use crate::label::Label;
use crate::outbox::Outbox;
use crate::route::Route;

/// Adds a notice for each mail among `keys` that is held for a deadline, once for each report,
/// period and recipient. Returns the keys of the notices that are still to be released.
pub(super) fn offer_notices(
    outbox: &mut Outbox,
    routes: &[Box<dyn Route + '_>],
    issue: &Issue,
    keys: &[String],
) -> Result<Vec<String>, DeliveryError> {
    let held: Vec<OutboxEntry> =
        keys.iter().filter_map(|key| outbox.get(key).filter(|it| is_held(it)).cloned()).collect();
    let mut offered = Vec::new();
    for entry in held {
        let label = entry.label.of_notice();
        let route = routes.iter().find(|route| route.name() == label.route);
        let Some(route) = route.filter(|_| is_unsent(outbox, &label)) else { continue };
        if let Some(mail) = route.notice(issue, &entry)? {
            offered.push(label.key.clone());
            outbox.add(notice_of(entry, label), &[mail])?;
        }
    }
    Ok(offered)
}

fn is_held(entry: &OutboxEntry) -> bool {
    entry.waits_until().is_some()
}

/// Whether nobody can have a notice. One whose entry is lost or damaged may have been sent, and is
/// not worth a decision of a person.
fn is_unsent(outbox: &Outbox, label: &Label) -> bool {
    let before = outbox.get(&label.key).map(|entry| entry.state);
    let is_new = matches!(before, None | Some(DeliveryState::Rendered));
    is_new && !outbox.is_damaged(&label.key) && !outbox.is_lost(label)
}

fn notice_of(held: OutboxEntry, label: Label) -> OutboxEntry {
    let (state, reason) = (DeliveryState::Rendered, None);
    OutboxEntry { label, state, reason, held_until: None, ..held }
}
