//! A source that has no extract at all.

use std::fmt;
use std::path::PathBuf;

use miette::Diagnostic;
use scorewright_domain::nearest;

use super::arrival::AwaitedExtract;
use crate::source::Source;

/// A source that has no extract at all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MissingExtract {
    /// The source.
    pub of: String,
    /// Its file in the project.
    pub path: String,
    /// The glob that matches nothing.
    pub files: String,
    /// The extracts folder.
    pub folder: PathBuf,
    /// Files that are there, the most similar names first.
    pub nearby: Vec<String>,
    /// Files that match and have not arrived yet.
    pub awaited: Vec<AwaitedExtract>,
    /// Whether rows of earlier extracts are in its table.
    pub has_landed: bool,
}

impl MissingExtract {
    /// Files that are there and not wanted: as many as a message names.
    const THERE: usize = 5;

    /// A source nothing in a folder or bucket matches, beside what is there.
    pub(crate) fn new(
        source: &Source,
        files: &str,
        folder: PathBuf,
        mut nearby: Vec<String>,
        awaited: &[AwaitedExtract],
    ) -> Self {
        nearby.sort();
        let first = files.split("` or `").next().unwrap_or_default();
        let wanted = first.replace(['*', '?'], "");
        if let Some(near) = nearest(&wanted, &nearby.iter().map(String::as_str).collect::<Vec<_>>())
        {
            let near = near.to_owned();
            nearby.retain(|name| *name != near);
            nearby.insert(0, near);
        }
        nearby.truncate(Self::THERE);
        let (of, path, files) = (source.name.clone(), source.path.clone(), files.to_owned());
        Self { of, path, files, folder, nearby, awaited: awaited.to_vec(), has_landed: false }
    }
}

impl fmt::Display for MissingExtract {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (of, files, folder) = (&self.of, &self.files, self.folder.display());
        match self.awaited.as_slice() {
            [] => write!(
                out,
                "source `{of}` has no extract: no file below `{folder}` matches `{files}`"
            ),
            _ => write!(
                out,
                "source `{of}` has no extract yet: no file below `{folder}` that matches `{files}` has arrived"
            ),
        }
    }
}

impl std::error::Error for MissingExtract {}

impl Diagnostic for MissingExtract {
    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        if let Some(first) = self.awaited.first() {
            let help = format!("{first}\nrun again later, or mend `[arrival]` in `{}`", self.path);
            return Some(Box::new(help));
        }
        let files_there = match self.nearby.as_slice() {
            [] => "the folder is empty".to_owned(),
            names => format!("the nearest files there are: {}", names.join(", ")),
        };
        Some(Box::new(format!(
            "{files_there}\nput the extract there, or mend `files` in `{}`",
            self.path
        )))
    }
}
