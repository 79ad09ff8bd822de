//! The small project after many nights, whose files are as old as if the nights were long ago.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use jiff::SignedDuration;
use jiff::civil::Date;
use serde_json::Value;

use crate::binary::{copy, root, says};

/// The small project, with lines of `[retention]`.
pub(crate) fn project(retention: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    copy(&root().join("tests/scenarios/base"), folder.path());
    let settings = folder.path().join("scorewright.toml");
    let text = fs::read_to_string(&settings).unwrap();
    fs::write(settings, format!("{text}\n[retention]\n{retention}\n")).unwrap();
    folder
}

/// The extract of a night: ten tickets of the day before.
pub(crate) fn delivery(day: Date) -> String {
    let before = day.yesterday().unwrap();
    let ticket = |number: i32| {
        let minute = 10 + number;
        format!("N{before}-{number},Billing,{before} 09:{minute}:00,{}\n", number % 5 + 1)
    };
    "Ticket,Team,Opened,Rating\n".to_owned() + &(0..10).map(ticket).collect::<String>()
}

/// A night with an extract of its own.
pub(crate) fn night(project: &Path, day: Date) {
    let name = format!("extracts/tickets_{}.csv", day.yesterday().unwrap());
    fs::write(project.join(name), delivery(day)).unwrap();
    says(project, 0, &["run", "--as-of", &day.to_string()]);
}

/// Nights of days that follow each other.
pub(crate) fn nights(project: &Path, first: Date, count: i64) {
    for number in 0..count {
        night(project, first.checked_add(SignedDuration::from_hours(24 * number)).unwrap());
    }
}

/// Makes all files of the warehouse ten days older than they are.
pub(crate) fn age(project: &Path) {
    age_below(&project.join("warehouse"));
}

/// Makes all files below a folder ten days older than they are.
pub(crate) fn age_below(folder: &Path) {
    for path in files(folder) {
        let file = File::options().write(true).open(path).unwrap();
        let written: SystemTime = file.metadata().unwrap().modified().unwrap();
        file.set_modified(written - Duration::from_hours(24 * 10)).unwrap();
    }
}

/// All files below a folder.
pub(crate) fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).into_iter().flatten() {
        let path = entry.unwrap().path();
        if path.is_dir() { found.extend(files(&path)) } else { found.push(path) }
    }
    found
}

/// Numbers of the versions that are there.
pub(crate) fn versions(project: &Path) -> Vec<u64> {
    let files = files(&project.join("warehouse/versions"));
    let number = |path: &PathBuf| path.file_stem().unwrap().to_str().unwrap().parse().unwrap();
    let mut numbers: Vec<u64> = files.iter().map(number).collect();
    numbers.sort_unstable();
    numbers
}

/// The answer of a command that prints one JSON object, and must end with a status.
pub(crate) fn object(project: &Path, status: i32, arguments: &[&str]) -> Value {
    let ended = crate::binary::scorewright(project, &[arguments, &["--output", "json"]].concat());
    assert_eq!(ended.status, status, "{arguments:?}: {}{}", ended.answer, ended.said);
    serde_json::from_str(&ended.answer).unwrap_or_else(|bad| panic!("{bad}: {}", ended.answer))
}

/// The digest of each table of the newest version.
pub(crate) fn digests(project: &Path) -> Value {
    object(project, 0, &["verify", "--digest"])["tables"].clone()
}
