//! Names of run records: a list by name is in the order of the runs, whatever the clock said.

use std::path::{Path, PathBuf};

use jiff::Timestamp;

/// What the name of a counted run begins with; a list by name has it after the digits of names that are not counted.
const COUNTED: &str = "run-";

/// The name of a run: `run-00000042-20261123T033000.000Z`; without a sequence, when it started.
pub(super) fn record_name(sequence: u64, started_at: Timestamp) -> String {
    let started = started_at.strftime("%Y%m%dT%H%M%S.%3fZ");
    if sequence == 0 { started.to_string() } else { format!("{COUNTED}{sequence:08}-{started}") }
}

/// Which run a record is of; 0 when its name does not say.
pub(super) fn sequence_of(path: &Path) -> u64 {
    let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    let counted = name.strip_prefix(COUNTED).and_then(|rest| rest.split('-').next());
    counted.and_then(|digits| digits.parse().ok()).unwrap_or(0)
}

/// The records of a folder in the order of their runs; none when there is no such folder.
pub(super) fn record_files(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).into_iter().flatten();
    let paths = entries.filter_map(|entry| Some(entry.ok()?.path()));
    let is_record = |path: &PathBuf| path.extension().is_some_and(|ending| ending == "json");
    let mut records: Vec<PathBuf> = paths.filter(is_record).collect();
    records.sort_by_cached_key(|path| (sequence_of(path), path.clone()));
    records
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(sequence: u64, started_at: &str) -> String {
        record_name(sequence, started_at.parse().unwrap()) + ".json"
    }

    #[test]
    fn records_are_in_the_order_of_runs_although_the_clock_went_back() {
        let folder = tempfile::tempdir().unwrap();
        let in_order = [
            name(0, "2026-11-22T03:30:00Z"),
            name(0, "2026-11-23T03:30:00Z"),
            name(1, "2031-01-01T03:30:00Z"),
            name(9, "2026-11-24T03:30:00Z"),
            name(10, "2026-11-24T02:30:00Z"),
        ];
        for record in in_order.iter().rev() {
            std::fs::write(folder.path().join(record), "{}").unwrap();
        }
        std::fs::write(folder.path().join("run-00000011-x.tmp"), "{}").unwrap();
        let found = record_files(folder.path());
        let names: Vec<&str> =
            found.iter().map(|path| path.file_name().unwrap().to_str().unwrap()).collect();
        assert_eq!(names, in_order);
        assert!(in_order.is_sorted(), "a list by name has the same order");
        assert_eq!(sequence_of(found.last().unwrap()), 10);
    }

    #[test]
    fn a_folder_that_is_not_there_has_no_records() {
        assert_eq!(record_files(Path::new("no/such/folder")), Vec::<PathBuf>::new());
    }
}
