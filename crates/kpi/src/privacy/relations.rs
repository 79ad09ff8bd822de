//! Which figures add up to which.

use std::collections::BTreeSet;

use scorewright_domain::{Grain, Period, Segment};

use super::keys::CellKey;
use crate::metric::{Metric, MetricKind};

/// Cells, each with a factor, that add up to nothing: parts, and minus the whole.
pub(super) type Relation = Vec<(CellKey, f64)>;

/// The relations between the cells of a metric: the segments of a dimension make the total, and the periods that a longer
/// one consists of make that.
pub(super) fn relations(metric: &Metric, cells: &BTreeSet<CellKey>) -> Vec<Relation> {
    let periods: BTreeSet<Period> = cells.iter().map(|(period, _)| *period).collect();
    let mut relations = Vec::new();
    for period in &periods {
        for dimension in &metric.by {
            relations.push(by_segment(cells, *period, &dimension.text));
        }
    }
    if is_added_up(metric) {
        let longer = periods.iter().filter_map(|period| {
            let shorter = shorter(&metric.grains, period.grain)?;
            let is_within = |part: &&Period| part.grain == shorter && is_part(**part, *period);
            Some((*period, periods.iter().filter(is_within).copied().collect::<Vec<_>>()))
        });
        for (period, parts) in longer.filter(|(_, parts)| !parts.is_empty()) {
            relations.extend(by_period(cells, period, &parts));
        }
    }
    relations.retain(|relation| relation.len() > 1);
    relations
}

fn by_segment(cells: &BTreeSet<CellKey>, period: Period, dimension: &str) -> Relation {
    let of_dimension = cells.iter().filter(|(other, segment)| {
        *other == period && segment.dimension == dimension && !segment.is_total()
    });
    let mut relation: Relation = of_dimension.map(|key| (key.clone(), 1.0)).collect();
    let total = (period, Segment::total());
    // Of a dimension whose values are not stated nothing adds up.
    if !relation.is_empty() && cells.contains(&total) {
        relation.push((total, -1.0));
    }
    relation
}

fn by_period(cells: &BTreeSet<CellKey>, whole: Period, parts: &[Period]) -> Vec<Relation> {
    let of_whole = cells.iter().filter(|(period, _)| *period == whole);
    let relation = |(_, segment): &CellKey| {
        let parts = parts.iter().map(|part| (*part, segment.clone()));
        let parts = parts.filter(|key| cells.contains(key)).map(|key| (key, 1.0));
        parts.chain([((whole, segment.clone()), -1.0)]).collect()
    };
    of_whole.map(relation).collect()
}

/// The longest of some lengths that a longer one consists of.
fn shorter(grains: &[Grain], grain: Grain) -> Option<Grain> {
    grains.iter().copied().filter(|other| *other < grain).max()
}

fn is_part(part: Period, whole: Period) -> bool {
    whole.from <= part.from && part.until <= whole.until
}

/// Whether the rows of a longer period are those of its parts: of rows that replace each other each period has its own.
fn is_added_up(metric: &Metric) -> bool {
    let rows = match &metric.kind {
        MetricKind::Ratio(ratio) => &ratio.rows,
        MetricKind::Total(total) => &total.rows,
        MetricKind::Quantile(quantile) => &quantile.rows,
        _ => return false,
    };
    rows.latest_of.is_empty()
}
