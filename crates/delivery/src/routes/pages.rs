//! The route into a folder.
//!
//! ```text
//! pages/<report>/<period>/       the newest revision
//! pages/<report>/<period>.r1/    the first one, once a second one replaced it
//! ```

use std::path::{Path, PathBuf};

use scorewright_domain::Document;
use scorewright_durable::{DurableError, Readers};

use crate::batch::in_batch;
use crate::document_folder::{holds, holds_all, keep, write};
use crate::entry::Attachment;
use crate::issue::{BadIssue, Issue};
use crate::label::Label;
use crate::route::{HandOverError, Route};

/// Copies the documents of an issue into a folder of their own.
///
/// The folder appears as a whole and is replaced as a whole: it is never missing and never mixed.
#[derive(Debug, Clone)]
pub(crate) struct PagesRoute {
    folder: PathBuf,
    readers: Readers,
}

impl PagesRoute {
    pub(crate) fn new(folder: PathBuf, readers: Readers) -> Self {
        Self { folder, readers }
    }

    fn page_folder(&self, label: &Label) -> PathBuf {
        self.folder.join(&label.report).join(&label.period)
    }
}

impl Route for PagesRoute {
    fn name(&self) -> &'static str {
        "pages"
    }

    fn destinations(&self, issue: &Issue) -> Vec<String> {
        vec![format!("{}/{}", issue.report, issue.period.label())]
    }

    fn payload(&self, issue: &Issue, _label: &Label) -> Result<Vec<Document>, BadIssue> {
        Ok(issue.documents.clone())
    }

    fn hand_over(
        &self,
        label: &Label,
        payload: &[Document],
        _before_end: &mut dyn FnMut() -> Result<(), HandOverError>,
    ) -> Result<(), HandOverError> {
        publish(&self.page_folder(label), label, payload, self.readers)
            .map_err(|error| HandOverError::Later(error.in_full()))
    }

    fn hand_over_all(&self, payloads: &[(&Label, &[Document])]) -> Vec<Result<(), HandOverError>> {
        in_batch(payloads, |(label, payload)| self.hand_over(label, payload, &mut || Ok(())))
    }

    fn is_replaceable(&self) -> bool {
        true
    }

    fn is_intact(&self, label: &Label, payload: &[Document]) -> bool {
        holds(&self.page_folder(label), payload).unwrap_or(false)
    }

    fn still_has(&self, label: &Label, contents: &[Attachment]) -> bool {
        holds_all(&self.page_folder(label), contents)
    }
}

fn publish(
    folder: &Path,
    label: &Label,
    documents: &[Document],
    readers: Readers,
) -> Result<(), DurableError> {
    if holds(folder, documents)? {
        return Ok(());
    }
    if let Some(name) = kept_name(label) {
        keep(folder, &folder.with_file_name(name), readers)?;
    }
    write(folder, documents, readers)
}

/// Name under which the former revision is kept; `None` when the same revision is written again.
fn kept_name(label: &Label) -> Option<String> {
    let before = label.replaces.filter(|_| label.is_later())?;
    Some(format!("{}.r{before}", label.period))
}
