//! What stays of many versions, and what is found of those that are damaged.

use std::fs::{self, File};
use std::num::NonZeroU32;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use arrow::array::{ArrayRef, Int64Array};
use jiff::civil::date;
use jiff::{SignedDuration, Timestamp};
use scorewright_domain::{Books, Extract, Fingerprint, ProjectFile};

use super::*;
use crate::storage::{Garbage, Retention, VerifyDepth};

fn sale() -> TableName {
    TableName::new("fact", "sale").unwrap()
}

/// Puts a table of one file with some keys.
fn put(transaction: &mut Transaction, keys: &[i64]) {
    let keys: ArrayRef = Arc::new(Int64Array::from(keys.to_vec()));
    let batch = RecordBatch::try_from_iter([("key", keys)]).unwrap();
    let mut writer = transaction.file_writer(batch.schema()).unwrap();
    writer.write(&batch).unwrap();
    let table = Table::new(&batch.schema(), vec![writer.finish().unwrap()], "test".into());
    transaction.put(&sale(), table);
}

fn commit(night: i64) -> Commit {
    Commit {
        run: format!("run-{night}"),
        as_of: date(2026, 1, 1).checked_add(SignedDuration::from_hours(24 * night)).unwrap(),
        program: "0".into(),
        configuration: "c".into(),
        project: vec![ProjectFile::new("scorewright.toml", format!("name = '{night}'\n"))],
    }
}

/// A version whose table has one key, the number of its night.
fn night(warehouse: &Warehouse, night: i64) {
    let mut transaction = warehouse.begin().unwrap();
    put(&mut transaction, &[night]);
    transaction.commit(commit(night)).unwrap();
}

/// A warehouse of some nights, all of whose files are ten days old.
fn old(nights: i64) -> (tempfile::TempDir, Warehouse) {
    let folder = tempfile::tempdir().unwrap();
    let warehouse = Warehouse::at(folder.path());
    (1..=nights).for_each(|number| night(&warehouse, number));
    age(folder.path());
    (folder, warehouse)
}

/// Makes all files below a folder ten days old.
fn age(folder: &Path) {
    let long_ago = written() - Duration::from_hours(24 * 10);
    for path in files(folder) {
        File::options().write(true).open(path).unwrap().set_modified(long_ago).unwrap();
    }
}

/// About now, as the file system says.
fn written() -> SystemTime {
    tempfile::tempfile().unwrap().metadata().unwrap().modified().unwrap()
}

fn now() -> Timestamp {
    Timestamp::try_from(written()).unwrap()
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { found.extend(files(&path)) } else { found.push(path) }
    }
    found
}

fn retention(nightly: u32) -> Retention {
    let nightly = NonZeroU32::new(nightly).unwrap();
    Retention { nightly, monthly: 0, ..Retention::default() }
}

fn clean(warehouse: &Warehouse, nightly: u32) -> Garbage {
    let lock = Lock::take(warehouse).unwrap();
    let garbage = warehouse.garbage(&lock, &retention(nightly), now()).unwrap();
    warehouse.remove_garbage(&lock, &garbage).unwrap();
    garbage
}

fn damages(warehouse: &Warehouse, depth: VerifyDepth) -> Vec<(String, Vec<u64>)> {
    let found = warehouse.verify(depth).unwrap();
    found.damages.into_iter().map(|damage| (damage.what, damage.versions)).collect()
}

#[test]
fn what_no_kept_version_needs_goes_and_all_else_stays_whole() {
    let (folder, warehouse) = old(5);
    let garbage = clean(&warehouse, 2);
    assert_eq!((garbage.versions, garbage.kept_versions), (vec![1, 2, 3], vec![4, 5]));
    // A table, a project and a pack of each of three nights.
    assert_eq!((garbage.removed.files, garbage.kept.files), (9, 6));
    assert_eq!(damages(&warehouse, VerifyDepth::Contents), []);
    assert_eq!(files(&folder.path().join("tables")).len(), 2);
    assert_eq!(files(&folder.path().join("projects")).len(), 2);
    let again = clean(&warehouse, 2);
    assert_eq!((again.versions, again.removed.files), (vec![], 0));
    night(&warehouse, 6);
    assert_eq!(warehouse.newest().unwrap().number, 6);
}

