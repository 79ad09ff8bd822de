//! The newest version with the project it was made from: what explains and shows it, whatever was edited since.

use scorewright_domain::{Event, Fault, Listener as _};
use scorewright_kpi::{redefined_metrics, targets_of_no_segment};
use scorewright_project::{Project, ProjectError, ProjectFiles, ProjectLocation};
use scorewright_warehouse::{Session, Snapshot, Warehouse};

use crate::console::Console;
use crate::exit::Failure;
use crate::standings::stored_values;

/// Changed files that a notice names at most.
const NAMED: usize = 5;

/// A version, and the project as it was when the version was made.
pub(crate) struct PublishedVersion {
    pub(crate) snapshot: Snapshot,
    /// Its own files, with the templates of today.
    pub(crate) project: Project,
}

impl PublishedVersion {
    /// Opens the newest version, and says what changed in the project since.
    pub(crate) fn newest(location: &ProjectLocation, console: &Console) -> Result<Self, Failure> {
        let today = ProjectFiles::read(&location.project);
        if let Err(no_project @ ProjectError::NotAProject { .. }) = today {
            return Err(no_project.into());
        }
        let warehouse = location.warehouse();
        let snapshot = warehouse.newest()?;
        if snapshot.number == 0 {
            return Err(Failure::no_version());
        }
        let kept = warehouse.project_files(&snapshot)?.and_then(ProjectFiles::kept);
        let Some(kept) = kept else { return Err(Failure::no_kept_project(snapshot.number)) };
        if let Some(change) = change(&kept, &today) {
            let message =
                format!("the project changed since version {}: {change}", snapshot.number);
            console.on_event(Event::Noticed { message });
        }
        let files = match today {
            Ok(today) => kept.with_templates_of(&today),
            Err(_) => kept,
        };
        Ok(Self { project: Project::kept(files, &location.lenient())?, snapshot })
    }

    /// Opens a version with its project as it was, templates too: what it owes is made from nothing else.
    pub(crate) fn as_made(location: &ProjectLocation, number: u64) -> Result<Self, Failure> {
        let warehouse = location.warehouse();
        let snapshot = warehouse.version(number)?;
        let kept = warehouse.project_files(&snapshot)?.and_then(ProjectFiles::kept);
        let Some(kept) = kept else { return Err(Failure::no_kept_project(number)) };
        Ok(Self { project: Project::kept(kept, location)?, snapshot })
    }

    /// SQL over its tables.
    pub(crate) fn session(&self) -> Result<Session, Failure> {
        Ok(Session::over(&self.project.folders.warehouse(), &self.snapshot)?)
    }
}

/// Faults of a project against the newest version: what it would publish under a name that meant something else, or
/// never judge. Nothing without a version, or where the version does not keep its project.
pub(crate) fn faults_against_newest(project: &Project) -> Result<Vec<Fault>, Failure> {
    let warehouse = project.folders.warehouse();
    let snapshot = warehouse.newest()?;
    let mut faults = redefined(project, &warehouse, &snapshot)?;
    if let Some(targets) = project.files.targets().filter(|_| snapshot.project.is_some()) {
        let values = stored_values(&Session::over(&warehouse, &snapshot)?)?;
        faults.extend(targets_of_no_segment(targets, &values));
    }
    Ok(faults)
}

/// Metrics that are computed otherwise than in a version, under the same version of their own.
pub(crate) fn redefined(
    project: &Project,
    warehouse: &Warehouse,
    snapshot: &Snapshot,
) -> Result<Vec<Fault>, Failure> {
    let kept = warehouse.project_files(snapshot)?.and_then(ProjectFiles::kept);
    let former = kept.map(|kept| kept.metrics()).unwrap_or_default();
    Ok(redefined_metrics(&project.metrics, &former))
}

/// Why a project cannot be read, with the files at fault.
fn in_words(error: &ProjectError) -> String {
    let ProjectError::Faults(faults) = error else { return error.to_string() };
    let fault = |fault: &Fault| format!("`{}`: {}", fault.position(), fault.message());
    faults.iter().map(fault).collect::<Vec<_>>().join("; ")
}

/// What became of the project's files; `None` when they are what they were.
fn change(kept: &ProjectFiles, today: &Result<ProjectFiles, ProjectError>) -> Option<String> {
    let today = match today {
        Ok(today) => today,
        Err(error) => {
            return Some(format!("{}; this is what that version was made of", in_words(error)));
        }
    };
    let changes = today.changes_since(kept);
    let named = changes.iter().take(NAMED).map(ToString::to_string).collect::<Vec<_>>().join(", ");
    let more = match changes.len().saturating_sub(NAMED) {
        0 => String::new(),
        more => format!(", and {more} more"),
    };
    let advice = "this is what that version was made of, and `scorewright run` makes the next one";
    (!changes.is_empty()).then(|| format!("{named}{more}; {advice}"))
}
