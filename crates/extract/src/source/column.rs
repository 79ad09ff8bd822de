//! What one column must be.

use indexmap::IndexMap;

use super::meaning::{Orientation, Personal, Question};
use super::written::{Ambiguous, Bound, Missing, Names};
use super::zone::ZoneSetting;

/// One column of a source: its name in the extract, its type, and what its values may be.
#[derive(Debug, Clone, PartialEq, serde::Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(clippy::struct_excessive_bools, reason = "each is a key that people write")]
pub struct Column {
    /// Names it may have in the extract, the first found wins; empty means the canonical name.
    #[serde(default)]
    pub from: Names,
    /// Regular expression whose first group finds its value above the rows of a file; every row has it.
    #[serde(default)]
    pub above: Option<String>,
    /// What was found above the rows of the file at hand.
    #[serde(skip)]
    pub found_above: Option<String>,
    /// Type of its values.
    #[serde(rename = "type")]
    pub kind: Kind,
    /// Whether a row without a value goes to quarantine. Key columns always are.
    #[serde(default)]
    pub required: bool,
    /// Whether the file may lack the column; its values are then all null.
    #[serde(default)]
    pub optional: bool,
    /// Texts that mean "no value".
    #[serde(default = "Column::empty_is_null")]
    pub null: Vec<String>,
    /// How a date, timestamp or duration is written, the first format that fits wins; empty means ISO.
    ///
    /// strptime patterns, `iso`, `excel`, `epoch_seconds`, `epoch_milliseconds`; for durations `h:mm`, `h:mm:ss`,
    /// `seconds`, `minutes`, `hours`.
    #[serde(default)]
    pub format: Names,
    /// Zone of timestamps that state no offset; UTC when absent.
    #[serde(default)]
    pub time_zone: Option<ZoneSetting>,
    /// What is done with a local time that the zone's clock shows twice.
    #[serde(default)]
    pub ambiguous: Ambiguous,
    /// What is done with a local time that the zone's clock skips.
    #[serde(default)]
    pub missing: Missing,
    /// What stands before the fraction of a number: `.` or `,`; a point when absent.
    #[serde(default)]
    pub decimal_mark: Option<String>,
    /// What stands between groups of three digits; nothing when absent.
    #[serde(default)]
    pub thousands: Option<String>,
    /// Symbols that may stand before or after a number.
    #[serde(default)]
    pub currency: Names,
    /// Digits by which a decimal's written unit is smaller than its own: with 2, `1234` is 12.34.
    #[serde(default)]
    pub minor_units: Option<u8>,
    /// Digits kept after the decimal point; 4 when absent.
    #[serde(default)]
    pub scale: Option<u8>,
    /// Whether a decimal with more digits than `scale` is rounded, halves away from zero, and an exponent read.
    #[serde(default)]
    pub round: bool,
    /// Whether a whole number may have words after it, which are left out: `10 - extremely likely`.
    #[serde(default)]
    pub leading_number: bool,
    /// The only texts accepted, after `map`; empty means any.
    #[serde(default)]
    pub accepted: Vec<String>,
    /// Texts replaced before anything else looks at them.
    #[serde(default)]
    pub map: IndexMap<String, String>,
    /// Most characters a text may have; in key columns 256 bytes when absent.
    #[serde(default)]
    pub max_length: Option<usize>,
    /// Smallest number, duration or moment accepted.
    #[serde(default)]
    pub min: Option<Bound>,
    /// Largest number, duration or moment accepted.
    #[serde(default)]
    pub max: Option<Bound>,
    /// What is done with personal data.
    #[serde(default)]
    pub personal: Personal,
    /// Which survey question it answers.
    #[serde(default)]
    pub question: Option<Question>,
    /// Which end of a customer effort question is good.
    #[serde(default)]
    pub orientation: Option<Orientation>,
    /// Whether a staging model turns the answers round, so that they mean the other end of `orientation`.
    #[serde(default)]
    pub reversed: bool,
    /// Whether an extract brought it and the source file does not declare it.
    #[serde(skip)]
    pub is_evolved: bool,
}

impl Column {
    fn empty_is_null() -> Vec<String> {
        vec![String::new()]
    }

    /// What a high answer means where the answers are used.
    pub fn used_orientation(&self) -> Option<Orientation> {
        let asked = self.orientation?;
        Some(match (asked, self.reversed) {
            (Orientation::Ease, false) | (Orientation::Effort, true) => Orientation::Ease,
            (Orientation::Effort, false) | (Orientation::Ease, true) => Orientation::Effort,
        })
    }

    /// Whether its numbers are written with more than digits, a point and a leading sign.
    pub(crate) fn is_accountants(&self) -> bool {
        self.decimal_mark.is_some() || self.thousands.is_some() || !self.currency.0.is_empty()
    }

    /// A text column about which nothing else is said.
    pub(crate) fn text() -> Self {
        Self {
            from: Names::default(),
            above: None,
            found_above: None,
            kind: Kind::Text,
            required: false,
            optional: false,
            null: Self::empty_is_null(),
            format: Names::default(),
            time_zone: None,
            ambiguous: Ambiguous::default(),
            missing: Missing::default(),
            decimal_mark: None,
            thousands: None,
            currency: Names::default(),
            minor_units: None,
            scale: None,
            round: false,
            leading_number: false,
            accepted: Vec::new(),
            map: IndexMap::new(),
            max_length: None,
            min: None,
            max: None,
            personal: Personal::default(),
            question: None,
            orientation: None,
            reversed: false,
            is_evolved: false,
        }
    }

    /// Digits kept after the decimal point.
    pub fn scale(&self) -> u8 {
        self.scale.unwrap_or(4)
    }

    /// Names it may have in the extract, in order of preference.
    pub fn names<'a>(&'a self, canonical: &'a str) -> Vec<&'a str> {
        if self.from.0.is_empty() {
            vec![canonical]
        } else {
            self.from.0.iter().map(String::as_str).collect()
        }
    }
}

/// Type of a column's values.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Any text, kept as it is.
    Text,
    /// A whole number of 64 bits.
    Integer,
    /// A number with a fixed count of decimal digits, 18 digits in all.
    Decimal,
    /// The nearest number of 64 bits with a floating point: ratios and measures, never money.
    Float,
    /// An instant, stored as microseconds in UTC.
    Timestamp,
    /// A day.
    Date,
    /// A time span, stored as whole seconds; negative ones too.
    Duration,
    /// `true`, `false`, `1`, `0`, `yes`, `no`, `t`, `f`, in any case.
    Boolean,
}