#[test]
fn what_is_young_stays_although_nothing_needs_it() {
    let (folder, warehouse) = old(3);
    let stray = folder.path().join("tables/fact/sale/0123456789abcdef01234567.parquet");
    fs::write(&stray, "a run died before its commit").unwrap();
    let garbage = clean(&warehouse, 3);
    assert_eq!((garbage.removed.files, garbage.young.files), (0, 1));
    age(folder.path());
    assert_eq!(clean(&warehouse, 3).files, ["tables/fact/sale/0123456789abcdef01234567.parquet"]);
    assert!(!stray.exists());
}

#[test]
fn what_others_wrote_beside_the_tables_is_left_alone() {
    let (folder, warehouse) = old(1);
    let foreign = folder.path().join("tables/fact/sale/notes.txt");
    fs::write(&foreign, "mine").unwrap();
    age(folder.path());
    assert_eq!(clean(&warehouse, 1).removed.files, 0);
    assert!(foreign.exists());
}

#[test]
fn a_version_that_owes_something_stays_whatever_its_age() {
    let (folder, warehouse) = old(1);
    let owed = OwedIssue {
        report: "board".into(),
        period: "2026-W01".into(),
        revision: 1,
        figures: Fingerprint::of(b""),
        version: 1,
        deliveries: Vec::new(),
        is_delivered: false,
    };
    let mut transaction = warehouse.begin().unwrap();
    transaction.set_issues(vec![owed.clone()]);
    transaction.commit(commit(2)).unwrap();
    night(&warehouse, 3);
    age(folder.path());
    assert_eq!(clean(&warehouse, 1).kept_versions, [1, 3]);
    let mut transaction = warehouse.begin().unwrap();
    transaction.set_issues(vec![owed.delivered()]);
    transaction.commit(commit(4)).unwrap();
    age(folder.path());
    assert_eq!(clean(&warehouse, 1).kept_versions, [4]);
}

#[test]
fn a_version_that_cannot_be_read_keeps_everything() {
    let (_folder, warehouse) = old(3);
    fs::write(warehouse.version_path(1), "{}").unwrap();
    let lock = Lock::take(&warehouse).unwrap();
    let garbage = warehouse.garbage(&lock, &retention(1), now());
    assert!(matches!(garbage, Err(WarehouseError::UnknownNeeds { .. })), "{garbage:?}");
}

#[test]
fn every_damage_is_found_with_the_versions_that_need_the_file() {
    let (_folder, warehouse) = old(3);
    let file = |number| {
        let snapshot = warehouse.version(number).unwrap();
        warehouse.root().join(&snapshot.tables[&sale()].files[0].path)
    };
    let (flipped, missing) = (file(1), file(2));
    let mut bytes = fs::read(&flipped).unwrap();
    bytes[10] ^= 1;
    fs::write(flipped, bytes).unwrap();
    assert_eq!(damages(&warehouse, VerifyDepth::Lengths), []);
    fs::remove_file(missing).unwrap();
    assert_eq!(damages(&warehouse, VerifyDepth::Lengths), [("it is missing".into(), vec![2])]);
    let found = damages(&warehouse, VerifyDepth::Contents);
    assert!(found.contains(&("its content is not the one that was committed".into(), vec![1])));
    fs::write(warehouse.version_path(3), "{}").unwrap();
    let found = warehouse.verify(VerifyDepth::Contents).unwrap();
    assert_eq!((found.damages.len(), found.newest_whole()), (3, None));
}

