//! Bad rows of refused extracts, beside the tables: nothing of them is in a version.
//!
//! `refused/<source>/<hash of the file's path>.json` is there for as long as the extract is refused for its rows. Rows
//! name people, so the files are readable by their owner only.

use std::collections::BTreeSet;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use scorewright_domain::{Fingerprint, QuarantinedRow};
use scorewright_durable::{
    Readers, failed, folder_names, is_staged, remove_path, replace_file, sync_folder,
};
use serde::{Deserialize, Serialize};

use super::warehouse::Warehouse;
use crate::error::WarehouseError;

/// Name of their folder.
const FOLDER: &str = "refused";

/// The bad rows of an extract that was refused because of them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RefusedRows {
    /// Name of the source.
    pub source: String,
    /// Path of the extract below the extracts folder, or its address.
    pub file: String,
    /// Bad rows of the extract, kept or not.
    pub bad: u64,
    /// The first of them.
    pub rows: Vec<QuarantinedRow>,
}

impl RefusedRows {
    /// Most rows that are kept of one extract.
    pub const MOST: usize = 1_000;

    /// Of an extract and all its bad rows in file order.
    pub fn first_of<'r>(
        source: &str,
        file: &str,
        rows: impl Iterator<Item = &'r QuarantinedRow>,
    ) -> Self {
        let (mut bad, mut kept) = (0, Vec::new());
        for row in rows {
            bad += 1;
            if kept.len() < Self::MOST {
                kept.push(row.clone());
            }
        }
        Self { source: source.into(), file: file.into(), bad, rows: kept }
    }
}

impl Warehouse {
    /// Keeps the bad rows of a refused extract, in place of those of its last refusal. The caller holds the lock.
    ///
    /// # Errors
    ///
    /// [`WarehouseError::Io`] when the folder cannot be written.
    ///
    /// # Panics
    ///
    /// Never: rows are texts and counts.
    pub fn keep_refused_rows(&self, rows: &RefusedRows) -> Result<(), WarehouseError> {
        let text = serde_json::to_string(rows).expect("rows are texts and counts");
        let path = self.refused_rows_path(&rows.source, Path::new(&rows.file));
        Ok(replace_file(&path, text.as_bytes(), Readers::Owner)?)
    }

    /// Removes the rows of all extracts but those given, by source and path. The caller holds the lock.
    ///
    /// # Errors
    ///
    /// [`WarehouseError::Io`] when a file cannot be removed.
    pub fn retain_refused_rows(&self, kept: &[(&str, &Path)]) -> Result<(), WarehouseError> {
        let kept: BTreeSet<PathBuf> =
            kept.iter().map(|(source, file)| self.refused_rows_path(source, file)).collect();
        for path in self.refused_rows_paths()?.iter().filter(|path| !kept.contains(*path)) {
            remove_path(path)?;
            sync_folder(path.parent().unwrap_or(path))?;
        }
        Ok(())
    }

    /// The bad rows of refused extracts, by source and path; none without such extracts.
    ///
    /// # Errors
    ///
    /// [`WarehouseError::Io`] when a file cannot be read; [`WarehouseError::Damaged`] when it is none of ours.
    pub fn refused_rows(&self) -> Result<Vec<RefusedRows>, WarehouseError> {
        let paths = self.refused_rows_paths()?;
        let read = paths.iter().filter_map(|path| read(path).transpose());
        let mut all = read.collect::<Result<Vec<RefusedRows>, WarehouseError>>()?;
        all.sort_by(|one, other| (&one.source, &one.file).cmp(&(&other.source, &other.file)));
        Ok(all)
    }

    /// The folders that hold such files, one for each source.
    ///
    /// # Errors
    ///
    /// [`WarehouseError::Io`] when they cannot be listed.
    pub fn refused_rows_folders(&self) -> Result<Vec<PathBuf>, WarehouseError> {
        let folder = self.root().join(FOLDER);
        Ok(folder_names(&folder)?.into_iter().map(|source| folder.join(source)).collect())
    }

    fn refused_rows_paths(&self) -> Result<Vec<PathBuf>, WarehouseError> {
        let mut paths = Vec::new();
        for folder in self.refused_rows_folders()? {
            let names = folder_names(&folder)?.into_iter().filter(|name| !is_staged(name));
            paths.extend(names.map(|name| folder.join(name)));
        }
        Ok(paths)
    }

    fn refused_rows_path(&self, source: &str, file: &Path) -> PathBuf {
        let hash = Fingerprint::of(file.to_string_lossy().as_bytes());
        self.root().join(FOLDER).join(source).join(format!("{}.json", hash.short(16)))
    }
}

/// The rows in a file; `None` where it is gone, as a run that is active may have removed it.
fn read(path: &Path) -> Result<Option<RefusedRows>, WarehouseError> {
    let text = match fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(failed("read", path)(error).into()),
    };
    let damaged = |bad: serde_json::Error| WarehouseError::Damaged {
        path: path.to_owned(),
        what: bad.to_string(),
    };
    serde_json::from_str(&text).map(Some).map_err(damaged)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(file: &str, count: usize) -> RefusedRows {
        let row = |line: usize| QuarantinedRow {
            file: file.into(),
            line: line as u64,
            byte: 0,
            length: 3,
            column: Some("Score".into()),
            reason: "not_an_integer".into(),
            raw: "1,x".into(),
        };
        let rows: Vec<QuarantinedRow> = (0..count).map(row).collect();
        RefusedRows::first_of("tickets", file, rows.iter())
    }

    #[test]
    fn rows_are_kept_until_their_extract_is_refused_no_more() {
        let folder = tempfile::tempdir().unwrap();
        let warehouse = Warehouse::at(folder.path());
        assert_eq!(warehouse.refused_rows().unwrap(), []);
        let (one, other) = (rows("2/b.csv", 1), rows("1/b.csv", 2));
        warehouse.keep_refused_rows(&rows("2/b.csv", 7)).unwrap();
        warehouse.keep_refused_rows(&one).unwrap();
        warehouse.keep_refused_rows(&other).unwrap();
        assert_eq!(warehouse.refused_rows().unwrap(), [other.clone(), one]);
        warehouse.retain_refused_rows(&[("tickets", Path::new("1/b.csv"))]).unwrap();
        assert_eq!(warehouse.refused_rows().unwrap(), [other]);
        warehouse.retain_refused_rows(&[]).unwrap();
        assert_eq!(warehouse.refused_rows().unwrap(), []);
    }

    #[test]
    fn of_many_rows_the_first_are_kept_and_all_are_counted() {
        let many = rows("a.csv", RefusedRows::MOST + 1);
        assert_eq!((many.bad, many.rows.len()), (1_001, 1_000));
        assert_eq!(many.rows[999].line, 999);
    }

    #[cfg(unix)]
    #[test]
    fn nobody_but_their_owner_reads_them() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().unwrap();
        let warehouse = Warehouse::at(folder.path());
        warehouse.keep_refused_rows(&rows("a.csv", 1)).unwrap();
        let path = warehouse.refused_rows_path("tickets", Path::new("a.csv"));
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(&path), 0o600);
        assert_eq!(mode(path.parent().unwrap()), 0o700);
    }
}
