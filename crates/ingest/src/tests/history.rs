//! Sources that keep every version: what each version is, in whatever order they come, and which one a day sees.

use super::*;

pub(super) const HEAD: &str = r#"
    title = "Tickets"
    files = "*.csv"
    format = "csv"
    load = "upsert"
    key = ["id"]
    history = true
"#;

pub(super) const COLUMNS: &str = r#"
    [columns.id]
    type = "text"
    [columns.at]
    type = "date"
    [columns.status]
    type = "text"
"#;

/// A source with a time of change; `head` adds settings.
pub(super) fn changing(head: &str) -> Source {
    source(&format!("{HEAD}updated_at = \"at\"\n{head}\n{COLUMNS}"))
}

/// A source without: `head` says when rows hold from.
pub(super) fn delivered(head: &str) -> Source {
    source(&format!("{HEAD}{head}\n{COLUMNS}"))
}

/// The beginning of a day of May.
pub(super) fn may(day: i8) -> Timestamp {
    format!("2026-05-{day:02}T00:00:00Z").parse().unwrap()
}

/// Rows of a table in alphabetical order, days in short.
fn rows(stage: &Stage, layer: &str) -> Vec<String> {
    let short = |row: String| row.replace("T00:00:00Z", "").replace("2026-05-", "");
    let mut rows: Vec<String> = stage.rows(layer).into_iter().map(short).collect();
    rows.sort();
    rows
}

/// A file with the header, `lines` being separated by blanks.
fn receive(stage: &Stage, file: &str, lines: &str) {
    let lines: Vec<&str> = lines.split(' ').collect();
    stage.receive(file, format!("id,at,status\n{}\n", lines.join("\n")));
}

const FIRST: &str = "A,2026-05-01,new B,2026-05-01,new";
const SECOND: &str = "A,2026-05-04,open";
const THIRD: &str = "A,2026-05-09,solved B,2026-05-08,open";

const ALL: [&str; 5] = [
    "A|01|new|01|04|true|a.csv|2",
    "A|04|open|04|09|false|b.csv|2",
    "A|09|solved|09|-|false|c.csv|2",
    "B|01|new|01|08|true|a.csv|3",
    "B|08|open|08|-|false|c.csv|3",
];

#[test]
fn versions_are_the_same_in_whatever_order_they_come() {
    let files = [("a.csv", FIRST), ("b.csv", SECOND), ("c.csv", THIRD)];
    for order in [[0, 1, 2], [2, 1, 0], [1, 2, 0], [0, 2, 1]] {
        let stage = Stage::new();
        for file in order {
            receive(&stage, files[file].0, files[file].1);
            stage.land(&changing(""));
        }
        assert_eq!(rows(&stage, "history"), ALL, "{order:?}");
        assert_eq!(rows(&stage, "raw"), ["A|09|solved|c.csv|2", "B|08|open|c.csv|3"]);
        let books = stage.books("a.csv");
        assert_eq!((books.accepted, books.superseded), (0, 2), "what leaves raw is superseded");
    }
}

#[test]
fn files_that_land_together_give_what_they_give_one_by_one() {
    let stage = Stage::new();
    for (file, lines) in [("a.csv", FIRST), ("b.csv", SECOND), ("c.csv", THIRD)] {
        receive(&stage, file, lines);
    }
    stage.land(&changing(""));
    assert_eq!(rows(&stage, "history"), ALL);
}

#[test]
fn a_row_that_comes_again_is_no_version() {
    let stage = Stage::new();
    receive(&stage, "a.csv", FIRST);
    stage.land(&changing(""));
    receive(&stage, "b.csv", "B,2026-05-01,new A,2026-05-01,new C,2026-05-02,new");
    stage.land(&changing(""));
    assert_eq!(
        rows(&stage, "history"),
        ["A|01|new|01|-|true|a.csv|2", "B|01|new|01|-|true|a.csv|3", "C|02|new|02|-|true|b.csv|4"]
    );
    let books = stage.books("b.csv");
    assert_eq!((books.accepted, books.duplicates), (1, 2));
}

#[test]
fn what_another_replaces_at_its_moment_never_held() {
    let stage = Stage::new();
    receive(&stage, "a.csv", "A,2026-05-01,new A,2026-05-04,open");
    stage.land(&changing(""));
    receive(&stage, "b.csv", "A,2026-05-04,pending");
    stage.land(&changing(""));
    assert_eq!(
        rows(&stage, "history"),
        ["A|01|new|01|04|true|a.csv|2", "A|04|pending|04|-|false|b.csv|2"]
    );
    assert_eq!(stage.books("a.csv").superseded, 2);
}