/// The books of an extract.
fn landing(file: &str, first_seen: u64) -> Landing {
    let extract = Extract {
        source: "sales".into(),
        file: file.into(),
        fingerprint: Fingerprint::of(file.as_bytes()),
        bytes: 7,
    };
    Landing { first_seen, ..Landing::new(extract, Books::default()) }
}

#[test]
fn a_version_that_is_gone_back_to_has_its_tables_and_the_newest_ledger() {
    let (_folder, warehouse) = old(2);
    let mut transaction = warehouse.begin().unwrap();
    transaction.set_landings(vec![landing("a.csv", 1), landing("b.csv", 2)]);
    transaction.commit(commit(3)).unwrap();
    let former = warehouse.version(1).unwrap();
    let (made, lock) = warehouse.begin().unwrap().roll_back(former.clone()).unwrap();
    drop(lock);
    assert_eq!((made.number, &made.tables, &made.project), (4, &former.tables, &former.project));
    assert_eq!((made.run.as_str(), made.as_of), ("rollback-to-1", former.as_of));
    assert!(made.landings.is_empty());
    let known: Vec<u64> = made.known_loads.iter().map(|load| load.first_seen).collect();
    assert_eq!(known, [1, 2], "the order of what has landed since is known");
    assert_eq!(warehouse.newest().unwrap(), made);

    let mut transaction = warehouse.begin().unwrap();
    transaction.set_landings(vec![landing("b.csv", 2)]);
    let left: Vec<u64> =
        transaction.snapshot().known_loads.iter().map(|load| load.first_seen).collect();
    assert_eq!(left, [1], "what has landed again is in the books");
}

#[test]
fn nobody_goes_back_to_a_version_that_is_not_whole() {
    let (_folder, warehouse) = old(2);
    let former = warehouse.version(1).unwrap();
    fs::remove_file(warehouse.root().join(&former.tables[&sale()].files[0].path)).unwrap();
    let refused = warehouse.begin().unwrap().roll_back(former);
    assert!(matches!(refused, Err(WarehouseError::Damaged { .. })));
    assert_eq!(warehouse.newest().unwrap().number, 2);
}

/// The state of many nights: one more extract and one more issue each night, and a table that changes.
fn grown(warehouse: &Warehouse, number: u64) -> Snapshot {
    let mut transaction = warehouse.begin().unwrap();
    let mut landings = transaction.snapshot().landings.clone();
    landings.push(landing(&format!("sales_{number:04}.csv"), number));
    transaction.set_landings(landings);
    let before = transaction.snapshot().issues.clone();
    let before = before.into_iter().map(OwedIssue::delivered);
    let year = 2026 + number / 100;
    let new = OwedIssue {
        report: "board".into(),
        period: format!("{year}-D{:03}", number % 100),
        revision: 1,
        figures: Fingerprint::of(&number.to_le_bytes()),
        version: number,
        deliveries: Vec::new(),
        is_delivered: false,
    };
    transaction.set_issues(before.chain([new]).collect());
    put(&mut transaction, &[i64::try_from(number).unwrap()]);
    let project = vec![ProjectFile::new("scorewright.toml", "name = 'Acme'\n")];
    let commit = Commit { project, ..commit(i64::try_from(number).unwrap()) };
    transaction.commit(commit).unwrap().0
}

fn length(path: &Path) -> u64 {
    fs::metadata(path).unwrap().len()
}

