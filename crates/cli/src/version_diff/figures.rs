//! Values of `kpi.value` of two versions beside each other.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use scorewright_domain::{Grain, KpiValue, Segment, TableName};
use scorewright_warehouse::{Session, Snapshot, Warehouse};

use crate::exit::Failure;
use crate::standings::stored_values;

/// What became of a figure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum FigureOutcome {
    /// Only the later version has a row for it.
    Appeared,
    /// Only the earlier version has a row for it.
    Gone,
    /// Another value, or another reason why there is none.
    Changed,
    /// The same value of another number of observations, or within another interval.
    Recounted,
}

impl FigureOutcome {
    /// All of them, in the order of answers.
    pub(super) const ALL: [Self; 4] = [Self::Appeared, Self::Gone, Self::Changed, Self::Recounted];

    /// Its name in answers.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Appeared => "appeared",
            Self::Gone => "gone",
            Self::Changed => "changed",
            Self::Recounted => "recounted",
        }
    }
}

/// A figure that only one version has, or that both state otherwise.
pub(super) struct FigureChange {
    pub(super) change: FigureOutcome,
    pub(super) before: Option<KpiValue>,
    pub(super) after: Option<KpiValue>,
}

impl FigureChange {
    /// What it is about: metric, statistic, period and segment are those of both.
    pub(super) fn figure(&self) -> &KpiValue {
        self.after.as_ref().or(self.before.as_ref()).expect("a version has it")
    }

    /// How much of the larger value the difference is, from 0 to 2; 1 where only one version has a value.
    pub(super) fn share(&self) -> f64 {
        let value = |figure: &Option<KpiValue>| figure.as_ref().and_then(|figure| figure.value);
        match (value(&self.before), value(&self.after)) {
            (Some(before), Some(after)) => {
                let largest = before.abs().max(after.abs());
                if largest > 0.0 { (after - before).abs() / largest } else { 0.0 }
            }
            (None, None) => 0.0,
            _ => 1.0,
        }
    }
}

/// Which figures an answer lists one by one.
pub(crate) enum ListedFigures<'a> {
    /// The largest changes of all metrics, as many as people read.
    Largest,
    /// All that became of the figures of one metric.
    Of(&'a str),
}

impl ListedFigures<'_> {
    /// Changes that are listed of all metrics together.
    const MOST: usize = 20;

    /// The figures that are listed, and how many more changed.
    pub(super) fn among<'f>(&self, figures: &'f [FigureChange]) -> (Vec<&'f FigureChange>, usize) {
        match self {
            Self::Of(metric) => {
                (figures.iter().filter(|it| it.figure().metric == *metric).collect(), 0)
            }
            Self::Largest => {
                let changed = figures.iter().filter(|it| it.change == FigureOutcome::Changed);
                let mut changed: Vec<&FigureChange> = changed.collect();
                changed.sort_by(|one, other| by_size(one, other));
                let more = changed.len().saturating_sub(Self::MOST);
                changed.truncate(Self::MOST);
                (changed, more)
            }
        }
    }
}

/// The largest first, and of equal ones the newest.
fn by_size(one: &FigureChange, other: &FigureChange) -> Ordering {
    let day = |change: &FigureChange| change.figure().period.until;
    other.share().total_cmp(&one.share()).then(day(other).cmp(&day(one)))
}

/// How many figures of a metric came to what, in the order of [`FigureOutcome::ALL`].
pub(super) fn counts_by_metric(figures: &[FigureChange]) -> BTreeMap<&str, [u64; 4]> {
    let mut counts: BTreeMap<&str, [u64; 4]> = BTreeMap::new();
    for figure in figures {
        let place = FigureOutcome::ALL.iter().position(|change| *change == figure.change);
        let metric = counts.entry(&figure.figure().metric).or_default();
        metric[place.expect("all of them are listed")] += 1;
    }
    counts
}

/// What a figure is about.
type ComparedFigure = (String, String, Grain, Date, Segment);

/// Figures that only one version has, or that both state otherwise, in the order of `kpi.value`.
pub(super) fn figure_changes(
    warehouse: &Warehouse,
    from: &Snapshot,
    to: &Snapshot,
) -> Result<Vec<FigureChange>, Failure> {
    let name = kpi_value();
    let hashes = |snapshot: &Snapshot| {
        let table = snapshot.tables.get(&name);
        table.map(|table| table.files.iter().map(|file| file.sha256.clone()).collect::<Vec<_>>())
    };
    if hashes(from) == hashes(to) {
        return Ok(Vec::new());
    }
    let (mut before, after) = (values(warehouse, from)?, values(warehouse, to)?);
    let mut changes: BTreeMap<ComparedFigure, FigureChange> = BTreeMap::new();
    for (key, after) in after {
        if let Some(change) = change_of(before.remove(&key), after) {
            changes.insert(key, change);
        }
    }
    let gone =
        |before| FigureChange { change: FigureOutcome::Gone, before: Some(before), after: None };
    changes.extend(before.into_iter().map(|(key, before)| (key, gone(before))));
    Ok(changes.into_values().collect())
}

/// What became of a figure that the later version has; `None` where nothing did.
fn change_of(before: Option<KpiValue>, after: KpiValue) -> Option<FigureChange> {
    let states = |figure: &KpiValue| (figure.value, figure.null_reason);
    // All of time ends a day later on the next day.
    let of_its_days = |figure: &KpiValue| KpiValue { period: after.period, ..figure.clone() };
    let change = match &before {
        None => FigureOutcome::Appeared,
        Some(before) if states(before) != states(&after) => FigureOutcome::Changed,
        Some(before) if of_its_days(before) != after => FigureOutcome::Recounted,
        Some(_) => return None,
    };
    Some(FigureChange { change, before, after: Some(after) })
}

/// The figures of a version; none of one without any.
fn values(
    warehouse: &Warehouse,
    snapshot: &Snapshot,
) -> Result<BTreeMap<ComparedFigure, KpiValue>, Failure> {
    let name = kpi_value();
    let Some(table) = snapshot.tables.get(&name) else { return Ok(BTreeMap::new()) };
    let tables = BTreeMap::from([(name, table.clone())]);
    let session = Session::over(warehouse, &Snapshot { tables, ..Snapshot::empty() })?;
    Ok(stored_values(&session)?.into_iter().map(|value| (key(&value), value)).collect())
}

fn kpi_value() -> TableName {
    TableName::new("kpi", "value").expect("words of ours")
}

/// Names of the metrics that have a figure in one of two versions.
pub(crate) fn measured_metrics(
    warehouse: &Warehouse,
    versions: [&Snapshot; 2],
) -> Result<BTreeSet<String>, Failure> {
    let mut metrics = BTreeSet::new();
    for snapshot in versions {
        metrics.extend(values(warehouse, snapshot)?.into_values().map(|value| value.metric));
    }
    Ok(metrics)
}

fn key(value: &KpiValue) -> ComparedFigure {
    let (metric, statistic) = (value.metric.clone(), value.statistic.clone());
    (metric, statistic, value.period.grain, value.period.from, value.segment.clone())
}
