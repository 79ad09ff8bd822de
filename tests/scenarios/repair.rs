//! Damaged tables of the newest version: made again from what is still there, or said why not.

use std::fs;
use std::path::{Path, PathBuf};

use jiff::civil::date;
use serde_json::{Value, json};

use crate::aged_nights::{digests, files, night, nights, object, project, versions};
use crate::binary::{copy, query, root, says, stored_version};
use crate::datasets::unfolded;

/// A table of each layer that a run stores.
const TABLES: [&str; 8] = [
    "raw.tickets",
    "quarantine.tickets",
    "raw.accounts",
    "history.accounts",
    "staging.tickets",
    "dim.team",
    "fact.ticket",
    "kpi.value",
];

/// What may become of a file.
const DAMAGES: [Damage; 3] = [Damage::Missing, Damage::Cut, Damage::Flipped];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Damage {
    Missing,
    Cut,
    Flipped,
}

impl Damage {
    fn happens_to(self, path: &Path) {
        let mut bytes = fs::read(path).unwrap();
        let middle = bytes.len() / 2;
        match self {
            Self::Missing => return fs::remove_file(path).unwrap(),
            Self::Cut => bytes.truncate(middle),
            Self::Flipped => bytes[middle] ^= 1,
        }
        fs::write(path, bytes).unwrap();
    }
}

/// Three nights of a project that stores tables of every layer: with rows in quarantine, and a source with history.
fn layered() -> tempfile::TempDir {
    let folder = project("nightly = 30");
    let path = |below: &str| folder.path().join(below);
    let staging = path("pipelines/models/staging/tickets.toml");
    let text = fs::read_to_string(&staging).unwrap();
    fs::write(&staging, text.replace("materialization = \"view\"\n", "")).unwrap();
    fs::create_dir(path("pipelines/models/dim")).unwrap();
    let team =
        "-- One row per team.\nSELECT DISTINCT team FROM staging.tickets WHERE team IS NOT NULL\n";
    fs::write(path("pipelines/models/dim/team.sql"), team).unwrap();
    let companion = "says = \"One row per team.\"\ngrain = [\"team\"]\n";
    fs::write(path("pipelines/models/dim/team.toml"), companion).unwrap();
    let accounts = "pipelines/sources/accounts.toml";
    let from = root().join("tests/scenarios/history_values/project").join(accounts);
    fs::copy(from, path(accounts)).unwrap();
    let good: String =
        (10..30).map(|minute| format!("Q{minute},Returns,2026-11-10 09:{minute}:00,4\n")).collect();
    let rows = format!("Ticket,Team,Opened,Rating\n{good}Q99,Returns,some day,4\n");
    fs::write(path("extracts/tickets_bad.csv"), rows).unwrap();
    for number in 0..3_i8 {
        let rows = format!(
            "account_id,segment,modified_at\na1,s{number},2026-11-1{number}T08:00:00Z\na{},large,2026-11-1{number}T09:00:00Z\n",
            number + 2
        );
        fs::write(path(&format!("extracts/accounts_{number}.csv")), rows).unwrap();
        night(folder.path(), date(2026, 11, 20 + number));
    }
    folder
}

fn copied(from: &Path) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    copy(from, folder.path());
    folder
}

/// A file of a table of the newest version that has rows.
fn file_of(folder: &Path, table: &str) -> PathBuf {
    let newest = *versions(folder).last().unwrap();
    let stored = stored_version(&folder.join("warehouse"), newest);
    let files = stored["tables"][table]["files"].as_array().unwrap_or_else(|| panic!("{table}"));
    let file = files.iter().rfind(|file| file["rows"] != 0).unwrap();
    folder.join("warehouse").join(file["path"].as_str().unwrap())
}

fn damage(folder: &Path, table: &str, damage: Damage) -> PathBuf {
    let path = file_of(folder, table);
    damage.happens_to(&path);
    path
}

