//! `scorewright plan` says what the run after it makes anew.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use crate::binary::{copy, files_below, made_anew, root, rows, scorewright};

fn shop() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    copy(&root().join("tests/scenarios/base"), folder.path());
    folder
}

/// The tables that are to be made anew as of a day, each with what is said of it.
fn planned(project: &Path, day: &str) -> Vec<serde_json::Value> {
    let ended = scorewright(project, &["plan", "--as-of", day, "--output", "json"]);
    assert_eq!(ended.status, 0, "{}", ended.said);
    rows(&ended.answer).into_iter().filter(|row| row["build"] == true).collect()
}

fn tables(planned: &[serde_json::Value]) -> BTreeSet<String> {
    planned.iter().map(|row| row["table"].as_str().unwrap().to_owned()).collect()
}

/// All that a run wrote, without the lock and the remembered hashes of extracts.
fn state(project: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let folder = project.join("warehouse");
    let files = if folder.is_dir() { files_below(&folder) } else { Vec::new() };
    let is_state = |name: &Path| !name.ends_with("lock") && !name.ends_with(".seen");
    files.into_iter().filter(|(name, _)| is_state(name)).collect()
}

/// Plans, runs, and says what was planned; both must agree.
fn plan_and_run(project: &Path, day: &str) -> Vec<serde_json::Value> {
    let before = state(project);
    let planned = planned(project, day);
    assert!(before == state(project), "planning changes nothing");
    let run = scorewright(project, &["run", "--as-of", day]);
    assert_eq!(run.status, 0, "{}{}", run.answer, run.said);
    let made: BTreeSet<String> = made_anew(project).into_iter().collect();
    assert_eq!(tables(&planned), made, "as of {day}");
    planned
}

fn edit(file: &Path, from: &str, to: &str) {
    let text = fs::read_to_string(file).unwrap();
    assert!(text.contains(from), "{text}");
    fs::write(file, text.replace(from, to)).unwrap();
}

#[test]
fn what_is_planned_is_what_the_run_makes_anew() {
    let shop = shop();
    let project = shop.path();
    let first = plan_and_run(project, "2026-11-23");
    assert!(first.iter().all(|row| row["new"] == true), "{first:?}");
    assert_eq!(first.len(), 2, "{first:?}");

    assert!(planned(project, "2026-11-23").is_empty(), "nothing is new");

    let more = "Ticket,Team,Opened,Rating\nT901,Billing,2026-10-26 09:00:00,5\n";
    fs::write(project.join("extracts/tickets_more.csv"), more).unwrap();
    let landed = plan_and_run(project, "2026-11-23");
    assert_eq!(landed[0]["changed_inputs"][0], "raw.tickets", "{landed:?}");
    assert_eq!(landed[0]["edited"], false, "{landed:?}");

    edit(&project.join("pipelines/models/fact/ticket.sql"), "SELECT", "SELECT -- as before\n");
    let edited = plan_and_run(project, "2026-11-23");
    assert_eq!(tables(&edited), BTreeSet::from(["fact.ticket".to_owned()]));
    assert_eq!(
        (&edited[0]["edited"], &edited[0]["asks_for_the_day"]),
        (&true.into(), &false.into())
    );

    let other_day = plan_and_run(project, "2026-11-24");
    assert_eq!(tables(&other_day), BTreeSet::from(["fact.ticket".to_owned()]), "it names `$as_of`");
    assert_eq!(
        (&other_day[0]["edited"], &other_day[0]["asks_for_the_day"]),
        (&false.into(), &true.into())
    );
}

#[test]
fn a_plan_is_read_by_people_and_stops_where_a_run_would() {
    let shop = shop();
    let project = shop.path();
    let run = scorewright(project, &["run", "--as-of", "2026-11-23"]);
    assert_eq!(run.status, 0, "{}", run.said);
    let plan = scorewright(project, &["plan", "--as-of", "2026-11-24"]);
    assert_eq!(
        plan.answer,
        "build    fact.ticket  rebuilt whole: asks for the day\n\
         keep     1 table\n\
         measure  csat_top2        its definition, its fact, the day or the reach of its sources changed\n\
         measure  tickets_created  its definition, its fact, the day or the reach of its sources changed\n\
         keep     0 metrics\n\
         render   scorecard 2026-W47\n"
    );
    fs::write(project.join("extracts/tickets_bad.csv"), "Another,Header\n1,2\n").unwrap();
    let before = files_below(&project.join("warehouse/versions"));
    let refused = scorewright(project, &["plan", "--as-of", "2026-11-24"]);
    assert_eq!(refused.status, 3, "{}{}", refused.answer, refused.said);
    assert!(before == files_below(&project.join("warehouse/versions")));
}
