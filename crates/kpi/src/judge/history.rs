//! The values of one figure, period by period.

use std::collections::HashMap;

use jiff::civil::Date;
use scorewright_domain::{Grain, KpiValue, Period, Segment, Standing};

/// The values of one metric, statistic, segment and length of period, oldest first.
pub(super) struct FigureHistory<'a> {
    values: Vec<&'a KpiValue>,
}

impl<'a> FigureHistory<'a> {
    /// The history of every figure, in no order.
    pub(super) fn all(values: &'a [KpiValue]) -> Vec<Self> {
        let mut by_figure: HashMap<(&str, &str, &Segment, Grain), Vec<&KpiValue>> = HashMap::new();
        for value in values {
            let figure = (&*value.metric, &*value.statistic, &value.segment, value.period.grain);
            by_figure.entry(figure).or_default().push(value);
        }
        let sorted = by_figure.into_values().map(|mut values| {
            values.sort_unstable_by_key(|value| value.period);
            Self { values }
        });
        sorted.collect()
    }

    /// Its newest value.
    pub(super) fn newest(&self) -> &'a KpiValue {
        self.values[self.values.len() - 1]
    }

    /// The history up to a period, or of everything whichever days it holds; `None` when there is no value for it.
    pub(super) fn until(mut self, period: Period) -> Option<Self> {
        if period.grain == Grain::All {
            return Some(self);
        }
        let last = self.values.binary_search_by_key(&period, |value| value.period).ok()?;
        self.values.truncate(last + 1);
        Some(self)
    }

    /// The history from a day on, with the newest value in any case.
    pub(super) fn since(mut self, day: Date) -> Self {
        let newest = self.newest().period;
        self.values.retain(|value| value.period.from >= day || value.period == newest);
        self
    }

    /// How many values it has.
    pub(super) fn len(&self) -> usize {
        self.values.len()
    }

    /// The value of the period just before the newest.
    pub(super) fn before(&self) -> Option<&'a KpiValue> {
        let [.., before, newest] = self.values.as_slice() else { return None };
        is_next(before, newest.period).then_some(*before)
    }

    /// The last values as [`FigureHistory::series`] has them, those of late periods at its end left out.
    pub(super) fn series_before(&self, is_late: impl Fn(Period) -> bool) -> Vec<Option<f64>> {
        let mut series = self.series();
        let mut period = self.newest().period;
        for value in series.iter_mut().rev() {
            if !is_late(period) {
                break;
            }
            *value = None;
            period = period.previous();
        }
        series
    }

    /// The last values, the oldest known one first, at most [`Standing::LONGEST_SERIES`] of them.
    pub(super) fn series(&self) -> Vec<Option<f64>> {
        let mut older = self.values.iter().rev().skip(1).peekable();
        let mut period = self.newest().period;
        let mut series = vec![self.newest().value];
        while series.len() < Standing::LONGEST_SERIES
            && let Some(before) = older.peek()
        {
            // A gap is stepped over period by period.
            let known = is_next(before, period).then(|| older.next()).flatten();
            period = known.map_or_else(|| period.previous(), |value| value.period);
            series.push(known.and_then(|value| value.value));
        }
        let known = series.iter().rposition(Option::is_some).unwrap_or(0);
        series.truncate(known + 1);
        series.reverse();
        series
    }
}

/// Whether a value is of the period that ends where another begins.
fn is_next(before: &KpiValue, period: Period) -> bool {
    before.period.until == period.from
}
