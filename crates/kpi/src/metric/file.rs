//! A metric file as it is written, before its kind is looked at.

use std::collections::BTreeMap;

use scorewright_domain::{DeclaredChange, Direction, Grain, TableName, Unit};
use serde::Deserialize;
use toml::Spanned;

use super::interval_choice::IntervalChoice;
use super::kind::{LifetimeModel, Prediction};
use super::statistic::Statistic;
use super::survey::{MetricOrientation, MetricQuestion};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct MetricFile {
    pub(super) title: String,
    pub(super) says: String,
    #[serde(default = "one")]
    pub(super) version: u32,
    pub(super) unit: Spanned<Unit>,
    pub(super) direction: Spanned<Direction>,
    pub(super) kind: Spanned<KindWord>,
    pub(super) fact: Option<Spanned<TableName>>,
    pub(super) time: Option<Spanned<String>>,
    pub(super) filter: Option<Spanned<String>>,
    pub(super) include_left_out: Option<Spanned<bool>>,
    pub(super) latest_of: Option<Spanned<Vec<Spanned<String>>>>,
    pub(super) numerator: Option<Spanned<String>>,
    pub(super) denominator: Option<Spanned<String>>,
    #[serde(default)]
    pub(super) by: Vec<Spanned<String>>,
    pub(super) segments: Option<Spanned<BTreeMap<String, Vec<String>>>>,
    #[serde(default)]
    pub(super) grains: Vec<Spanned<Grain>>,
    pub(super) minimum_sample: Option<Spanned<u64>>,
    pub(super) minimum_group: Option<Spanned<u64>>,
    pub(super) interval: Option<Spanned<IntervalChoice>>,
    pub(super) decided: Option<String>,
    pub(super) population: Option<Spanned<String>>,
    #[serde(default)]
    pub(super) changes: Vec<Spanned<DeclaredChange>>,
    pub(super) scale: Option<Spanned<f64>>,
    pub(super) sum_of_squares: Option<Spanned<String>>,
    pub(super) sample: Option<Spanned<String>>,
    pub(super) per_year: Option<Spanned<bool>>,
    pub(super) cluster: Option<Spanned<String>>,
    pub(super) matures_after_days: Option<Spanned<u16>>,
    pub(super) question: Option<Spanned<MetricQuestion>>,
    pub(super) orientation: Option<Spanned<MetricOrientation>>,
    pub(super) value: Option<Spanned<String>>,
    pub(super) statistics: Option<Spanned<Vec<Statistic>>>,
    pub(super) entity: Option<Spanned<String>>,
    pub(super) from: Option<Spanned<String>>,
    pub(super) until: Option<Spanned<String>>,
    pub(super) formula: Option<Spanned<String>>,
    pub(super) parameters: Option<Spanned<BTreeMap<String, f64>>>,
    pub(super) of: Option<Spanned<String>>,
    pub(super) after_days: Option<Spanned<u16>>,
    pub(super) model: Option<Spanned<LifetimeModel>>,
    pub(super) predicts: Option<Spanned<Prediction>>,
    pub(super) amount: Option<Spanned<String>>,
    pub(super) horizon_days: Option<Spanned<u16>>,
    pub(super) discount_per_year: Option<Spanned<f64>>,
}

fn one() -> u32 {
    1
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum KindWord {
    Ratio,
    Total,
    Quantile,
    Movement,
    State,
    Survival,
    Model,
    Derived,
    Growth,
}
