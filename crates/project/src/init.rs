//! A complete, readable project for chosen sources, written into an empty folder.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use scorewright_domain::ProjectFile;
use scorewright_durable::{DurableError, Readers, create_folder, replace_file};

use crate::presets::{Selection, SelectionError};

const SETTINGS: &str = "\
# What the pages call you, where your weeks and months begin and end, and what money is counted in.
name = \"My company\"
time_zone = \"UTC\"        # a name of the tz database: Europe/Berlin, America/New_York
currency = \"EUR\"
extracts = \"extracts\"    # folder of the files your systems export; or pass --extracts DIR
";

const IGNORED: &str = "/extracts/\n/warehouse/\n/out/\n";

/// A project that cannot be written.
#[derive(Debug, thiserror::Error, miette::Diagnostic)]
pub enum InitError {
    /// The folder holds something already.
    #[error("`{}` is not empty", folder.display())]
    #[diagnostic(help(
        "name a folder that is empty or not there yet: scorewright init my-project"
    ))]
    NotEmpty {
        /// The folder.
        folder: PathBuf,
    },
    /// The sources cannot be chosen.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Selection(#[from] SelectionError),
    /// A file cannot be written.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Durable(#[from] DurableError),
    /// The folder of the extracts cannot be made.
    #[error("cannot create `{}`: {cause}", folder.display())]
    #[diagnostic(help("check that the folder is writable"))]
    ExtractsFolder {
        /// The folder.
        folder: PathBuf,
        /// What the operating system says.
        cause: io::Error,
    },
}

/// Writes a project of everything that the named sources feed; of the demo's sources when none is named.
///
/// # Errors
///
/// An [`InitError`] when the folder is not empty, a source is unknown, or a file cannot be written.
pub fn init(folder: &Path, sources: &[String]) -> Result<Selection, InitError> {
    init_with(folder, || Selection::of(sources))
}

/// Writes a project without any source, to which sources are added one by one.
///
/// # Errors
///
/// An [`InitError`] when the folder is not empty, or a file cannot be written.
pub fn init_empty(folder: &Path) -> Result<Selection, InitError> {
    init_with(folder, Selection::empty)
}

fn init_with(
    folder: &Path,
    select: impl FnOnce() -> Result<Selection, SelectionError>,
) -> Result<Selection, InitError> {
    if !is_empty_folder(folder) {
        return Err(InitError::NotEmpty { folder: folder.to_owned() });
    }
    let selection = select()?;
    write_project(folder, SETTINGS, &selection.files)?;
    Ok(selection)
}

/// Whether a folder holds nothing, or is not there, so that nothing of anybody can be replaced.
pub fn is_empty_folder(folder: &Path) -> bool {
    fs::read_dir(folder).map_or(true, |mut entries| entries.next().is_none())
}

/// Writes the files of a project, its settings and what git should leave alone.
///
/// # Errors
///
/// An [`InitError`] when a file or the folder of the extracts cannot be written.
pub fn write_project(
    folder: &Path,
    settings: &str,
    files: &[ProjectFile],
) -> Result<(), InitError> {
    let own = [("scorewright.toml", settings), (".gitignore", IGNORED)];
    let own = own.map(|(path, text)| ProjectFile::new(path, text));
    for file in own.iter().chain(files) {
        replace_file(&folder.join(&file.path), file.text.as_bytes(), Readers::Anyone)?;
    }
    let extracts = folder.join("extracts");
    create_folder(&extracts, Readers::Anyone)
        .map_err(|error| InitError::ExtractsFolder { folder: extracts, cause: error.cause })
}
