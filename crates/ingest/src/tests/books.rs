//! The books: equal rows, conflicting keys, newer versions, bad rows.

use super::*;

#[test]
fn a_bad_row_is_set_aside_with_its_place_and_reason() {
    let stage = Stage::new();
    stage.receive("a.csv", "Id,Score\nT1,7\nT2,\"many\"\r\nT3,11\nT4\nT5,9\nT6,1\n");
    stage.land(&tickets(""));
    assert_eq!(stage.rows("raw"), ["T1|7|a.csv|2", "T5|9|a.csv|6", "T6|1|a.csv|7"]);
    assert_eq!(
        stage.rows("quarantine"),
        [
            "a.csv|3|14|9|Score|not_an_integer|T2,\"many\"",
            "a.csv|4|25|5|Score|out_of_range|T3,11",
            "a.csv|5|31|2|-|too_few_fields|T4",
        ]
    );
    let books = stage.books("a.csv");
    assert_eq!((books.read, books.accepted, books.quarantined), (6, 3, 3));
    assert_eq!(
        reasons(&books),
        [("not_an_integer", 1), ("out_of_range", 1), ("too_few_fields", 1)]
    );
}

#[test]
fn without_a_key_every_row_counts() {
    let stage = Stage::new();
    stage.receive("a.csv", "Id,Score\nT1,7\nT1,7\n");
    stage.land(&tickets(""));
    assert_eq!(stage.books("a.csv").accepted, 2);
}

