//! The place that the pages of a project are published to.

use std::fs;
use std::io::ErrorKind;
use std::path::PathBuf;

use scorewright_durable::{Readers, replace_locked_file};

/// One file of a site.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SiteFile<'a> {
    /// Its path below the place: `customer/2026-W47/r1/scorecard.html`.
    pub path: &'a str,
    /// Its media type.
    pub media_type: &'a str,
    /// Its content.
    pub bytes: &'a [u8],
    /// Whether readers are to ask for it anew each time: it leads to what is newest.
    pub is_pointer: bool,
}

/// A folder, or a folder of an object store. The caller is its only writer.
pub trait SiteStore {
    /// The place as the project names it, in keys and messages. Never changes: a new name publishes everything again.
    fn name(&self) -> &str;

    /// Writes a file durably and as a whole, in place of the one of its path.
    ///
    /// # Errors
    ///
    /// Why it could not be written, in words.
    fn write(&self, file: SiteFile<'_>) -> Result<(), String>;

    /// The content of a file; `None` when there is none.
    ///
    /// # Errors
    ///
    /// Why it could not be read, in words.
    fn read(&self, path: &str) -> Result<Option<Vec<u8>>, String>;

    /// Whether reading asks no other machine, so that a look costs nothing.
    fn is_on_this_machine(&self) -> bool;
}

/// A folder that a web server shows.
#[derive(Debug, Clone)]
pub struct SiteFolder {
    name: String,
    folder: PathBuf,
}

impl SiteFolder {
    /// A folder, which is made when something is published.
    pub fn new(name: String, folder: PathBuf) -> Self {
        Self { name, folder }
    }
}

impl SiteStore for SiteFolder {
    fn name(&self) -> &str {
        &self.name
    }

    fn write(&self, file: SiteFile<'_>) -> Result<(), String> {
        let written =
            replace_locked_file(&self.folder.join(file.path), file.bytes, Readers::Anyone);
        written.map_err(|error| error.in_full())
    }

    fn read(&self, path: &str) -> Result<Option<Vec<u8>>, String> {
        let path = self.folder.join(path);
        match fs::read(&path) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(cause) if cause.kind() == ErrorKind::NotFound => Ok(None),
            Err(cause) => Err(format!("cannot read `{}`: {cause}", path.display())),
        }
    }

    fn is_on_this_machine(&self) -> bool {
        true
    }
}
