//! What becomes of columns that a source does not declare.

use std::sync::{Arc, Mutex};

use arrow::array::{ArrayRef, Date32Array, Int32Array, StringArray};
use scorewright_domain::{Event, Listener};

use super::formats::parquet;
use super::*;

/// A listener that keeps what was noticed.
#[derive(Default)]
struct Notes(Mutex<Vec<String>>);

impl Listener for Notes {
    fn on_event(&self, event: Event) {
        if let Event::Noticed { message } = event {
            self.0.lock().unwrap().push(message);
        }
    }
}

/// Lands without committing; says what was noticed.
fn notes(stage: &Stage, source: &Source) -> Vec<String> {
    let notes = Notes::default();
    let mut transaction = stage.warehouse.begin().unwrap();
    let (extracts, limits) = (stage.extracts(), Limits::default());
    let arrivals = arrivals(&extracts, &limits, Timestamp::MAX);
    let sources = std::slice::from_ref(source);
    land(sources, arrivals, Timestamp::MAX, &mut transaction, &notes).unwrap();
    notes.0.into_inner().unwrap()
}

fn columns(stage: &Stage) -> Vec<String> {
    let snapshot = stage.snapshot();
    let table = &snapshot.tables[&TableName::new("raw", "tickets").unwrap()];
    table.columns.iter().map(|column| column.name.clone()).collect()
}

// Names are kept by 80 letters, 200 of them; 20 are said.
#[test]
fn a_wide_file_of_long_names_fills_neither_books_nor_notes() {
    let stage = Stage::new();
    let names: Vec<String> =
        (0..1_221).map(|number| format!("{number:04}{}", "é".repeat(1_000))).collect();
    stage.receive("a.csv", format!("Id,Score,{}\nT1,7{}\n", names.join(","), ",x".repeat(1_221)));
    let frozen = tickets("");
    let stated = notes(&stage, &frozen).remove(0);
    let last =
        format!("0019{}… and 1,201 more; declare them, or list them in `ignored`", "é".repeat(76));
    assert!(stated.ends_with(&last), "{stated}");
    stage.land(&frozen);
    let landing = stage.landing("a.csv");
    assert_eq!((landing.unknown_columns.len(), landing.further_unknown_columns), (200, 1_021));
    assert_eq!(landing.unknown_columns[199], format!("0199{}…", "é".repeat(76)));

    let evolving = tickets("contract = \"evolve\"");
    stage.land(&evolving);
    let landing = stage.landing("a.csv");
    assert_eq!(landing.unknown_columns, names, "columns follow from them");
    assert_eq!(columns(&stage).len(), 2 + 1_221 + 2, "none of a beginning");
}

#[test]
fn a_frozen_source_says_once_what_it_leaves_out() {
    let stage = Stage::new();
    stage.receive("a.csv", "Id,Team,Score,Custom (x),Team\nT1,Red,7,y,z\n");
    let frozen = tickets("ignored = [\"Custom (*)\"]");
    assert_eq!(
        notes(&stage, &frozen),
        [
            "extract `a.csv` of source `tickets` has columns its source does not declare: Team, Team#2; \
          declare them, or list them in `ignored`"
        ]
    );
    stage.land(&frozen);
    assert_eq!(stage.rows("raw"), ["T1|7|a.csv|2"]);
    assert_eq!(stage.landing("a.csv").unknown_columns, ["Team", "Team#2"]);
}

#[test]
fn a_value_in_an_undeclared_column_sets_its_row_aside() {
    let stage = Stage::new();
    stage.receive("a.csv", "Id,Team,Score,Note\nT1,,7,x\nT2,Red,8,y\nT3, ,9,\nT4,Red,x,\n");
    stage.land(&tickets("contract = \"quarantine\"\nignored = [\"Note\"]"));
    assert_eq!(stage.rows("raw"), ["T1|7|a.csv|2", "T3|9|a.csv|4"]);
    assert_eq!(
        stage.rows("quarantine"),
        [
            "a.csv|3|27|10|Team|undeclared_column|T2,Red,8,y",
            "a.csv|5|46|9|Score|not_an_integer|T4,Red,x,",
        ]
    );
}

