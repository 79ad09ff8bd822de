//! Relative change of another metric against the same period a year earlier.

use std::collections::BTreeMap;

use scorewright_domain::{Fault, Grain, KpiValue, NullReason, Period};

use super::context::MeasureContext;
use super::kind::DerivedKind;
use super::measurement::Measurement;
use super::part_values::{PartValues, measured_part};
use crate::metric::{GrowthMetric, Metric};

impl DerivedKind for GrowthMetric {
    /// Measures growth from the values of its part.
    ///
    /// The first period with rows is no base: nothing says that its days were all delivered. Neither is one before a
    /// declared change.
    fn measure(
        &self,
        context: &MeasureContext,
        metrics: &[Metric],
        values: &[KpiValue],
    ) -> Result<Vec<KpiValue>, Fault> {
        let part = measured_part(context, &self.of, self.of.text.trim(), metrics)?;
        let parts = PartValues::of(values, &[part]);
        let keys = parts.keys(context.metric);
        let first = first_periods(keys.iter().map(|(period, _)| *period));
        let all = keys.into_iter().map(|key| {
            let earlier = key.0.a_year_earlier();
            let is_whole = first.get(&key.0.grain) != Some(&earlier);
            let change = context.metric.newest_change(key.0.until, metrics);
            let is_comparable = change.is_none_or(|change| change.on <= earlier.from);
            let base = parts.get(part, &(earlier, key.1.clone()));
            let base = base.filter(|_| is_whole && is_comparable);
            figure(parts.get(part, &key), base).into_value(context, "value", key)
        });
        Ok(all.collect())
    }
}

fn first_periods(periods: impl Iterator<Item = Period>) -> BTreeMap<Grain, Period> {
    let mut first: BTreeMap<Grain, Period> = BTreeMap::new();
    for period in periods {
        let earliest = first.entry(period.grain).or_insert(period);
        *earliest = (*earliest).min(period);
    }
    first
}

fn figure(now: Option<&KpiValue>, base: Option<&KpiValue>) -> Measurement {
    let n = now.and_then(|now| now.n).unwrap_or_default();
    let (now, base) = (now.and_then(|now| now.value), base.and_then(|base| base.value));
    let value = match (now, base) {
        (None, _) => Err(NullReason::MissingPart),
        (_, None) => Err(NullReason::NoBase),
        (_, Some(0.0)) => Err(NullReason::EmptyDenominator),
        (Some(now), Some(base)) => Ok(now / base - 1.0),
    };
    Measurement { numerator: now, denominator: base, n, value, interval: None }
}
