//! The route into a folder.
//!
//! ```text
//! pages/<report>/<period>/       the newest revision
//! pages/<report>/<period>.r1/    the first one, once a second one took its place
//! ```

use std::path::{Path, PathBuf};

use scorewright_domain::Document;
use scorewright_durable::{DurableError, Readers, promote_folder, remove_folder};

use crate::document_folder::{holds, replace};
use crate::{BadIssue, Issue, Label, Refusal, Route};

/// Copies the documents of an issue into a folder of their own.
///
/// The folder appears as a whole. Replacing it takes two renames; a process
/// killed between them leaves it missing until the next call, never mixed.
#[derive(Debug, Clone)]
pub struct Pages {
    folder: PathBuf,
}

impl Pages {
    /// A route into `folder`, usually `out/pages`.
    pub fn new(folder: impl Into<PathBuf>) -> Self {
        Self { folder: folder.into() }
    }

    fn place(&self, label: &Label) -> PathBuf {
        self.folder.join(&label.report).join(&label.period)
    }
}

impl Route for Pages {
    fn name(&self) -> &'static str {
        "pages"
    }

    fn destinations(&self, issue: &Issue) -> Vec<String> {
        vec![format!("{}/{}", issue.report, issue.period.label())]
    }

    fn pack(&self, issue: &Issue, _label: &Label) -> Result<Vec<Document>, BadIssue> {
        Ok(issue.documents.clone())
    }

    fn hand_over(&self, label: &Label, contents: &[Document]) -> Result<(), Refusal> {
        lay_down(&self.place(label), label, contents).map_err(|bad| Refusal::Later(bad.in_full()))
    }

    fn is_replaceable(&self) -> bool {
        true
    }

    fn lies_there(&self, label: &Label, contents: &[Document]) -> bool {
        holds(&self.place(label), contents).unwrap_or(false)
    }
}

fn lay_down(place: &Path, label: &Label, contents: &[Document]) -> Result<(), DurableError> {
    let retired = place.with_file_name(format!(".staged-retired-{}", label.period));
    remove_folder(&retired)?;
    if holds(place, contents)? {
        return Ok(());
    }
    replace(place, contents, Readers::Anyone, |place| {
        let kept =
            kept_name(label).map_or_else(|| retired.clone(), |name| place.with_file_name(name));
        remove_folder(&kept)?;
        promote_folder(place, &kept)
    })?;
    remove_folder(&retired)
}

/// Where the former revision goes; nowhere when the same revision is laid down again.
fn kept_name(label: &Label) -> Option<String> {
    let before = label.replaces.filter(|_| label.is_correction())?;
    Some(format!("{}.r{before}", label.period))
}
