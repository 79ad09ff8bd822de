//! One more source in a project: a source file for an extract, with what feeds a role; or a preset of the library.

mod add_error;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use scorewright_domain::{Limits, ProjectFile, TableName};
use scorewright_durable::{DurableError, Readers, replace_file};
use scorewright_extract::{
    Draft, Preview, Source, draft, preview, source_name, undeclared_of_fitting,
};
use toml_edit::DocumentMut;

use crate::error::ProjectError;
use crate::files::ProjectFiles;
use crate::folders::Folders;
use crate::library;
use crate::location::ProjectLocation;
use crate::own::{
    AnsweredRole, FoundColumn, Mapping, RoleQuestions, StagingPage, companion_of, fitted, grain_of,
    is_role, repeated_key,
};
use crate::presets::{Extension, check_names};
use crate::settings::Settings;
pub use add_error::AddError;

/// A source that was added to a project.
pub struct AddedSource {
    /// Its file.
    pub file: ProjectFile,
    /// What its file says.
    pub source: Source,
    /// Settings and columns with a question that the sample does not decide.
    pub questions: Vec<String>,
    /// What it makes of the first rows.
    pub preview: Preview,
    /// Where extracts belong.
    pub extracts: PathBuf,
    /// The source of the standard library that the extract looks like one of.
    pub known: Option<String>,
    /// What comes of the role that it feeds.
    pub role: Option<AddedRole>,
}

/// What comes of a role that a source of one's own feeds.
pub struct AddedRole {
    /// Columns found by their names.
    pub by_name: Vec<FoundColumn>,
    /// What a person should know.
    pub remarks: Vec<String>,
    /// What was written besides the source.
    pub added: AddedFiles,
}

/// Files of a project that were written, and what can be computed by them.
pub struct AddedFiles {
    /// Paths below the project.
    pub paths: Vec<String>,
    /// Metrics that can be computed now and could not before.
    pub metrics: Vec<String>,
    /// Roles whose SQL is no plain union: a person has to add what feeds them.
    pub by_hand: Vec<TableName>,
}

/// Writes `pipelines/sources/<name>.toml` for an extract, and types its first rows with it; for a role also the staging
/// model, and everything of the standard library that the role makes possible.
///
/// - `name`: name of the source; taken from the name of the file without it.
/// - `role`: the role it feeds, and what a person says of its columns. A source file that is there is then taken as it is.
/// - `rows`: how many good rows to show at most.
///
/// # Errors
///
/// An [`AddError`] when there is no such extract, its name is taken, no source can be read out of it, or a question of the
/// role is open.
pub fn add_source(
    location: &ProjectLocation,
    extract: &Path,
    name: Option<&str>,
    role: Option<&AnsweredRole>,
    rows: usize,
) -> Result<AddedSource, AddError> {
    let project = ProjectFiles::read(&location.project)?;
    let settings = Settings::of(project.settings()).map_err(ProjectError::from)?;
    let (folders, limits) = (Folders::of(location)?, &settings.limits);
    if !extract.exists() {
        return Err(no_file(extract));
    }
    let name = name.map_or_else(|| source_name(extract), ToOwned::to_owned);
    TableName::new("raw", &name).map_err(AddError::BadName)?;
    if let Some(role) = role.filter(|_| is_role(&name)) {
        return Err(AddError::RoleName { name, role: role.role.clone() });
    }
    let folder = folder_of(extract, &folders.extracts);
    let draft = begin(project.others(), extract, &name, &folder, limits, role.is_some())?;
    let begun = Begun { draft, project: project.others(), zone: &settings.time_zone };
    let (file, added_role) = match role {
        None => (begun.draft.file.clone(), None),
        Some(role) => {
            let (file, role) = begun.feed(role)?;
            (file, Some(role))
        }
    };
    let source = Source::read(&file)?;
    let preview = preview(&source, extract, rows, limits)?;
    let questions = begun.open_questions(&file);
    let mut files = vec![file.clone()];
    let role = added_role.map(|(role, more)| {
        files.extend(more);
        role
    });
    write(&location.project, &files)?;
    let known = known_source(extract, source.columns.len(), limits);
    Ok(AddedSource { file, source, questions, preview, extracts: folders.extracts, known, role })
}

/// Adds sources of the standard library, and everything that they make possible.
///
/// # Errors
///
/// An [`AddError`] when the library has no such source, or the project has it already.
pub fn add_presets(location: &ProjectLocation, names: &[String]) -> Result<AddedFiles, AddError> {
    Settings::read(&location.project)?;
    check_names(names)?;
    let project = ProjectFiles::read(&location.project)?;
    let has = |name: &&String| {
        let path = format!("pipelines/sources/{name}.toml");
        project.others().iter().any(|file| file.path == path)
    };
    if let Some(name) = names.iter().find(has) {
        return Err(AddError::HasPreset { name: name.clone() });
    }
    let Extension { files, metrics, by_hand } = Extension::of(project.others(), names, Vec::new())?;
    write(&location.project, &files)?;
    let paths = files.into_iter().map(|file| file.path).collect();
    Ok(AddedFiles { paths, metrics, by_hand })
}

