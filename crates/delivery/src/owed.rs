//! What a version owes, beside what was delivered.

use scorewright_domain::{OwedDelivery, OwedIssue};
use scorewright_durable::DurableError;

use crate::entry::DeliveryState;
use crate::folders::DeliveryFolders;
use crate::issue::Issue;
use crate::label::Label;
use crate::outbox::Outbox;
use crate::route::Route;

/// Where an issue goes by all routes.
pub fn deliveries_of(issue: &Issue, routes: &[Box<dyn Route + '_>]) -> Vec<OwedDelivery> {
    let mut all: Vec<OwedDelivery> = Vec::new();
    for route in routes {
        for destination in route.destinations(issue) {
            let delivery = OwedDelivery { route: route.name().into(), destination };
            if !all.contains(&delivery) {
                all.push(delivery);
            }
        }
    }
    all
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
) -> Result<Vec<Label>, DurableError> {
    let mut outbox = Outbox::read(folders)?;
    let mut owed = Vec::new();
    for issue in issues {
        outbox.load(&issue.report, &issue.period)?;
        let OwedIssue { report, period, revision, .. } = issue;
        let labels = issue.deliveries.iter().map(|OwedDelivery { route, destination }| {
            Label::new(report, period, *revision, route, destination)
        });
        owed.extend(labels.filter(|label| !is_delivered(&outbox, routes, label)));
    }
    Ok(owed)
}

fn is_delivered(outbox: &Outbox, routes: &[Box<dyn Route + '_>], label: &Label) -> bool {
    let Some(entry) = outbox.get(&label.key) else { return false };
    let route = routes.iter().find(|route| route.name() == label.route);
    match entry.state {
        DeliveryState::Accepted => {
            route.is_none_or(|route| route.still_has(label, &entry.contents))
        }
        DeliveryState::Rejected => true,
        _ => false,
    }
}
