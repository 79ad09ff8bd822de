//! The files of a project for chosen sources.

use scorewright_domain::{Fault, ProjectFile, TableName, nearest};

use super::entries::without_lines;
use super::fitted::fitted_files;
use super::goals::as_examples;
use super::kept::KeptParts;
use crate::library;

/// Files of a project, and what they leave out of the standard library.
pub struct Selection {
    /// The files, by path below the project.
    pub files: Vec<ProjectFile>,
    /// Models, metrics and reports left out, with what they would need.
    pub left_out: Vec<(String, String)>,
    /// Sources of one product that feed one role: what is in both counts twice.
    pub doubled: Vec<(TableName, Vec<TableName>)>,
}

/// Sources that no project can be made for.
#[derive(Debug, thiserror::Error, miette::Diagnostic)]
pub enum SelectionError {
    /// The standard library has no such source.
    #[error("the standard library has no source `{name}`")]
    UnknownSource {
        /// The source.
        name: String,
        /// What there is.
        #[help]
        help: String,
    },
    /// A file of the standard library does not fit the others.
    #[error("{} faults in the standard library", .0.len())]
    Library(#[related] Vec<Fault>),
}

impl Selection {
    /// A project without any source, to which sources are added one by one.
    ///
    /// # Errors
    ///
    /// A [`SelectionError`] when a file of the standard library does not fit the others.
    pub fn empty() -> Result<Self, SelectionError> {
        Self::of_kept(&[])
    }

    /// Everything that the named sources feed; what the demo runs when none is named.
    ///
    /// # Errors
    ///
    /// A [`SelectionError`] when the standard library has no source of a name.
    pub fn of(names: &[String]) -> Result<Self, SelectionError> {
        if names.is_empty() {
            let files = library::library_files().into_iter().map(as_examples).collect();
            return Ok(Self { files, left_out: Vec::new(), doubled: Vec::new() });
        }
        check_names(names)?;
        Self::of_kept(names)
    }

    fn of_kept(names: &[String]) -> Result<Self, SelectionError> {
        let files = library::files_with_presets();
        let mut kept = KeptParts::of(names, &files).map_err(SelectionError::Library)?;
        let mut files =
            fitted_files(&files, &kept).map_err(|fault| SelectionError::Library(vec![fault]))?;
        for report in without_lines(&files) {
            files.retain(|file| !file.path.starts_with(&format!("reports/{report}/")));
            kept.left_out.push((format!("reports/{report}"), "a metric".into()));
        }
        let doubled = kept.roles.doubled(|feeder| kept.tables.contains(feeder));
        let files = files.into_iter().map(as_examples).collect();
        Ok(Self { files, left_out: kept.left_out, doubled })
    }
}

pub(crate) fn check_names(names: &[String]) -> Result<(), SelectionError> {
    let sources = library::sources();
    let known: Vec<&str> = sources.iter().map(|source| source.name.as_str()).collect();
    let Some(unknown) = names.iter().find(|name| !known.contains(&name.as_str())) else {
        return Ok(());
    };
    let list = known.join(", ");
    let help = nearest(unknown, &known)
        .map_or_else(|| list.clone(), |near| format!("did you mean `{near}`? there are: {list}"));
    Err(SelectionError::UnknownSource { name: unknown.clone(), help })
}
