//! The route into a folder.
//!
//! ```text
//! pages/<report>/<period>/       the newest revision
//! pages/<report>/<period>.r1/    the first one, once a second one replaced it
//! ```

use std::path::{Path, PathBuf};

use scorewright_domain::Document;
use scorewright_durable::{DurableError, Readers, promote_folder, remove_folder};

use crate::document_folder::{holds, replace};
use crate::issue::{BadIssue, Issue};
use crate::label::Label;
use crate::route::{HandOverError, Route};

/// Copies the documents of an issue into a folder of their own.
///
/// The folder appears as a whole. Replacing it takes two renames; a process killed between them
/// leaves it missing until the next call, never mixed.
#[derive(Debug, Clone)]
pub(crate) struct PagesRoute {
    folder: PathBuf,
}

impl PagesRoute {
    pub(crate) fn new(folder: PathBuf) -> Self {
        Self { folder }
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

    fn hand_over(&self, label: &Label, payload: &[Document]) -> Result<(), HandOverError> {
        publish(&self.page_folder(label), label, payload)
            .map_err(|error| HandOverError::Later(error.in_full()))
    }

    fn is_replaceable(&self) -> bool {
        true
    }

    fn is_intact(&self, label: &Label, payload: &[Document]) -> bool {
        holds(&self.page_folder(label), payload).unwrap_or(false)
    }
}

fn publish(folder: &Path, label: &Label, documents: &[Document]) -> Result<(), DurableError> {
    let retired = folder.with_file_name(format!(".staged-retired-{}", label.period));
    remove_folder(&retired)?;
    if holds(folder, documents)? {
        return Ok(());
    }
    let former = kept_name(label).map(|name| folder.with_file_name(name));
    let former = former.as_deref().unwrap_or(&retired);
    replace(folder, documents, Readers::Anyone, |folder| {
        remove_folder(former)?;
        promote_folder(folder, former)
    })?;
    remove_folder(&retired)
}

/// Name under which the former revision is kept; `None` when the same revision is written again.
fn kept_name(label: &Label) -> Option<String> {
    let before = label.replaces.filter(|_| label.is_correction())?;
    Some(format!("{}.r{before}", label.period))
}
