//! One bit of a stored file is flipped: whoever reads it says so and ends with 74, and nobody answers anything else than
//! before.

use std::fs;
use std::path::{Path, PathBuf};

use jiff::civil::{Date, date};
use serde_json::Value;

use crate::aged_nights::{delivery, digests, files, night, object, project, versions};
use crate::binary::{Ended, copy, files_below, scorewright, stored_version};
use crate::datasets::unfolded;

const DAYS: [Date; 3] = [date(2026, 11, 20), date(2026, 11, 21), date(2026, 11, 22)];

/// Two nights, the first of which has a row in quarantine.
fn two_nights() -> tempfile::TempDir {
    let folder = project("nightly = 30");
    let good = (1..20).map(|minute| format!("G{minute},Billing,2026-11-16 09:{minute:02}:00,5\n"));
    let rows: String = good.collect::<String>() + "B1,Billing,never,5\n";
    let rows = format!("Ticket,Team,Opened,Rating\n{rows}");
    fs::write(folder.path().join("extracts/tickets_bad.csv"), rows).unwrap();
    for day in &DAYS[..2] {
        night(folder.path(), *day);
    }
    folder
}

/// A file with one bit that is not the one that was written; it is mended when this is dropped.
struct Flipped {
    path: PathBuf,
    right: Vec<u8>,
}

impl Flipped {
    fn at(path: &Path, place: usize) -> Self {
        let right = fs::read(path).unwrap();
        let mut flipped = right.clone();
        flipped[place] ^= 1 << (place % 8);
        fs::write(path, flipped).unwrap();
        Self { path: path.to_owned(), right }
    }
}

impl Drop for Flipped {
    fn drop(&mut self) {
        // A run may have removed the file.
        if self.path.exists() {
            fs::write(&self.path, &self.right).unwrap();
        }
    }
}

/// Places in header, data, statistics and footer.
fn places(file: &Path) -> [usize; 6] {
    let length = usize::try_from(fs::metadata(file).unwrap().len()).unwrap();
    [1, length / 4, length / 2, length - length / 4, length - 12, length - 1]
}

/// The files of each table of the newest version, below the project.
fn table_files(project: &Path) -> Vec<(String, PathBuf)> {
    let newest = *versions(project).last().unwrap();
    let version = stored_version(&project.join("warehouse"), newest);
    let path = |file: &Value| Path::new("warehouse").join(file["path"].as_str().unwrap());
    let of = |(name, table): (&String, &Value)| -> Vec<(String, PathBuf)> {
        let files = table["files"].as_array().unwrap();
        files.iter().map(|file| (name.clone(), path(file))).collect()
    };
    version["tables"].as_object().unwrap().iter().flat_map(of).collect()
}

/// The command said which file is damaged, and how that is mended.
fn assert_names(ended: &Ended, file: &Path, asked: &str) {
    let said = unfolded(&ended.said);
    assert_eq!(ended.status, 74, "{asked}: {said}{}", ended.answer);
    // A long path is broken where the line of a terminal ends.
    let joined: String = said.split_whitespace().collect();
    assert!(joined.contains(file.file_name().unwrap().to_str().unwrap()), "{asked}: {said}");
    assert!(said.contains("are not those that were committed"), "{asked}: {said}");
    assert!(said.contains("scorewright verify --deep"), "{asked}: {said}");
}

#[test]
fn verify_notices_each_flipped_bit() {
    let folder = two_nights();
    let warehouse = folder.path().join("warehouse");
    let mut stored: Vec<PathBuf> =
        ["tables", "projects"].iter().flat_map(|name| files(&warehouse.join(name))).collect();
    stored.sort();
    assert!(stored.len() > 8, "{stored:?}");
    for place in 0..6 {
        let flipped: Vec<Flipped> =
            stored.iter().map(|file| Flipped::at(file, places(file)[place])).collect();
        let found = object(folder.path(), 74, &["verify", "--deep"]);
        let damages = found["damages"].as_array().unwrap();
        let mut named: Vec<PathBuf> =
            damages.iter().map(|damage| warehouse.join(damage["file"].as_str().unwrap())).collect();
        named.sort();
        assert_eq!(named, stored, "place {place}");
        drop(flipped);
    }
    object(folder.path(), 0, &["verify", "--deep"]);
}

#[test]
fn a_flipped_bit_of_a_version_or_of_its_manifests_is_noticed() {
    let folder = two_nights();
    let warehouse = folder.path().join("warehouse");
    let newest = warehouse.join("versions/0000000002.json");
    let asked = ["query", "--snapshot", "2", "SELECT * FROM kpi.value"];
    let packs = files(&warehouse.join("manifests"));
    for (path, is_newest) in
        [(newest, true)].into_iter().chain(packs.into_iter().map(|it| (it, false)))
    {
        let length = fs::read(&path).unwrap().len();
        for place in (0..length).step_by(length / 7) {
            let _flipped = Flipped::at(&path, place);
            let what = format!("{} at {place}", path.display());
            let verified = scorewright(folder.path(), &["verify", "--deep"]);
            assert_eq!(verified.status, 74, "{what}: {}{}", verified.answer, verified.said);
            if is_newest {
                let ended = scorewright(folder.path(), &asked);
                assert_eq!(ended.status, 74, "{what}: {}{}", ended.answer, ended.said);
            }
        }
    }
}

