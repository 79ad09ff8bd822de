//! Snapshots: what is gone ends, what is late cuts in, what is corrected is restated.

use super::*;

fn accounts() -> Source {
    source(
        r#"
        title = "Accounts"
        files = "*.csv"
        format = "csv"
        load = "snapshot"
        key = ["id"]
        delivery = '(\d{4}-\d{2}-\d{2})'
        tolerate = 0.5
        [columns.id]
        type = "text"
        [columns.plan]
        type = "text"
        [columns.seats]
        type = "integer"
        "#,
    )
}

/// Key, plan, days from and to, file and line of each version, in the order of files and lines.
fn versions(stage: &Stage) -> Vec<String> {
    let short =
        |row: String| row.replace("T00:00:00Z", "").replace("|true|", "|").replace("|false|", "|");
    let mut rows: Vec<String> = stage.rows("history").into_iter().map(short).collect();
    rows.sort_by_key(|row| {
        let place: Vec<String> = row.rsplitn(3, '|').take(2).map(str::to_owned).collect();
        (place[1].clone(), place[0].clone())
    });
    rows
}

#[test]
fn a_key_that_is_gone_ends_and_one_that_changed_has_two_versions() {
    let stage = Stage::new();
    stage.receive("a_2026-05-01.csv", "id,plan,seats\nA,Team,1\nB,Team,2\nC,Free,1\n");
    stage.land(&accounts());
    stage.receive("a_2026-05-02.csv", "id,plan,seats\nC,Free,1\nA,Scale,1\n");
    stage.land(&accounts());
    stage.receive("a_2026-05-03.csv", "id,plan,seats\nA,Scale,1\nB,Team,2\nC,Free,1\n");
    stage.land(&accounts());
    assert_eq!(
        versions(&stage),
        [
            "A|Team|1|2026-05-01|2026-05-02|a_2026-05-01.csv|2",
            "B|Team|2|2026-05-01|2026-05-02|a_2026-05-01.csv|3",
            "C|Free|1|2026-05-01|-|a_2026-05-01.csv|4",
            "A|Scale|1|2026-05-02|-|a_2026-05-02.csv|3",
            "B|Team|2|2026-05-03|-|a_2026-05-03.csv|3",
        ]
    );
    let books = stage.books("a_2026-05-03.csv");
    assert_eq!(
        (books.read, books.accepted, books.duplicates),
        (3, 1, 2),
        "what says nothing new is equal"
    );
}

/// The beginning of a day of May.
fn may(day: i8) -> Timestamp {
    format!("2026-05-{day:02}T00:00:00Z").parse().unwrap()
}

#[test]
fn a_day_sees_what_was_there_and_what_the_first_snapshot_has_was_there_before() {
    let stage = Stage::new();
    stage.receive("a_2026-05-02.csv", "id,plan,seats\nA,Team,1\nB,Team,2\n");
    stage.receive("a_2026-05-04.csv", "id,plan,seats\nA,Scale,1\nC,Free,1\n");
    stage.land(&accounts());
    let (first, second) = ("a_2026-05-02.csv", "a_2026-05-04.csv");
    for (day, expected) in [
        (1, vec![format!("A|Team|1|{first}|2"), format!("B|Team|2|{first}|3")]),
        (4, vec![format!("A|Team|1|{first}|2"), format!("B|Team|2|{first}|3")]),
        (5, vec![format!("A|Scale|1|{second}|2"), format!("C|Free|1|{second}|3")]),
    ] {
        stage.land_as_of(&accounts(), may(day));
        let mut rows = stage.rows("raw");
        rows.sort();
        assert_eq!(rows, expected, "May {day}");
    }
    let books = stage.books(first);
    assert_eq!((books.accepted, books.superseded), (0, 2), "what is there no longer is superseded");
    stage.receive("a_2026-05-01.csv", "id,plan,seats\nA,Team,1\n");
    stage.land_as_of(&accounts(), may(1));
    assert_eq!(stage.rows("raw"), ["A|Team|1|a_2026-05-01.csv|2"], "B is known not to be there");
}

#[test]
fn a_snapshot_without_rows_ends_every_key() {
    let stage = Stage::new();
    let source = Source { may_be_empty: true, ..accounts() };
    stage.receive("a_2026-05-01.csv", "id,plan,seats\nA,Team,1\n");
    stage.land(&source);
    stage.receive("a_2026-05-02.csv", "id,plan,seats\n");
    stage.land(&source);
    assert_eq!(versions(&stage), ["A|Team|1|2026-05-01|2026-05-02|a_2026-05-01.csv|2"]);
    assert!(stage.rows("raw").is_empty());
    stage.land_as_of(&source, may(2));
    assert_eq!(stage.rows("raw"), ["A|Team|1|a_2026-05-01.csv|2"]);
}

