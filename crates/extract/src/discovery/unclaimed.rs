//! Files in the extracts folder that belong to no source.

use std::fs;
use std::path::{Path, PathBuf};

use glob::{MatchOptions, Pattern};

use super::arrival::is_marker;
use crate::source::Source;

/// Files below the extracts folder that no source claims, in the order of their paths.
///
/// Hidden files and markers of other files are none. A folder that cannot be listed has none.
pub fn unclaimed(sources: &[Source], extracts: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    collect(extracts, extracts, &mut found);
    found.retain(|path| !sources.iter().any(|source| is_claimed(source, path)));
    found.sort();
    found
}

/// Files below the extracts folder that a source would claim, if their names were text: no pattern matches other names.
pub(super) fn nameless(source: &Source, extracts: &Path) -> Vec<PathBuf> {
    let depths =
        source.files.0.iter().map(|files| {
            if files.contains("**") { usize::MAX } else { files.matches('/').count() }
        });
    let mut found = Vec::new();
    collect_nameless(extracts, extracts, depths.max().unwrap_or(0), &mut found);
    found.retain(|path| is_claimed(source, Path::new(&*path.to_string_lossy())));
    found
}

/// Looks into folders as deep as patterns reach, and at nothing but names.
fn collect_nameless(root: &Path, folder: &Path, depth: usize, found: &mut Vec<PathBuf>) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let path = entry.path();
        let is_folder = depth > 0 && entry.file_type().is_ok_and(|kind| kind.is_dir());
        if is_folder {
            collect_nameless(root, &path, depth - 1, found);
        } else if path.to_str().is_none() {
            found.extend(path.strip_prefix(root).ok().map(Path::to_owned));
        }
    }
}

fn collect(root: &Path, folder: &Path, found: &mut Vec<PathBuf>) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let is_hidden = entry.file_name().to_string_lossy().starts_with('.');
        let (path, kind) = (entry.path(), entry.file_type());
        match kind {
            _ if is_hidden => {}
            Ok(kind) if kind.is_dir() => collect(root, &path, found),
            Ok(kind) if kind.is_file() => {
                found.extend(path.strip_prefix(root).ok().map(Path::to_owned));
            }
            _ => {}
        }
    }
}

fn is_claimed(source: &Source, path: &Path) -> bool {
    let options = MatchOptions { require_literal_separator: true, ..MatchOptions::default() };
    let fits = |files: &String| {
        Pattern::new(files).is_ok_and(|pattern| pattern.matches_path_with(path, options))
    };
    source.files.0.iter().any(fits) || is_marker(source, &path.to_string_lossy())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::tests::source;

    #[test]
    fn what_no_source_claims_is_named() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir_all(folder.path().join("new/old")).unwrap();
        for file in ["a.csv", "a.csv.done", "b.txt", ".hidden", "new/a.csv", "new/old/a.csv"] {
            fs::write(folder.path().join(file), "x").unwrap();
        }
        let source = source(
            "title = \"T\"\nfiles = [\"*.csv\", \"new/*.csv\"]\nformat = \"csv\"\n\
             [arrival]\ndone_marker = \"{file}.done\"\n[columns.a]\ntype = \"text\"\n",
        );
        let found = unclaimed(&[source], folder.path());
        assert_eq!(found, [Path::new("b.txt"), Path::new("new/old/a.csv")]);
    }
}
