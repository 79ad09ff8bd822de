//! Which extracts of a source were delivered later than which.

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::path::Path;

use scorewright_extract::{Deliveries, Source, VersionMoment};

use crate::rows::moments::named;

/// What says how late each extract is: the numbers in its name, or which load brought it first.
#[derive(Debug, Default)]
pub(crate) struct DeliveryOrder(BTreeMap<String, FileOrder>);

/// How late an extract is: what `delivered` says of it, and which load brought it first.
#[derive(Debug, Default)]
struct FileOrder {
    delivered: Vec<u64>,
    first_seen: u64,
    /// The moment that its name states, where that is when its rows hold from.
    moment: Option<i64>,
}

impl DeliveryOrder {
    /// Of extracts of a source, each with the load that brought it first.
    pub(crate) fn of<'a>(
        source: &Source,
        deliveries: &Deliveries,
        extracts: impl IntoIterator<Item = (&'a Path, u64)>,
    ) -> Self {
        let is_dated = source.version_moment() == Some(VersionMoment::Name);
        let zone = source.day_zone();
        let order = |(file, first_seen): (&Path, u64)| {
            let order = if deliveries.are_in_names() {
                deliveries.order_of(file).unwrap_or_default()
            } else {
                vec![first_seen]
            };
            let moment = if is_dated { named(deliveries, file, &zone) } else { None };
            (
                file.to_string_lossy().into_owned(),
                FileOrder { delivered: order, first_seen, moment },
            )
        };
        Self(extracts.into_iter().map(order).collect())
    }

    /// Compares two extracts; equal are one with itself, and two of which nothing says so.
    pub(crate) fn compare(&self, left: &str, right: &str) -> Ordering {
        let delivered = |file: &str| self.0.get(file).map(|order| &order.delivered);
        if left == right { Ordering::Equal } else { delivered(left).cmp(&delivered(right)) }
    }

    /// The moment that the name of an extract states, where that is when its rows hold from.
    pub(crate) fn moment(&self, file: &str) -> Option<i64> {
        self.0.get(file).and_then(|order| order.moment)
    }

    /// Which load brought an extract first.
    pub(crate) fn first_seen(&self, file: &str) -> u64 {
        self.0.get(file).map_or(0, |order| order.first_seen)
    }
}