#[test]
fn snapshots_in_any_order_give_the_same_history() {
    let files = [
        ("a_2026-05-01.csv", "id,plan,seats\nA,Team,1\nB,Team,2\n"),
        ("a_2026-05-02.csv", "id,plan,seats\nA,Scale,1\n"),
        ("a_2026-05-03.csv", "id,plan,seats\nA,Team,1\nB,Team,2\nC,Free,3\n"),
        ("a_2026-05-04.csv", "id,plan,seats\nA,Team,1\nC,Free,3\n"),
    ];
    let history = |order: &[usize]| {
        let stage = Stage::new();
        for file in order {
            stage.receive(files[*file].0, files[*file].1);
            stage.land_unchecked(&accounts());
        }
        let valid = |row: &String| row.rsplitn(3, '|').nth(2).unwrap().to_owned();
        let mut rows: Vec<String> = versions(&stage).iter().map(valid).collect();
        rows.sort();
        rows
    };
    let expected = [
        "A|Scale|1|2026-05-02|2026-05-03",
        "A|Team|1|2026-05-01|2026-05-02",
        "A|Team|1|2026-05-03|-",
        "B|Team|2|2026-05-01|2026-05-02",
        "B|Team|2|2026-05-03|2026-05-04",
        "C|Free|3|2026-05-03|-",
    ];
    for order in [[0, 1, 2, 3], [3, 2, 1, 0], [2, 0, 3, 1], [1, 3, 0, 2]] {
        assert_eq!(history(&order), expected, "{order:?}");
    }
}

#[test]
fn a_corrected_snapshot_takes_the_place_of_the_former() {
    let stage = Stage::new();
    stage.receive("a_2026-05-01.csv", "id,plan,seats\nA,Team,1\n");
    stage.receive("a_2026-05-02.csv", "id,plan,seats\nA,Wrong,1\n");
    stage.land(&accounts());
    stage.receive("a_2026-05-02_corrected.csv", "id,plan,seats\nA,Team,1\nB,Free,1\n");
    let report = stage.land(&accounts());
    assert_eq!(
        versions(&stage),
        [
            "A|Team|1|2026-05-01|-|a_2026-05-01.csv|2",
            "B|Free|1|2026-05-02|-|a_2026-05-02_corrected.csv|3"
        ]
    );
    let restated: Vec<&str> = report
        .landings
        .iter()
        .filter(|landing| !landing.replaced.is_empty())
        .filter_map(|landing| landing.extract.file.to_str())
        .collect();
    assert_eq!(restated, ["a_2026-05-02_corrected.csv"]);
    assert_eq!(stage.snapshot().landings.len(), 2);
}

#[test]
fn a_snapshot_with_bad_rows_ends_no_key() {
    let stage = Stage::new();
    stage.receive("a_2026-05-01.csv", "id,plan,seats\nA,Team,1\nB,Team,2\n");
    stage.receive("a_2026-05-02.csv", "id,plan,seats\nA,Scale,1\nB,Team,two\n");
    stage.land(&accounts());
    assert_eq!(
        versions(&stage),
        [
            "A|Team|1|2026-05-01|2026-05-02|a_2026-05-01.csv|2",
            "B|Team|2|2026-05-01|-|a_2026-05-01.csv|3",
            "A|Scale|1|2026-05-02|-|a_2026-05-02.csv|2",
        ]
    );
}

#[test]
fn a_key_twice_in_a_snapshot_is_equal_or_a_conflict() {
    let stage = Stage::new();
    stage.receive("a_2026-05-01.csv", "id,plan,seats\nA,Team,1\nA,Team,1\nA,Free,1\nB,Free,1\n");
    stage.land(&accounts());
    assert_eq!(versions(&stage).len(), 2);
    let books = stage.books("a_2026-05-01.csv");
    assert_eq!(
        (books.accepted, books.duplicates, reasons(&books)),
        (2, 1, vec![("conflicting_key", 1)])
    );
    assert_eq!(stage.rows("quarantine"), ["a_2026-05-01.csv|4|32|8|-|conflicting_key|A,Free,1"]);
}

#[test]
fn a_snapshot_without_its_moment_is_refused() {
    let stage = Stage::new();
    stage.receive("a.csv", "id,plan,seats\nA,Team,1\n");
    let report = stage.land(&accounts());
    assert_eq!(report.refused[0].reason(), "no_moment");
}

#[test]
fn a_later_file_of_the_same_period_replaces_the_former() {
    let stage = Stage::new();
    let monthly = tickets(r"delivery = '(\d{4}-\d{2})'");
    stage.receive("t_2026-05.csv", "Id,Score\nT1,7\nT2,8\n");
    stage.receive("t_2026-06.csv", "Id,Score\nT3,1\n");
    stage.land(&monthly);
    stage.receive("t_2026-05_b.csv", "Id,Score\nT1,9\n");
    stage.land(&monthly);
    assert_eq!(stage.rows("raw"), ["T1|9|t_2026-05_b.csv|2", "T3|1|t_2026-06.csv|2"]);
    assert!(stage.landing("t_2026-05_b.csv").replaced.len() == 1);
    assert!(stage.landing("t_2026-06.csv").replaced.is_empty());
}
