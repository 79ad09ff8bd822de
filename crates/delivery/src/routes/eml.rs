//! The route into mail files.

use std::path::PathBuf;

use scorewright_domain::Document;
use scorewright_durable::{Readers, replace_locked_file};

use super::{message, notice};
use crate::entry::OutboxEntry;
use crate::issue::{BadIssue, Email, Issue};
use crate::label::Label;
use crate::mailbox::Mailbox;
use crate::route::{HandOverError, Route};

/// Writes one mail file for each recipient, as any mail program opens it.
///
/// A file that somebody took away is not written again: it was delivered.
#[derive(Debug, Clone)]
pub(crate) struct EmlRoute {
    folder: PathBuf,
}

impl EmlRoute {
    pub(crate) fn new(folder: PathBuf) -> Self {
        Self { folder }
    }
}

impl Route for EmlRoute {
    fn name(&self) -> &'static str {
        "eml"
    }

    fn destinations(&self, issue: &Issue) -> Vec<String> {
        let recipients = issue.email.iter().flat_map(|email| &email.to);
        recipients.map(|to| to.address().to_owned()).collect()
    }

    fn payload(&self, issue: &Issue, label: &Label) -> Result<Vec<Document>, BadIssue> {
        let Some((email, to)) = addressed(issue, label) else { return Ok(Vec::new()) };
        Ok(vec![mail(email, to, label)?])
    }

    fn notice(&self, issue: &Issue, held: &OutboxEntry) -> Result<Option<Document>, BadIssue> {
        let (notice, label) = (notice::of(issue, held), held.label.of_notice());
        let addressed = addressed(issue, &held.label);
        let noticed = notice.zip(addressed).map(|(notice, (_, to))| mail(&notice, to, &label));
        noticed.transpose()
    }

    fn hand_over(&self, _label: &Label, payload: &[Document]) -> Result<(), HandOverError> {
        let write = |mail: &Document| {
            replace_locked_file(&self.folder.join(&mail.name), &mail.bytes, Readers::Owner)
        };
        let written = payload.iter().try_for_each(write);
        written.map_err(|error| HandOverError::Later(error.in_full()))
    }

    fn has(&self, payload: &[Document]) -> bool {
        let is_there = |mail: &Document| {
            std::fs::read(self.folder.join(&mail.name)).is_ok_and(|bytes| bytes == mail.bytes)
        };
        !payload.is_empty() && payload.iter().all(is_there)
    }
}

fn mail(email: &Email, to: &Mailbox, label: &Label) -> Result<Document, BadIssue> {
    let bytes = message::write(email, to, label)?;
    Ok(Document { name: file_name(label, to), media_type: "message/rfc822".into(), bytes })
}

/// The e-mail of an issue, and its recipient at the destination of a label.
fn addressed<'a>(issue: &'a Issue, label: &Label) -> Option<(&'a Email, &'a Mailbox)> {
    let email = issue.email.as_ref()?;
    let to = email.to.iter().find(|to| to.address() == label.destination)?;
    Some((email, to))
}

/// A name that a person recognises; the start of the key keeps similar addresses apart.
fn file_name(label: &Label, to: &Mailbox) -> String {
    let plain = |letter: char| {
        if letter.is_ascii_alphanumeric() { letter.to_ascii_lowercase() } else { '-' }
    };
    let slug: String = to.address().chars().take(40).map(plain).collect();
    let Label { report, period, revision, key, .. } = label;
    let kind = if label.is_notice() { "held".into() } else { format!("r{revision}") };
    format!("{report}-{period}-{kind}-{slug}-{}.eml", &key[..12])
}
