//! One value of an answer.

use std::fmt;

use jiff::Timestamp;
use jiff::civil::Date;

/// One value of an answer.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    /// No value.
    Null,
    /// True or false.
    Boolean(bool),
    /// A whole number.
    Integer(i64),
    /// `unscaled / 10^scale`, exactly.
    Decimal {
        /// The digits.
        unscaled: i128,
        /// How many of them follow the point.
        scale: i8,
    },
    /// A real number.
    Float(f64),
    /// A text.
    Text(String),
    /// An instant.
    Timestamp(Timestamp),
    /// A day.
    Date(Date),
}

impl Cell {
    /// The number, rounded to a real one; `None` for no value and for what is no number.
    #[allow(clippy::cast_precision_loss, reason = "a value beyond 2^53 is shown rounded anyway")]
    pub fn as_f64(&self) -> Option<f64> {
        match self {
            Self::Integer(number) => Some(*number as f64),
            Self::Decimal { unscaled, scale } => {
                Some(*unscaled as f64 / 10f64.powi(i32::from(*scale)))
            }
            Self::Float(number) => Some(*number),
            _ => None,
        }
    }

    /// The count; `None` for what is none.
    pub fn as_u64(&self) -> Option<u64> {
        match self {
            Self::Integer(number) => u64::try_from(*number).ok(),
            Self::Decimal { unscaled, scale: 0 } => u64::try_from(*unscaled).ok(),
            _ => None,
        }
    }

    /// The text.
    pub fn as_text(&self) -> Option<&str> {
        if let Self::Text(text) = self { Some(text) } else { None }
    }

    /// The instant; `None` for what is none.
    pub fn as_timestamp(&self) -> Option<Timestamp> {
        if let Self::Timestamp(instant) = self { Some(*instant) } else { None }
    }

    /// The day, or the day of the instant in UTC.
    pub fn as_date(&self) -> Option<Date> {
        match self {
            Self::Date(day) => Some(*day),
            Self::Timestamp(instant) => Some(instant.to_zoned(jiff::tz::TimeZone::UTC).date()),
            _ => None,
        }
    }

    /// Whether there is no value.
    pub fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }
}

impl fmt::Display for Cell {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Null => Ok(()),
            Self::Boolean(claim) => claim.fmt(out),
            Self::Integer(number) => number.fmt(out),
            Self::Decimal { unscaled, scale } => write_decimal(out, *unscaled, *scale),
            Self::Float(number) => number.fmt(out),
            Self::Text(text) => text.fmt(out),
            Self::Timestamp(instant) => instant.fmt(out),
            Self::Date(day) => day.fmt(out),
        }
    }
}

fn write_decimal(out: &mut fmt::Formatter<'_>, unscaled: i128, scale: i8) -> fmt::Result {
    let scale = usize::from(scale.unsigned_abs());
    let digits = format!("{:0>width$}", unscaled.unsigned_abs(), width = scale + 1);
    let (whole, fraction) = digits.split_at(digits.len() - scale);
    let sign = if unscaled < 0 { "-" } else { "" };
    if fraction.is_empty() {
        write!(out, "{sign}{whole}")
    } else {
        write!(out, "{sign}{whole}.{fraction}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_decimal_is_shown_digit_by_digit() {
        let shown = |unscaled, scale| Cell::Decimal { unscaled, scale }.to_string();
        assert_eq!(shown(-5, 2), "-0.05");
        assert_eq!(shown(123_400, 4), "12.3400");
        assert_eq!(shown(7, 0), "7");
    }
}