/// The newest version is whole by all its contents, and has the tables that it should; what is damaged still, a repair
/// has told.
fn assert_whole(folder: &Path, tables: &Value, left: &Value, what: &str) {
    let newest = *versions(folder).last().unwrap();
    let is_any_left = left.as_array().is_some_and(|left| !left.is_empty());
    let found = object(folder, if is_any_left { 74 } else { 0 }, &["verify", "--deep"]);
    assert_eq!(found["newest_whole"], newest, "{what}: {found}");
    let damages = found["damages"].as_array().unwrap().iter();
    let files: Vec<&Value> = damages.map(|damage| &damage["file"]).collect();
    assert_eq!(json!(files), *left, "{what}");
    assert_eq!(digests(folder), *tables, "{what}");
}

#[test]
fn a_table_of_any_layer_is_made_again_whatever_became_of_its_file() {
    let right = layered();
    let before = digests(right.path());
    let pages = files(&right.path().join("out/pages")).len();
    assert_eq!(object(right.path(), 0, &["repair"])["tables"], json!([]));
    assert_eq!(versions(right.path()), [1, 2, 3], "what is whole stays");
    for table in TABLES {
        for kind in DAMAGES {
            let what = format!("{table} {kind:?}");
            let folder = copied(right.path());
            let path = damage(folder.path(), table, kind);
            let is_cheap = kind != Damage::Flipped;
            object(folder.path(), if is_cheap { 74 } else { 0 }, &["verify"]);
            object(folder.path(), 74, &["verify", "--deep"]);
            let said = object(folder.path(), 0, &["repair"]);
            assert_eq!((&said["version"], &said["published"]), (&json!(3), &json!(4)), "{what}");
            let tables = said["tables"].as_array().unwrap();
            let remade = tables.iter().find(|remade| remade["table"] == table).expect(table);
            let named = path.strip_prefix(folder.path().join("warehouse")).unwrap();
            assert_eq!(remade["damages"][0]["file"], named.to_str().unwrap(), "{what}");
            assert!(!remade["made_from"].as_array().unwrap().is_empty(), "{what}: {said}");
            assert_eq!(remade["obstacle"], Value::Null, "{what}");
            assert_whole(folder.path(), &before, &said["left_damaged"], &what);
            assert_eq!(files(&folder.path().join("out/pages")).len(), pages, "{what}");
            let next = says(folder.path(), 0, &["run", "--as-of", "2026-11-22"]);
            assert!(next.starts_with("nothing new: version 4"), "{what}: {next}");
        }
    }
}

#[test]
fn several_damages_are_mended_at_once_and_told() {
    let folder = layered();
    let before = digests(folder.path());
    for table in ["raw.tickets", "fact.ticket", "kpi.value"] {
        damage(folder.path(), table, Damage::Flipped);
    }
    let told = unfolded(&says(folder.path(), 74, &["verify", "--deep"]));
    assert!(told.contains("`scorewright repair` makes it again"), "{told}");
    let said = unfolded(&says(folder.path(), 0, &["repair"]));
    for told in [
        "version 4",
        "are those of version 3, for 2026-11-22",
        "`fact.ticket`, from `staging.tickets`: 1 file of it was damaged",
        "`raw.tickets`, from `tickets.csv`, `tickets_2026-11-19.csv`",
        "nobody is mailed",
    ] {
        assert!(said.contains(told), "{told}: {said}");
    }
    assert_whole(folder.path(), &before, &json!([]), "several");
    assert!(says(folder.path(), 0, &["repair"]).starts_with("whole: every file of version 4"));
}

#[test]
fn a_repair_lands_nothing_that_has_arrived_since() {
    let folder = layered();
    let before = digests(folder.path());
    let rows = "Ticket,Team,Opened,Rating\nN1,Billing,2026-11-21 09:00:00,5\n";
    fs::write(folder.path().join("extracts/tickets_late.csv"), rows).unwrap();
    damage(folder.path(), "raw.tickets", Damage::Flipped);
    says(folder.path(), 0, &["repair"]);
    assert_whole(folder.path(), &before, &json!([]), "late");
    let count = "SELECT count(*) AS n FROM raw.tickets WHERE ticket_id = 'N1'";
    assert_eq!(query(folder.path(), count), "n\n0\n");
    says(folder.path(), 0, &["run", "--as-of", "2026-11-22"]);
    assert_eq!(query(folder.path(), count), "n\n1\n", "the next run does");
}

