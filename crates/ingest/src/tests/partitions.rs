//! Tables in parts: what a night rewrites, and that it does not show.

use scorewright_warehouse::StoredFile;

use super::*;

fn monthly() -> Source {
    source(
        r#"
        title = "Tickets"
        files = "*.csv*"
        format = "csv"
        load = "upsert"
        key = ["id"]
        updated_at = "updated"
        partition = "opened"
        [columns.id]
        type = "text"
        [columns.opened]
        type = "date"
        [columns.updated]
        type = "date"
        "#,
    )
}

fn files(stage: &Stage, layer: &str) -> Vec<StoredFile> {
    stage.snapshot().tables[&TableName::new(layer, "tickets").unwrap()].files.clone()
}

const FIRST: &str =
    "id,opened,updated\nT1,2026-01-31,2026-01-31\nT2,2026-02-01,2026-02-01\nT3,,2026-02-02\n";
const SECOND: &str = "id,opened,updated\nT2,2026-02-01,2026-03-05\nT4,2026-03-01,2026-03-01\n";

#[test]
fn a_night_rewrites_only_the_months_of_its_rows() {
    let stage = Stage::new();
    stage.receive("a.csv", FIRST);
    stage.land(&monthly());
    let before = files(&stage, "raw");
    let partitions: Vec<_> =
        before.iter().map(|file| (file.partition.clone().unwrap(), file.rows)).collect();
    assert_eq!(
        partitions,
        [("2026-01", 1), ("2026-02", 1), ("undated", 1)]
            .map(|(partition, rows)| (partition.to_owned(), rows))
    );

    stage.receive("b.csv", SECOND);
    stage.land(&monthly());
    let after = files(&stage, "raw");
    assert_eq!(
        (&after[0], &after[3]),
        (&before[0], &before[2]),
        "January and the undated stay as they are"
    );
    assert_eq!(
        stage.rows("raw"),
        [
            "T1|2026-01-31|2026-01-31|a.csv|2",
            "T2|2026-02-01|2026-03-05|b.csv|2",
            "T4|2026-03-01|2026-03-01|b.csv|3",
            "T3|-|2026-02-02|a.csv|4",
        ]
    );
    assert_eq!((stage.books("a.csv").accepted, stage.books("a.csv").superseded), (2, 1));
}

#[test]
fn one_file_after_the_other_gives_the_same_bytes_as_all_at_once() {
    let nightly = Stage::new();
    nightly.receive("a.csv", FIRST);
    nightly.land(&monthly());
    nightly.receive("b.csv", SECOND);
    nightly.land(&monthly());
    let whole = Stage::new();
    whole.receive("a.csv", FIRST);
    whole.receive("b.csv", SECOND);
    whole.land(&monthly());
    assert_eq!(files(&nightly, "raw"), files(&whole, "raw"));
    let books = |stage: &Stage| ["a.csv", "b.csv"].map(|file| stage.books(file));
    assert_eq!(books(&nightly), books(&whole));
}

#[test]
fn rows_without_a_key_stand_in_a_file_for_each_extract() {
    let stage = Stage::new();
    stage.receive("a.csv", "Id,Score\nT1,7\n");
    stage.land(&tickets(""));
    let before = files(&stage, "raw");
    stage.receive("b.csv", "Id,Score\nT1,7\nT2,x\n");
    stage.land(&tickets(""));
    assert_eq!(files(&stage, "raw")[0], before[0], "what is there is not rewritten");
    stage.receive("a.csv", "Id,Score\nT1,8\nT3,1\n");
    stage.land(&tickets(""));
    assert_eq!(stage.rows("raw"), ["T1|8|a.csv|2", "T3|1|a.csv|3", "T1|7|b.csv|2"]);
    assert_eq!(files(&stage, "quarantine").len(), 1, "one extract has rows set aside");
}

#[test]
fn a_source_that_names_another_partition_has_its_rows_told_apart_anew() {
    let stage = Stage::new();
    stage.receive("a.csv", FIRST);
    stage.receive("b.csv", SECOND);
    stage.land(&monthly());
    stage.remove("a.csv");
    let other = Source {
        partition: Some("updated".into()),
        fingerprint: scorewright_domain::Fingerprint::of(b"another"),
        ..monthly()
    };
    stage.land(&other);
    let partitions: Vec<_> =
        files(&stage, "raw").iter().map(|file| file.partition.clone().unwrap()).collect();
    assert_eq!(partitions, ["2026-01", "2026-02", "2026-03"]);
    assert_eq!(stage.rows("raw").len(), 4, "rows of an extract that is gone move too");
}
