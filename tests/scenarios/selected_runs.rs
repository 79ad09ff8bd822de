//! `run --select` makes what it is told, says what stays behind, and the next plain run makes that.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use crate::binary::{copy, made_anew, query, root, rows, says, scorewright, stored_version};
use crate::datasets::unfolded;

const DAY: &str = "2026-11-23";
const RATINGS: &str = "SELECT sum(score) AS score FROM dim.team";

/// A shop whose tickets are stored twice: as a fact, and by team.
fn shop() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let project = folder.path();
    copy(&root().join("tests/scenarios/base"), project);
    write(
        project,
        "pipelines/models/dim/team.sql",
        "-- One row per team.\nSELECT team, sum(score) AS score FROM fact.ticket GROUP BY team\n",
    );
    write(
        project,
        "pipelines/models/dim/team.toml",
        "says = \"One row per team.\"\ngrain = [\"team\"]\n\n[columns]\nteam = \"Team\"\nscore = \"All its ratings\"\n",
    );
    write(
        project,
        "pipelines/sources/visits.toml",
        "title = \"Visits\"\nfiles = \"visits*.csv\"\nformat = \"csv\"\nkey = [\"visit_id\"]\n\n\
         [columns.visit_id]\nfrom = \"Visit\"\ntype = \"text\"\n",
    );
    write(project, "extracts/visits.csv", "Visit\nV1\n");
    write(
        project,
        "pipelines/models/dim/visit.sql",
        "-- One row per visit.\nSELECT visit_id FROM raw.visits\n",
    );
    write(
        project,
        "pipelines/models/dim/visit.toml",
        "says = \"One row per visit.\"\ngrain = [\"visit_id\"]\n\n[columns]\nvisit_id = \"Number of the visit\"\n",
    );
    folder
}

