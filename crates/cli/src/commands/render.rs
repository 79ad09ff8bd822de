//! `scorewright render`: the reports of the newest version again, judged as they were, with the templates as they are now.

use scorewright_domain::{Event, Listener as _};
use scorewright_durable::{Readers, replace_file};
use scorewright_project::ProjectLocation;
use scorewright_report::Report;

use crate::arguments::RenderOptions;
use crate::console::Console;
use crate::exit::{ExitStatus, Failure};
use crate::reports::render::{Revisions, rendered_reports};
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
    let only = options.report.as_deref();
    let revisions = Revisions::as_far_as_readable(project, &version.snapshot)?;
    if !revisions.is_whole() {
        let message = "this user may not read what was delivered: pages are the revisions that their version says";
        console.on_event(Event::Noticed { message: message.into() });
    }
    let rendered = within_memory(&project.folders.sql_limits, console, || {
        rendered_reports(project, &version.snapshot, &session, only, revisions)
    })?;
    if rendered.is_empty() {
        let known: Vec<&str> = project.reports.iter().map(Report::id).collect();
        let name = options.report.as_deref().unwrap_or("reports/<name>/report.toml");
        return Err(Failure::usage(
            format!("there is no report `{name}`"),
            format!("there are: {}", known.join(", ")),
        ));
    }
    let (to, readers) = match &options.to {
        Some(folder) => (folder.clone(), Readers::Anyone),
        None => (project.folders.out("rendered"), Readers::Owner),
    };
    for one in rendered {
        let folder = to.join(one.report.id());
        for document in &one.documents {
            let path = folder.join(&document.name);
            replace_file(&path, &document.bytes, readers)?;
            console.answer(&path.display().to_string());
        }
    }
    Ok(ExitStatus::Done)
}
