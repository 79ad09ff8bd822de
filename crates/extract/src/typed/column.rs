//! A column that judges each value and keeps it typed.

use arrow::array::ArrayRef;
use arrow::error::ArrowError;
use memchr::memchr;
use scorewright_domain::{Reason, hash_digits};

use super::amount::NumberReader;
use super::calendar::{MICROS_PER_DAY, Zone};
use super::field_value::FieldValue;
use super::moment::MomentReader;
use super::number;
use super::row_clock::RowClock;
use super::rules::Rules;
use super::runs::Runs;
use super::span::SpanReader;
use super::values::Values;
use crate::source::{Column, Kind, Personal, ZoneSetting};

/// Hexadecimal digits of a hashed value: enough to tell values apart.
const HASHED: usize = 32;

/// A column that judges each value and keeps it typed.
///
/// Every push adds exactly one row: the value, or null when it is refused.
pub(crate) struct TypedColumn {
    kind: Kind,
    scale: u8,
    /// Digits of a decimal that its written unit has already.
    minor_units: u8,
    /// Whether digits beyond the scale are rounded, and how often they were.
    is_rounded: bool,
    rounded: u64,
    /// Whether words after a whole number are left out.
    has_words: bool,
    /// Whether values of bad rows are wanted too, to know how much money they have.
    is_amount: bool,
    /// What is kept of texts.
    personal: Personal,
    numbers: NumberReader,
    moment: MomentReader,
    row_clock: RowClock,
    span: SpanReader,
    rules: Rules,
    values: Values,
}

impl TypedColumn {
    /// An empty column; its source has been verified. A key has at most `key_bytes`.
    pub(crate) fn new(column: &Column, is_required: bool, key_bytes: Option<usize>) -> Self {
        Self {
            kind: column.kind,
            scale: column.scale(),
            minor_units: column.minor_units.unwrap_or(0),
            is_rounded: column.round,
            rounded: 0,
            has_words: column.leading_number,
            is_amount: false,
            personal: column.personal,
            numbers: NumberReader::of(column),
            moment: MomentReader::new(&column.format.0, Zone::of(column)),
            row_clock: RowClock::new(matches!(column.time_zone, Some(ZoneSetting::InColumn(_)))),
            span: SpanReader::new(&column.format.0),
            rules: Rules::new(column, is_required, key_bytes),
            values: Values::new(column),
        }
    }

    /// The same, with values of bad rows as well.
    pub(crate) fn of_amounts(self) -> Self {
        Self { is_amount: true, ..self }
    }

