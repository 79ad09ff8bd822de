//! The normal distribution and Student's t.

/// The 97.5 % point of the standard normal distribution.
pub const Z: f64 = 1.959_963_984_540_054;

/// The probability that a standard normal value lies further from zero than `z`, on either side.
pub(crate) fn two_sided(z: f64) -> f64 {
    statrs::function::erf::erfc(z.abs() / std::f64::consts::SQRT_2)
}

/// The point of Student's t distribution that leaves 2.5 % above it.
///
/// For many degrees of freedom the library's root finding is off by up to 1e-5;
/// there the series of Abramowitz and Stegun (1964), 26.7.5, is exact to 1e-10.
pub(super) fn t_point(degrees: f64) -> Option<f64> {
    use statrs::distribution::{ContinuousCDF, StudentsT};
    if degrees > 100.0 {
        return Some(t_point_by_series(degrees));
    }
    StudentsT::new(0.0, 1.0, degrees).ok().map(|t| t.inverse_cdf(0.975))
}

fn t_point_by_series(degrees: f64) -> f64 {
    let power = |exponent| Z.powi(exponent);
    let terms = [
        (power(3) + Z) / 4.0,
        (5.0 * power(5) + 16.0 * power(3) + 3.0 * Z) / 96.0,
        (3.0 * power(7) + 19.0 * power(5) + 17.0 * power(3) - 15.0 * Z) / 384.0,
        (79.0 * power(9) + 776.0 * power(7) + 1482.0 * power(5) - 1920.0 * power(3) - 945.0 * Z)
            / 92160.0,
    ];
    terms.iter().rev().fold(0.0, |sum, term| (sum + term) / degrees) + Z
}

/// The probability that a Student t value lies further from zero than `t`, on either side.
pub(super) fn t_two_sided(t: f64, degrees: f64) -> Option<f64> {
    use statrs::distribution::{ContinuousCDF, StudentsT};
    StudentsT::new(0.0, 1.0, degrees).ok().map(|student| 2.0 * student.sf(t.abs()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn t_points_are_those_of_the_tables() {
        // scipy 1.17.1: stats.t.ppf(0.975, df)
        for (degrees, expected) in [
            (1.0, 12.706_204_736_175),
            (4.0, 2.776_445_105_198),
            (29.0, 2.045_229_642_133),
            (100.0, 1.983_971_518_524),
            (101.0, 1.983_731_002_956),
            (500.0, 1.964_719_837_467),
            (100_000.0, 1.959_987_707_535),
        ] {
            assert!((t_point(degrees).unwrap() - expected).abs() < 1e-8, "{degrees}");
        }
        assert_eq!(t_point(0.0), None);
    }

    #[test]
    fn t_probabilities_are_those_of_scipy() {
        // scipy 1.17.1: 2 * stats.t.sf(2.5, df)
        assert!((t_two_sided(2.5, 100.0).unwrap() - 0.014_045_789_124_077).abs() < 1e-10);
        assert!((t_two_sided(2.5, 100_000.0).unwrap() - 0.012_420_919_192_559).abs() < 1e-10);
    }

    #[test]
    fn a_value_at_z_has_five_percent_outside() {
        assert!((two_sided(Z) - 0.05).abs() < 1e-11);
    }
}
