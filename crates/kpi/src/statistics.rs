//! Intervals and tests, each with its source. Pure arithmetic: no metric, no SQL, no clock.
//!
//! All intervals are two-sided at 95 %. `None` means the sample is too small to
//! say anything, never an interval of zero width.

mod distributions;
mod interval;

mod clusters;
mod lifetime;
mod mean;
mod points;
mod quantile;
mod rank_sum;
mod share;
mod survival;

mod difference;
mod false_discovery;
mod moving_range;

pub use clusters::{Cluster, Moments, bootstrap_interval, linearised_interval, seed};
pub use difference::{Estimate, difference};
pub use distributions::Z;
pub(crate) use distributions::two_sided;
pub use false_discovery::discoveries;
pub use interval::Interval;
pub(crate) use lifetime::{Fitted, PurchaseHistory, PurchaseModel, SpendHistory, SpendModel};
pub use mean::mean_interval;
pub use moving_range::usual_change;
pub use points::points_interval;
pub use quantile::{Distribution, order_ranks};
pub(crate) use rank_sum::rank_shift;
pub use share::{share_difference, share_interval};
pub(crate) use survival::{LastedFor, Lifetimes, SurvivalEstimate};
