//! How long something lasts, where part of it still does: the product-limit estimate.

use super::distributions::{Z, two_sided};
use super::interval::{Interval, real};

/// Times in ascending order, each with whether it ended then or was only seen so long.
///
/// Times are whole numbers in units of the data. What ended at a moment comes before what was only seen until then.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Lifetimes {
    times: Vec<LastedFor>,
}

/// How long one lasted, as far as it is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct LastedFor {
    /// Until it ended, or until it was last seen.
    pub(crate) time: i64,
    /// Whether it was still there when it was last seen.
    pub(crate) goes_on: bool,
}

/// A share or a time, with its 95 % interval.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct SurvivalEstimate {
    pub(crate) value: f64,
    pub(crate) interval: Option<Interval>,
}

/// The estimate from one time on, until the next.
#[derive(Debug, Clone, Copy, PartialEq)]
struct SurvivalStep {
    time: i64,
    /// Share that lasts longer.
    survival: f64,
    /// Greenwood's sum, of which the variance is made.
    greenwood: f64,
}

impl Lifetimes {
    /// Sorts times that come in any order.
    pub(crate) fn new(mut times: Vec<LastedFor>) -> Self {
        times.sort_unstable();
        Self { times }
    }

    /// How many.
    pub(crate) fn n(&self) -> u64 {
        self.times.len() as u64
    }

    /// How many have ended.
    pub(crate) fn ended(&self) -> u64 {
        self.times.iter().filter(|lasted| !lasted.goes_on).count() as u64
    }

    /// The share that lasts longer than a time, with its 95 % interval; `None` where nothing was seen so long and not all
    /// had ended.
    ///
    /// E. L. Kaplan and P. Meier, Journal of the American Statistical Association 53 (1958), pages 457-481.
    pub(crate) fn share_after(&self, time: i64) -> Option<SurvivalEstimate> {
        let longest = self.times.last()?.time;
        let steps = self.steps();
        let reached = steps.iter().take_while(|step| step.time <= time).last();
        let is_over = steps.last().is_some_and(|step| step.survival <= 0.0);
        if time > longest && !is_over {
            return None;
        }
        Some(SurvivalEstimate {
            value: reached.map_or(1.0, |step| step.survival),
            interval: reached.and_then(interval),
        })
    }

    /// The time within which a share has ended, with its 95 % interval; `None` where fewer have.
    ///
    /// The smallest time at which no more than the rest lasts longer. Its interval holds the times that the estimate's own
    /// interval does not exclude, and is given where both ends are reached: R. Brookmeyer and J. Crowley,
    /// Biometrics 38 (1982), pages 29-41.
    pub(crate) fn time_of(&self, share: f64) -> Option<SurvivalEstimate> {
        // Rounding of the product must not move the time by a step.
        const ROUNDING: f64 = 1e-12;
        let rest = 1.0 - share + ROUNDING;
        let steps = self.steps();
        let reached = steps.iter().find(|step| step.survival <= rest)?;
        let end = |pick: fn(Interval) -> f64| {
            steps.iter().find(|step| interval(step).map_or(step.survival, pick) <= rest)
        };
        let ends = end(|(low, _)| low).zip(end(|(_, high)| high));
        let interval = ends.map(|(low, high)| (whole(low.time), whole(high.time)));
        Some(SurvivalEstimate { value: whole(reached.time), interval })
    }

    /// Two-sided probability of two curves so far apart where lifetimes are of one distribution: the log-rank test, of one degree
    /// of freedom. `None` where nothing ended, or nothing can differ.
    ///
    /// N. Mantel, Cancer Chemotherapy Reports 50 (1966), pages 163-170.
    pub(crate) fn log_rank(&self, other: &Self) -> Option<f64> {
        let is_first = |lasted: &LastedFor| (*lasted, true);
        let of_other = other.times.iter().map(|lasted| (*lasted, false));
        let mut all: Vec<(LastedFor, bool)> =
            self.times.iter().map(is_first).chain(of_other).collect();
        all.sort_unstable_by_key(|(lasted, _)| *lasted);
        let (mut at_risk, mut first_at_risk) = (real(self.n() + other.n()), real(self.n()));
        let (mut difference, mut variance) = (0.0, 0.0);
        for of_time in all.chunk_by(|(one, _), (next, _)| one.time == next.time) {
            let count = |of: &dyn Fn(&(LastedFor, bool)) -> bool| {
                real(of_time.iter().filter(|one| of(one)).count() as u64)
            };
            let ended = count(&|(lasted, _)| !lasted.goes_on);
            let share = first_at_risk / at_risk;
            difference += count(&|(lasted, is_first)| *is_first && !lasted.goes_on) - ended * share;
            if at_risk > 1.0 {
                variance += ended * share * (1.0 - share) * (at_risk - ended) / (at_risk - 1.0);
            }
            at_risk -= real(of_time.len() as u64);
            first_at_risk -= count(&|(_, is_first)| *is_first);
        }
        (variance > 0.0).then(|| two_sided(difference / variance.sqrt()))
    }

