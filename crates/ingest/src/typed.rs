//! Typed columns, filled straight from the fields of a file.

mod calendar;
pub(crate) mod moment;
pub(crate) mod number;
mod pattern;
mod rules;
mod values;

pub(crate) use calendar::Zone;
pub(crate) use rules::range;
pub(crate) use values::data_type;

use arrow::array::ArrayRef;
use arrow::datatypes::{Decimal128Type, DecimalType};
use arrow::error::ArrowError;

use crate::quarantine::Reason;
use crate::source::{Column, Kind, Personal};
use calendar::MICROS_PER_DAY;
use moment::Moment;
use rules::Rules;
use values::Values;

/// One value as a file gives it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Cell<'a> {
    Null,
    Text(&'a [u8]),
    Integer(i64),
    Decimal {
        unscaled: i128,
        scale: i8,
    },
    Boolean(bool),
    /// Microseconds since 1970 in UTC.
    Instant(i64),
    /// Microseconds since 1970 on the clock of the column's zone.
    Local(i64),
    /// Days since 1970.
    Day(i32),
}

impl Cell<'_> {
    /// The value as a CSV file would have it.
    fn to_text(self) -> String {
        match self {
            Cell::Null => String::new(),
            Cell::Text(text) => String::from_utf8_lossy(text).into_owned(),
            Cell::Integer(number) => number.to_string(),
            Cell::Decimal { unscaled, scale } => {
                Decimal128Type::format_decimal(unscaled, Decimal128Type::MAX_PRECISION, scale)
            }
            Cell::Boolean(claim) => claim.to_string(),
            Cell::Instant(micros) | Cell::Local(micros) => calendar::iso(micros),
            Cell::Day(day) => calendar::iso(i64::from(day) * MICROS_PER_DAY)[..10].to_owned(),
        }
    }
}

/// A column that judges each value and keeps it typed.
///
/// Every push adds exactly one row: the value, or null when it is refused.
pub(crate) struct TypedColumn {
    kind: Kind,
    scale: u8,
    is_hashed: bool,
    moment: Moment,
    rules: Rules,
    values: Values,
}

impl TypedColumn {
    /// An empty column; its source has been verified.
    pub(crate) fn new(column: &Column, is_required: bool) -> Self {
        let zone = column.time_zone.as_deref().and_then(Zone::named).unwrap_or(Zone::Utc);
        Self {
            kind: column.kind,
            scale: column.scale(),
            is_hashed: column.personal == Personal::Hash,
            moment: Moment::new(column.format.as_deref(), zone),
            rules: Rules::new(column, is_required),
            values: Values::new(column),
        }
    }

    /// Judges a text and adds what it says.
    #[inline]
    pub(crate) fn push_text(&mut self, text: &[u8]) -> Result<(), Reason> {
        let outcome = self.take_text(text);
        if outcome.is_err() {
            self.values.push_null();
        }
        outcome
    }

    /// Judges a value that has a type already and adds it.
    pub(crate) fn push(&mut self, cell: Cell<'_>) -> Result<(), Reason> {
        let outcome = match cell {
            Cell::Text(text) => return self.push_text(text),
            Cell::Null => self.take_null(),
            typed if self.is_exception(typed) => return self.push_text(typed.to_text().as_bytes()),
            typed => self.take_typed(typed),
        };
        if outcome.is_err() {
            self.values.push_null();
        }
        outcome
    }

    /// Adds a row without a value, for a row that is set aside for another reason.
    pub(crate) fn push_nothing(&mut self) {
        self.values.push_null();
    }

    /// The values so far as an array; the column is empty after it.
    pub(crate) fn finish(&mut self) -> Result<ArrayRef, ArrowError> {
        self.values.finish()
    }

    #[inline]
    fn take_text(&mut self, text: &[u8]) -> Result<(), Reason> {
        let text = self.rules.replaced(text);
        if self.rules.is_null(text) {
            if self.rules.is_required {
                return Err(Reason::MissingValue);
            }
            self.values.push_null();
            return Ok(());
        }
        if !self.rules.is_accepted(text) {
            return Err(Reason::NotAccepted);
        }
        match &mut self.values {
            Values::Text(texts) if self.is_hashed => texts.push(&crate::fingerprint::short(text)),
            Values::Text(texts) => texts.push(text),
            Values::Integer(numbers) => {
                let number = number::integer(text.trim_ascii()).ok_or(Reason::NotAnInteger)?;
                numbers.append_value(self.rules.within(number.into(), number)?);
            }
            Values::Decimal(numbers) => {
                let number = number::decimal(text.trim_ascii(), self.scale).ok_or(Reason::NotADecimal)?;
                numbers.append_value(self.rules.within(number, number)?);
            }
            Values::Boolean(claims) => {
                claims.append_value(number::boolean(text.trim_ascii()).ok_or(Reason::NotABoolean)?);
            }
            Values::Timestamp(instants) => {
                instants.append_value(self.moment.timestamp(text.trim_ascii())?);
            }
            Values::Date(days) => days.append_value(self.moment.date(text.trim_ascii())?),
        }
        Ok(())
    }

    fn take_null(&mut self) -> Result<(), Reason> {
        if self.rules.is_required {
            return Err(Reason::MissingValue);
        }
        self.values.push_null();
        Ok(())
    }

    /// Whether a rule about texts has something to say about a typed value.
    fn is_exception(&self, cell: Cell<'_>) -> bool {
        if !self.rules.has_texts {
            return false;
        }
        let text = cell.to_text();
        let text = text.as_bytes();
        self.rules.replaced(text) != text || self.rules.is_null(text) || !self.rules.is_accepted(text)
    }