#[test]
fn with_a_key_equal_rows_count_once_and_other_rows_are_conflicts() {
    let stage = Stage::new();
    let source = tickets(r#"key = ["id"]"#);
    stage.receive("b.csv", "Id,Score\nT1,7\nT1,7\nT2,8\n");
    stage.land(&source);
    assert_eq!(stage.books("b.csv").duplicates, 1);
    stage.receive("a.csv", "Id,Score\n\"T1\",9\nT2,8\nT3,3\n");
    stage.land(&source);
    assert_eq!(stage.rows("raw"), ["T3|3|a.csv|4", "T1|7|b.csv|2", "T2|8|b.csv|4"]);
    assert_eq!(stage.rows("quarantine"), ["a.csv|2|9|6|-|conflicting_key|\"T1\",9"]);
    let books = stage.books("a.csv");
    assert_eq!((books.accepted, books.quarantined, books.duplicates), (1, 1, 1));
}

#[test]
fn a_row_without_its_key_is_set_aside() {
    let stage = Stage::new();
    stage.receive("a.csv", "Id,Score\n,7\nT1,8\n");
    stage.land(&tickets(r#"key = ["id"]"#));
    assert_eq!(stage.rows("quarantine"), ["a.csv|2|9|2|Id|missing_value|,7"]);
}

#[test]
fn a_corrected_file_gives_back_the_rows_it_stood_in_the_way_of() {
    let stage = Stage::new();
    let source = tickets(r#"key = ["id"]"#);
    stage.receive("a.csv", "Id,Score\nT1,7\nT2,1\n");
    stage.receive("b.csv", "Id,Score\nT1,9\nT3,3\n");
    stage.land(&source);
    assert_eq!(stage.books("b.csv").quarantined, 1);
    stage.receive("a.csv", "Id,Score\nT2,1\n");
    stage.land(&source);
    assert_eq!(stage.rows("raw"), ["T2|1|a.csv|2", "T1|9|b.csv|2", "T3|3|b.csv|3"]);
    assert_eq!(stage.books("b.csv").quarantined, 0);
}

const NEWEST: &str = r#"
    key = ["id"]
    load = "upsert"
    updated_at = "changed"
    watermark = "changed"
    [columns.changed]
    from = "Changed"
    type = "date"
"#;

#[test]
fn the_newest_version_of_a_key_stays_and_the_books_of_the_older_follow() {
    let stage = Stage::new();
    stage.receive("1.csv", "Id,Score,Changed\nT1,1,2026-01-01\nT1,2,2026-01-03\nT2,5,2026-01-02\n");
    stage.land(&tickets(NEWEST));
    let books = stage.books("1.csv");
    assert_eq!((books.accepted, books.superseded), (2, 1));
    stage.receive("2.csv", "Id,Score,Changed\nT1,3,2026-01-02\nT2,6,2026-01-09\nT2,6,2026-01-09\n");
    stage.land(&tickets(NEWEST));
    assert_eq!(stage.rows("raw"), ["2026-01-03|T1|2|1.csv|3", "2026-01-09|T2|6|2.csv|3"]);
    let (first, second) = (stage.books("1.csv"), stage.books("2.csv"));
    assert_eq!((first.accepted, first.superseded), (1, 2));
    assert_eq!((second.accepted, second.superseded, second.duplicates), (1, 1, 1));
    assert_eq!(stage.landing("2.csv").watermark.as_deref(), Some("2026-01-09"));
}

#[test]
fn the_order_of_arrival_changes_no_byte_of_the_table() {
    let files = [
        ("1.csv", "Id,Score,Changed\nT1,1,2026-01-01\nT2,1,2026-01-05\n"),
        ("2.csv", "Id,Score,Changed\nT1,2,2026-01-02\nT2,2,2026-01-06\n"),
        ("3.csv", "Id,Score,Changed\nT1,3,2026-01-01\nT3,3,\n"),
    ];
    let bytes = [[0, 1, 2], [2, 1, 0], [1, 2, 0]].map(|order| {
        let stage = Stage::new();
        for index in order {
            stage.receive(files[index].0, files[index].1);
            stage.land(&tickets(NEWEST));
        }
        assert_eq!(stage.rows("raw").len(), 3);
        stage.sha256("raw")
    });
    assert_eq!(bytes[0], bytes[1]);
    assert_eq!(bytes[0], bytes[2]);
}

#[test]
fn the_watermark_is_the_newest_accepted_moment() {
    let stage = Stage::new();
    let source = tickets(
        "watermark = \"at\"\n[columns.at]\nfrom = \"At\"\ntype = \"timestamp\"\ntime_zone = \"Europe/Berlin\"",
    );
    stage.receive(
        "a.csv",
        "Id,Score,At\nT1,1,2026-01-01 12:00\nT2,2,2026-01-03 12:00\nT3,99,2026-01-09 12:00\n",
    );
    stage.land(&source);
    assert_eq!(
        stage.landing("a.csv").watermark.as_deref(),
        Some("2026-01-03T11:00:00Z"),
        "Berlin is one hour ahead"
    );
}

#[test]
fn personal_values_reach_neither_table_nor_quarantine() {
    let stage = Stage::new();
    let source = tickets(
        "[columns.email]\ntype = \"text\"\npersonal = \"hash\"\n[columns.phone]\ntype = \"text\"\npersonal = \"drop\"",
    );
    stage.receive(
        "a.csv",
        "Id,email,Score,phone\nT1,ann@x.org,7,0301\nT2,ann@x.org,x,\"0302\"\nT3,ann@x.org\n",
    );
    let report = stage.land(&source);
    assert_eq!(report.refused.len(), 1, "two of three rows are bad");
    stage.receive(
        "a.csv",
        "Id,email,Score,phone\nT1,ann@x.org,7,0301\nT2,ann@x.org,x,\"0302\"\nT4,,8,\nT3,x@x.org\nT5,,8,\n",
    );
    stage.land(&source);
    // Expected: printf ann@x.org | sha256sum | cut -c1-32
    assert_eq!(stage.rows("raw")[0], "367a1e74302c7324855afeeba387d3c5|T1|7|a.csv|2");
    assert_eq!(
        stage.rows("quarantine"),
        [
            "a.csv|3|41|21|Score|not_an_integer|A9,***,a,***",
            "a.csv|5|70|10|-|too_few_fields|(not kept: the source has personal columns)",
        ]
    );
}
