//! Versions: listed, asked, checked, gone back to, and removed when they are not kept any more.

use std::fs;
use std::path::{Path, PathBuf};

use jiff::civil::{Date, date};

use crate::aged_nights::{age, digests, files, night, nights, object, project, versions};
use crate::binary::{query, rows, says, scorewright, stored_version};
use crate::datasets::unfolded;

const FIRST: Date = date(2026, 11, 20);

fn day(number: i8) -> Date {
    date(2026, 11, number)
}

const COUNT: &str = "SELECT count(*) AS n FROM raw.tickets";

/// The project after three nights, each with ten tickets more.
fn three_nights() -> tempfile::TempDir {
    let folder = project("nightly = 30");
    nights(folder.path(), FIRST, 3);
    folder
}

/// A file of a table that only one version names.
fn own_file(folder: &Path, version: u64) -> PathBuf {
    let text = |number: u64| stored_version(&folder.join("warehouse"), number).to_string();
    let tables = folder.join("warehouse/tables/fact/ticket");
    let named = |path: &PathBuf, number: u64| {
        text(number).contains(path.file_name().unwrap().to_str().unwrap())
    };
    let others: Vec<u64> = versions(folder).into_iter().filter(|it| *it != version).collect();
    let is_own =
        |path: &PathBuf| named(path, version) && others.iter().all(|other| !named(path, *other));
    files(&tables).into_iter().find(is_own).expect("each night makes the table anew")
}

#[test]
fn versions_are_listed_and_an_old_one_is_asked() {
    let folder = three_nights();
    let listed = rows(&says(folder.path(), 0, &["snapshots", "--output", "json"]));
    let of = |column: &str| -> Vec<serde_json::Value> {
        listed.iter().map(|row| row[column].clone()).collect()
    };
    assert_eq!(of("version"), [1, 2, 3]);
    assert_eq!(of("as_of"), ["2026-11-20", "2026-11-21", "2026-11-22"]);
    for row in &listed {
        let [bytes, own] = ["bytes", "bytes_not_shared"].map(|it| row[it].as_u64().unwrap());
        assert!(own > 0 && own <= bytes && row["tables"].as_u64() > Some(3), "{row}");
        assert!(row["made_at"].as_str().unwrap().parse::<jiff::Timestamp>().is_ok(), "{row}");
    }
    assert_eq!(listed[0]["bytes"], listed[0]["bytes_not_shared"], "the first shares nothing");
    assert!(says(folder.path(), 0, &["snapshots"]).contains("(3 rows)"));
    for (number, count) in [("1", "50"), ("2", "60"), ("3", "70")] {
        let asked = ["query", "--output", "csv", "--snapshot", number, COUNT];
        assert_eq!(says(folder.path(), 0, &asked), format!("n\n{count}\n"));
    }
    let said = unfolded(&says(folder.path(), 2, &["query", "--snapshot", "7", COUNT]));
    assert!(said.contains("there is no version 7 in"), "{said}");
    assert!(said.contains("there are: 1 to 3"), "{said}");
}

#[test]
fn after_a_rollback_the_next_run_ends_as_if_nothing_were_wrong() {
    let folder = three_nights();
    let before = digests(folder.path());
    let pages = files(&folder.path().join("out/pages"));
    let said = unfolded(&says(folder.path(), 0, &["rollback", "1"]));
    for told in [
        "version 4",
        "are those of version 1, for 2026-11-20; version 3 stays as it is",
        "stay as they were delivered until the next run",
        "the next run reads 2 extracts again that version 1 does not have",
    ] {
        assert!(said.contains(told), "{told}: {said}");
    }
    assert_eq!(versions(folder.path()), [1, 2, 3, 4]);
    assert_eq!(query(folder.path(), COUNT), "n\n50\n");
    assert_ne!(digests(folder.path()), before);
    assert_eq!(files(&folder.path().join("out/pages")), pages);
    assert_eq!(object(folder.path(), 0, &["status"])["version"], 4);
    let again = says(folder.path(), 0, &["run", "--as-of", "2026-11-22"]);
    assert!(again.contains("2 files: 20 rows read, 20 accepted"), "{again}");
    assert_eq!(digests(folder.path()), before, "the same rows as before");
    assert_eq!(object(folder.path(), 0, &["verify", "--deep"])["damages"], serde_json::json!([]));
    let third = says(folder.path(), 0, &["run", "--as-of", "2026-11-22"]);
    assert!(third.starts_with("nothing new: version 5"), "{third}");
}

#[test]
fn a_rollback_names_extracts_that_are_gone_and_the_version_that_has_them() {
    let folder = three_nights();
    fs::remove_file(folder.path().join("extracts/tickets_2026-11-21.csv")).unwrap();
    let said = unfolded(&says(folder.path(), 0, &["rollback", "2"]));
    let gone = "not there any more: `tickets_2026-11-21.csv`; their rows are in version 3 alone";
    assert!(said.contains(gone), "{said}");
    says(folder.path(), 0, &["rollback", "3"]);
    assert_eq!(query(folder.path(), COUNT), "n\n70\n");
    let same = says(folder.path(), 0, &["rollback", "5"]);
    assert!(same.starts_with("version 5 is the newest one already"), "{same}");
}

