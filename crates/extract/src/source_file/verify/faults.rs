//! The faults of one source file while they are found.

use scorewright_domain::{Fault, ProjectFile};

use crate::source_file::toml_span::{value_span, word_span};

/// The faults of one file while they are found.
pub(crate) struct Faults<'a> {
    pub(crate) file: &'a ProjectFile,
    pub(crate) found: Vec<Fault>,
}

impl Faults<'_> {
    /// A fault at a setting.
    pub(crate) fn at(
        &mut self,
        section: &str,
        key: &str,
        message: impl Into<String>,
        help: impl Into<String>,
    ) {
        self.found.push(self.file.fault(value_span(self.file, section, key), message).help(help));
    }

    /// A fault at one word of a setting.
    pub(crate) fn at_word(
        &mut self,
        place: (&str, &str, &str),
        message: impl Into<String>,
        help: impl Into<String>,
    ) {
        let (section, key, name) = place;
        self.found
            .push(self.file.fault(word_span(self.file, section, key, name), message).help(help));
    }
}