/// A source that is drafted, or there, before it feeds anything.
struct Begun<'a> {
    draft: Draft,
    project: &'a [ProjectFile],
    zone: &'a str,
}

/// The draft of a source; for a role, the file that is there as it is.
fn begin(
    project: &[ProjectFile],
    extract: &Path,
    name: &str,
    folder: &str,
    limits: &Limits,
    is_for_role: bool,
) -> Result<Draft, AddError> {
    let path = format!("pipelines/sources/{name}.toml");
    match project.iter().find(|file| file.path == path) {
        Some(file) if is_for_role => {
            let source = Source::read(file)?;
            Ok(Draft {
                file: file.clone(),
                source,
                questions: Vec::new(),
                readings: BTreeMap::new(),
                empty: BTreeSet::new(),
                repeated: BTreeSet::new(),
            })
        }
        Some(_) => Err(AddError::Exists { path }),
        None => Ok(draft(extract, name, folder, limits)?),
    }
}

type FedRole = (AddedRole, Vec<ProjectFile>);

impl Begun<'_> {
    /// The source as the role needs it, and the files that follow from it.
    fn feed(&self, said: &AnsweredRole) -> Result<(ProjectFile, FedRole), AddError> {
        let role = said.role.as_str();
        let asks = RoleQuestions::of(role)
            .map_err(|known| AddError::NoRole { role: role.to_owned(), known })?;
        let is_there = self.project.contains(&self.draft.file);
        let mapping = Mapping::of(said, &asks, &self.draft, is_there)
            .map_err(|open| AddError::Unanswered(Box::new(open)))?;
        let companion = companion_of(role);

        let file = if is_there {
            self.draft.file.clone()
        } else {
            fitted(&self.draft, &mapping, &asks, &grain_of(&companion), said)
        };
        let source = Source::read(&file)?;
        let page = StagingPage {
            role,
            companion: &companion,
            asks: &asks,
            source: &source,
            mapping: &mapping,
            orientation: said.orientation,
            zone: self.zone,
        };
        let repeated = repeated_key(&self.draft, &mapping, &grain_of(&companion));
        let remarks = mapping.remarks.iter().cloned().chain(page.remarks()).chain(repeated);
        let (staging, remarks) = (page.files(), remarks.collect());
        let paths = self.project.iter().map(|file| file.path.as_str());
        if let Some(path) =
            paths.into_iter().find(|path| staging.iter().any(|file| file.path == *path))
        {
            return Err(AddError::Exists { path: path.to_owned() });
        }
        let own = staging.into_iter().chain([file.clone()]).collect();
        let Extension { mut files, metrics, by_hand } = Extension::of(self.project, &[], own)?;
        files.retain(|more| more.path != file.path);
        let paths = files.iter().map(|file| file.path.clone()).collect();
        let added = AddedFiles { paths, metrics, by_hand };
        let by_name = mapping.by_name;
        Ok((file, (AddedRole { by_name, remarks, added }, files)))
    }

    /// Columns of the written file that still have a question.
    fn open_questions(&self, file: &ProjectFile) -> Vec<String> {
        let document: DocumentMut = file.text.parse().unwrap_or_default();
        let has_type = |column: &String| {
            let columns = document.get("columns").and_then(|columns| columns.get(column));
            let kind = columns.and_then(|column| column.get("type")?.as_str());
            kind.is_some_and(|kind| kind != "text")
        };
        let is_answered =
            |column: &&String| self.draft.readings.contains_key(*column) && has_type(column);
        self.draft.questions.iter().filter(|column| !is_answered(column)).cloned().collect()
    }
}

/// The source of the standard library that knows most columns of an extract, and at least half of them.
fn known_source(extract: &Path, columns: usize, limits: &Limits) -> Option<String> {
    const FEWEST: usize = 4;
    let known = library::sources().into_iter().filter_map(|source| {
        let undeclared = undeclared_of_fitting(&source, extract, limits)?;
        let known = columns.checked_sub(undeclared)?;
        (known >= FEWEST && known * 2 >= columns).then_some((known, source.name))
    });
    known.max().map(|(_, name)| name)
}

fn write(project: &Path, files: &[ProjectFile]) -> Result<(), DurableError> {
    files.iter().try_for_each(|file| {
        replace_file(&project.join(&file.path), file.text.as_bytes(), Readers::Anyone)
    })
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
        format!("`{file}` is a source of the standard library: scorewright add preset {file}")
    } else {
        "name an extract, as your system exported it: scorewright add source tickets.csv".into()
    };
    AddError::NoFile { file: extract.to_owned(), help }
}
