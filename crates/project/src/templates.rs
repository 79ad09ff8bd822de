//! Templates of the reports: the project's own, and the standard ones that it has not replaced.

use scorewright_domain::ProjectFile;
use scorewright_report::Report;

use crate::files::is_template;
use crate::library;

/// The project's templates, and for each report the standard ones that it has not replaced.
pub(crate) fn templates(files: &[ProjectFile], reports: &[Report]) -> Vec<ProjectFile> {
    let mut templates: Vec<ProjectFile> =
        files.iter().filter(|file| is_template(file)).cloned().collect();
    for file in library::templates().flat_map(|file| for_reports(&file, reports)) {
        if !templates.iter().any(|known| known.path == file.path) {
            templates.push(file);
        }
    }
    templates
}

/// A standard template under the name of each report; a shared one under its own.
fn for_reports(file: &ProjectFile, reports: &[Report]) -> Vec<ProjectFile> {
    match file.path.strip_prefix("reports/scorecard/") {
        None => vec![file.clone()],
        Some(name) => {
            let named = reports.iter().map(|report| format!("reports/{}/{name}", report.id()));
            named.map(|path| ProjectFile::new(path, file.text.clone())).collect()
        }
    }
}