#[test]
fn columns_evolve_and_earlier_rows_have_none() {
    let stage = Stage::new();
    let evolving = tickets("contract = \"evolve\"");
    stage.receive("a.csv", "Id,Score\nT1,7\n");
    stage.land(&evolving);
    assert_eq!(columns(&stage), ["id", "score", "_file", "_line"]);
    stage.receive("b.csv", "Id,Team name,Score,Zone\nT2,Red,8,\n");
    assert_eq!(
        notes(&stage, &evolving),
        [
            "extract `b.csv` of source `tickets` has columns its source does not declare: Team name, Zone; \
          they land as text"
        ]
    );
    stage.land(&evolving);
    assert_eq!(columns(&stage), ["id", "score", "team_name", "zone", "_file", "_line"]);
    assert_eq!(stage.rows("raw"), ["T1|7|-|-|a.csv|2", "T2|8|Red|-|b.csv|2"]);
    stage.receive("c.csv", "Team Name,Id,Score\nBlue,T3,9\n");
    assert!(notes(&stage, &evolving)[0].contains("declare: Team Name;"), "another spelling");
    stage.land(&evolving);
    let increments = stage.rows("raw");
    assert_eq!(increments[2], "T3|9|Blue|-|c.csv|2");

    let whole = Stage::new();
    for (file, text) in [
        ("a.csv", "Id,Score\nT1,7\n"),
        ("b.csv", "Id,Team name,Score,Zone\nT2,Red,8,\n"),
        ("c.csv", "Team Name,Id,Score\nBlue,T3,9\n"),
    ] {
        whole.receive(file, text);
    }
    whole.land(&evolving);
    assert_eq!(whole.rows("raw"), increments);
    assert_eq!(whole.files("raw"), stage.files("raw"), "the same bytes at once and night by night");
}

#[test]
fn a_declared_column_takes_over_what_evolved() {
    let stage = Stage::new();
    stage.receive("a.csv", "Id,Score,Replies\nT1,7,3\n");
    stage.land(&tickets("contract = \"evolve\""));
    assert_eq!(stage.rows("raw"), ["T1|7|3|a.csv|2"]);
    stage.remove("a.csv");
    stage.receive("b.csv", "Id,Score,Replies\nT2,8,4\n");
    let declared =
        format!("{TICKETS}\n[columns.replies]\nfrom = \"Replies\"\ntype = \"integer\"\n");
    stage.land(&source(&declared.replace("tolerate", "contract = \"evolve\"\ntolerate")));
    assert_eq!(stage.rows("raw"), ["T1|7|3|a.csv|2", "T2|8|4|b.csv|2"]);
    assert_eq!(columns(&stage), ["id", "score", "replies", "_file", "_line"]);
}

#[test]
fn two_columns_that_would_be_one_refuse_their_file() {
    let stage = Stage::new();
    stage.receive("a.csv", "Id,Score,Team,TEAM\nT1,7,Red,Blue\n");
    let report = stage.land(&tickets("contract = \"evolve\""));
    assert_eq!(
        report.refused[0].why.to_string(),
        "its undeclared columns `Team` and `TEAM` would both become `team`"
    );
}

#[test]
fn parquet_keeps_contracts_too() {
    let bytes = || {
        let day: ArrayRef = Arc::new(Date32Array::from(vec![None, Some(0)]));
        parquet(vec![
            ("Id", Arc::new(StringArray::from(vec!["T1", "T2"])) as ArrayRef),
            ("Score", Arc::new(Int32Array::from(vec![7, 8]))),
            ("Opened", day),
        ])
    };
    let parquet = |contract: &str| {
        let text = TICKETS.replace("*.csv*", "*.parquet").replace("\"csv\"", "\"parquet\"");
        source(&text.replace("tolerate", &format!("contract = \"{contract}\"\ntolerate")))
    };
    let stage = Stage::new();
    stage.receive("a.parquet", bytes());
    stage.land(&parquet("evolve"));
    assert_eq!(stage.rows("raw"), ["T1|7|-|a.parquet|1", "T2|8|1970-01-01|a.parquet|2"]);
    let stage = Stage::new();
    stage.receive("a.parquet", bytes());
    stage.land(&parquet("quarantine"));
    assert_eq!(stage.rows("raw"), ["T1|7|a.parquet|1"]);
    assert_eq!(
        stage.rows("quarantine"),
        ["a.parquet|2|0|0|Opened|undeclared_column|Id=T2, Score=8, Opened=1970-01-01"]
    );
}

fn json_lines(contract: &str) -> Source {
    let text = TICKETS.replace("*.csv*", "*.jsonl").replace("\"csv\"", "\"json_lines\"");
    let head = format!("contract = \"{contract}\"\nignored = [\"_*\"]\ntolerate");
    source(&text.replace("tolerate", &head))
}

