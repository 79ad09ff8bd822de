//! Values for the `$name` parameters of a query.

use std::collections::{BTreeSet, HashMap};

use datafusion::common::ParamValues;
use datafusion::common::metadata::ScalarAndMetadata;
use datafusion::scalar::ScalarValue;
use jiff::Timestamp;
use jiff::civil::Date;

/// Values by parameter name, without the `$`. Values are data, never SQL text.
#[derive(Debug, Clone, Default)]
pub struct Parameters {
    values: HashMap<String, ScalarValue>,
}

impl Parameters {
    /// No parameters.
    pub fn new() -> Self {
        Self::default()
    }

    /// An instant, to the microsecond.
    #[must_use]
    pub fn timestamp(self, name: &str, instant: Timestamp) -> Self {
        self.with(
            name,
            ScalarValue::TimestampMicrosecond(Some(instant.as_microsecond()), Some("UTC".into())),
        )
    }

    /// A day.
    ///
    /// # Panics
    ///
    /// Never: every civil day is within the range of 32-bit days since 1970.
    #[must_use]
    pub fn date(self, name: &str, day: Date) -> Self {
        let since = day - jiff::civil::date(1970, 1, 1);
        self.with(name, ScalarValue::Date32(Some(since.get_days())))
    }

    /// A text.
    #[must_use]
    pub fn text(self, name: &str, text: impl Into<String>) -> Self {
        self.with(name, ScalarValue::Utf8(Some(text.into())))
    }

    /// A whole number.
    #[must_use]
    pub fn integer(self, name: &str, number: i64) -> Self {
        self.with(name, ScalarValue::Int64(Some(number)))
    }

    /// A real number.
    #[must_use]
    pub fn float(self, name: &str, number: f64) -> Self {
        self.with(name, ScalarValue::Float64(Some(number)))
    }

    fn with(mut self, name: &str, value: ScalarValue) -> Self {
        self.values.insert(name.into(), value);
        self
    }

    /// Whether there is one of this name.
    pub(super) fn has(&self, name: &str) -> bool {
        self.values.contains_key(name)
    }

    /// Their names, sorted.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        let names: BTreeSet<&str> = self.values.keys().map(String::as_str).collect();
        names.into_iter()
    }

    pub(super) fn to_values(&self) -> ParamValues {
        let values = self
            .values
            .iter()
            .map(|(name, value)| (name.clone(), ScalarAndMetadata::from(value.clone())));
        ParamValues::Map(values.collect())
    }
}
