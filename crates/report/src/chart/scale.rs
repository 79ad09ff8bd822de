//! Round ends of a common scale.

use scorewright_domain::Unit;

/// The roundest scale that contains all values, with a little margin.
///
/// Shares stay inside 0 and 1, points inside -100 and 100, and nothing that cannot be negative starts below zero.
pub(crate) fn nice_scale(unit: Unit, values: &[f64]) -> (f64, f64) {
    let low = values.iter().copied().fold(f64::INFINITY, f64::min);
    let high = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    if !(low.is_finite() && high.is_finite()) {
        return (0.0, 1.0);
    }
    let spread = high / 2.0 - low / 2.0;
    let step = step(unit, if spread > 0.0 { spread } else { high.abs().max(1e-9) } / 2.0);
    let (from, until) = ((low / step).floor() * step, (high / step).ceil() * step);
    let (from, until) = if from < until { (from, until) } else { (from - step, until + step) };
    clamped(unit, from, until, low)
}

fn clamped(unit: Unit, from: f64, until: f64, low: f64) -> (f64, f64) {
    match unit {
        Unit::Share => (from.max(0.0), until.min(1.0)),
        Unit::Points => (from.max(-100.0), until.min(100.0)),
        _ if low >= 0.0 => (from.max(0.0), until),
        _ => (from, until),
    }
}

/// The next round step at or above `least`.
fn step(unit: Unit, least: f64) -> f64 {
    const DURATIONS: [f64; 13] = [
        5.0, 15.0, 60.0, 300.0, 600.0, 1800.0, 3600.0, 7200.0, 21_600.0, 43_200.0, 86_400.0,
        172_800.0, 432_000.0,
    ];
    let round = || {
        let power = 10_f64.powf(least.log10().floor());
        [1.0, 2.0, 5.0, 10.0].into_iter().map(|factor| factor * power).find(|step| *step >= least)
    };
    let duration = || DURATIONS.into_iter().find(|step| *step >= least);
    let found = if unit == Unit::Duration { duration().or_else(round) } else { round() };
    found.filter(|step| step.is_finite() && *step > 0.0).unwrap_or(1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ends_are_round_and_hold_all_values() {
        let (from, until) = nice_scale(Unit::Share, &[0.62, 0.91]);
        assert!((from - 0.6).abs() < 1e-9 && (until - 1.0).abs() < 1e-9, "{from} {until}");
        assert_eq!(nice_scale(Unit::Points, &[-12.0, 97.0]), (-50.0, 100.0));
        assert_eq!(nice_scale(Unit::Duration, &[5_000.0, 80_000.0]), (0.0, 86_400.0));
    }

    #[test]
    fn equal_values_still_have_a_scale() {
        let (from, until) = nice_scale(Unit::Count, &[5.0]);
        assert!(from < 5.0 && until > 5.0 || from <= 5.0 && until > from);
        assert_eq!(nice_scale(Unit::Count, &[]), (0.0, 1.0));
    }

    #[test]
    fn a_share_stays_a_share() {
        let (from, until) = nice_scale(Unit::Share, &[0.0, 1.0]);
        assert_eq!((from, until), (0.0, 1.0));
    }
}