/// A source whose later delivery wins, by which load brought it, and two deliveries of one ticket.
#[test]
fn deliveries_that_are_read_again_at_once_keep_their_order() {
    let folder = project("nightly = 30");
    let path = folder.path().join("pipelines/sources/tickets.toml");
    let text = fs::read_to_string(&path).unwrap();
    fs::write(&path, format!("load = \"upsert\"\ndelivered = \"first_seen\"\n{text}")).unwrap();
    // The later delivery has the name that comes first.
    for (number, name, score) in [(20, "x", 1), (21, "b", 2), (22, "a", 3)] {
        let rows = format!("Ticket,Team,Opened,Rating\nT777,Billing,2026-11-17 10:00:00,{score}\n");
        fs::write(folder.path().join(format!("extracts/tickets_{name}.csv")), rows).unwrap();
        says(folder.path(), 0, &["run", "--as-of", &day(number).to_string()]);
    }
    let score = "SELECT score FROM raw.tickets WHERE ticket_id = 'T777'";
    assert_eq!(query(folder.path(), score), "score\n3\n");
    let before = digests(folder.path());
    says(folder.path(), 0, &["rollback", "1"]);
    assert_eq!(query(folder.path(), score), "score\n1\n");
    says(folder.path(), 0, &["run", "--as-of", "2026-11-22"]);
    assert_eq!(query(folder.path(), score), "score\n3\n");
    assert_eq!(digests(folder.path()), before);
}

#[test]
fn what_is_damaged_is_found_and_says_what_mends_it() {
    let folder = three_nights();
    let file = own_file(folder.path(), 3);
    let right = fs::read(&file).unwrap();
    let mut flipped = right.clone();
    flipped[right.len() / 2] ^= 1;
    fs::write(&file, &flipped).unwrap();
    says(folder.path(), 0, &["verify"]);
    let found = object(folder.path(), 74, &["verify", "--deep"]);
    assert_eq!(found["damages"].as_array().unwrap().len(), 1, "{found}");
    assert_eq!(found["damages"][0]["versions"], serde_json::json!([3]));
    fs::write(&file, vec![0; right.len()]).unwrap();
    let said = unfolded(&says(folder.path(), 74, &["verify", "--deep"]));
    assert!(said.contains("its content is not the one that was committed; version 3;"), "{said}");
    assert!(said.contains("`scorewright repair` makes it again"), "{said}");
    assert!(said.contains("`scorewright rollback 2` and `scorewright run`"), "{said}");
    fs::remove_file(&file).unwrap();
    let said = unfolded(&says(folder.path(), 74, &["verify"]));
    assert!(said.contains("it is missing; version 3;"), "{said}");
    let before = says(folder.path(), 0, &["query", "--output", "csv", "--snapshot", "2", COUNT]);
    says(folder.path(), 0, &["rollback", "2"]);
    assert_eq!(query(folder.path(), COUNT), before);
    let refused = unfolded(&says(folder.path(), 74, &["rollback", "3"]));
    assert!(refused.contains("is damaged: it is missing"), "{refused}");
    says(folder.path(), 0, &["run", "--as-of", "2026-11-22"]);
    assert_eq!(query(folder.path(), COUNT), "n\n70\n");
    let left = object(folder.path(), 0, &["verify", "--deep"]);
    assert_eq!(left["newest_whole"], 5, "the run made the file again: {left}");
}

/// What of the newest version is lost: a file of a table, by its folder.
fn lose_newest(folder: &Path, table: &str) {
    let version = versions(folder).into_iter().max().unwrap();
    let newest = stored_version(&folder.join("warehouse"), version);
    let path = newest["tables"][table]["files"][0]["path"].as_str().unwrap().to_owned();
    fs::remove_file(folder.join("warehouse").join(path)).unwrap();
}

#[test]
fn a_run_makes_again_what_is_missing_although_nothing_is_new() {
    let folder = three_nights();
    let before = digests(folder.path());
    for (number, table) in ["fact.ticket", "kpi.value", "raw.tickets"].into_iter().enumerate() {
        lose_newest(folder.path(), table);
        object(folder.path(), 74, &["verify"]);
        let said = unfolded(&says(folder.path(), 0, &["run", "--as-of", "2026-11-22"]));
        let told = format!("`{table}` is made again: a file of it is missing or cut off");
        assert!(said.contains(&told), "{said}");
        assert_eq!(digests(folder.path()), before, "{table}");
        let version = 4 + u64::try_from(number).unwrap();
        assert_eq!(object(folder.path(), 0, &["verify", "--deep"])["newest_whole"], version);
        let again = says(folder.path(), 0, &["run", "--as-of", "2026-11-22"]);
        assert!(again.starts_with("nothing new"), "{again}");
    }
}

