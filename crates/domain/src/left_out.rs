//! Extracts that a version was made without.

use std::fmt;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::names::fingerprint::Fingerprint;

/// An extract that a version was made without: it is refused, or held back with one that is.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct LeftOutExtract {
    /// Name of the source.
    pub source: String,
    /// Path below the extracts folder, or address of an object.
    pub file: PathBuf,
    /// SHA-256 of its bytes as received; `None` where it is refused without being read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fingerprint: Option<Fingerprint>,
    /// Why it is refused, in one line without values of its rows; `None` for a sound one that is held back, because
    /// nothing of its source lands while another of its extracts is refused.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

impl LeftOutExtract {
    /// Whether it is at fault itself.
    pub fn is_refused(&self) -> bool {
        self.reason.is_some()
    }

    /// Whether both are the same extract with the same content; where that is not known, refused for the same reason.
    pub fn is_same(&self, other: &Self) -> bool {
        let is_same_content = match (&self.fingerprint, &other.fingerprint) {
            (Some(one), Some(other)) => one == other,
            (None, None) => self.reason == other.reason,
            _ => false,
        };
        self.source == other.source && self.file == other.file && is_same_content
    }
}

impl fmt::Display for LeftOutExtract {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "extract `{}` of source `{}` is ", self.file.display(), self.source)?;
        match &self.reason {
            Some(reason) => write!(out, "refused: {reason}"),
            None => write!(out, "held back: another extract of the source is refused"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(content: Option<&[u8]>, reason: &str) -> LeftOutExtract {
        LeftOutExtract {
            source: "tickets".into(),
            file: "a.csv".into(),
            fingerprint: content.map(Fingerprint::of),
            reason: Some(reason.into()),
        }
    }

    #[test]
    fn an_extract_is_the_same_by_its_content_or_else_by_its_reason() {
        let read = refused(Some(b"x"), "it has no rows");
        assert!(read.is_same(&LeftOutExtract { reason: None, ..read.clone() }));
        assert!(!read.is_same(&refused(Some(b"y"), "it has no rows")));
        assert!(!read.is_same(&refused(None, "it has no rows")));
        assert!(refused(None, "it is empty").is_same(&refused(None, "it is empty")));
        assert!(!refused(None, "it is empty").is_same(&refused(None, "it is a folder")));
    }

    #[test]
    fn it_says_whether_it_is_at_fault_itself() {
        let refused = refused(None, "it is empty");
        assert_eq!(
            refused.to_string(),
            "extract `a.csv` of source `tickets` is refused: it is empty"
        );
        let held = LeftOutExtract { reason: None, ..refused };
        assert_eq!(
            held.to_string(),
            "extract `a.csv` of source `tickets` is held back: another extract of the source is refused"
        );
    }
}
