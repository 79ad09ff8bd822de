//! The text files of a project.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use scorewright_domain::ProjectFile;

/// A file or folder of the project that cannot be read.
#[derive(Debug, thiserror::Error, miette::Diagnostic)]
#[error("cannot read `{}`", path.display())]
#[diagnostic(help("check that it exists, that it is readable and that it is UTF-8 text"))]
pub struct UnreadableFile {
    /// The file or folder.
    pub path: PathBuf,
    /// What the operating system says.
    pub source: io::Error,
}

/// All text files below `pipelines` and `reports`, in order of path.
pub(crate) fn read_files(root: &Path) -> Result<Vec<ProjectFile>, UnreadableFile> {
    let mut files = Vec::new();
    for folder in ["pipelines", "reports"] {
        collect(root, &root.join(folder), &mut files)?;
    }
    files.sort_by(|left, right| left.path.cmp(&right.path));
    Ok(files)
}

fn collect(root: &Path, folder: &Path, files: &mut Vec<ProjectFile>) -> Result<(), UnreadableFile> {
    let entries = match fs::read_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        entries => entries.map_err(unreadable(folder))?,
    };
    for entry in entries {
        let path = entry.map_err(unreadable(folder))?.path();
        if path.is_dir() {
            collect(root, &path, files)?;
        } else if is_text(&path) {
            let text = fs::read_to_string(&path).map_err(unreadable(&path))?;
            let name =
                path.strip_prefix(root).unwrap_or(&path).to_string_lossy().replace('\\', "/");
            files.push(ProjectFile::new(name, text));
        }
    }
    Ok(())
}

/// Adds the path to an error of the operating system.
pub(crate) fn unreadable(path: &Path) -> impl FnOnce(io::Error) -> UnreadableFile + use<> {
    let path = path.to_owned();
    move |source| UnreadableFile { path, source }
}

fn is_text(path: &Path) -> bool {
    let ending = path.extension();
    ending.is_some_and(|ending| ["toml", "sql", "j2"].iter().any(|known| ending == *known))
}

/// Whether a file is a template of a report.
pub(crate) fn is_template(file: &ProjectFile) -> bool {
    Path::new(&file.path).extension().is_some_and(|ending| ending == "j2")
}

/// The files below a folder of the project.
pub(crate) fn below(files: &[ProjectFile], folder: &str) -> Vec<ProjectFile> {
    files.iter().filter(|file| file.path.starts_with(folder)).cloned().collect()
}
