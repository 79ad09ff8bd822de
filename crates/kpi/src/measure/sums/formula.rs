//! What an expression makes of sums.

use scorewright_warehouse::SumFormula;

use super::exact_number::ExactNumber;

/// A number has more digits than the engine's decimals hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct TooManyDigits;

/// The value of a formula, as SQL has it: arithmetic with no value has none.
pub(super) fn evaluate(
    formula: &SumFormula,
    sum: &impl Fn(usize) -> Option<ExactNumber>,
) -> Result<Option<ExactNumber>, TooManyDigits> {
    match formula {
        SumFormula::Sum(at) => Ok(sum(*at)),
        SumFormula::Integer(number) => Ok(Some(ExactNumber::of_digits(i128::from(*number), 0))),
        SumFormula::Plus(one, other) => both(one, other, sum, ExactNumber::checked_plus),
        SumFormula::Minus(one, other) => both(one, other, sum, |one, other| {
            one.checked_plus(ExactNumber::of_digits(-1, 0).checked_times(other)?)
        }),
        SumFormula::Times(one, other) => both(one, other, sum, ExactNumber::checked_times),
        SumFormula::Coalesce(all) => {
            for one in all {
                if let Some(value) = evaluate(one, sum)? {
                    return Ok(Some(value));
                }
            }
            Ok(None)
        }
    }
}

fn both(
    one: &SumFormula,
    other: &SumFormula,
    sum: &impl Fn(usize) -> Option<ExactNumber>,
    combine: impl Fn(ExactNumber, ExactNumber) -> Option<ExactNumber>,
) -> Result<Option<ExactNumber>, TooManyDigits> {
    let (Some(one), Some(other)) = (evaluate(one, sum)?, evaluate(other, sum)?) else {
        return Ok(None);
    };
    combine(one, other).map(Some).ok_or(TooManyDigits)
}

#[cfg(test)]
mod tests {
    use scorewright_warehouse::SumExpression;

    use super::*;

    fn value(text: &str, sums: [Option<i64>; 2]) -> Option<f64> {
        let expression = SumExpression::of(text).unwrap();
        let sum = |at: usize| sums[at].map(|cents| ExactNumber::of_digits(i128::from(cents), 2));
        evaluate(&expression.formula, &sum).unwrap().map(ExactNumber::as_f64)
    }

    #[test]
    fn arithmetic_with_no_value_has_none() {
        for (text, both, one, none) in [
            ("sum(a) + sum(b)", Some(4.0), None, None),
            ("sum(a) - coalesce(sum(b), 0)", Some(-1.0), Some(1.5), None),
            ("coalesce(sum(a) - sum(b), sum(a), 7)", Some(-1.0), Some(1.5), Some(7.0)),
            ("2 * sum(a) * sum(b)", Some(7.5), None, None),
            ("-sum(a) + 1 + 0 * coalesce(sum(b), 0)", Some(-0.5), Some(-0.5), None),
        ] {
            assert_eq!(value(text, [Some(150), Some(250)]), both, "{text}");
            assert_eq!(value(text, [Some(150), None]), one, "{text}");
            assert_eq!(value(text, [None, None]), none, "{text}");
        }
    }
}