#[test]
fn a_row_without_a_moment_holds_before_all_others() {
    let stage = Stage::new();
    receive(&stage, "a.csv", "A,2026-05-04,open B,,new");
    stage.land(&changing(""));
    receive(&stage, "b.csv", "A,,new B,,open");
    stage.land(&changing(""));
    assert_eq!(
        rows(&stage, "history"),
        ["A|-|new|-|04|true|b.csv|2", "A|04|open|04|-|false|a.csv|2", "B|-|open|-|-|true|b.csv|3"]
    );
    assert_eq!(rows(&stage, "raw"), ["A|04|open|a.csv|2", "B|-|open|b.csv|3"]);
}

#[test]
fn by_the_time_of_delivery_rows_that_say_the_same_are_one_version() {
    let stage = Stage::new();
    let source = delivered("delivered = { column = \"at\" }");
    receive(&stage, "a.csv", "A,2026-05-01,new B,2026-05-01,new");
    stage.land(&source);
    receive(&stage, "b.csv", "A,2026-05-02,new B,2026-05-02,open");
    stage.land(&source);
    receive(&stage, "c.csv", "A,2026-05-03,new B,2026-05-03,open");
    stage.land(&source);
    assert_eq!(
        rows(&stage, "history"),
        [
            "A|01|new|01|-|true|a.csv|2",
            "B|01|new|01|02|true|a.csv|3",
            "B|02|open|02|-|false|b.csv|3"
        ]
    );
}

#[test]
fn by_the_day_in_the_name_a_late_file_goes_in_between() {
    let stage = Stage::new();
    let source = delivered(
        r"delivered = { name = 't_(?<year>\d{4})-(?<month>\d\d)-(?<day>\d\d)(?:_v(\d))?' }",
    );
    receive(&stage, "t_2026-05-01.csv", "A,,new");
    receive(&stage, "t_2026-05-05.csv", "A,,new B,,new");
    stage.land(&source);
    receive(&stage, "t_2026-05-03.csv", "A,,open");
    stage.land(&source);
    let expected = [
        "A|-|new|01|03|true|t_2026-05-01.csv|2",
        "A|-|new|05|-|false|t_2026-05-05.csv|2",
        "A|-|open|03|05|false|t_2026-05-03.csv|2",
        "B|-|new|05|-|true|t_2026-05-05.csv|3",
    ];
    let named = |rows: Vec<String>| -> Vec<String> {
        rows.into_iter().map(|row| row.replace("t_0", "t_2026-05-0")).collect()
    };
    assert_eq!(named(rows(&stage, "history")), expected, "the fifth said again what the first did");
    receive(&stage, "t_2026-05-05_v2.csv", "A,,closed");
    stage.land(&source);
    assert_eq!(
        rows(&stage, "raw"),
        ["A|-|closed|t_05_v2.csv|2", "B|-|new|t_05.csv|3"],
        "the later one of the same day"
    );
    receive(&stage, "t_2026-05-32.csv", "A,,open C,,new");
    let (report, _) = stage.land_unchecked(&source);
    assert_eq!(report.refused.len(), 1, "there is no such day");
}

#[test]
fn a_corrected_delivery_takes_its_versions_along() {
    let stage = Stage::new();
    let source = changing(r"delivery = '_(\d\d)'");
    receive(&stage, "t_01.csv", FIRST);
    receive(&stage, "t_04.csv", "A,2026-05-04,wrong B,2026-05-04,wrong");
    receive(&stage, "t_09.csv", "A,2026-05-09,solved");
    stage.land(&source);
    stage.remove("t_01.csv");
    receive(&stage, "t_04_b.csv", "A,2026-05-05,open");
    stage.land(&source);
    assert_eq!(
        rows(&stage, "history"),
        [
            "A|01|new|01|05|true|t_01.csv|2",
            "A|05|open|05|09|false|t_04_b.csv|2",
            "A|09|solved|09|-|false|t_09.csv|2",
            "B|01|new|01|-|true|t_01.csv|3",
        ]
    );
    let books = stage.books("t_01.csv");
    assert_eq!((books.accepted, books.superseded), (1, 1), "one of its rows is the newest again");
}

