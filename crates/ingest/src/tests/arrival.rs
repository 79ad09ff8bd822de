//! Files that a sender may still be writing.

use std::time::{Duration, SystemTime};

use super::*;
use scorewright_extract::AwaitedExtract;

/// Lands at a moment, in seconds since 1970, and commits.
fn land_at(stage: &Stage, source: &Source, second: i64) -> LandReport {
    let now = Timestamp::from_second(second).unwrap();
    let mut transaction = stage.warehouse.begin().unwrap();
    let sources = std::slice::from_ref(source);
    let pending = pending(
        sources,
        &stage.extracts(),
        &Limits::default(),
        &stage.warehouse,
        transaction.snapshot(),
        now,
    )
    .unwrap();
    let (extracts, limits) = (stage.extracts(), Limits::default());
    let arrivals = arrivals(&extracts, &limits, now);
    let report = land(sources, arrivals, now, &mut transaction, &Silent).unwrap();
    assert_eq!(pending.awaited, report.awaited);
    let (run, program, configuration) = ("test".into(), "test".into(), "test".into());
    let as_of = jiff::civil::date(2026, 11, 22);
    let project = Vec::new();
    transaction.commit(Commit { run, as_of, program, configuration, project }).unwrap();
    report
}

/// Writes a file that was changed last at a moment.
fn receive_at(stage: &Stage, file: &str, content: &str, second: u64) {
    stage.receive(file, content);
    let file = fs::File::options().write(true).open(stage.extracts().join(file)).unwrap();
    file.set_modified(SystemTime::UNIX_EPOCH + Duration::from_secs(second)).unwrap();
}

fn stated(awaited: &[AwaitedExtract]) -> Vec<String> {
    awaited.iter().map(ToString::to_string).collect()
}

#[test]
fn an_extract_lands_once_its_marker_is_there() {
    let stage = Stage::new();
    let source =
        source(&(TICKETS.replace("*.csv*", "*") + "[arrival]\ndone_marker = \"{file}.done\"\n"));
    receive_at(&stage, "a.csv", "Id,Score\nT1,7\n", 100);
    receive_at(&stage, "a.csv.done", "", 101);
    receive_at(&stage, "b.csv", "", 100);
    receive_at(&stage, "gone.csv.done", "", 101);
    let report = land_at(&stage, &source, 200);
    assert!(report.refused.is_empty(), "neither a marker nor what is being written is an extract");
    let waits = "extract `b.csv` of source `tickets` has not arrived yet: its marker `b.csv.done` is not there";
    assert_eq!(stated(&report.awaited), [waits]);
    assert_eq!(stage.rows("raw"), ["T1|7|a.csv|2"]);

    receive_at(&stage, "b.csv", "Id,Score\nT2,8\n", 300);
    receive_at(&stage, "b.csv.done", "", 300);
    assert!(land_at(&stage, &source, 400).awaited.is_empty());
    assert_eq!(stage.rows("raw").len(), 2);
}

#[test]
fn a_content_that_is_being_replaced_stays_until_the_next_one_has_arrived() {
    let stage = Stage::new();
    let source = source(&format!(
        "{TICKETS}[arrival]\ndone_marker = \"{{file}}.done\"\nminimum_age = \"10m\"\n"
    ));
    receive_at(&stage, "a.csv", "Id,Score\nT1,7\n", 100);
    receive_at(&stage, "a.csv.done", "", 101);
    let missing = land_at(&stage, &source, 699).missing.remove(0);
    let help = miette::Diagnostic::help(&missing).unwrap().to_string();
    assert!(missing.to_string().starts_with("source `tickets` has no extract yet: "), "{missing}");
    assert!(help.starts_with(
        "extract `a.csv` of source `tickets` has not arrived yet: it changed less than 10m ago"
    ));
    land_at(&stage, &source, 700);
    assert_eq!(stage.rows("raw"), ["T1|7|a.csv|2"]);

    receive_at(&stage, "a.csv", "Id,Sc", 10_000);
    let report = land_at(&stage, &source, 20_000);
    assert_eq!(
        stated(&report.awaited),
        [
            "extract `a.csv` of source `tickets` has not arrived yet: its marker `a.csv.done` is older than the file"
        ]
    );
    assert!(report.missing[0].has_landed && report.refused.is_empty());
    assert_eq!(stage.rows("raw"), ["T1|7|a.csv|2"]);
}
