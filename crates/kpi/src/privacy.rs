//! Small groups cannot be read out of what is shown: not from a figure of theirs, not from a total and the other groups,
//! not from the parts of a longer period, and not from what was shown before.
//!
//! ```text
//! values ──┐
//!          ├── block ── relations ── elimination ── which cells are hidden ── values
//! shown  ──┘
//! ```
//!
//! A metric with `minimum_group` hides the figures of fewer people, and then as many others as it takes: all that follows
//! by sums and differences from what is shown is about that many people or nobody (primary and complementary suppression
//! of cells; Hundepool and others, Statistical Disclosure Control, 2012, chapter 4). A cell that was shown before counts
//! as known for ever: where it changed by fewer people it stays as it was.

mod earlier;
mod elimination;
mod group_cell;
mod keys;
mod relations;

mod block;

#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use scorewright_domain::{Grain, IntervalMethod, KpiValue, NullReason, Period};

use crate::metric::Metric;
use block::Block;
use keys::{CellKey, FigureKey, figure_key, key_of};

/// The values that may be shown of a metric, and how many of them are as they were shown before although they changed.
///
/// - `values`: those of the metric, all statistics.
/// - `shown`: those of the newest version, of any metric.
pub(crate) fn protect(
    metric: &Metric,
    values: Vec<KpiValue>,
    shown: &[KpiValue],
) -> (Vec<KpiValue>, u64) {
    let Some(smallest) = metric.minimum_group else { return (values, 0) };
    let shown = shown_before(metric, smallest, shown);
    let (stated, unstated): (Vec<KpiValue>, Vec<KpiValue>) =
        values.into_iter().partition(is_stated);
    let mut protected: Vec<KpiValue> = unstated.into_iter().map(without_counts).collect();
    let mut held = 0;
    for (stated, shown) in blocks(metric, stated, &shown) {
        let block = Block::new(metric, smallest, &stated, &shown);
        let hidden = block.hidden();
        let kept = kept(&hidden, &shown);
        held += count_changed(&kept, &stated);
        let of_kept: BTreeSet<FigureKey> = kept.iter().map(|value| figure_key(value)).collect();
        let rest = stated.iter().filter(|value| !of_kept.contains(&figure_key(value))).cloned();
        protected.extend(rest.map(|value| hide(value, &hidden)));
        protected.extend(kept.into_iter().cloned());
    }
    (protected, held)
}

/// What the newest version shows of the same definition; nothing where it shows a small group itself, as it did not
/// protect them yet.
fn shown_before<'a>(metric: &Metric, smallest: u64, shown: &'a [KpiValue]) -> Vec<&'a KpiValue> {
    let own = shown.iter().filter(|value| {
        value.metric == metric.name && value.version == metric.version && is_stated(value)
    });
    let own: Vec<&KpiValue> = own.collect();
    let is_small = |value: &&KpiValue| value.n.is_some_and(|n| 0 < n && n < smallest);
    if own.iter().any(is_small) { Vec::new() } else { own }
}

/// Whether a value is one of a period that is over and whole, and of a segment.
fn is_stated(value: &KpiValue) -> bool {
    use NullReason::{Immature, NotCovered, TooManySegments};
    !matches!(value.null_reason, Some(Immature | NotCovered | TooManySegments))
}

/// The values of each of the longest periods, with all that lie within it.
fn blocks<'a>(
    metric: &Metric,
    values: Vec<KpiValue>,
    shown: &[&'a KpiValue],
) -> Vec<(Vec<KpiValue>, Vec<&'a KpiValue>)> {
    let longest = metric.grains.iter().copied().max().unwrap_or(Grain::Year);
    let block = |value: &KpiValue| Period::containing(longest, value.period.from);
    let mut blocks: BTreeMap<Period, (Vec<KpiValue>, Vec<&KpiValue>)> = BTreeMap::new();
    for value in values {
        blocks.entry(block(&value)).or_default().0.push(value);
    }
    for value in shown {
        if let Some((_, shown)) = blocks.get_mut(&block(value)) {
            shown.push(value);
        }
    }
    blocks.into_values().collect()
}

/// The figures shown before of cells that are not shown anew.
fn kept<'a>(hidden: &BTreeSet<CellKey>, shown: &[&'a KpiValue]) -> Vec<&'a KpiValue> {
    let is_kept = |value: &&&KpiValue| {
        hidden.contains(&key_of(value)) && value.null_reason != Some(NullReason::Suppressed)
    };
    shown.iter().filter(is_kept).copied().collect()
}

/// How many of them would be others now.
fn count_changed(kept: &[&KpiValue], stated: &[KpiValue]) -> u64 {
    let now: BTreeMap<FigureKey, &KpiValue> =
        stated.iter().map(|value| (figure_key(value), value)).collect();
    let has_changed = |value: &&&KpiValue| now.get(&figure_key(value)) != Some(*value);
    kept.iter().filter(has_changed).count() as u64
}

fn hide(value: KpiValue, hidden: &BTreeSet<CellKey>) -> KpiValue {
    if !hidden.contains(&key_of(&value)) {
        return value;
    }
    let null_reason = Some(NullReason::Suppressed);
    without_counts(KpiValue {
        value: None,
        low: None,
        high: None,
        interval: IntervalMethod::None,
        null_reason,
        ..value
    })
}

/// A value that tells nothing of how many there are.
fn without_counts(value: KpiValue) -> KpiValue {
    KpiValue { numerator: None, denominator: None, n: None, ..value }
}
