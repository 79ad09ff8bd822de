//! What an issue that is not made yet would be handed over to whom, by what its recipients have.

use std::collections::BTreeSet;

use jiff::Timestamp;
use scorewright_durable::DurableError;

use crate::entry::OutboxEntry;
use crate::folders::DeliveryFolders;
use crate::issue::Issue;
use crate::label::Label;
use crate::outbox::Outbox;
use crate::route::Route;

/// A mail or message that an issue would be sent as.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExpectedDelivery {
    /// Name of the route: `eml`.
    pub route: &'static str,
    /// Recipient, or chat.
    pub destination: String,
    /// What there is of the period.
    pub former: FormerDelivery,
}

/// What a recipient was sent of a report and period.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FormerDelivery {
    /// Nothing: the issue is sent.
    Nothing,
    /// A mail is held for its deadline; the issue takes its place where its figures are others.
    Held(Timestamp),
    /// A mail has come to an end, or waits to be sent: the issue is sent as a correction where its figures are others.
    Something,
}

/// The mails and messages that an issue would be sent as. Its texts and figures need not be known yet.
///
/// # Errors
///
/// When the outbox or the ledger cannot be read.
pub fn expected_deliveries(
    folders: &DeliveryFolders,
    routes: &[Box<dyn Route + '_>],
    issue: &Issue,
) -> Result<Vec<ExpectedDelivery>, DurableError> {
    let mut outbox = Outbox::read(folders)?;
    let (report, period) = (&issue.report, issue.period.label());
    outbox.load(report, &period)?;
    let (mut expected, mut known) = (Vec::new(), BTreeSet::new());
    for route in routes.iter().filter(|route| !route.is_replaceable()) {
        for destination in route.destinations(issue) {
            if known.insert((route.name(), destination.clone())) {
                let revision = issue.revision;
                let label = Label::new(report, &period, revision, route.name(), &destination);
                let former = former(&outbox, &label);
                expected.push(ExpectedDelivery { route: route.name(), destination, former });
            }
        }
    }
    Ok(expected)
}

/// - `label`: where it goes; its revision does not matter.
fn former(outbox: &Outbox, label: &Label) -> FormerDelivery {
    let entries = outbox.entries().into_iter();
    let of_recipient: Vec<&OutboxEntry> =
        entries.filter(|entry| entry.label.goes_where(label) && !entry.label.is_notice()).collect();
    let held = of_recipient.iter().filter_map(|entry| entry.waits_until()).min();
    match (held, of_recipient.is_empty()) {
        (Some(until), _) => FormerDelivery::Held(until),
        (None, true) => FormerDelivery::Nothing,
        (None, false) => FormerDelivery::Something,
    }
}
