//! A source file as a source.

use std::path::Path;

use scorewright_domain::{Environment, Fault, Fingerprint, ProjectFile};

use super::toml_span::word_span;
use super::verify;
use crate::source::Source;

impl Source {
    /// Reads a source file and proves that its parts fit together.
    ///
    /// # Errors
    ///
    /// Every fault found, each pointing at its line; a file that is not TOML of this shape has one.
    pub fn read(file: &ProjectFile) -> Result<Self, Vec<Fault>> {
        Self::read_in(file, &Environment::none())
    }

    /// The same, with the values of the environment variables that its `files` name.
    ///
    /// # Errors
    ///
    /// Every fault found; a name without a value is one.
    pub fn read_in(file: &ProjectFile, environment: &Environment) -> Result<Self, Vec<Fault>> {
        let mut source: Self = file.toml().map_err(|fault| vec![fault])?;
        for files in &mut source.files.0 {
            *files = environment.expand(files).map_err(|unset| {
                let span = word_span(file, "", "files", files);
                vec![file.fault(span, unset.to_string()).help("set it for the run")]
            })?;
        }
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
