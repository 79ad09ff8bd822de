//! The standard library of sources, models, metrics and reports, carried inside the binary.

use std::path::Path;

use include_dir::{Dir, include_dir};
use scorewright_domain::ProjectFile;
use scorewright_extract::Source;
use scorewright_warehouse::rowless_select;

use crate::files::is_template;

static PIPELINES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/../../pipelines");
static REPORTS: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/../../reports");

const PRESETS: &str = "pipelines/presets/";

/// The product of nobody: role tables without rows, for what no chosen source feeds.
const NOBODY: &str = "pipelines/presets/nobody/";
/// What an extract of one's own says of the things of a role.
const OWN: &str = "pipelines/presets/own/";

/// Every file of the standard library, by path below a project, in order of path; what the demo runs.
pub fn library_files() -> Vec<ProjectFile> {
    embedded().into_iter().filter(|file| !file.path.starts_with(PRESETS)).collect()
}

/// The files of [`library_files`], and those of the products that the demo does not use.
pub(crate) fn files_with_presets() -> Vec<ProjectFile> {
    let files = embedded().into_iter().filter(|file| !is_fragment(&file.path));
    sorted(files.map(|file| below_a_project(&file)).collect())
}

/// Whether a file is no file of a project as it is: a table without rows, what a role asks, or a part of the identity
/// file or of the report.
fn is_fragment(path: &str) -> bool {
    let is_part = |name: &str| path.starts_with(PRESETS) && path.ends_with(name);
    path.starts_with(NOBODY)
        || path.starts_with(OWN)
        || is_part("/identity.toml")
        || is_part("/report.toml")
}

/// Groups of metrics that the demo does not have, for the report of a project that has them.
pub(crate) fn preset_groups() -> impl Iterator<Item = ProjectFile> {
    let is_part =
        |file: &ProjectFile| file.path.starts_with(PRESETS) && file.path.ends_with("/report.toml");
    embedded().into_iter().filter(is_part)
}

/// What a product adds to the identity file when a source of it is chosen.
pub(crate) fn identity_of(product: &str) -> Option<ProjectFile> {
    embedded().into_iter().find(|file| file.path == format!("{PRESETS}{product}/identity.toml"))
}

/// The product of a source or staging model, by its name: `zendesk` of `zendesk_api_tickets`.
pub(crate) fn product_of(name: &str) -> &str {
    name.split('_').next().unwrap_or(name)
}

/// What each role asks of an extract of one's own, by the noun of the role.
pub(crate) fn own_roles() -> Vec<(String, ProjectFile)> {
    let noun =
        |file: &ProjectFile| Some(file.path.strip_prefix(OWN)?.strip_suffix(".toml")?.to_owned());
    embedded().into_iter().filter_map(|file| Some((noun(&file)?, file))).collect()
}

/// SQL of a role table without rows: the library's own, where it has none for the demo either.
pub(crate) fn without_rows(path: &str) -> Option<ProjectFile> {
    let is_without = |file: &ProjectFile| {
        file.path.starts_with(NOBODY) || (file.path == path && rowless_select(file).is_some())
    };
    let files = embedded().into_iter().filter(is_without);
    files.map(|file| below_a_project(&file)).find(|file| file.path == path)
}

/// All sources of the library, by name.
pub(crate) fn sources() -> Vec<Source> {
    let files =
        files_with_presets().into_iter().filter(|file| file.path.starts_with("pipelines/sources/"));
    files.map(|file| Source::read(&file).expect("a test reads every standard source")).collect()
}

/// The templates of the standard reports.
pub(crate) fn templates() -> impl Iterator<Item = ProjectFile> {
    library_files().into_iter().filter(is_template)
}

/// A preset lies below its product's folder as it lies below a project's `pipelines/`.
fn below_a_project(file: &ProjectFile) -> ProjectFile {
    let within = file.path.strip_prefix(PRESETS).and_then(|path| path.split_once('/'));
    within.map_or_else(
        || file.clone(),
        |(_, path)| ProjectFile::new(format!("pipelines/{path}"), file.text.clone()),
    )
}

fn embedded() -> Vec<ProjectFile> {
    let mut files = Vec::new();
    collect(&PIPELINES, Path::new("pipelines"), &mut files);
    collect(&REPORTS, Path::new("reports"), &mut files);
    sorted(files)
}

fn sorted(mut files: Vec<ProjectFile>) -> Vec<ProjectFile> {
    files.sort_by(|left, right| left.path.cmp(&right.path));
    files
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
