//! A source file as a source.

use std::path::Path;

use scorewright_domain::{Fault, Fingerprint, ProjectFile};

use super::verify;
use crate::source::Source;

impl Source {
    /// Reads a source file and proves that its parts fit together.
    ///
    /// # Errors
    ///
    /// Every fault found, each pointing at its line; a file that is not TOML of this shape has one.
    pub fn read(file: &ProjectFile) -> Result<Self, Vec<Fault>> {
        let source: Self = file.toml().map_err(|fault| vec![fault])?;
        let stem =
            Path::new(&file.path).file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
        let source = Self {
            name: stem.to_owned(),
            path: file.path.clone(),
            fingerprint: Fingerprint::of(file.text.as_bytes()),
            ..source
        };
        let faults = verify::faults(&source, file);
        if faults.is_empty() { Ok(source) } else { Err(faults) }
    }
}
