//! `scorewright render`: the reports of the newest version again, with the templates as they are now.

use crate::arguments::{Place, RenderOptions};
use crate::console::Console;
use crate::exit::{Failure, Status};
use crate::issue;
use crate::project::Project;
use scorewright_durable::{Readers, replace_file};

/// Writes the documents to a folder and delivers nothing.
pub(crate) fn render(
    place: &Place,
    options: &RenderOptions,
    console: &Console,
) -> Result<Status, Failure> {
    let project = Project::read(place)?;
    let snapshot = project.folders.warehouse().newest()?;
    if snapshot.number == 0 {
        return Err(Failure::usage(
            "the warehouse has no version yet",
            "run `scorewright run` first",
        ));
    }
    let rendered = issue::render(&project, &snapshot, options.report.as_deref())?;
    if rendered.is_empty() {
        let known: Vec<&str> = project.reports.iter().map(scorewright_report::Report::id).collect();
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
    Ok(Status::Done)
}