    fn take_typed(&mut self, cell: Cell<'_>) -> Result<(), Reason> {
        match (&mut self.values, cell) {
            (Values::Integer(numbers), Cell::Integer(number)) => {
                numbers.append_value(self.rules.within(number.into(), number)?);
            }
            (Values::Integer(numbers), Cell::Decimal { unscaled, scale }) => {
                let number = number::rescaled(unscaled, scale, 0).ok_or(Reason::NotAnInteger)?;
                let number = i64::try_from(number).map_err(|_| Reason::NotAnInteger)?;
                numbers.append_value(self.rules.within(number.into(), number)?);
            }
            (Values::Decimal(numbers), Cell::Integer(number)) => {
                let number = number::rescaled(number.into(), 0, self.scale).ok_or(Reason::NotADecimal)?;
                numbers.append_value(self.rules.within(number, number)?);
            }
            (Values::Decimal(numbers), Cell::Decimal { unscaled, scale }) => {
                let number = number::rescaled(unscaled, scale, self.scale).ok_or(Reason::NotADecimal)?;
                numbers.append_value(self.rules.within(number, number)?);
            }
            (Values::Boolean(claims), Cell::Boolean(claim)) => claims.append_value(claim),
            (Values::Timestamp(instants), Cell::Instant(micros)) => instants.append_value(micros),
            (Values::Timestamp(instants), Cell::Local(micros)) => {
                instants.append_value(self.moment.local(micros)?);
            }
            (Values::Timestamp(instants), Cell::Day(day)) => {
                instants.append_value(self.moment.local(i64::from(day) * MICROS_PER_DAY)?);
            }
            (Values::Date(days), Cell::Day(day)) => days.append_value(day),
            (Values::Date(days), Cell::Local(micros)) if micros % MICROS_PER_DAY == 0 => {
                days.append_value(i32::try_from(micros / MICROS_PER_DAY).map_err(|_| Reason::NotADate)?);
            }
            _ => return Err(self.misfit()),
        }
        Ok(())
    }

    /// What a value of another type is called.
    fn misfit(&self) -> Reason {
        match self.kind {
            Kind::Integer => Reason::NotAnInteger,
            Kind::Decimal => Reason::NotADecimal,
            Kind::Boolean => Reason::NotABoolean,
            Kind::Date => Reason::NotADate,
            Kind::Timestamp => Reason::NotATimestamp,
            Kind::Text => Reason::BadEncoding,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::tests::source;
    use arrow::array::{Array, AsArray};
    use arrow::datatypes::Int64Type;

    fn column(text: &str) -> TypedColumn {
        let source = source(&format!("title = \"T\"\nfiles = \"*\"\nformat = \"csv\"\n[columns.a]\n{text}"));
        TypedColumn::new(&source.columns["a"], source.is_required("a"))
    }

    #[test]
    fn a_refused_value_leaves_a_row_of_its_own() {
        let mut column = column("type = \"integer\"\nmin = 0\nmax = 10");
        assert_eq!(column.push_text(b" 7 "), Ok(()));
        assert_eq!(column.push_text(b"11"), Err(Reason::OutOfRange));
        assert_eq!(column.push_text(b"x"), Err(Reason::NotAnInteger));
        assert_eq!(column.push_text(b""), Ok(()));
        let array = column.finish().unwrap();
        let numbers: Vec<Option<i64>> = array.as_primitive::<Int64Type>().iter().collect();
        assert_eq!(numbers, [Some(7), None, None, None]);
        assert_eq!(column.finish().unwrap().len(), 0, "empty after it");
    }

    #[test]
    fn a_text_is_mapped_before_it_is_judged() {
        let mut column = column(
            "type = \"integer\"\nrequired = true\naccepted = [\"5\", \"1\"]\n\
             map = { \"Very satisfied\" = \"5\", \"n/a\" = \"\" }",
        );
        assert_eq!(column.push_text(b"Very satisfied"), Ok(()));
        assert_eq!(column.push_text(b"4"), Err(Reason::NotAccepted));
        assert_eq!(column.push_text(b"n/a"), Err(Reason::MissingValue));
        assert_eq!(column.push_text(b"1"), Ok(()));
    }

    #[test]
    fn a_null_token_is_no_value_and_other_texts_are_kept_as_they_are() {
        let mut column = column("type = \"text\"\nnull = [\"?\"]");
        for text in ["?", "", " padded "] {
            assert_eq!(column.push_text(text.as_bytes()), Ok(()));
        }
        let array = column.finish().unwrap();
        let texts: Vec<Option<&str>> = array.as_string::<i32>().iter().collect();
        assert_eq!(texts, [None, Some(""), Some(" padded ")]);
    }

    #[test]
    fn a_hashed_text_is_equal_where_the_text_is_equal() {
        let mut column = column("type = \"text\"\npersonal = \"hash\"");
        for text in ["ann@example.com", "bob@example.com", "ann@example.com"] {
            column.push_text(text.as_bytes()).unwrap();
        }
        let array = column.finish().unwrap();
        let texts = array.as_string::<i32>();
        assert_eq!(texts.value(0), texts.value(2));
        assert_ne!(texts.value(0), texts.value(1));
        assert_eq!(texts.value(0).len(), 32);
    }

    #[test]
    fn a_typed_value_of_another_type_is_refused() {
        let mut column = column("type = \"decimal\"\nscale = 2");
        assert_eq!(column.push(Cell::Integer(3)), Ok(()));
        assert_eq!(column.push(Cell::Decimal { unscaled: 12_345, scale: 3 }), Err(Reason::NotADecimal));
        assert_eq!(column.push(Cell::Day(3)), Err(Reason::NotADecimal));
        assert_eq!(column.push(Cell::Text(b"1.25")), Ok(()));
    }
}
