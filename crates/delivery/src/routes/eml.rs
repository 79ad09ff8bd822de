//! The route into mail files.

use std::path::PathBuf;

use scorewright_domain::Document;
use scorewright_durable::{Readers, replace_locked_file};

use super::mail;
use crate::entry::OutboxEntry;
use crate::issue::{BadIssue, Issue};
use crate::label::Label;
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
        mail::destinations(issue)
    }

    fn payload(&self, issue: &Issue, label: &Label) -> Result<Vec<Document>, BadIssue> {
        mail::payload(issue, label)
    }

    fn notice(&self, issue: &Issue, held: &OutboxEntry) -> Result<Option<Document>, BadIssue> {
        mail::notice(issue, held)
    }

    fn hand_over(
        &self,
        _label: &Label,
        payload: &[Document],
        _before_end: &mut dyn FnMut() -> Result<(), HandOverError>,
    ) -> Result<(), HandOverError> {
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