#[test]
fn a_changed_source_keeps_versions_of_extracts_that_are_gone() {
    let stage = Stage::new();
    for (file, lines) in [("a.csv", FIRST), ("b.csv", SECOND)] {
        receive(&stage, file, lines);
        stage.land(&changing(""));
        stage.remove(file);
    }
    let before = stage.books("a.csv");
    let wider = "[columns.team]\ntype = \"text\"\noptional = true\n";
    let wider = source(&format!("{HEAD}updated_at = \"at\"\n{COLUMNS}{wider}"));
    stage.receive("c.csv", "id,at,status,team\nA,2026-05-09,solved,x\nB,2026-05-08,open,y\n");
    stage.land(&wider);
    assert_eq!(
        rows(&stage, "history"),
        [
            "A|01|new|-|01|04|true|a.csv|2",
            "A|04|open|-|04|09|false|b.csv|2",
            "A|09|solved|x|09|-|false|c.csv|2",
            "B|01|new|-|01|08|true|a.csv|3",
            "B|08|open|y|08|-|false|c.csv|3",
        ]
    );
    assert_eq!((before.accepted, before.superseded), (1, 1));
    assert_eq!(stage.books("a.csv").superseded, 2);
}

#[test]
fn history_can_be_turned_on_and_off() {
    let stage = Stage::new();
    let plain =
        source(&format!("{HEAD}updated_at = \"at\"\n{COLUMNS}").replace("history = true", ""));
    for (file, lines) in [("a.csv", FIRST), ("b.csv", SECOND), ("c.csv", THIRD)] {
        receive(&stage, file, lines);
        stage.land(&plain);
    }
    let raw = stage.rows("raw");
    stage.land(&changing(""));
    assert_eq!(rows(&stage, "history"), ALL, "the extracts that are there are read again");
    assert_eq!(stage.rows("raw"), raw);
    stage.remove("a.csv");
    stage.land_as_of(&changing(""), may(3));
    stage.land(&plain);
    assert_eq!(stage.rows("raw"), raw);
    assert!(stage.rows("history").is_empty(), "there is no such table any more");
}

#[test]
fn a_day_sees_the_versions_that_held_when_it_began() {
    let stage = Stage::new();
    for (file, lines) in [("a.csv", FIRST), ("b.csv", SECOND), ("c.csv", THIRD)] {
        receive(&stage, file, lines);
    }
    stage.land(&changing(""));
    let newest = stage.snapshot().tables[&TableName::new("raw", "tickets").unwrap()].clone();
    for (day, expected) in [
        (1, ["A|01|new|a.csv|2", "B|01|new|a.csv|3"]),
        (4, ["A|01|new|a.csv|2", "B|01|new|a.csv|3"]),
        (5, ["A|04|open|b.csv|2", "B|01|new|a.csv|3"]),
        (9, ["A|04|open|b.csv|2", "B|08|open|c.csv|3"]),
        (10, ["A|09|solved|c.csv|2", "B|08|open|c.csv|3"]),
    ] {
        let (report, snapshot) = stage.land_as_of(&changing(""), may(day));
        assert_eq!(rows(&stage, "raw"), expected, "May {day}");
        assert_eq!(rows(&stage, "history"), ALL);
        let raw = &snapshot.tables[&TableName::new("raw", "tickets").unwrap()];
        assert_eq!(raw.visible_at, (day < 10).then(|| may(day)));
        assert_eq!(raw.input_hash == newest.input_hash, day == 10);
        assert!(report.is_changed, "{day}");
        let again = stage.land_as_of(&changing(""), may(day));
        assert!(!again.0.is_changed, "the same day again");
    }
    let raw = stage.snapshot().tables[&TableName::new("raw", "tickets").unwrap()].clone();
    assert_eq!(raw, newest);
}

#[test]
fn a_night_touches_only_the_months_of_its_rows_and_both_tables_share_their_files() {
    let stage = Stage::new();
    let monthly = COLUMNS.to_owned() + "[columns.opened]\ntype = \"date\"\n";
    let monthly = source(&format!("{HEAD}updated_at = \"at\"\npartition = \"opened\"\n{monthly}"));
    stage.receive(
        "a.csv",
        "id,at,status,opened\nA,2026-05-01,new,2026-04-01\nB,2026-05-01,new,2026-05-01\n",
    );
    stage.land(&monthly);
    let (raw, history) = (stage.files("raw"), stage.files("history"));
    assert_eq!(raw, history, "nothing is superseded");
    stage.receive("b.csv", "id,at,status,opened\nB,2026-05-03,open,2026-05-01\n");
    stage.land(&monthly);
    let (after, all) = (stage.files("raw"), stage.files("history"));
    assert_eq!((after[0] == raw[0], after[1] == raw[1], after.len()), (true, false, 2));
    assert_eq!((&all[..2], all.len()), (&after[..], 3));
    stage.land_as_of(&monthly, may(2));
    let replayed = stage.files("raw");
    assert_eq!((replayed[0] == raw[0], replayed.len()), (true, 2), "April has no newer moment");
    assert_eq!(stage.files("history"), all);
}
