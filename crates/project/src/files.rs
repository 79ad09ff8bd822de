//! The text files of a project.

use std::collections::BTreeMap;
use std::fmt;
use std::fs;
use std::io;
use std::path::Path;

use scorewright_domain::ProjectFile;
use scorewright_kpi::{Metric, SoundMetrics};

use crate::error::ProjectError;
use crate::seed_file::{is_seed, read_seed};
use crate::text_file::read_text;
use crate::unreadable_file::unreadable;

/// Name of the settings, without which a folder is no project.
const SETTINGS: &str = "scorewright.toml";

/// The text files of a project, in order of path: its settings, its seeds, and all below `pipelines` and `reports`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProjectFiles {
    settings: ProjectFile,
    others: Vec<ProjectFile>,
}

/// A file that is not what it was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FileChange {
    /// It was not there.
    Added(String),
    /// It says something else.
    Changed(String),
    /// It is gone.
    Removed(String),
}

impl fmt::Display for FileChange {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Added(path) => write!(out, "`{path}` was added"),
            Self::Changed(path) => write!(out, "`{path}` changed"),
            Self::Removed(path) => write!(out, "`{path}` was removed"),
        }
    }
}

impl ProjectFiles {
    /// Reads the files of a project folder.
    ///
    /// # Errors
    ///
    /// A [`ProjectError`] when the folder is no project, or one of the files cannot be read.
    pub fn read(folder: &Path) -> Result<Self, ProjectError> {
        let settings = read_settings(folder)?;
        let mut others = Vec::new();
        for below in ["pipelines", "reports"] {
            collect(folder, &folder.join(below), &mut others)?;
        }
        others.sort_by(|left, right| left.path.cmp(&right.path));
        Ok(Self { settings, others })
    }

    /// Files as a version keeps them; `None` when the settings are not among them.
    pub fn kept(mut files: Vec<ProjectFile>) -> Option<Self> {
        let settings = files.iter().position(|file| file.path == SETTINGS)?;
        Some(Self { settings: files.remove(settings), others: files })
    }

    /// All of them, as a version keeps them.
    pub fn to_vec(&self) -> Vec<ProjectFile> {
        std::iter::once(&self.settings).chain(&self.others).cloned().collect()
    }

    /// These files with the templates of others.
    #[must_use]
    pub fn with_templates_of(self, other: &Self) -> Self {
        let own = self.others.into_iter().filter(|file| !is_template(file));
        let templates = other.others.iter().filter(|file| is_template(file)).cloned();
        Self { settings: self.settings, others: own.chain(templates).collect() }
    }

    /// What became of earlier files, in order of path; templates, which shape no figure, are left out.
    pub fn changes_since(&self, earlier: &Self) -> Vec<FileChange> {
        let (now, before) = (self.texts(), earlier.texts());
        let changed = now.iter().filter_map(|(path, text)| match before.get(path) {
            None => Some(FileChange::Added((*path).to_owned())),
            Some(former) => (former != text).then(|| FileChange::Changed((*path).to_owned())),
        });
        let removed = before.keys().filter(|path| !now.contains_key(*path));
        changed.chain(removed.map(|path| FileChange::Removed((*path).to_owned()))).collect()
    }

    /// The metrics of their files, as far as these have no fault.
    pub fn metrics(&self) -> Vec<Metric> {
        SoundMetrics::read(&below(&self.others, "pipelines/metrics/")).metrics
    }

    /// `pipelines/targets.toml`; `None` when the project has none.
    pub fn targets(&self) -> Option<&ProjectFile> {
        self.others.iter().find(|file| file.path == "pipelines/targets.toml")
    }

    /// `reports/recipients.toml`; `None` when the project has none.
    pub fn recipients(&self) -> Option<&ProjectFile> {
        self.others.iter().find(|file| file.path == "reports/recipients.toml")
    }

    /// `scorewright.toml`.
    pub(crate) fn settings(&self) -> &ProjectFile {
        &self.settings
    }

    /// All below `pipelines` and `reports`.
    pub(crate) fn others(&self) -> &[ProjectFile] {
        &self.others
    }

    fn texts(&self) -> BTreeMap<&str, &str> {
        let shaping = self.others.iter().filter(|file| !is_template(file));
        let all = std::iter::once(&self.settings).chain(shaping);
        all.map(|file| (&*file.path, &*file.text)).collect()
    }
}

/// Reads `scorewright.toml`.
pub(crate) fn read_settings(folder: &Path) -> Result<ProjectFile, ProjectError> {
    let path = folder.join(SETTINGS);
    read_text(SETTINGS, &path).map_err(|error| match error {
        ProjectError::Unreadable(error) if is_not_there(&error.source) => {
            ProjectError::NotAProject { folder: folder.to_owned() }
        }
        error => error,
    })
}

fn is_not_there(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory)
}

fn collect(root: &Path, folder: &Path, files: &mut Vec<ProjectFile>) -> Result<(), ProjectError> {
    let entries = match fs::read_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        entries => entries.map_err(unreadable(folder))?,
    };
    for entry in entries {
        let path = entry.map_err(unreadable(folder))?.path();
        let name = path.strip_prefix(root).unwrap_or(&path).to_string_lossy().replace('\\', "/");
        if path.is_dir() {
            refuse_a_file_name(&name, &path)?;
            collect(root, &path, files)?;
        } else if is_text(&path) {
            files.push(read_text(&name, &path)?);
        } else if is_seed(&name) {
            files.push(read_seed(name, &path)?);
        }
    }
    Ok(())
}

fn is_text(path: &Path) -> bool {
    let ending = path.extension();
    ending.is_some_and(|ending| ["toml", "sql", "j2"].iter().any(|known| ending == *known))
}

/// An error for a folder that has the name of a file: the project would go on without what was meant.
fn refuse_a_file_name(name: &str, path: &Path) -> Result<(), ProjectError> {
    if !is_text(path) {
        return Ok(());
    }
    let fault = ProjectFile::new(name, "").fault(None, "a folder has the name of a file");
    Err(fault.help("rename the folder, or put the file in its place").into())
}

/// Whether a file is a template of a report.
pub(crate) fn is_template(file: &ProjectFile) -> bool {
    Path::new(&file.path).extension().is_some_and(|ending| ending == "j2")
}

/// The files below a folder of the project.
pub(crate) fn below(files: &[ProjectFile], folder: &str) -> Vec<ProjectFile> {
    files.iter().filter(|file| file.path.starts_with(folder)).cloned().collect()
}
