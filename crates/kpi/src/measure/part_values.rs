//! Values of the metrics that another is made of.

use std::collections::{BTreeMap, BTreeSet};

use scorewright_domain::{Fault, KpiValue, Period, Segment};

use super::cells::GridKey;
use super::context::MeasureContext;
use crate::metric::{Expression, Metric};

/// Values of the parts, by name, period and segment.
pub(super) struct PartValues<'a> {
    by_key: BTreeMap<(&'a str, Period, &'a Segment), &'a KpiValue>,
    /// Parts and segments that are stated in some period.
    stated: BTreeSet<(&'a str, &'a Segment)>,
}

impl<'a> PartValues<'a> {
    pub(super) fn of(values: &'a [KpiValue], names: &[&str]) -> Self {
        let wanted = values
            .iter()
            .filter(|value| value.statistic == "value" && names.contains(&value.metric.as_str()));
        let by_key: BTreeMap<_, _> = wanted
            .map(|value| ((value.metric.as_str(), value.period, &value.segment), value))
            .collect();
        let stated = by_key.keys().map(|(name, _, segment)| (*name, *segment)).collect();
        Self { by_key, stated }
    }

    pub(super) fn get(&self, name: &str, (period, segment): &GridKey) -> Option<&'a KpiValue> {
        self.by_key.get(&(name, *period, segment)).copied()
    }

    /// The number of a part. A sum over a segment that has rows in other periods is zero where the sum over everybody is
    /// known.
    pub(super) fn number(&self, part: &Metric, key: &GridKey) -> Option<f64> {
        match self.get(&part.name, key) {
            Some(value) => value.value,
            None if part.kind.is_sum() && self.stated.contains(&(&*part.name, &key.1)) => {
                let everybody = self.get(&part.name, &(key.0, Segment::total()))?;
                everybody.value.map(|_| 0.0)
            }
            None => None,
        }
    }

    /// The periods and segments of the parts that the metric is stated for.
    pub(super) fn keys(&self, metric: &Metric) -> BTreeSet<GridKey> {
        let is_stated = |period: &Period, segment: &Segment| {
            let is_dimension =
                metric.by.iter().any(|dimension| dimension.text == segment.dimension);
            metric.grains.contains(&period.grain) && (segment.is_total() || is_dimension)
        };
        let all = self.by_key.keys().filter(|(_, period, segment)| is_stated(period, segment));
        all.map(|(_, period, segment)| (*period, (*segment).clone())).collect()
    }
}

/// The name of a part, when it is among the metrics measured.
pub(super) fn measured_part<'a>(
    context: &MeasureContext,
    at: &Expression,
    name: &'a str,
    metrics: &[Metric],
) -> Result<&'a str, Fault> {
    if metrics.iter().any(|metric| metric.name == name) {
        return Ok(name);
    }
    let message = format!("metric `{name}` is not measured together with this one");
    Err(context.metric.fault(at, message))
}
