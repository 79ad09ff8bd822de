//! What a check found, and what it means.

use serde::{Deserialize, Serialize};

use crate::names::check_id::CheckId;

/// One check on one table.
///
/// A check that looked at no rows of a table that has rows is a fault of the check, never a pass.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "NotedOutcome")]
pub struct CheckOutcome {
    /// What was asked: `not_null(customer_id)`.
    pub check: CheckId,
    /// Rows that offend, those that are tolerated among them.
    pub offending: u64,
    /// Rows that may offend.
    pub tolerated: u64,
    /// Rows looked at; `None` for a check of the project's own, which answers with its offenders alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub looked_at: Option<u64>,
    /// What that means.
    pub verdict: CheckVerdict,
    /// Up to five offending rows, as text, for who asks to see them. They may name people, so no commit keeps them.
    #[serde(skip_serializing)]
    pub samples: Vec<String>,
}

/// What the offending rows of a check mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CheckVerdict {
    /// No row offends.
    Passed,
    /// Rows offend, and no more of them than may.
    Tolerated,
    /// Too many offend: published, with a warning.
    Warned,
    /// Too many offend: nothing is published.
    Failed,
}

/// What too many offending rows mean: nothing is published, or a warning is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Nothing is published.
    #[default]
    Error,
    /// Published, with a warning.
    Warn,
}

impl CheckVerdict {
    /// The verdict over so many rows that offend, when so many may.
    pub fn of(offending: u64, tolerated: u64, severity: Severity) -> Self {
        match (offending, severity) {
            (0, _) => Self::Passed,
            (offending, _) if offending <= tolerated => Self::Tolerated,
            (_, Severity::Warn) => Self::Warned,
            (_, Severity::Error) => Self::Failed,
        }
    }

    /// Whether more rows offend than may.
    pub fn is_offence(self) -> bool {
        matches!(self, Self::Warned | Self::Failed)
    }
}

/// An outcome as commits have it: older ones say the severity, no offence where it was tolerated, and rows, which are
/// passed over.
#[derive(Deserialize)]
struct NotedOutcome {
    check: CheckId,
    offending: u64,
    #[serde(default)]
    tolerated: u64,
    looked_at: Option<u64>,
    verdict: Option<CheckVerdict>,
    #[serde(default)]
    severity: Severity,
}

impl From<NotedOutcome> for CheckOutcome {
    fn from(noted: NotedOutcome) -> Self {
        let NotedOutcome { check, offending, tolerated, looked_at, verdict, severity } = noted;
        let verdict = verdict.unwrap_or_else(|| CheckVerdict::of(offending, tolerated, severity));
        Self { check, offending, tolerated, looked_at, verdict, samples: Vec::new() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_offend_are_tolerated_warn_or_stop() {
        use CheckVerdict::{Failed, Passed, Tolerated, Warned};
        for (offending, tolerated, severity, verdict) in [
            (0, 0, Severity::Error, Passed),
            (335, 1_000, Severity::Error, Tolerated),
            (1_001, 1_000, Severity::Warn, Warned),
            (1, 0, Severity::Error, Failed),
        ] {
            assert_eq!(CheckVerdict::of(offending, tolerated, severity), verdict, "{offending}");
        }
    }

    #[test]
    fn a_commit_names_a_check_by_its_plain_text_and_older_ones_are_read() {
        let outcome = CheckOutcome {
            check: CheckId::known_customer("zendesk", "staging.ticket"),
            offending: 2,
            tolerated: 1,
            looked_at: Some(10),
            verdict: CheckVerdict::Warned,
            samples: vec!["customer_id=C7".into()],
        };
        let text = toml::to_string(&outcome).unwrap();
        assert!(text.contains("check = \"known_customer(zendesk in staging.ticket)\""), "{text}");
        assert!(!text.contains("C7"), "no row is kept: {text}");
        let kept = CheckOutcome { samples: Vec::new(), ..outcome };
        assert_eq!(toml::from_str::<CheckOutcome>(&text).unwrap(), kept);
        let older = "check = \"a\"\nseverity = \"warn\"\noffending = 2\nlooked_at = 9\nsamples = [\"id=7\"]\n";
        let older: CheckOutcome = toml::from_str(older).unwrap();
        assert_eq!((older.verdict, older.looked_at), (CheckVerdict::Warned, Some(9)));
        assert!(older.samples.is_empty());
    }
}
