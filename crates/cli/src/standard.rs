//! The standard library of sources, models, metrics and reports, carried inside the binary.

use std::path::Path;

use include_dir::{Dir, include_dir};
use scorewright_domain::ProjectFile;
use scorewright_ingest::Source;

use crate::project_files::is_template;

static PIPELINES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/../../pipelines");
static REPORTS: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/../../reports");

/// Every file of the standard library, by path below a project, in order of path.
pub(crate) fn files() -> Vec<ProjectFile> {
    let mut files = Vec::new();
    collect(&PIPELINES, Path::new("pipelines"), &mut files);
    collect(&REPORTS, Path::new("reports"), &mut files);
    files.sort_by(|left, right| left.path.cmp(&right.path));
    files
}

/// The sources of the standard library, by name.
pub(crate) fn sources() -> Vec<Source> {
    let files = files().into_iter().filter(|file| file.path.starts_with("pipelines/sources/"));
    files.map(|file| Source::read(&file).expect("a test reads every standard source")).collect()
}

/// The templates of the standard reports.
pub(crate) fn templates() -> impl Iterator<Item = ProjectFile> {
    files().into_iter().filter(is_template)
}

fn collect(folder: &Dir<'_>, below: &Path, files: &mut Vec<ProjectFile>) {
    for file in folder.files() {
        let path = below.join(file.path()).to_string_lossy().replace('\\', "/");
        files.extend(file.contents_utf8().map(|text| ProjectFile::new(path, text)));
    }
    for inner in folder.dirs() {
        collect(inner, below, files);
    }
}