#[test]
fn rows_whose_extract_is_gone_are_not_given_up_for_a_missing_file() {
    let folder = three_nights();
    fs::remove_file(folder.path().join("extracts/tickets_2026-11-20.csv")).unwrap();
    lose_newest(folder.path(), "raw.tickets");
    let said = unfolded(&says(folder.path(), 74, &["run", "--as-of", "2026-11-22"]));
    let told = "the extract `tickets_2026-11-20.csv` is not there as it landed";
    assert!(said.contains(told) && said.contains("`scorewright rollback`"), "{said}");
    assert_eq!(versions(folder.path()), [1, 2, 3]);
}

#[test]
fn a_damaged_project_is_found_and_a_damaged_commit_too() {
    let folder = three_nights();
    let kept = files(&folder.path().join("warehouse/projects"));
    fs::write(&kept[0], "[]").unwrap();
    says(folder.path(), 0, &["verify"]);
    let found = object(folder.path(), 74, &["verify", "--deep"]);
    assert_eq!(found["damages"][0]["versions"], serde_json::json!([1, 2, 3]), "{found}");
    let newest = folder.path().join("warehouse/versions/0000000003.json");
    let text = fs::read_to_string(&newest).unwrap().replace("2026-11-22", "2026-11-23");
    fs::write(newest, text).unwrap();
    let said = unfolded(&says(folder.path(), 74, &["verify"]));
    assert!(said.contains("`warehouse/versions/0000000003.json`: its hash"), "{said}");
}

#[test]
fn of_forty_nights_the_newest_and_one_of_each_month_stay() {
    let folder = project("nightly = 5");
    nights(folder.path(), date(2026, 10, 20), 40);
    assert_eq!(versions(folder.path()).len(), 40, "nothing younger than a day goes");
    let before = digests(folder.path());
    let records = files(&folder.path().join("out/runs")).len();
    age(folder.path());
    let kept = [12, 36, 37, 38, 39, 40];
    let told = object(folder.path(), 0, &["gc", "--dry-run"]);
    assert_eq!(told["versions_kept"], serde_json::json!(kept), "31 October and the newest");
    assert_eq!(versions(folder.path()).len(), 40, "a dry run removes nothing");
    let done = object(folder.path(), 0, &["gc"]);
    assert_eq!((&done["removed"], &done["kept"]), (&told["removed"], &told["kept"]));
    assert_eq!(versions(folder.path()), kept);
    let whole = object(folder.path(), 0, &["verify", "--deep"]);
    assert_eq!(whole["versions"], serde_json::json!(kept));
    // The 40 tickets of the small project, and ten of each night.
    for (number, count) in [("12", 160), ("40", 440)] {
        let asked = ["query", "--output", "csv", "--snapshot", number, COUNT];
        assert_eq!(says(folder.path(), 0, &asked), format!("n\n{count}\n"));
    }
    assert_eq!(digests(folder.path()), before);
    assert_eq!(files(&folder.path().join("out/runs")).len(), records, "records stay");
    says(folder.path(), 2, &["query", "--snapshot", "13", COUNT]);
    night(folder.path(), date(2026, 11, 29));
    let kept = [12, 37, 38, 39, 40, 41];
    assert_eq!(versions(folder.path()), kept, "a run that publishes removes by itself");
    let text = says(folder.path(), 0, &["gc", "--dry-run"]);
    assert!(text.contains("untouched  the ledger, the outbox"), "{text}");
}

#[test]
fn while_a_run_is_active_nothing_is_removed_and_nothing_gone_back_to() {
    let folder = three_nights();
    let lock = fs::File::options().write(true).open(folder.path().join("warehouse/lock")).unwrap();
    lock.try_lock().unwrap();
    for arguments in [&["gc"][..], &["gc", "--dry-run"], &["rollback", "1"]] {
        says(folder.path(), 75, arguments);
    }
    says(folder.path(), 2, &["rollback", "9"]);
    for arguments in [&["snapshots"][..], &["verify"], &["verify", "--digest"]] {
        says(folder.path(), 0, arguments);
    }
    drop(lock);
    says(folder.path(), 0, &["gc"]);
}

#[test]
fn before_the_first_run_there_is_nothing_to_look_at() {
    let folder = project("nightly = 30");
    for command in [&["gc"][..], &["snapshots"], &["verify"], &["rollback", "1"]] {
        let ended = scorewright(folder.path(), command);
        assert_eq!(ended.status, 2, "{command:?}: {}{}", ended.answer, ended.said);
    }
}

#[test]
fn a_wrong_retention_is_a_fault_of_the_project() {
    let folder = project("min_age = \"soon\"");
    let said = unfolded(&says(folder.path(), 2, &["check"]));
    assert!(said.contains("`min_age` is no length of time: `soon`"), "{said}");
    let folder = project("mails = \"1 month\"");
    let said = unfolded(&says(folder.path(), 2, &["check"]));
    assert!(said.contains("`mails` is no length of time: `1 month`"), "{said}");
    let folder = project("nightly = 0");
    let said = unfolded(&says(folder.path(), 2, &["check"]));
    assert!(said.contains("`nightly` is at least 1"), "{said}");
}
