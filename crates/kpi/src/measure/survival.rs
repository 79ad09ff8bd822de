//! How long what begins in a period lasts, what still goes on counted as far as it was seen.

use scorewright_domain::{
    ChangeTest, Fault, Grain, IntervalMethod, KpiValue, NullReason, Period, TestedChange,
};

use super::cells::GridKey;
use super::context::MeasureContext;
use super::grid::grid;
use super::kind::{FactKind, FactQuery, RowNeed};
use super::measurement::Measurement;
use super::observations::{Distributions, Observed};
use super::rows::{EventRelation, TimeType};
use crate::metric::{
    EventRows, Expression, FactRows, IntervalChoice, Lasting, Statistic, SurvivalMetric,
};
use crate::sql::Sql;
use crate::statistics::{
    Distribution, Estimate, LastedFor, Lifetimes, SurvivalEstimate, difference,
};

/// Microseconds of a day: observations are in microseconds.
const DAY: i64 = 86_400_000_000;

impl FactQuery for SurvivalMetric {
    fn rows(&self) -> FactRows<'_> {
        FactRows::Events(&self.rows)
    }

    fn need(&self) -> RowNeed<'_> {
        RowNeed::Nothing
    }

    fn sql(&self, context: &MeasureContext) -> Result<Sql, Fault> {
        Ok(observed(context, self)?.sql(context))
    }

    fn exact_columns(&self) -> Vec<(&Expression, &'static str)> {
        Vec::new()
    }
}

impl FactKind for SurvivalMetric {
    type Partial = Distributions;

    fn partial(&self, context: &MeasureContext) -> Result<Distributions, Fault> {
        Distributions::of(context, &observed(context, self)?)
    }

    fn merge(one: Distributions, other: Distributions) -> Distributions {
        one.merged(other)
    }

    fn finish(&self, context: &MeasureContext, partial: &Distributions) -> Vec<KpiValue> {
        let mut values = Vec::new();
        let lifetimes_of = |key: &GridKey| partial.cells.get(key).map(lifetimes);
        for key in grid(context, &partial.cells) {
            let now = lifetimes_of(&key);
            let before = lifetimes_of(&(key.0.previous(), key.1.clone()));
            let log_rank = self.log_rank(key.0, now.as_ref(), before.as_ref());
            let figures_before = self.figures(context, before.as_ref());
            let figures = self.figures(context, now.as_ref()).into_iter();
            for ((statistic, figure), (_, figure_before)) in figures.zip(figures_before) {
                let tested_change = log_rank.and_then(|p| change(&figure, &figure_before, p));
                let value = figure.into_value(context, statistic, key.clone());
                values.push(KpiValue { tested_change, ..value });
            }
        }
        values
    }
}

impl SurvivalMetric {
    /// How likely times so far apart are by chance alone; `None` for a share, and where there is nothing before.
    fn log_rank(
        &self,
        period: Period,
        now: Option<&Lifetimes>,
        before: Option<&Lifetimes>,
    ) -> Option<f64> {
        let is_of_times = matches!(self.lasting, Lasting::For(_));
        let (now, before) =
            now.zip(before.filter(|_| is_of_times && period.grain != Grain::All))?;
        now.log_rank(before)
    }

    /// The figures of some lifetimes, each with the name of its statistic.
    fn figures(
        &self,
        context: &MeasureContext,
        lifetimes: Option<&Lifetimes>,
    ) -> Vec<(&'static str, Measurement)> {
        let told = |find: &dyn Fn(&Lifetimes) -> Option<SurvivalEstimate>| match lifetimes {
            Some(all) => measurement(context, all, find(all)),
            None => Measurement::missing(NullReason::NoRows),
        };
        match &self.lasting {
            Lasting::For(statistics) => {
                let times = statistics.iter().map(|statistic| {
                    let share = if *statistic == Statistic::P90 { 0.9 } else { 0.5 };
                    (statistic.name(), told(&|all| all.time_of(share).map(seconds)))
                });
                times.collect()
            }
            Lasting::After(days) => {
                let time = i64::from(*days) * DAY;
                vec![("value", told(&|all| all.share_after(time)))]
            }
        }
    }
}

/// The change of a time, with the probability of the log-rank test; `None` where one of both is not reached.
fn change(now: &Measurement, before: &Measurement, probability: f64) -> Option<TestedChange> {
    let estimate = |figure: &Measurement| {
        let (interval, _) = figure.interval?;
        Some(Estimate::Other { value: figure.value.ok()?, interval })
    };
    let combined = difference(&estimate(now)?, &estimate(before)?)?;
    Some(TestedChange { probability, test: ChangeTest::LogRank, ..combined })
}

fn seconds(time: SurvivalEstimate) -> SurvivalEstimate {
    let seconds = |microseconds: f64| microseconds / 1e6;
    SurvivalEstimate {
        value: seconds(time.value),
        interval: time.interval.map(|(low, high)| (seconds(low), seconds(high))),
    }
}

/// How many of some lifetimes ended, of how many, and the figure where the estimate reaches it.
fn measurement(
    context: &MeasureContext,
    lifetimes: &Lifetimes,
    figure: Option<SurvivalEstimate>,
) -> Measurement {
    let is_wanted = context.metric.interval != IntervalChoice::None;
    let interval = figure.and_then(|figure| figure.interval).filter(|_| is_wanted);
    Measurement {
        numerator: Some(count(lifetimes.ended())),
        denominator: Some(count(lifetimes.n())),
        n: lifetimes.n(),
        value: figure.map(|figure| figure.value).ok_or(NullReason::NotReached),
        interval: interval.map(|interval| (interval, IntervalMethod::Greenwood)),
    }
}

#[allow(clippy::cast_precision_loss, reason = "rows are far fewer than 2^53")]
fn count(number: u64) -> f64 {
    number as f64
}

/// Each row's time, twice over, and one more where it goes on: so what ended at a moment comes before what was only seen
/// until then.
fn lifetimes(observed: &Distribution) -> Lifetimes {
    let lasted = |value: &i64| LastedFor { time: value >> 1, goes_on: value & 1 == 1 };
    Lifetimes::new(observed.values().iter().map(lasted).collect())
}

fn observed<'a>(
    context: &MeasureContext,
    survival: &'a SurvivalMetric,
) -> Result<Observed<'a>, Fault> {
    let EventRows { fact, time, .. } = &survival.rows;
    let time_type = TimeType::of_ends(context, fact, time, &survival.until)?;
    let relation = EventRelation::of(context, &survival.rows)?;
    let mut rows = Sql::new();
    rows.add("SELECT *, ");
    time_type.add_to(&mut rows, &survival.until, "_ended");
    rows.add("\nFROM (").nested(&relation.sql).add(")");
    let as_of = time_type.start_of(context.calendar.as_of(), context);
    let last = format!("CASE WHEN \"_ended\" < {as_of} THEN \"_ended\" ELSE {as_of} END");
    let lasted =
        format!("{} - {}", microseconds(time_type, &last), microseconds(time_type, "\"_at\""));
    let mut value = Sql::new();
    value.add(format!(
        "2 * greatest({lasted}, 0) + CASE WHEN \"_ended\" < {as_of} THEN 0 ELSE 1 END"
    ));
    Ok(Observed { relation: relation.with_rows(rows), value, at: &survival.until })
}

/// SQL of a moment as a whole number.
fn microseconds(time_type: TimeType, moment: &str) -> String {
    match time_type {
        TimeType::Instant => format!("CAST({moment} AS BIGINT)"),
        TimeType::Day => format!("CAST(arrow_cast({moment}, 'Int32') AS BIGINT) * {DAY}"),
    }
}