    /// Whether values of bad rows are wanted too.
    #[inline]
    pub(crate) fn is_amount(&self) -> bool {
        self.is_amount
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
    pub(crate) fn push(&mut self, cell: FieldValue<'_>) -> Result<(), Reason> {
        let outcome = match cell {
            FieldValue::Text(text) => return self.push_text(text),
            FieldValue::Null => self.take_null(),
            typed if self.is_exception(typed) => return self.push_text(typed.to_text().as_bytes()),
            typed => self.take_typed(typed),
        };
        if outcome.is_err() {
            self.values.push_null();
        }
        outcome
    }

    /// Makes room for rows to come; `bytes` says how many bytes of text they may have.
    pub(crate) fn reserve(&mut self, rows: usize, bytes: impl FnOnce() -> usize) {
        let is_hashed = matches!(self.personal, Personal::Hash | Personal::HashAddress);
        self.values.reserve(rows, || if is_hashed { rows * HASHED } else { bytes() });
    }

    /// Adds a row whose value cannot be judged at all.
    pub(crate) fn refuse(&mut self, reason: Reason) -> Result<(), Reason> {
        self.values.push_null();
        Err(reason)
    }

    /// Adds a row without a value, for a row that is set aside for another reason.
    pub(crate) fn push_nothing(&mut self) {
        self.values.push_null();
    }

    /// The number in a row so far; `None` where it has none.
    pub(crate) fn number(&self, row: usize) -> Option<i128> {
        self.values.number(row)
    }

    /// The value in a row so far as a number that is ordered as the values are: the smallest unit of a decimal, seconds of a
    /// duration, microseconds of a timestamp, days of a date; `None` where it has none, or the column is one of texts.
    pub(crate) fn ordered(&self, row: usize) -> Option<i128> {
        self.values.ordered(row)
    }

    /// Whether a row has no value so far.
    pub(crate) fn is_null(&self, row: usize) -> bool {
        self.values.is_null(row)
    }

    /// The text in a row so far; `None` where it has none.
    pub(crate) fn text(&self, row: usize) -> Option<&[u8]> {
        self.values.text(row)
    }

    /// Whether the time of a row is on the clock that the row names; rows are asked for in ascending order.
    pub(crate) fn takes_zone_of_row(&mut self, row: usize) -> bool {
        self.row_clock.take(row)
    }

    /// Puts the time of a row into UTC, by the clock of the row.
    pub(crate) fn shift_to_utc(&mut self, row: usize, zone: &Zone) -> Result<(), Reason> {
        if let Some(micros) = self.values.instant_mut(row) {
            *micros = zone.micros_to_utc(*micros)?;
        }
        Ok(())
    }

    /// How many values were rounded.
    pub(crate) fn rounded(&self) -> u64 {
        self.rounded
    }

    /// The values so far as an array; the column is empty after it.
    pub(crate) fn finish(&mut self) -> Result<ArrayRef, ArrowError> {
        self.finish_some(&Runs::default())
    }

    /// The same of some rows only.
    pub(crate) fn finish_some(&mut self, rows: &Runs) -> Result<ArrayRef, ArrowError> {
        self.values.finish(rows)
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
            Values::Text(_) if self.rules.is_too_long(text) => return Err(Reason::TooLong),
            Values::Text(_) if memchr(0, text).is_some() => return Err(Reason::NulCharacter),
            Values::Text(texts) if self.personal == Personal::Hash => {
                texts.push(&hash_digits::<HASHED>(text));
            }
            Values::Text(texts) if self.personal == Personal::Domain => match domain(text) {
                Some(domain) => texts.push(&domain),
                None if self.rules.is_required => return Err(Reason::MissingValue),
                None => texts.push_null(),
            },
            Values::Text(texts) if self.personal == Personal::HashAddress => match domain(text) {
                Some(_) => texts.push(&hash_digits::<HASHED>(&plain(text))),
                None if self.rules.is_required => return Err(Reason::MissingValue),
                None => texts.push_null(),
            },
            Values::Text(texts) => texts.push(text),
            Values::Integer(numbers) => {
                let text = text.trim_ascii();
                let text = if self.has_words { number::leading(text) } else { text };
                let plain = self.numbers.plain(text);
                let number = plain.and_then(number::integer).ok_or(Reason::NotAnInteger)?;
                numbers.append_value(self.rules.within(number.into(), number)?);
            }
            Values::Decimal(numbers) => {
                let plain = self.numbers.plain(text.trim_ascii());
                let scale = self.scale - self.minor_units;
                let exact = plain.and_then(|plain| number::decimal(plain, scale));
                let number = match exact {
                    None if self.is_rounded => {
                        plain.and_then(|plain| number::rounded(plain, scale))
                    }
                    exact => exact,
                };
                let number = number.ok_or(Reason::NotADecimal)?;
                let number = self.rules.within(number, number)?;
                self.rounded += u64::from(exact.is_none());
                numbers.append_value(number);
            }
            Values::Float(numbers) => {
                let plain = self.numbers.plain(text.trim_ascii());
                let number = plain.and_then(number::float).ok_or(Reason::NotAFloat)?;
                numbers.append_value(self.rules.within(number::float_order(number), number)?);
            }
            Values::Duration(spans) => {
                let text = text.trim_ascii();
                let plain = self.numbers.plain(text);
                let seconds = self.span.read(text, plain).ok_or(Reason::NotADuration)?;
                spans.append_value(self.rules.within(seconds.into(), seconds)?);
            }
            Values::Boolean(claims) => {
                claims.append_value(number::boolean(text.trim_ascii()).ok_or(Reason::NotABoolean)?);
            }
            Values::Timestamp(instants) => {
                let text = text.trim_ascii();
                let micros = self.moment.timestamp(text)?;
                let written = || self.moment.written_day(text);
                if self.rules.is_moment(micros.div_euclid(MICROS_PER_DAY), written)? {
                    instants.append_value(self.rules.within(micros.into(), micros)?);
                    self.row_clock.note(instants.len() - 1, || self.moment.is_on_clock(text));
                } else {
                    instants.append_null();
                }
            }
            Values::Date(days) => {
                let day = self.moment.date(text.trim_ascii())?;
                if self.rules.is_moment(day.into(), || Some(day))? {
                    days.append_value(self.rules.within(day.into(), day)?);
                } else {
                    days.append_null();
                }
            }
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
    fn is_exception(&self, cell: FieldValue<'_>) -> bool {
        if !self.rules.has_texts {
            return false;
        }
        let text = cell.to_text();
        let text = text.as_bytes();
        self.rules.replaced(text) != text
            || self.rules.is_null(text)
            || !self.rules.is_accepted(text)
    }

    fn take_typed(&mut self, cell: FieldValue<'_>) -> Result<(), Reason> {
        let scale = self.scale - self.minor_units;
        match (&mut self.values, cell) {
            (Values::Integer(numbers), FieldValue::Integer(number)) => {
                numbers.append_value(self.rules.within(number.into(), number)?);
            }
            (Values::Integer(numbers), FieldValue::Decimal { unscaled, scale }) => {
                let number = number::rescaled(unscaled, scale, 0).ok_or(Reason::NotAnInteger)?;
                let number = i64::try_from(number).map_err(|_| Reason::NotAnInteger)?;
                numbers.append_value(self.rules.within(number.into(), number)?);
            }
            (Values::Decimal(numbers), FieldValue::Integer(number)) => {
                let number =
                    number::rescaled(number.into(), 0, scale).ok_or(Reason::NotADecimal)?;
                numbers.append_value(self.rules.within(number, number)?);
            }
            (Values::Decimal(_), FieldValue::Decimal { unscaled, scale: from })
                if self.is_rounded && number::rescaled(unscaled, from, scale).is_none() =>
            {
                return self.take_text(cell.to_text().as_bytes());
            }
            (Values::Decimal(numbers), FieldValue::Decimal { unscaled, scale: from }) => {
                let number = number::rescaled(unscaled, from, scale).ok_or(Reason::NotADecimal)?;
                numbers.append_value(self.rules.within(number, number)?);
            }
            (Values::Float(_), FieldValue::Integer(_) | FieldValue::Decimal { .. }) => {
                return self.take_text(cell.to_text().as_bytes());
            }
            (Values::Duration(spans), FieldValue::Integer(_) | FieldValue::Decimal { .. }) => {
                let text = cell.to_text();
                let seconds = self.span.read(text.as_bytes(), Some(text.as_bytes()));
                let seconds = seconds.ok_or(Reason::NotADuration)?;
                spans.append_value(self.rules.within(seconds.into(), seconds)?);
            }
            (Values::Duration(spans), FieldValue::Seconds(seconds)) => {
                spans.append_value(self.rules.within(seconds.into(), seconds)?);
            }
            (Values::Boolean(claims), FieldValue::Boolean(claim)) => claims.append_value(claim),
            (Values::Timestamp(instants), cell) => {
                let micros = instant(&self.moment, cell)?;
                let written = || written_day(&self.moment, cell);
                if self.rules.is_moment(micros.div_euclid(MICROS_PER_DAY), written)? {
                    instants.append_value(self.rules.within(micros.into(), micros)?);
                    self.row_clock.note(instants.len() - 1, || is_on_clock(&self.moment, cell));
                } else {
                    instants.append_null();
                }
            }
            (Values::Date(days), cell) => {
                let day = day(&self.moment, cell)?;
                if self.rules.is_moment(day.into(), || Some(day))? {
                    days.append_value(self.rules.within(day.into(), day)?);
                } else {
                    days.append_null();
                }
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
            Kind::Float => Reason::NotAFloat,
            Kind::Duration => Reason::NotADuration,
            Kind::Boolean => Reason::NotABoolean,
            Kind::Date => Reason::NotADate,
            Kind::Timestamp => Reason::NotATimestamp,
            Kind::Text => Reason::BadEncoding,
        }
    }
}

/// What stands after the `@` of an address; a text without one is none.
fn domain(text: &[u8]) -> Option<Vec<u8>> {
    let at = text.iter().rposition(|byte| *byte == b'@')?;
    let domain = text[at + 1..].trim_ascii().to_ascii_lowercase();
    (!domain.is_empty()).then_some(domain)
}

/// An address as it is compared: the same people write theirs in capitals, or with blanks around it.
fn plain(address: &[u8]) -> Vec<u8> {
    address.trim_ascii().to_ascii_lowercase()
}

/// The instant of a value that has a type already; a number is read as the formats say.
fn instant(moment: &MomentReader, cell: FieldValue<'_>) -> Result<i64, Reason> {
    match cell {
        FieldValue::Instant(micros) => Ok(micros),
        FieldValue::Local(micros) => moment.local(micros),
        FieldValue::Day(day) => moment.local(i64::from(day) * MICROS_PER_DAY),
        FieldValue::Integer(_) | FieldValue::Decimal { .. } => {
            moment.timestamp(cell.to_text().as_bytes())
        }
        FieldValue::Null
        | FieldValue::Text(_)
        | FieldValue::Boolean(_)
        | FieldValue::Seconds(_) => Err(Reason::NotATimestamp),
    }
}

/// Whether a value that has a type already is a time on the clock of its column.
fn is_on_clock(moment: &MomentReader, cell: FieldValue<'_>) -> bool {
    match cell {
        FieldValue::Local(_) | FieldValue::Day(_) => true,
        FieldValue::Integer(_) | FieldValue::Decimal { .. } => {
            moment.is_on_clock(cell.to_text().as_bytes())
        }
        _ => false,
    }
}

/// The day of a moment that has a type already, on its own clock.
fn written_day(moment: &MomentReader, cell: FieldValue<'_>) -> Option<i32> {
    match cell {
        FieldValue::Instant(micros) | FieldValue::Local(micros) => {
            i32::try_from(micros.div_euclid(MICROS_PER_DAY)).ok()
        }
        FieldValue::Day(day) => Some(day),
        _ => moment.written_day(cell.to_text().as_bytes()),
    }
}

/// The day of a value that has a type already.
fn day(moment: &MomentReader, cell: FieldValue<'_>) -> Result<i32, Reason> {
    match cell {
        FieldValue::Day(day) => Ok(day),
        FieldValue::Local(micros) if micros % MICROS_PER_DAY == 0 => {
            i32::try_from(micros / MICROS_PER_DAY).map_err(|_| Reason::NotADate)
        }
        FieldValue::Integer(_) | FieldValue::Decimal { .. } => {
            moment.date(cell.to_text().as_bytes())
        }
        _ => Err(Reason::NotADate),
    }
}
