//! Which extracts of a source were delivered later than which.

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::path::Path;

use scorewright_extract::Deliveries;

/// What says how late each extract is: the numbers in its name, or which load brought it first.
#[derive(Debug, Default)]
pub(crate) struct DeliveryOrder(BTreeMap<String, Vec<u64>>);

impl DeliveryOrder {
    /// Of extracts, each with the load that brought it first.
    pub(crate) fn of<'a>(
        deliveries: &Deliveries,
        extracts: impl IntoIterator<Item = (&'a Path, u64)>,
    ) -> Self {
        let order = |(file, first_seen): (&Path, u64)| {
            let order = if deliveries.are_in_names() {
                deliveries.order_of(file).unwrap_or_default()
            } else {
                vec![first_seen]
            };
            (file.to_string_lossy().into_owned(), order)
        };
        Self(extracts.into_iter().map(order).collect())
    }

    /// Compares two extracts; equal are one with itself, and two of which nothing says so.
    pub(crate) fn compare(&self, left: &str, right: &str) -> Ordering {
        if left == right { Ordering::Equal } else { self.0.get(left).cmp(&self.0.get(right)) }
    }
}
