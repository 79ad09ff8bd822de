//! `scorewright render`: the reports of the newest version again, judged as they were, with the templates as they are now.

use scorewright_durable::{Readers, replace_file};
use scorewright_project::ProjectLocation;
use scorewright_report::Report;

use crate::arguments::RenderOptions;
use crate::console::Console;
use crate::exit::{ExitStatus, Failure};
use crate::reports::render::rendered_reports;
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
    let rendered = rendered_reports(project, &version.snapshot, &session, only)?;
    if rendered.is_empty() {
        let known: Vec<&str> = project.reports.iter().map(Report::id).collect();
        let name = options.report.as_deref().unwrap_or("reports/<name>/report.toml");
        return Err(Failure::usage(
            format!("there is no report `{name}`"),
            format!("there are: {}", known.join(", ")),
        ));
    }
    for one in rendered {
        let folder = options
            .to
            .clone()
            .unwrap_or_else(|| project.folders.out("rendered"))
            .join(one.report.id());
        for document in &one.documents {
            let path = folder.join(&document.name);
            replace_file(&path, &document.bytes, Readers::Anyone)?;
            console.answer(&path.display().to_string());
        }
    }
    Ok(ExitStatus::Done)
}
