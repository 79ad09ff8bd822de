//! Which files a source has.

use crate::refusal::AdmitExtract as _;
use scorewright_domain::Limits;
use std::collections::BTreeSet;
use std::fs::{self, Metadata};
use std::path::{Component, Path, PathBuf};

use glob::Pattern;
use jiff::Timestamp;

use super::arrival::{AwaitedExtract, Folder, awaited, is_marker, marked_at};
use super::discovered::Discovery;
use super::extract_file::{ExtractFile, kind};
use super::file_hashes::FileHashCache;
use super::missing_extract::MissingExtract;
use super::unclaimed::nameless;
use crate::refusal::{ReadError, Refusal, RefusedExtract};
use crate::source::Source;

/// Finds the files of a source below the extracts folder that have arrived by a moment.
pub(crate) fn discover(
    source: &Source,
    extracts: &Path,
    limits: &Limits,
    seen: &FileHashCache,
    now: Timestamp,
) -> Discovery {
    let mut found = Discovery::default();
    let mut paths = matching(source, extracts);
    let wait = |path: &Path| awaited(source, path.to_str()?, &Folder(extracts), now);
    paths.retain(|path| found.admit(source, path, wait(path)));
    if paths.is_empty() {
        found.missing = Some(missing(source, extracts, &found.awaited));
    }
    for file in paths {
        match look(source, extracts, &file, limits, seen) {
            Ok(present) => {
                let marked_at = marked_at(source, &file.to_string_lossy(), &Folder(extracts));
                found.files.push(present.marked(marked_at));
            }
            Err(why) => found.refused.push(RefusedExtract { of: source.name.clone(), file, why }),
        }
    }
    found
}

/// One file as the only one of a source, wherever it lies.
pub(crate) fn only(
    source: &Source,
    path: &Path,
    limits: &Limits,
) -> Result<ExtractFile, ReadError> {
    let path = fs::canonicalize(path).map_err(Refusal::Unreadable)?;
    let folder = path.parent().unwrap_or(Path::new("/"));
    Ok(look(
        source,
        folder,
        Path::new(path.file_name().unwrap_or_default()),
        limits,
        &FileHashCache::default(),
    )?)
}

/// Paths below the extracts folder, sorted.
fn matching(source: &Source, extracts: &Path) -> BTreeSet<PathBuf> {
    // Without `.` and `..`, so that what is found begins with the folder letter by letter.
    let Ok(root) = fs::canonicalize(extracts) else { return BTreeSet::new() };
    let folder = Pattern::escape(&root.to_string_lossy());
    let globs = source.files.0.iter().map(|files| format!("{folder}/{files}"));
    // A folder that cannot be listed hides its files; they are then missing, which is said.
    let paths = globs.filter_map(|whole| glob::glob(&whole).ok()).flatten().flatten();
    let paths = paths.filter_map(|path| path.strip_prefix(&root).ok().map(Path::to_owned));
    let paths = paths.filter(|path| !is_marker(source, &path.to_string_lossy()));
    paths.chain(nameless(source, &root)).collect()
}

fn look(
    source: &Source,
    extracts: &Path,
    file: &Path,
    limits: &Limits,
    seen: &FileHashCache,
) -> Result<ExtractFile, Refusal> {
    if file.to_str().is_none() {
        return Err(Refusal::BadName);
    }
    let path = std::path::absolute(extracts.join(file)).map_err(Refusal::Unreadable)?;
    let metadata = regular(extracts, file)?;
    if metadata.len() == 0 && !source.may_have_no_bytes() {
        return Err(Refusal::Empty);
    }
    limits.admit_file(metadata.len())?;
    Ok(ExtractFile::in_folder(source, file, path, metadata, seen))
}

/// Follows no link on the way to the file, so that nothing outside the folder is read.
fn regular(extracts: &Path, file: &Path) -> Result<Metadata, Refusal> {
    let mut path = extracts.to_owned();
    let mut last = None;
    for part in file.components() {
        if !matches!(part, Component::Normal(_)) {
            return Err(Refusal::NotRegular("outside the extracts folder"));
        }
        path.push(part);
        let metadata = fs::symlink_metadata(&path).map_err(Refusal::Unreadable)?;
        if metadata.file_type().is_symlink() {
            return Err(Refusal::NotRegular("a link or lies behind one"));
        }
        last = Some(metadata);
    }
    match last {
        Some(metadata) if metadata.is_file() => Ok(metadata),
        Some(metadata) => Err(Refusal::NotRegular(kind(metadata.file_type()))),
        None => Err(Refusal::NotRegular("a folder")),
    }
}

fn missing(source: &Source, extracts: &Path, awaited: &[AwaitedExtract]) -> MissingExtract {
    let name = |entry: fs::DirEntry| entry.file_name().to_string_lossy().into_owned();
    let there = fs::read_dir(extracts).map(|entries| entries.flatten().map(name).collect());
    MissingExtract::new(
        source,
        &source.files.to_string(),
        extracts.to_owned(),
        there.unwrap_or_default(),
        awaited,
    )
}