#[test]
fn the_project_of_the_version_makes_it_again_and_not_the_one_of_today() {
    let folder = layered();
    let before = digests(folder.path());
    let model = folder.path().join("pipelines/models/fact/ticket.sql");
    let text = fs::read_to_string(&model).unwrap();
    fs::write(&model, text + "AND team = 'Billing'\n").unwrap();
    damage(folder.path(), "fact.ticket", Damage::Flipped);
    says(folder.path(), 0, &["repair"]);
    assert_whole(folder.path(), &before, &json!([]), "edited");
    says(folder.path(), 0, &["run", "--as-of", "2026-11-22"]);
    assert_ne!(digests(folder.path()), before, "the next run takes the project as it is");
}

#[test]
fn a_damaged_project_is_written_again_while_it_is_the_one_of_today() {
    let folder = layered();
    let before = digests(folder.path());
    let stored = stored_version(&folder.path().join("warehouse"), 3);
    let kept = folder.path().join("warehouse").join(stored["project"]["path"].as_str().unwrap());
    fs::write(&kept, "[]").unwrap();
    let said = says(folder.path(), 0, &["repair"]);
    assert!(said.contains("the project it is made from"), "{said}");
    assert_whole(folder.path(), &before, &json!([]), "project");
    fs::write(&kept, "[]").unwrap();
    let settings = folder.path().join("scorewright.toml");
    let text = fs::read_to_string(&settings).unwrap();
    fs::write(&settings, text.replace("Corner Shop", "Corner Store")).unwrap();
    let said = unfolded(&says(folder.path(), 74, &["repair"]));
    assert!(said.contains("is damaged: its hash"), "{said}");
    assert_eq!(versions(folder.path()), [1, 2, 3, 4]);
}

#[test]
fn without_an_extract_nothing_is_published_and_the_answer_says_what_to_do() {
    let folder = layered();
    fs::remove_file(folder.path().join("extracts/tickets_2026-11-20.csv")).unwrap();
    // Of the night's own, so that version 2 is whole.
    damage(folder.path(), "raw.tickets", Damage::Flipped);
    damage(folder.path(), "fact.ticket", Damage::Missing);
    let said = object(folder.path(), 74, &["repair"]);
    assert_eq!(said["published"], Value::Null, "{said}");
    let obstacles: Vec<(&str, bool)> = said["tables"]
        .as_array()
        .unwrap()
        .iter()
        .map(|table| (table["table"].as_str().unwrap(), table["obstacle"].is_null()))
        .collect();
    assert_eq!(obstacles, [("fact.ticket", true), ("raw.tickets", false)], "{said}");
    let said = unfolded(&says(folder.path(), 74, &["repair"]));
    for told in [
        "no version is published with a damaged table in it",
        "`raw.tickets`: the extract `tickets_2026-11-20.csv` is not there as it landed",
        "could be",
        "restore it from a backup",
    ] {
        assert!(said.contains(told), "{told}: {said}");
    }
    assert_eq!(versions(folder.path()), [1, 2, 3]);
}

#[test]
fn an_extract_of_other_content_is_not_taken_for_the_one_that_landed() {
    let folder = layered();
    let path = folder.path().join("extracts/tickets_2026-11-20.csv");
    let text = fs::read_to_string(&path).unwrap();
    fs::write(&path, text.replace("Billing", "Billink")).unwrap();
    damage(folder.path(), "raw.tickets", Damage::Missing);
    let said = unfolded(&says(folder.path(), 74, &["repair"]));
    assert!(said.contains("`tickets_2026-11-20.csv` is not there as it landed"), "{said}");
    let run = says(folder.path(), 0, &["run", "--as-of", "2026-11-22"]);
    assert!(run.contains("is made again"), "a run takes it for a restated one: {run}");
}

