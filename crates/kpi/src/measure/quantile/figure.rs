//! The figures made of a distribution.

use scorewright_domain::IntervalMethod;

use crate::measure::context::MeasureContext;
use crate::measure::measurement::Measurement;
use crate::metric::{IntervalChoice, Statistic};
use crate::statistics::{Distribution, mean_interval};

/// A figure of a distribution; `None` when there is nothing in it.
pub(super) fn figure(
    context: &MeasureContext,
    all: &Distribution,
    statistic: Statistic,
    unit: f64,
) -> Option<Measurement> {
    let ranked = |share| (all.quantile(share), all.quantile_interval(share));
    let ((value, interval), method) = match statistic {
        Statistic::Median => (ranked(0.5), IntervalMethod::OrderStatistics),
        Statistic::P90 => (ranked(0.9), IntervalMethod::OrderStatistics),
        Statistic::Mean => {
            let interval = mean_interval(all.n(), all.sum(), all.sum_of_squares());
            ((all.mean(), interval), IntervalMethod::StudentT)
        }
    };
    let interval = interval.filter(|_| context.metric.interval != IntervalChoice::None);
    Some(Measurement {
        interval: interval.map(|(low, high)| ((low * unit, high * unit), method)),
        ..Measurement::exact(value? * unit, all.n())
    })
}
