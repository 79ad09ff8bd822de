//! `scorewright render`: the reports of the newest version again, judged as they were, with the templates as they are now.

use std::path::Path;

use scorewright_delivery::promote_files;
use scorewright_domain::{Document, Event, Listener as _};
use scorewright_durable::{Readers, StagedFile};
use scorewright_project::ProjectLocation;
use scorewright_report::Report;

use crate::arguments::RenderOptions;
use crate::console::Console;
use crate::exit::{ExitStatus, Failure};
use crate::reports::render::{RenderedReport, Revisions, rendered_reports};
use crate::reports::within_memory;
use crate::version::PublishedVersion;

/// Writes the documents to a folder and delivers nothing.
pub(crate) fn render(
    location: &ProjectLocation,
    options: &RenderOptions,
    console: &Console,
) -> Result<ExitStatus, Failure> {
    let version = PublishedVersion::newest(location, console)?;
    let (project, session) = (&version.project, version.session()?);
    let only = options.report.as_deref().map(|report| [report]);
    let only = only.as_ref().map(|report| &report[..]);
    let revisions = Revisions::as_far_as_readable(project, &version.snapshot)?;
    if !revisions.is_whole() {
        let message = "this user may not read what was delivered: pages are the revisions that their version says";
        console.on_event(Event::Noticed { message: message.into() });
    }
    let (to, readers) = match &options.to {
        Some(folder) => (folder.clone(), Readers::Anyone),
        None => (project.folders.out("rendered"), Readers::Owner),
    };
    let stage = |report: RenderedReport<'_>| staged(&report, &to, readers);
    let rendered = within_memory(&project.folders.sql_limits, console, || {
        rendered_reports(project, &version.snapshot, &session, only, revisions, stage)
    })?;
    if rendered.is_empty() {
        let known: Vec<&str> = project.reports.iter().map(Report::id).collect();
        let name = options.report.as_deref().unwrap_or("reports/<name>/report.toml");
        return Err(Failure::usage(
            format!("there is no report `{name}`"),
            format!("there are: {}", known.join(", ")),
        ));
    }
    promote(rendered.into_iter().flatten().collect(), console)?;
    Ok(ExitStatus::Done)
}

/// The documents of a report in their folder, under names that nobody reads yet.
fn staged(
    report: &RenderedReport<'_>,
    to: &Path,
    readers: Readers,
) -> Result<Vec<StagedFile>, Failure> {
    let folder = to.join(report.report.id());
    let stage = |document: &Document| {
        Ok(StagedFile::write(&folder.join(&document.name), &document.bytes, readers)?)
    };
    report.documents.iter().map(stage).collect()
}

/// Gives all documents their names, once all are there, and says which there are.
fn promote(staged: Vec<StagedFile>, console: &Console) -> Result<(), Failure> {
    Ok(promote_files(staged, |path| console.answer(&path.display().to_string()))?)
}
