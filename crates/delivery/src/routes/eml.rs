//! The route into mail files.

use std::path::PathBuf;

use scorewright_domain::Document;
use scorewright_durable::{Readers, replace_file};

use crate::{BadIssue, Issue, Label, Mailbox, Refusal, Route, message};

/// Writes one mail file for each recipient, as any mail program opens it.
///
/// A file that somebody took away is not written again: it was delivered.
#[derive(Debug, Clone)]
pub struct Eml {
    folder: PathBuf,
}

impl Eml {
    /// A route into `folder`, usually `out/mail`.
    pub fn new(folder: impl Into<PathBuf>) -> Self {
        Self { folder: folder.into() }
    }
}

impl Route for Eml {
    fn name(&self) -> &'static str {
        "eml"
    }

    fn destinations(&self, issue: &Issue) -> Vec<String> {
        let letter = issue.letter.iter();
        letter.flat_map(|letter| &letter.to).map(|to| to.address().to_owned()).collect()
    }

    fn pack(&self, issue: &Issue, label: &Label) -> Result<Vec<Document>, BadIssue> {
        let found = issue.letter.as_ref().and_then(|letter| {
            let to = letter.to.iter().find(|to| to.address() == label.destination)?;
            Some((letter, to))
        });
        let Some((letter, to)) = found else { return Ok(Vec::new()) };
        let bytes = message::write(letter, to, label)?;
        Ok(vec![Document {
            name: file_name(label, to),
            media_type: "message/rfc822".into(),
            bytes,
        }])
    }

    fn hand_over(&self, _label: &Label, contents: &[Document]) -> Result<(), Refusal> {
        let write = |mail: &Document| {
            replace_file(&self.folder.join(&mail.name), &mail.bytes, Readers::Owner)
        };
        contents.iter().try_for_each(write).map_err(|error| Refusal::Later(error.in_full()))
    }
}

/// A name to recognise a mail by; the start of the key tells apart what looks alike.
fn file_name(label: &Label, to: &Mailbox) -> String {
    let plain = |letter: char| {
        if letter.is_ascii_alphanumeric() { letter.to_ascii_lowercase() } else { '-' }
    };
    let slug: String = to.address().chars().take(40).map(plain).collect();
    let Label { report, period, revision, key, .. } = label;
    format!("{report}-{period}-r{revision}-{slug}-{}.eml", &key[..12])
}