    /// The estimate at each time at which something ended.
    fn steps(&self) -> Vec<SurvivalStep> {
        let (mut survival, mut greenwood, mut at_risk) = (1.0, 0.0, self.n());
        let mut steps = Vec::new();
        for of_time in self.times.chunk_by(|one, next| one.time == next.time) {
            let ended = of_time.iter().filter(|lasted| !lasted.goes_on).count() as u64;
            if ended > 0 {
                survival *= real(at_risk - ended) / real(at_risk);
                greenwood += real(ended) / (real(at_risk) * real(at_risk - ended));
                steps.push(SurvivalStep { time: of_time[0].time, survival, greenwood });
            }
            at_risk -= of_time.len() as u64;
        }
        steps
    }
}

/// 95 % interval of the estimate, symmetric on the scale of log(-log), so that it stays between 0 and 1; none once
/// nothing is left.
///
/// J. D. Kalbfleisch and R. L. Prentice, The Statistical Analysis of Failure Time Data (1980), section 1.3, with the
/// variance of M. Greenwood, Reports on Public Health and Medical Subjects 33 (1926).
fn interval(step: &SurvivalStep) -> Option<Interval> {
    if step.survival <= 0.0 {
        return None;
    }
    let width = Z * step.greenwood.sqrt() / step.survival.ln();
    Some((step.survival.powf((-width).exp()), step.survival.powf(width.exp())))
}

#[allow(clippy::cast_precision_loss, reason = "times are far below 2^53")]
fn whole(time: i64) -> f64 {
    time as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Weeks in remission of E. J. Freireich and others, Blood 21 (1963), pages 699-716: below zero where it went on.
    const TREATED: [i64; 21] =
        [6, 6, 6, -6, 7, -9, 10, -10, -11, 13, 16, -17, -19, -20, 22, 23, -25, -32, -32, -34, -35];
    const PLACEBO: [i64; 21] =
        [1, 1, 2, 2, 3, 4, 4, 5, 5, 8, 8, 8, 8, 11, 11, 12, 12, 15, 17, 22, 23];

    fn lifetimes(times: &[i64]) -> Lifetimes {
        let lasted = |time: &i64| LastedFor { time: time.abs(), goes_on: *time < 0 };
        Lifetimes::new(times.iter().rev().map(lasted).collect())
    }

    fn near(one: f64, other: f64) -> bool {
        (one - other).abs() < 5e-5
    }

    #[test]
    fn shares_of_the_remission_times_are_those_printed() {
        // Kaplan-Meier table of D. G. Kleinbaum and M. Klein, Survival Analysis (2012), chapter 2.
        let printed = [
            (5, 1.0),
            (6, 0.8571),
            (7, 0.8067),
            (10, 0.7529),
            (13, 0.6902),
            (16, 0.6275),
            (22, 0.5378),
            (30, 0.4482),
        ];
        for (weeks, share) in printed {
            let found = lifetimes(&TREATED).share_after(weeks).unwrap().value;
            assert!(near(found, share), "{weeks}: {found}");
        }
        assert_eq!((lifetimes(&TREATED).n(), lifetimes(&TREATED).ended()), (21, 9));
    }

    #[test]
    fn medians_and_intervals_agree_with_lifelines() {
        // lifelines 0.30: KaplanMeierFitter, confidence_interval_, median_survival_times, percentile
        let (treated, placebo) = (lifetimes(&TREATED), lifetimes(&PLACEBO));
        let told = |value, interval| Some(SurvivalEstimate { value, interval });
        assert_eq!(treated.time_of(0.5), told(23.0, None), "13 to infinity");
        assert_eq!(placebo.time_of(0.5), told(8.0, Some((4.0, 11.0))));
        assert_eq!((treated.time_of(0.9), placebo.time_of(0.9).unwrap().value), (None, 17.0));
        let intervals = [
            (&treated, 10, 0.503_199_51, 0.889_361_84),
            (&treated, 22, 0.267_778_94, 0.746_790_72),
            (&placebo, 10, 0.183_066_55, 0.577_788_68),
            (&placebo, 22, 0.003_324_46, 0.197_044_91),
        ];
        for (lifetimes, weeks, low, high) in intervals {
            let (found_low, found_high) = lifetimes.share_after(weeks).unwrap().interval.unwrap();
            assert!((found_low - low).abs() < 1e-7 && (found_high - high).abs() < 1e-7, "{weeks}");
        }
    }

    #[test]
    fn the_log_rank_test_of_the_remission_times_is_the_one_printed() {
        // Kleinbaum and Klein, chapter 2: 16.793; digits: lifelines 0.30 logrank_test
        let (treated, placebo) = (lifetimes(&TREATED), lifetimes(&PLACEBO));
        let probability = treated.log_rank(&placebo).unwrap();
        assert!((probability - 4.168_809_109_334_511e-05).abs() < 1e-12, "{probability}");
        assert!((placebo.log_rank(&treated).unwrap() - probability).abs() < 1e-15);
        assert_eq!(treated.log_rank(&lifetimes(&[])), None);
        assert_eq!(lifetimes(&[-3, -4]).log_rank(&lifetimes(&[-5])), None);
    }

    #[test]
    fn what_nobody_was_seen_for_is_not_told() {
        assert_eq!(lifetimes(&TREATED).share_after(36), None);
        let over = lifetimes(&PLACEBO).share_after(100).unwrap();
        assert!(over.value <= 0.0 && over.interval.is_none());
        assert_eq!(lifetimes(&[]).share_after(1), None);
    }
}
