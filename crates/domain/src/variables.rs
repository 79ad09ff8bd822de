//! Values that a project names once, for its SQL: `$recontact_days`.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::names::sql_name::SqlText;

/// One value. Numbers are exact: none of them is a float.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Variable {
    /// A whole number.
    Integer(i64),
    /// A number with a fixed count of decimal digits: `unscaled` is 19 and `scale` 2 of 0.19.
    Decimal {
        /// Its digits, without the point; at most 18.
        unscaled: i64,
        /// Digits after the point.
        scale: u8,
    },
    /// A text.
    Text(String),
    /// Yes or no.
    Boolean(bool),
    /// A day.
    Date(Date),
}

/// As SQL writes it.
impl fmt::Display for Variable {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Integer(number) => write!(out, "{number}"),
            Self::Decimal { unscaled, scale } => {
                let sign = if *unscaled < 0 { "-" } else { "" };
                let digits = format!(
                    "{:0>width$}",
                    unscaled.unsigned_abs(),
                    width = usize::from(*scale) + 1
                );
                let (whole, fraction) = digits.split_at(digits.len() - usize::from(*scale));
                let point = if fraction.is_empty() { "" } else { "." };
                write!(out, "CAST('{sign}{whole}{point}{fraction}' AS DECIMAL(18, {scale}))")
            }
            Self::Text(text) => write!(out, "{}", SqlText(text)),
            Self::Boolean(is_so) => write!(out, "{is_so}"),
            Self::Date(day) => write!(out, "DATE '{day}'"),
        }
    }
}

/// The variables of a project, by name without the `$`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Variables(pub BTreeMap<String, Variable>);

impl Variables {
    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Those that SQL names, as text to be hashed; `None` when it names none of them.
    ///
    /// - `named`: names of parameters, without the `$`.
    pub fn used_by(&self, named: &BTreeSet<String>) -> Option<String> {
        let used = self.0.iter().filter(|(name, _)| named.contains(*name));
        let used: Vec<String> = used.map(|(name, value)| format!("{name}={value}")).collect();
        (!used.is_empty()).then(|| used.join("\0"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_decimal_is_exact_and_a_text_cannot_end_itself() {
        let decimal = |unscaled, scale| Variable::Decimal { unscaled, scale }.to_string();
        assert_eq!(decimal(19, 2), "CAST('0.19' AS DECIMAL(18, 2))");
        assert_eq!(decimal(-1205, 3), "CAST('-1.205' AS DECIMAL(18, 3))");
        assert_eq!(decimal(7, 0), "CAST('7' AS DECIMAL(18, 0))");
        assert_eq!(Variable::Text("it's".into()).to_string(), "'it''s'");
    }

    #[test]
    fn only_what_is_named_counts() {
        let with = |days| {
            let days = Variable::Integer(days);
            Variables([("days".into(), days), ("team".into(), Variable::Boolean(true))].into())
        };
        let named = |name: &str| BTreeSet::from([name.to_owned(), "as_of".to_owned()]);
        assert_ne!(with(7).used_by(&named("days")), with(8).used_by(&named("days")));
        assert_eq!(with(7).used_by(&named("team")), with(8).used_by(&named("team")));
        assert_eq!(with(7).used_by(&named("other")), None);
    }
}
