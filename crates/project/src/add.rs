//! A source file for an extract, and a look at what it makes of the rows.

use std::path::{Path, PathBuf};

use scorewright_domain::{BadTableName, TableName};
use scorewright_durable::{DurableError, Readers, replace_file};
use scorewright_extract::{BadSample, Draft, Preview, draft, preview, source_name};

use crate::error::ProjectError;
use crate::folders::{Folders, ProjectLocation};
use crate::library;
use crate::settings::Settings;

/// A source that was added to a project.
pub struct AddedSource {
    /// Its file, and what the sample left open.
    pub draft: Draft,
    /// What it makes of the first rows.
    pub preview: Preview,
    /// Where extracts belong.
    pub extracts: PathBuf,
}

/// A source that cannot be added.
#[derive(Debug, thiserror::Error, miette::Diagnostic)]
pub enum AddError {
    /// The project cannot be read.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Project(#[from] ProjectError),
    /// There is no such extract.
    #[error("there is no file `{}`", file.display())]
    NoFile {
        /// The file.
        file: PathBuf,
        /// What to name instead.
        #[help]
        help: String,
    },
    /// A table cannot have this name.
    #[error("{0}")]
    #[diagnostic(help(
        "name the source with lower-case letters, digits and underscores: --name tickets"
    ))]
    BadName(BadTableName),
    /// The project has a source of this name.
    #[error("the project has `{path}` already")]
    #[diagnostic(help(
        "choose another name with `--name`, or remove the file first: it may hold decisions of yours"
    ))]
    Exists {
        /// Its file below the project.
        path: String,
    },
    /// No source can be read out of the extract.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Sample(#[from] BadSample),
    /// The file cannot be written.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Durable(#[from] DurableError),
}

/// Writes `pipelines/sources/<name>.toml` for an extract, and types its first rows with it.
///
/// - `name`: name of the source; taken from the name of the file without it.
/// - `rows`: how many good rows to show at most.
///
/// # Errors
///
/// An [`AddError`] when there is no such extract, its name is taken, or no source can be read out of it.
pub fn add_source(
    location: &ProjectLocation,
    extract: &Path,
    name: Option<&str>,
    rows: usize,
) -> Result<AddedSource, AddError> {
    let settings = Settings::read(&location.project)?.0;
    let (folders, limits) = (Folders::from_settings(location, &settings), &settings.limits);
    if !extract.exists() {
        return Err(no_file(extract));
    }
    let name = name.map_or_else(|| source_name(extract), ToOwned::to_owned);
    TableName::new("raw", &name).map_err(AddError::BadName)?;
    let below = format!("pipelines/sources/{name}.toml");
    let path = location.project.join(&below);
    if path.exists() {
        return Err(AddError::Exists { path: below });
    }
    let draft = draft(extract, &name, &folder_of(extract, &folders.extracts), limits)?;
    let preview = preview(&draft.source, extract, rows, limits)?;
    replace_file(&path, draft.file.text.as_bytes(), Readers::Anyone)?;
    Ok(AddedSource { draft, preview, extracts: folders.extracts })
}

/// The folder of a file below the extracts folder, with a slash at its end; empty when it lies elsewhere.
fn folder_of(file: &Path, extracts: &Path) -> String {
    below(file, extracts)
        .filter(|below| !below.is_empty())
        .map(|below| below + "/")
        .unwrap_or_default()
}

fn below(file: &Path, extracts: &Path) -> Option<String> {
    let (file, extracts) = (file.canonicalize().ok()?, extracts.canonicalize().ok()?);
    Some(file.strip_prefix(extracts).ok()?.parent()?.to_str()?.to_owned())
}

fn no_file(extract: &Path) -> AddError {
    let file = extract.display();
    let is_standard =
        library::sources().iter().any(|source| extract.as_os_str() == source.name.as_str());
    let help = if is_standard {
        format!(
            "`{file}` is a source of the standard library: scorewright init DIR --sources {file}"
        )
    } else {
        "name an extract, as your system exported it: scorewright add source tickets.csv".into()
    };
    AddError::NoFile { file: extract.to_owned(), help }
}
