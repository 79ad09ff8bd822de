//! Whole and decimal numbers as the engine sums them: exactly.

use scorewright_domain::Fault;
use scorewright_warehouse::Cell;

use crate::metric::{Expression, Metric};

/// A number without rounding: `unscaled / 10^scale`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct ExactNumber {
    unscaled: i128,
    scale: u8,
}

impl ExactNumber {
    /// The number of a cell; no value, the sum of nothing, is zero.
    pub(super) fn of(cell: &Cell) -> Option<Self> {
        match cell {
            Cell::Null => Some(Self::default()),
            Cell::Integer(number) => Some(Self { unscaled: i128::from(*number), scale: 0 }),
            Cell::Decimal { unscaled, scale } => {
                Some(Self { unscaled: *unscaled, scale: u8::try_from(*scale).ok()? })
            }
            _ => None,
        }
    }

    /// Reads an aggregate.
    ///
    /// A real number is refused: its sum depends on the order of the rows, and
    /// the same rows must give the same figure.
    pub(super) fn read(cell: &Cell, metric: &Metric, from: &Expression) -> Result<Self, Fault> {
        Self::of(cell).ok_or_else(|| match cell {
            Cell::Float(_) => {
                let message = format!(
                    "`{}` gives real numbers, whose sum depends on the order of the rows",
                    from.key
                );
                metric
                    .fault(from, message)
                    .help("count, or sum whole numbers or decimals: CAST(x AS DECIMAL(18, 4))")
            }
            _ => metric.fault(from, format!("`{}` must give a number", from.key)),
        })
    }

    /// Both added up, with as many digits after the point as the longer has.
    ///
    /// Wraps like the engine's own sums of whole numbers. A decimal of the engine ends at 38
    /// digits: sums that wrap here are refused where all rows are summed at once.
    pub(super) fn plus(self, other: Self) -> Self {
        let scale = self.scale.max(other.scale);
        Self { unscaled: self.unscaled_at(scale).wrapping_add(other.unscaled_at(scale)), scale }
    }

    /// `unscaled / 10^scale`.
    pub(super) fn of_digits(unscaled: i128, scale: u8) -> Self {
        Self { unscaled, scale }
    }

    /// Like [`plus`](Self::plus); `None` where the sum has too many digits.
    pub(super) fn checked_plus(self, other: Self) -> Option<Self> {
        let scale = self.scale.max(other.scale);
        let unscaled = self.checked_at(scale)?.checked_add(other.checked_at(scale)?)?;
        Some(Self { unscaled, scale })
    }

    /// Both multiplied, with the digits after the point of both; `None` where it has too many digits.
    pub(super) fn checked_times(self, other: Self) -> Option<Self> {
        let scale = self.scale.checked_add(other.scale)?;
        Some(Self { unscaled: self.unscaled.checked_mul(other.unscaled)?, scale })
    }

    /// The number with as many digits after the point, of which it has no more; `None` where these are too many.
    pub(super) fn with_scale(self, scale: u8) -> Option<Self> {
        Some(Self { unscaled: self.checked_at(scale)?, scale })
    }

    fn checked_at(self, scale: u8) -> Option<i128> {
        let longer = scale.checked_sub(self.scale)?;
        self.unscaled.checked_mul(10i128.checked_pow(u32::from(longer))?)
    }

    /// Its digits; `scale` of them follow the point.
    pub(super) fn digits(self) -> i128 {
        self.unscaled
    }

    /// Its digits when `scale` of them, no fewer than it has, follow the point.
    fn unscaled_at(self, scale: u8) -> i128 {
        self.unscaled.wrapping_mul(10i128.wrapping_pow(u32::from(scale - self.scale)))
    }

    pub(super) fn whole(count: u64) -> Self {
        Self { unscaled: i128::from(count), scale: 0 }
    }

    #[allow(
        clippy::cast_precision_loss,
        reason = "rounded once, at the end, the same way everywhere"
    )]
    pub(super) fn as_f64(self) -> f64 {
        self.unscaled as f64 / 10f64.powi(i32::from(self.scale))
    }

    pub(super) fn is_zero(self) -> bool {
        self.unscaled == 0
    }

    /// The number when nothing follows the point.
    pub(super) fn as_i64(self) -> Option<i64> {
        let unit = 10i128.checked_pow(u32::from(self.scale))?;
        (self.unscaled % unit == 0).then(|| i64::try_from(self.unscaled / unit).ok())?
    }

    /// The number when it is a count.
    pub(super) fn as_u64(self) -> Option<u64> {
        self.as_i64().and_then(|number| u64::try_from(number).ok())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn number() -> impl Strategy<Value = ExactNumber> {
        (any::<i64>(), 0..8_u8)
            .prop_map(|(digits, scale)| ExactNumber { unscaled: i128::from(digits), scale })
    }

    proptest! {
        #[test]
        fn numbers_add_up_in_any_order(one in number(), other in number(), third in number()) {
            let sum = one.plus(other).plus(third);
            prop_assert_eq!(sum, one.plus(other.plus(third)));
            prop_assert_eq!(sum, third.plus(other).plus(one));
            prop_assert_eq!(one.plus(ExactNumber::default()), one);
        }
    }

    #[test]
    fn the_longer_fraction_stays() {
        let (tenths, cents) =
            (ExactNumber { unscaled: 15, scale: 1 }, ExactNumber { unscaled: -25, scale: 2 });
        assert_eq!(tenths.plus(cents), ExactNumber { unscaled: 125, scale: 2 });
    }
}
