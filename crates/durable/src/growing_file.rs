//! A file that is written part by part.

use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use crate::attempt::attempt;
use crate::change::DiskChange;
use crate::error::{DurableError, failed};
use crate::operation;
use crate::readers::Readers;

/// A file that nobody reads before all of it is written and synced.
#[derive(Debug)]
pub struct GrowingFile {
    file: File,
    path: PathBuf,
}

impl GrowingFile {
    /// Begins a file, in place of the content of one of its name.
    ///
    /// # Errors
    ///
    /// [`DurableError`] when the folder is not there or cannot be written.
    pub fn create(path: &Path, readers: Readers) -> Result<Self, DurableError> {
        Ok(Self { file: operation::create(path, readers)?, path: path.to_owned() })
    }

    /// Makes its content survive a power cut; its name is not synced.
    ///
    /// # Errors
    ///
    /// [`DurableError`] when the device takes it not.
    pub fn sync(self) -> Result<(), DurableError> {
        operation::sync(&self.file, &self.path).map_err(failed("sync", &self.path))
    }
}

impl Write for GrowingFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        attempt(DiskChange::Write(&self.path), || self.file.write(bytes))
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}