#[test]
fn a_query_over_a_flipped_bit_ends_and_names_the_file() {
    let folder = two_nights();
    let tables = table_files(folder.path());
    let layers = ["raw.", "quarantine.", "fact.", "kpi."];
    let has = |layer: &&str| tables.iter().any(|(name, _)| name.starts_with(layer));
    assert!(layers.iter().all(has), "{tables:?}");
    for (name, file) in tables {
        let path = folder.path().join(&file);
        for place in places(&path) {
            let _flipped = Flipped::at(&path, place);
            let ended = scorewright(folder.path(), &["query", &format!("SELECT * FROM {name}")]);
            assert_names(&ended, &file, &format!("{name} at {place}"));
        }
    }
}

#[test]
fn a_file_with_the_name_of_another_is_not_taken_for_it() {
    let folder = two_nights();
    let (_, file) =
        table_files(folder.path()).into_iter().find(|it| it.0 == "fact.ticket").unwrap();
    let path = folder.path().join(&file);
    // The same rows, in a file that is as long and as valid: only the name of the program that made it differs.
    let right = fs::read(&path).unwrap();
    let at =
        right.windows(11).rposition(|word| word == b"scorewright").expect("it names its maker");
    let mut other = right.clone();
    other[at..at + 11].copy_from_slice(b"somebodyels");
    fs::write(&path, other).unwrap();
    says_damaged(folder.path(), &file, &["query", "SELECT count(*) FROM fact.ticket"]);
    fs::write(&path, right).unwrap();
    let ended = scorewright(folder.path(), &["query", "SELECT count(*) FROM fact.ticket"]);
    assert_eq!(ended.status, 0, "{}", ended.said);
}

fn says_damaged(project: &Path, file: &Path, asked: &[&str]) {
    assert_names(&scorewright(project, asked), file, &format!("{asked:?}"));
}

/// What a command leaves behind.
#[derive(Debug, PartialEq)]
struct Left {
    answer: String,
    pages: Vec<(PathBuf, Vec<u8>)>,
}

fn answered(project: &Path, asked: &[&str]) -> (Ended, Left) {
    let ended = scorewright(project, asked);
    let shown = project.join("shown");
    let pages = if shown.is_dir() { files_below(&shown) } else { Vec::new() };
    let left = Left { answer: ended.answer.clone(), pages };
    (ended, left)
}

#[test]
fn explanations_and_pages_are_those_of_before_or_none() {
    let folder = two_nights();
    let explain = ["explain", "csat_top2", "--period", "2026-W46", "--rows", "5"];
    for asked in [&explain[..], &["render", "--to", "shown"]] {
        let (ended, right) = answered(folder.path(), asked);
        assert_eq!(ended.status, 0, "{}", ended.said);
        let mut noticed = 0;
        for (number, (_, file)) in table_files(folder.path()).into_iter().enumerate() {
            let path = folder.path().join(&file);
            let _flipped = Flipped::at(&path, places(&path)[number % 6]);
            let (ended, left) = answered(folder.path(), asked);
            if ended.status == 0 {
                assert_eq!(left, right, "{asked:?} {file:?}");
            } else {
                assert_names(&ended, &file, &format!("{asked:?}"));
                noticed += 1;
            }
        }
        assert!(noticed > 2, "{asked:?}");
    }
}

#[test]
fn a_run_over_a_flipped_bit_publishes_nothing_or_what_it_would_have() {
    let folder = two_nights();
    let copied = || {
        let other = tempfile::tempdir().unwrap();
        copy(folder.path(), other.path());
        other
    };
    let right = copied();
    night(right.path(), DAYS[2]);
    let right = digests(right.path());
    let mut noticed = Vec::new();
    for (number, (name, file)) in table_files(folder.path()).into_iter().enumerate() {
        let other = copied();
        let path = other.path().join(&file);
        let extract = other.path().join("extracts/tickets_2026-11-21.csv");
        fs::write(extract, delivery(DAYS[2])).unwrap();
        let flipped = Flipped::at(&path, places(&path)[number % 6]);
        let ended = scorewright(other.path(), &["run", "--as-of", &DAYS[2].to_string()]);
        if ended.status == 0 {
            drop(flipped);
            assert_eq!(digests(other.path()), right, "{name}");
        } else {
            assert_names(&ended, &file, &name);
            assert_eq!(versions(other.path()), [1, 2], "{name}");
            noticed.push(name);
        }
    }
    assert!(noticed.iter().any(|name| name.starts_with("raw.")), "{noticed:?}");
}
