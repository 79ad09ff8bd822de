//! A row of `kpi.standing`: a standing as flat columns.

use jiff::Timestamp;
use jiff::civil::Date;
use scorewright_domain::{
    Benchmark, ChangeTest, ChangedPart, Comparison, Coverage, CoverageState, DeclaredChange,
    Direction, Evidence, GoalKind, Grain, IntervalMethod, KpiValue, NullReason, Period, Segment,
    Standing, Status, Target, TestedChange, Unit,
};
use serde::{Deserialize, Serialize};

/// A row of `kpi.standing`, field by column.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct StandingRow {
    metric: String,
    version: u32,
    statistic: String,
    grain: Grain,
    period: String,
    period_from: Date,
    period_until: Date,
    dimension: String,
    segment: String,
    numerator: Option<f64>,
    denominator: Option<f64>,
    n: Option<u64>,
    value: Option<f64>,
    low: Option<f64>,
    high: Option<f64>,
    #[serde(rename = "interval_method", alias = "interval")]
    interval: IntervalMethod,
    null_reason: Option<NullReason>,
    title: String,
    says: String,
    unit: Unit,
    direction: Direction,
    minimum_sample: u64,
    definition: String,
    target: Option<f64>,
    target_kind: Option<GoalKind>,
    target_baseline: Option<f64>,
    target_from: Option<Date>,
    target_due: Option<Date>,
    owner: Option<String>,
    status: String,
    gap: Option<f64>,
    previous: Option<f64>,
    previous_n: Option<u64>,
    change: Option<f64>,
    change_low: Option<f64>,
    change_high: Option<f64>,
    standard_error: Option<f64>,
    p: Option<f64>,
    test: Option<ChangeTest>,
    evidence: String,
    break_on: Option<Date>,
    break_of: Option<ChangedPart>,
    break_says: Option<String>,
    series: Vec<Option<f64>>,
    benchmarks: Vec<Benchmark>,
    coverage: CoverageState,
    covered_until: Option<Timestamp>,
    coverage_sources: Vec<String>,
}

impl From<&Standing> for StandingRow {
    fn from(standing: &Standing) -> Self {
        let Standing { current, comparison, target, .. } = standing.clone();
        let (test, target) = (current.tested_change, target.as_ref());
        let broken = standing.trend_break.as_ref();
        Self {
            grain: current.period.grain,
            period: current.period.label(),
            period_from: current.period.from,
            period_until: current.period.until,
            dimension: current.segment.dimension,
            segment: current.segment.value,
            metric: current.metric,
            version: current.version,
            statistic: current.statistic,
            numerator: current.numerator,
            denominator: current.denominator,
            n: current.n,
            value: current.value,
            low: current.low,
            high: current.high,
            interval: current.interval,
            null_reason: current.null_reason,
            title: standing.title.clone(),
            says: standing.says.clone(),
            unit: standing.unit,
            direction: standing.direction,
            minimum_sample: standing.minimum_sample,
            definition: standing.definition.clone(),
            target: target.map(|target| target.value),
            target_kind: target.map(|target| target.kind),
            target_baseline: target.and_then(|target| target.baseline),
            target_from: target.map(|target| target.from),
            target_due: target.and_then(|target| target.due),
            owner: target.map(|target| target.owner.clone()),
            status: standing.status.words().into(),
            gap: standing.gap,
            previous: comparison.previous,
            previous_n: comparison.previous_n,
            change: comparison.change,
            change_low: test.map(|test| test.interval.0),
            change_high: test.map(|test| test.interval.1),
            standard_error: test.map(|test| test.standard_error),
            p: test.map(|test| test.probability),
            test: test.map(|test| test.test),
            evidence: standing.evidence.words().into(),
            break_on: broken.map(|change| change.on),
            break_of: broken.map(|change| change.what),
            break_says: broken.map(|change| change.says.clone()),
            series: standing.series.clone(),
            benchmarks: standing.benchmarks.clone(),
            coverage: standing.coverage.state,
            covered_until: standing.coverage.until,
            coverage_sources: standing.coverage.sources.clone(),
        }
    }
}

impl StandingRow {
    /// The standing; the name of a column at fault where the row is not one of ours.
    pub(super) fn into_standing(self) -> Result<Standing, &'static str> {
        let status = Status::ALL.into_iter().find(|status| status.words() == self.status);
        let evidence = Evidence::ALL.into_iter().find(|evidence| evidence.words() == self.evidence);
        let tested_change = self.test.map(|test| self.tested(test)).transpose()?;
        Ok(Standing {
            target: self.goal()?,
            comparison: self.comparison(),
            trend_break: self.trend_break()?,
            status: status.ok_or("status")?,
            evidence: evidence.ok_or("evidence")?,
            gap: self.gap,
            current: KpiValue {
                metric: self.metric,
                version: self.version,
                statistic: self.statistic,
                period: Period {
                    grain: self.grain,
                    from: self.period_from,
                    until: self.period_until,
                },
                segment: Segment::of(self.dimension, self.segment),
                numerator: self.numerator,
                denominator: self.denominator,
                n: self.n,
                value: self.value,
                low: self.low,
                high: self.high,
                interval: self.interval,
                null_reason: self.null_reason,
                tested_change,
            },
            title: self.title,
            says: self.says,
            unit: self.unit,
            direction: self.direction,
            minimum_sample: self.minimum_sample,
            definition: self.definition,
            series: self.series,
            benchmarks: self.benchmarks,
            coverage: Coverage {
                state: self.coverage,
                until: self.covered_until,
                sources: self.coverage_sources,
            },
        })
    }

    fn goal(&self) -> Result<Option<Target>, &'static str> {
        let Some(value) = self.target else { return Ok(None) };
        let segment = Segment::of(&self.dimension, &self.segment);
        Ok(Some(Target {
            metric: self.metric.clone(),
            statistic: self.statistic.clone(),
            segment: (!segment.is_total()).then(|| segment.to_string()),
            kind: self.target_kind.ok_or("target_kind")?,
            value,
            baseline: self.target_baseline,
            from: self.target_from.ok_or("target_from")?,
            due: self.target_due,
            owner: self.owner.clone().ok_or("owner")?,
        }))
    }

    fn trend_break(&self) -> Result<Option<DeclaredChange>, &'static str> {
        let Some(on) = self.break_on else { return Ok(None) };
        let what = self.break_of.ok_or("break_of")?;
        let says = self.break_says.clone().ok_or("break_says")?;
        Ok(Some(DeclaredChange { on, what, says }))
    }

    fn comparison(&self) -> Comparison {
        let Self { previous, previous_n, change, .. } = *self;
        Comparison { previous, previous_n, change }
    }
    fn tested(&self, test: ChangeTest) -> Result<TestedChange, &'static str> {
        Ok(TestedChange {
            interval: (
                self.change_low.ok_or("change_low")?,
                self.change_high.ok_or("change_high")?,
            ),
            standard_error: self.standard_error.ok_or("standard_error")?,
            probability: self.p.ok_or("p")?,
            test,
        })
    }
}
