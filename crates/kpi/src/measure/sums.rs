//! Sums over the rows of each period and segment, and the figures made of them.

mod exact_number;

mod aggregates;

mod interval;

mod figure;

mod event_sums;
mod period_sums;

mod cluster_intervals;

pub(super) use aggregates::Aggregates;
pub(super) use cluster_intervals::{ClusterIntervals, cluster_intervals};
pub(super) use event_sums::{EventSums, event_sql};
pub(super) use figure::{factor, values};
pub(super) use period_sums::period_values;
