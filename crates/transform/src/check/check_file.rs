//! A check as a companion file writes it.

use scorewright_domain::Severity;
use serde::Deserialize;

/// One `[[checks]]` entry: exactly one of the first six keys.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CheckFile {
    not_null: Option<Vec<String>>,
    unique: Option<Vec<String>>,
    accepted: Option<AcceptedFile>,
    range: Option<RangeFile>,
    reference: Option<ReferenceFile>,
    row_balance: Option<String>,
    #[serde(default)]
    pub(super) severity: Severity,
    #[serde(default)]
    pub(super) tolerance: f64,
}

#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct AcceptedFile {
    pub(super) column: String,
    pub(super) values: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RangeFile {
    pub(super) column: String,
    pub(super) min: Option<f64>,
    pub(super) max: Option<f64>,
}

#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ReferenceFile {
    pub(super) column: String,
    /// Column of another table: `dim.customer.customer_id`.
    pub(super) to: String,
}

/// What an entry asks.
#[derive(Debug, Clone, Copy)]
pub(super) enum CheckKind<'a> {
    NotNull(&'a [String]),
    Unique(&'a [String]),
    Accepted(&'a AcceptedFile),
    Range(&'a RangeFile),
    Reference(&'a ReferenceFile),
    RowBalance(&'a str),
}

impl CheckKind<'_> {
    /// The key whose list is empty, or whose bounds are both absent: such a check finds nothing, or everything.
    pub(super) fn empty_key(self) -> Option<&'static str> {
        match self {
            Self::NotNull([]) => Some("not_null"),
            Self::Unique([]) => Some("unique"),
            Self::Accepted(accepted) if accepted.values.is_empty() => Some("accepted"),
            Self::Range(RangeFile { min: None, max: None, .. }) => Some("range"),
            _ => None,
        }
    }
}

impl CheckFile {
    /// What the entry asks; `None` when it asks nothing or more than one thing.
    pub(super) fn kind(&self) -> Option<CheckKind<'_>> {
        let kinds = [
            self.not_null.as_deref().map(CheckKind::NotNull),
            self.unique.as_deref().map(CheckKind::Unique),
            self.accepted.as_ref().map(CheckKind::Accepted),
            self.range.as_ref().map(CheckKind::Range),
            self.reference.as_ref().map(CheckKind::Reference),
            self.row_balance.as_deref().map(CheckKind::RowBalance),
        ];
        let mut asked = kinds.into_iter().flatten();
        match (asked.next(), asked.next()) {
            (Some(kind), None) => Some(kind),
            _ => None,
        }
    }
}
