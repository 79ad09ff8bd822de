//! Sums over the rows of each period and segment, and the figures made of them.

mod exact_number;

mod aggregates;

mod interval;

mod figure;

mod formula;
mod row_numbers;

mod day_sums;

mod event_sums;
mod period_sums;

mod cluster_name;
mod cluster_rows;
mod cluster_sums;

mod coded_sums;
mod movement_counts;
mod state_sums;

pub(super) use aggregates::{Aggregates, Sums};
pub(super) use cluster_sums::{ClusterQuery, ClusterSums, cluster_sums};
pub(super) use coded_sums::coded_sums;
pub(super) use event_sums::{event_sql, event_sums};
pub(super) use figure::{factor, values};
pub(super) use movement_counts::movement_sums;
pub(super) use period_sums::period_sums;
pub(super) use state_sums::state_sums;