fn write(project: &Path, file: &str, text: &str) {
    let path = project.join(file);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

fn edit(project: &Path, file: &str, from: &str, to: &str) {
    let text = fs::read_to_string(project.join(file)).unwrap();
    assert!(text.contains(from), "{text}");
    write(project, file, &text.replacen(from, to, 1));
}

fn run(project: &Path, status: i32, selectors: &[&str]) -> String {
    let mut words = vec!["run", "--as-of", DAY];
    words.extend(selectors.iter().flat_map(|selector| ["--select", selector]));
    unfolded(&says(project, status, &words))
}

fn status(project: &Path) -> Value {
    serde_json::from_str(&scorewright(project, &["status", "--output", "json"]).answer).unwrap()
}

/// The tables that the next plain run would make.
fn planned(project: &Path) -> BTreeSet<String> {
    let answer = says(project, 0, &["plan", "--as-of", DAY, "--output", "json"]);
    let built = rows(
        answer.lines().filter(|line| line.starts_with('{')).collect::<Vec<_>>().join("\n").as_str(),
    );
    let built = built.into_iter().filter(|row| row["build"] == true);
    built.map(|row| row["table"].as_str().unwrap().to_owned()).collect()
}

fn names(names: &[&str]) -> BTreeSet<String> {
    names.iter().map(ToString::to_string).collect()
}

fn made(project: &Path) -> BTreeSet<String> {
    made_anew(project).into_iter().collect()
}

/// Files of all tables of a version, which have the names of their content.
fn tables(project: &Path, version: u64) -> Value {
    let tables = stored_version(&project.join("warehouse"), version)["tables"].clone();
    let tables = tables.as_object().unwrap().iter();
    tables
        .map(|(name, table)| {
            (name.clone(), json!([table["files"][0]["path"], table["input_hash"]]))
        })
        .collect()
}

#[test]
fn what_is_not_selected_stays_behind_until_a_plain_run() {
    let shop = shop();
    let project = shop.path();
    run(project, 0, &[]);
    let ratings = query(project, RATINGS);
    let page = fs::read(project.join("out/pages/scorecard/2026-W47/scorecard.md")).unwrap();
    edit(project, "extracts/tickets.csv", "2026-11-22 15:30:00,2\n", "2026-11-22 15:30:00,5\n");
    write(project, "extracts/visits_more.csv", "Visit\nV2\n");

    let said = run(project, 5, &["+fact.ticket"]);
    assert!(said.contains("behind: `dim.team`: not selected; no report is published"), "{said}");
    assert_eq!(made(project), names(&["staging.tickets", "fact.ticket"]));
    assert_eq!(query(project, RATINGS), ratings, "the team stays as it was");
    assert_eq!(query(project, "SELECT count(*) AS n FROM raw.visits"), "n\n1\n", "nothing landed");
    assert_eq!(status(project)["behind"], json!(["dim.team"]));
    assert!(says(project, 5, &["status"]).contains("\nbehind     `dim.team`"));
    let listed = says(project, 0, &["snapshots", "--output", "json"]);
    let behind: Vec<Value> = rows(&listed).iter().map(|row| row["behind"].clone()).collect();
    assert_eq!(behind, [json!(0), json!(1)]);
    let after = fs::read(project.join("out/pages/scorecard/2026-W47/scorecard.md")).unwrap();
    assert!(page == after, "no page is published");

    assert_eq!(planned(project), names(&["dim.team", "dim.visit"]));
    run(project, 0, &[]);
    assert_eq!(made(project), names(&["dim.team", "dim.visit"]));
    assert_eq!(status(project)["behind"], json!([]));
    let after = fs::read(project.join("out/pages/scorecard/2026-W47/scorecard.md")).unwrap();
    assert!(page != after, "the page has the ratings as they are now");
    let fresh = tempfile::tempdir().unwrap();
    copy(project, fresh.path());
    fs::remove_dir_all(fresh.path().join("warehouse")).unwrap();
    fs::remove_dir_all(fresh.path().join("out")).unwrap();
    run(fresh.path(), 0, &[]);
    assert_eq!(tables(project, 3)["dim.team"], tables(fresh.path(), 1)["dim.team"]);
    assert_eq!(tables(project, 3)["kpi.value"], tables(fresh.path(), 1)["kpi.value"]);
}

#[test]
fn nothing_new_is_not_said_while_a_table_is_behind() {
    let shop = shop();
    let project = shop.path();
    run(project, 0, &[]);
    edit(project, "pipelines/models/dim/team.sql", "sum(score)", "max(score)");
    edit(project, "pipelines/models/dim/visit.sql", "SELECT", "SELECT -- as before\n");
    run(project, 5, &["dim.visit"]);
    assert_eq!(made(project), names(&["dim.visit"]));
    assert_eq!(planned(project), names(&["dim.team"]));
    run(project, 0, &[]);
    assert_eq!(made(project), names(&["dim.team"]));
    assert!(run(project, 0, &[]).contains("nothing new"));
}

#[test]
fn a_source_is_landed_alone_and_all_that_reads_it_is_built() {
    let shop = shop();
    let project = shop.path();
    run(project, 0, &[]);
    edit(project, "extracts/tickets.csv", "2026-11-22 15:30:00,2\n", "2026-11-22 15:30:00,5\n");
    write(project, "extracts/visits_more.csv", "Visit\nV2\n");
    let said = run(project, 0, &["visits"]);
    assert!(!said.contains("behind"), "what reads the source is made: {said}");
    assert_eq!(made(project), names(&["dim.visit"]));
    assert_eq!(query(project, "SELECT count(*) AS n FROM dim.visit"), "n\n2\n");
    run(project, 0, &["tickets,dim.visit"]);
    assert_eq!(status(project)["behind"], json!([]));
}

#[test]
fn a_model_is_selected_with_all_that_reads_it() {
    let shop = shop();
    let project = shop.path();
    run(project, 0, &[]);
    edit(project, "pipelines/models/fact/ticket.sql", "SELECT", "SELECT -- as before\n");
    edit(project, "pipelines/models/dim/visit.sql", "SELECT", "SELECT -- as before\n");
    let said = run(project, 5, &["fact.ticket+"]);
    assert!(said.contains("behind: `dim.visit`"), "{said}");
    assert_eq!(made(project), names(&["fact.ticket", "dim.team"]));
}

#[test]
fn what_cannot_stay_and_what_is_unknown_are_refused() {
    let shop = shop();
    let project = shop.path();
    let first = run(project, 2, &["tickets"]);
    assert!(first.contains("no version has `dim.visit`, which is not selected"), "{first}");
    assert!(first.contains("run without `--select` first"), "{first}");
    run(project, 0, &[]);
    let unknown = run(project, 2, &["fact.tickets"]);
    assert!(unknown.contains("there is no model or source `fact.tickets`"), "{unknown}");
    assert!(unknown.contains("did you mean `fact.ticket`?"), "{unknown}");
}

#[test]
fn an_extract_that_is_left_out_stays_left_out_while_another_source_lands() {
    let shop = shop();
    let project = shop.path();
    run(project, 0, &[]);
    edit(
        project,
        "pipelines/sources/tickets.toml",
        "tolerate = 0.1",
        "tolerate = 0.1\non_refused = \"skip_file\"",
    );
    write(project, "extracts/tickets_bad.csv", "Another,Header\n1,2\n");
    run(project, 5, &[]);
    let left_out = status(project)["left_out"].clone();
    assert_eq!(left_out.as_array().unwrap().len(), 1, "{left_out}");
    write(project, "extracts/visits_more.csv", "Visit\nV2\n");
    run(project, 5, &["visits"]);
    assert_eq!(status(project)["left_out"], left_out);
}
