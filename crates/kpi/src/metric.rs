//! The definition of a figure: one file of `pipelines/metrics/`.
//!
//! [`read_metrics`] reads every file as it is written (`file`), turns it into a
//! [`Metric`] that has all its [`MetricKind`] needs (`reader`, `keys`, `rules`,
//! `interval_rules`, `scope`, put together in `read`), and checks the metrics against each other
//! (`cross_checks`, `sound`).

mod expression;
mod formula;
mod interval_choice;
mod rows;
mod statistic;
mod survey;

mod kind;
mod lifetime;
mod survival;

mod definition;

mod file;
mod reader;

mod interval_rules;
mod keys;
mod rules;
mod scope;

mod read;

mod cross_checks;
mod population;

mod sound;

mod declared_changes;
mod misread_question;
mod redefined;

pub use definition::Metric;
pub use expression::Expression;
pub(crate) use expression::{PERIOD_END, PERIOD_END_COLUMN};
pub(crate) use formula::names_in;
pub use interval_choice::IntervalChoice;
pub use kind::{
    DerivedMetric, GrowthMetric, Lasting, MetricKind, MovementMetric, QuantileMetric, RatioMetric,
    StateMetric, SurvivalMetric, TotalMetric,
};
pub(crate) use kind::{LifetimeMetric, Prediction};
pub use redefined::redefined_metrics;
pub(crate) use rows::FactRows;
pub use rows::{EventRows, LeftOutRows, ValidIntervals};
pub use sound::{SoundMetrics, read_metrics};
pub use statistic::Statistic;
pub use survey::{MetricOrientation, MetricQuestion};
