//! Whether a change is one.

use std::collections::BTreeMap;

use scorewright_domain::{Evidence, KpiValue, Period, Standing, TestedChange, Unit};

use crate::metric::{IntervalChoice, Metric};
use crate::statistics::discoveries;

/// What is known about the change of one figure before it is known how many changes are looked at.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Change {
    /// Too few observations on a side, or nothing to compare with.
    TooLittle,
    /// What is asked, or how, was changed in between.
    NotComparable,
    /// A change that nothing can be said about but its size.
    Untested { is_worthwhile: bool },
    /// A change with its interval.
    Tested { test: TestedChange, is_worthwhile: bool },
}

impl Change {
    pub(super) fn test(self) -> Option<TestedChange> {
        if let Self::Tested { test, .. } = self { Some(test) } else { None }
    }
}

/// Compares a value with the one before.
pub(super) fn compare(metric: &Metric, now: &KpiValue, before: Option<&KpiValue>) -> Change {
    let Some(before) = before.filter(|before| before.n.min(now.n) >= Some(metric.minimum_sample))
    else {
        return Change::TooLittle;
    };
    let (Some(value), Some(value_before)) = (now.value, before.value) else {
        return Change::TooLittle;
    };
    let change = value - value_before;
    let is_worthwhile = change.abs() >= worthwhile(metric.unit, value_before);
    match now.tested_change {
        Some(test) => Change::Tested { test, is_worthwhile },
        None if metric.interval == IntervalChoice::None => Change::Untested { is_worthwhile },
        None => Change::TooLittle,
    }
}

/// The smallest change worth talking about, in the metric's unit.
fn worthwhile(unit: Unit, before: f64) -> f64 {
    match unit {
        Unit::Share | Unit::Growth | Unit::Ratio => 0.02,
        Unit::Points => 2.0,
        Unit::Score => 0.1,
        Unit::Duration | Unit::Money | Unit::Count | Unit::PerYear => 0.05 * before.abs(),
    }
}

/// Looks at all changes of a family at once, so that many looks do not make one of them real.
pub(super) fn assign_evidence(judged: &mut [(Standing, Change)]) {
    let mut families: BTreeMap<(Period, bool), Vec<&mut (Standing, Change)>> = BTreeMap::new();
    for one in judged {
        let KpiValue { period, segment, .. } = &one.0.current;
        families.entry((*period, segment.is_total())).or_default().push(one);
    }
    families.into_values().for_each(assign_in_family);
}

fn assign_in_family(mut family: Vec<&mut (Standing, Change)>) {
    let tests = family.iter().filter_map(|(_, change)| change.test());
    let probabilities: Vec<f64> = tests.map(|test| test.probability).collect();
    let mut survives = discoveries(&probabilities).into_iter();
    for (standing, change) in &mut family {
        let is_discovery = change.test().and_then(|_| survives.next()).unwrap_or_default();
        standing.evidence = evidence(*change, is_discovery);
    }
}

fn evidence(change: Change, is_discovery: bool) -> Evidence {
    match change {
        Change::TooLittle => Evidence::TooLittleData,
        Change::NotComparable => Evidence::NotComparable,
        Change::Untested { is_worthwhile } => small_or_noise(is_worthwhile),
        Change::Tested { test: TestedChange { interval: (low, high), .. }, is_worthwhile } => {
            if is_discovery && (low > 0.0 || high < 0.0) {
                Evidence::Real
            } else {
                small_or_noise(is_worthwhile)
            }
        }
    }
}

fn small_or_noise(is_worthwhile: bool) -> Evidence {
    if is_worthwhile { Evidence::Noise } else { Evidence::NoClearChange }
}
