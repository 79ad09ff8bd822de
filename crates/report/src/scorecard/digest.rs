//! The part of a page that fits into a mail.

use serde::{Deserialize, Serialize};

/// Which lines fit into a mail: at most eight, worst first inside their groups.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Digest {
    /// The lines shown, under their headings.
    pub groups: Vec<DigestGroup>,
    /// What is left out: `3 more measures are in the full scorecard`; `null` when nothing is.
    pub omitted: Option<String>,
    /// Address of the full page; `null` when it is not published.
    pub link: Option<String>,
    /// Where the full page is that has no address: `The full scorecard is attached.` Only templates of mails have it, and
    /// only where there is no address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attachment: Option<String>,
}

/// Lines of a mail under one heading.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DigestGroup {
    /// The heading.
    pub title: String,
    /// Ids of the lines, worst first.
    pub lines: Vec<String>,
}