#[test]
fn members_of_json_evolve_too() {
    let stage = Stage::new();
    stage.receive(
        "a.jsonl",
        "{\"Id\":\"T1\",\"Score\":7,\"_etag\":\"x\"}\n{\"Id\":\"T2\",\"Score\":8,\"app.version\":\"1.2\",\"tags\":[1, \"b\"],\"_etag\":1}\n",
    );
    stage.land(&json_lines("evolve"));
    assert_eq!(columns(&stage), ["id", "score", "app_version", "tags", "_file", "_line"]);
    assert_eq!(stage.rows("raw"), ["T1|7|-|-|a.jsonl|1", "T2|8|1.2|[1,\"b\"]|a.jsonl|2"]);
    assert_eq!(stage.landing("a.jsonl").unknown_columns, ["app\\.version", "tags"]);
    stage.receive("b.jsonl", "{\"Id\":\"T3\",\"Score\":9}\n");
    stage.land(&json_lines("evolve"));
    assert_eq!(stage.rows("raw").len(), 3);
    assert_eq!(stage.rows("raw")[1], "T2|8|1.2|[1,\"b\"]|a.jsonl|2");
}

#[test]
fn members_of_json_bar_their_rows() {
    let stage = Stage::new();
    let lines = [
        "{\"Id\":\"T1\",\"Score\":7,\"_etag\":\"x\",\"team\":null}",
        "{\"Id\":\"T2\",\"team\":\"Red\",\"Score\":8}",
        "{\"Id\":\"T3\",\"Score\":8,\"team\":\" \"}",
        "{\"Id\":\"T4\",\"Score\":8,\"team\":{\"a\":1}}",
        "{\"Id\":\"T5\",\"Score\":8,\"team\":\"null\"}",
        "{\"Id\":\"T6\",\"Score\":8}",
    ];
    stage.receive("a.jsonl", lines.join("\n"));
    stage.land(&json_lines("quarantine"));
    assert_eq!(stage.rows("raw"), ["T1|7|a.jsonl|1", "T3|8|a.jsonl|3", "T6|8|a.jsonl|6"]);
    let reasons: Vec<String> =
        stage.rows("quarantine").iter().map(|row| row[..row.find('{').unwrap()].into()).collect();
    assert_eq!(
        reasons,
        [
            "a.jsonl|2|46|34|team|undeclared_column|",
            "a.jsonl|4|114|36|team|undeclared_column|",
            "a.jsonl|5|151|35|team|undeclared_column|",
        ]
    );
}

/// Lands files one by one and all at once; the tables must be the same.
fn same_either_way(source: &Source, files: &[(&str, &str)]) -> Vec<String> {
    let (nightly, whole) = (Stage::new(), Stage::new());
    for (file, text) in files {
        nightly.receive(file, text);
        nightly.land(source);
        whole.receive(file, text);
    }
    whole.land(source);
    assert_eq!(nightly.rows("raw"), whole.rows("raw"));
    assert_eq!(nightly.files("raw"), whole.files("raw"), "every part has every column");
    whole.rows("raw")
}

#[test]
fn parts_that_no_row_touches_get_the_evolved_column_too() {
    let head = "contract = \"evolve\"\nkey = [\"id\"]\nload = \"upsert\"\nupdated_at = \"opened_at\"\npartition = \"opened_at\"\ntolerate";
    let text = TICKETS.replace("tolerate", head) + "[columns.opened_at]\ntype = \"date\"\n";
    let rows = same_either_way(
        &source(&text),
        &[
            ("a.csv", "Id,Score,opened_at\nT1,7,2026-01-05\nT2,8,2026-02-05\n"),
            ("b.csv", "Id,Score,opened_at,Team\nT3,9,2026-02-06,Red\n"),
            ("c.csv", "Id,Score,opened_at,Zone\nT2,1,2026-02-07,North\n"),
        ],
    );
    assert_eq!(
        rows,
        [
            "T1|7|2026-01-05|-|-|a.csv|2",
            "T3|9|2026-02-06|Red|-|b.csv|2",
            "T2|1|2026-02-07|-|North|c.csv|2",
        ]
    );
}

#[test]
fn snapshots_evolve_too() {
    let head = "contract = \"evolve\"\nkey = [\"id\"]\nload = \"snapshot\"\ndelivery = '(\\d{4}-\\d{2}-\\d{2})'\ntolerate";
    let rows = same_either_way(
        &source(&TICKETS.replace("tolerate", head)),
        &[
            ("2026-05-01.csv", "Id,Score\nT1,7\nT2,8\n"),
            ("2026-05-02.csv", "Id,Score,Team\nT1,7,\nT2,8,Red\n"),
        ],
    );
    assert_eq!(rows, ["T1|7|-|2026-05-01.csv|2", "T2|8|Red|2026-05-02.csv|3"]);
}