#[test]
fn values_shown_of_few_people_are_not_measured_again() {
    let folder = project("nightly = 30");
    let rewrite = |below: &str, change: &dyn Fn(String) -> String| {
        let path = folder.path().join(below);
        let text = fs::read_to_string(&path).unwrap();
        fs::write(path, change(text)).unwrap();
    };
    let small = |text: String| text + "grains = [\"month\"]\nminimum_group = 5\n";
    rewrite("pipelines/metrics/csat_top2.toml", &small);
    rewrite("pipelines/metrics/tickets_created.toml", &small);
    rewrite("reports/scorecard/report.toml", &|text| text.replace("\"week\"", "\"month\""));
    fs::remove_file(folder.path().join("pipelines/targets.toml")).unwrap();
    // The second night is the first that knows all of November.
    nights(folder.path(), date(2026, 11, 30), 2);
    let before = digests(folder.path());
    damage(folder.path(), "kpi.standing", Damage::Flipped);
    says(folder.path(), 0, &["repair"]);
    assert_whole(folder.path(), &before, &json!([]), "standings are judged again");
    let path = damage(folder.path(), "kpi.value", Damage::Flipped);
    let said = unfolded(&says(folder.path(), 74, &["repair"]));
    assert!(said.contains("`kpi.value`: it says what was shown of few people"), "{said}");
    assert!(said.contains("`scorewright rollback 1`"), "{said}");
    fs::remove_file(path).unwrap();
    let said = unfolded(&says(folder.path(), 74, &["run", "--as-of", "2026-12-01"]));
    assert!(said.contains("what was shown of few people"), "{said}");
}

#[test]
fn of_a_damaged_commit_or_manifest_the_newest_whole_version_is_named() {
    for of in ["versions", "manifests"] {
        let folder = layered();
        let before = digests(folder.path());
        let path = match of {
            "versions" => folder.path().join("warehouse/versions/0000000003.json"),
            _ => own_pack(folder.path(), 3),
        };
        let text = fs::read_to_string(&path).unwrap();
        fs::write(&path, text.replacen("sha256", "sha257", 1)).unwrap();
        let said = unfolded(&says(folder.path(), 74, &["repair"]));
        assert!(said.contains("version 3 cannot be read, and cannot be made again"), "{said}");
        assert!(said.contains("`scorewright rollback 2` and `scorewright run`"), "{said}");
        let back = says(folder.path(), 0, &["rollback", "2"]);
        assert!(back.starts_with("version 4"), "{back}");
        assert!(says(folder.path(), 0, &["repair"]).starts_with("whole: every file of version 4"));
        says(folder.path(), 0, &["run", "--as-of", "2026-11-22"]);
        assert_eq!(digests(folder.path()), before, "{of}");
    }
}

/// The pack that a version wrote.
fn own_pack(folder: &Path, version: u64) -> PathBuf {
    let text = |number: u64| {
        fs::read_to_string(folder.join(format!("warehouse/versions/{number:010}.json"))).unwrap()
    };
    let name = |path: &PathBuf| path.file_stem().unwrap().to_str().unwrap().to_owned();
    let packs = files(&folder.join("warehouse/manifests"));
    let is_own = |path: &PathBuf| {
        text(version).contains(&name(path)) && !text(version - 1).contains(&name(path))
    };
    packs.into_iter().find(is_own).expect("each night writes a pack")
}

#[test]
fn before_the_first_version_and_during_a_run_nothing_is_repaired() {
    let folder = project("nightly = 30");
    says(folder.path(), 2, &["repair"]);
    nights(folder.path(), date(2026, 11, 20), 1);
    let lock = fs::File::options().write(true).open(folder.path().join("warehouse/lock")).unwrap();
    lock.try_lock().unwrap();
    says(folder.path(), 75, &["repair"]);
}
