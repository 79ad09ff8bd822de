//! One or several faults in files of the project, reported together.

use std::fmt;

use miette::{Diagnostic, LabeledSpan, SourceCode};
use scorewright_domain::Fault;

/// What is wrong in metric, target or benchmark files: at least one fault.
///
/// Shown as the fault itself when there is one, as a list when there are more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProjectFaults(Vec<Fault>);

impl ProjectFaults {
    /// The faults, in the order of their files.
    pub fn all(&self) -> &[Fault] {
        &self.0
    }

    /// `Ok` of all values, or every fault.
    pub(crate) fn collect<T>(
        results: impl IntoIterator<Item = Result<T, Fault>>,
    ) -> Result<Vec<T>, Self> {
        let mut values = Vec::new();
        let mut faults = Vec::new();
        for result in results {
            match result {
                Ok(value) => values.push(value),
                Err(fault) => faults.push(fault),
            }
        }
        Self::none_of(faults).map(|()| values)
    }

    /// `Ok` when there is no fault.
    pub(crate) fn none_of(faults: Vec<Fault>) -> Result<(), Self> {
        if faults.is_empty() { Ok(()) } else { Err(Self(faults)) }
    }

    fn only(&self) -> Option<&Fault> {
        if let [fault] = self.0.as_slice() { Some(fault) } else { None }
    }
}

impl From<Fault> for ProjectFaults {
    fn from(fault: Fault) -> Self {
        Self(vec![fault])
    }
}

impl fmt::Display for ProjectFaults {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.only() {
            Some(fault) => fault.fmt(out),
            None => write!(out, "{} faults in files of the project", self.0.len()),
        }
    }
}

impl std::error::Error for ProjectFaults {}

impl Diagnostic for ProjectFaults {
    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        self.only()?.help()
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        self.only()?.labels()
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        self.only()?.source_code()
    }

    fn related<'a>(&'a self) -> Option<Box<dyn Iterator<Item = &'a dyn Diagnostic> + 'a>> {
        match self.only() {
            Some(_) => None,
            None => Some(Box::new(self.0.iter().map(|fault| fault as &dyn Diagnostic))),
        }
    }
}
