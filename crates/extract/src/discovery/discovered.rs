//! What was found for one source.

use std::path::Path;

use super::arrival::{AwaitedExtract, Wait};
use super::extract_file::ExtractFile;
use super::missing_extract::MissingExtract;
use crate::refusal::RefusedExtract;
use crate::source::Source;

/// What was found for one source.
#[derive(Debug, Default)]
pub struct Discovery {
    /// Files in the order of their paths.
    pub files: Vec<ExtractFile>,
    /// Files that are refused unread.
    pub refused: Vec<RefusedExtract>,
    /// Files that have not arrived yet.
    pub awaited: Vec<AwaitedExtract>,
    /// Said when there is no file at all.
    pub missing: Option<MissingExtract>,
}

impl Discovery {
    /// Leaves out a file that has not arrived yet; says whether it has.
    pub(crate) fn admit(&mut self, source: &Source, file: &Path, wait: Option<Wait>) -> bool {
        let Some(why) = wait else { return true };
        self.awaited.push(AwaitedExtract { of: source.name.clone(), file: file.to_owned(), why });
        false
    }
}