#[test]
fn after_two_hundred_nights_a_commit_is_as_short_as_after_two() {
    let folder = tempfile::tempdir().unwrap();
    let warehouse = Warehouse::at(folder.path());
    let mut written = Vec::new();
    let mut bytes = 0;
    let mut made = Vec::new();
    for number in 1..=200 {
        made.push(grown(&warehouse, number));
        let packs: u64 =
            files(&folder.path().join("manifests")).iter().map(|path| length(path)).sum();
        written.push(packs - bytes);
        bytes = packs;
    }
    let [early, late] = [2, 200].map(|number| length(&warehouse.version_path(number)));
    assert!(late <= early + early / 10, "{late} after {early} bytes");
    // A group of 32 loads, of which the last night of each group writes the most; issues are groups of a year.
    let most = |nights: &[u64]| nights.iter().copied().max().unwrap();
    let [first, last] = [most(&written[1..100]), most(&written[100..])];
    assert!(last <= first + first / 5, "{last} after {first} bytes a night");
    assert_eq!(files(&folder.path().join("manifests")).len(), 200, "one pack a night");
    for snapshot in made {
        assert_eq!(warehouse.version(snapshot.number).unwrap(), snapshot);
    }
    assert_eq!(damages(&warehouse, VerifyDepth::Contents), []);
}

/// The pack that a version wrote.
fn pack_of(warehouse: &Warehouse, version: u64) -> PathBuf {
    let text = fs::read_to_string(warehouse.version_path(version)).unwrap();
    let commit: serde_json::Value = serde_json::from_str(&text).unwrap();
    let name = commit["version"]["manifests"]["tables"]["fact.sale"]["pack"].as_str().unwrap();
    warehouse.root().join(format!("manifests/{name}.json"))
}

#[test]
fn a_damaged_pack_gives_way_to_the_version_before_and_is_written_anew() {
    for damage in ["one byte", "half", "gone"] {
        let folder = tempfile::tempdir().unwrap();
        let warehouse = Warehouse::at(folder.path());
        let made: Vec<Snapshot> = (1..=3).map(|number| grown(&warehouse, number)).collect();
        let pack = pack_of(&warehouse, 3);
        let text = fs::read_to_string(&pack).unwrap();
        match damage {
            "one byte" => fs::write(&pack, text.replace("\"rows\":1", "\"rows\":2")).unwrap(),
            "half" => fs::write(&pack, &text[..text.len() / 2]).unwrap(),
            _ => fs::remove_file(&pack).unwrap(),
        }
        let read = warehouse.version(3);
        assert!(matches!(read, Err(WarehouseError::Damaged { .. })), "{damage}: {read:?}");
        assert_eq!(warehouse.newest().unwrap(), made[1], "{damage}");
        let found = warehouse.verify(VerifyDepth::Lengths).unwrap();
        assert_eq!((found.damages.len(), found.newest_whole()), (1, Some(2)), "{damage}");
        let next = grown(&warehouse, 4);
        assert_eq!(warehouse.newest().unwrap(), next, "{damage}");
        assert_eq!(warehouse.verify(VerifyDepth::Contents).unwrap().newest_whole(), Some(4));
    }
}

#[test]
fn packs_that_kept_versions_name_stay() {
    let folder = tempfile::tempdir().unwrap();
    let warehouse = Warehouse::at(folder.path());
    let made: Vec<Snapshot> = (1..=70).map(|number| grown(&warehouse, number)).collect();
    age(folder.path());
    assert_eq!(clean(&warehouse, 1).kept_versions, [70]);
    let packs = files(&folder.path().join("manifests")).len();
    assert!(
        (2..10).contains(&packs),
        "{packs}: one for each group of books, and that of the night"
    );
    assert_eq!(warehouse.newest().unwrap(), made[69]);
    assert_eq!(damages(&warehouse, VerifyDepth::Contents), []);
}

#[test]
fn a_file_of_the_right_name_and_other_content_is_made_again() {
    let (_folder, warehouse) = old(1);
    let file = warehouse.version(1).unwrap().tables[&sale()].files[0].clone();
    let path = warehouse.root().join(&file.path);
    fs::write(&path, vec![0; usize::try_from(file.bytes).unwrap()]).unwrap();
    assert_eq!(damages(&warehouse, VerifyDepth::Contents).len(), 1);
    let mut transaction = warehouse.begin().unwrap();
    put(&mut transaction, &[1]);
    transaction.commit(commit(2)).unwrap();
    assert_eq!(damages(&warehouse, VerifyDepth::Contents), []);
}
