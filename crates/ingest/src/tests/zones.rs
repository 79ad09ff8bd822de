//! Times on clocks that a file or its rows name, and values that stand above the rows.

use super::*;

fn visits(zone: &str) -> Source {
    source(&format!(
        r#"
        title = "Visits"
        files = "*"
        format = "csv"
        tolerate = 0.9
        time_zone = {zone}
        [columns.id]
        type = "text"
        [columns.seen_at]
        type = "timestamp"
        ambiguous = "later"
        [columns.zone]
        type = "text"
        "#
    ))
}

// Expected instants: Python's `datetime(..., fold=1, tzinfo=ZoneInfo(zone)).astimezone(UTC)`.
#[test]
fn each_row_names_the_clock_that_its_times_are_on() {
    let stage = Stage::new();
    let rows = "id,seen_at,zone\n\
        1,2026-07-01 12:00:00,Europe/Berlin\n\
        2,2026-07-01 12:00:00,America/New_York\n\
        3,2026-07-01 12:00:00,+05:30\n\
        4,2026-07-01T12:00:00Z,Nowhere\n\
        5,2026-10-25 02:30:00,Europe/Berlin\n\
        6,2026-03-29 02:30:00,Europe/Berlin\n\
        7,2026-07-01 12:00:00,Nowhere\n\
        8,2026-07-01 12:00:00,\n";
    stage.receive("a.csv", rows);
    stage.land(&visits("{ column = \"zone\" }"));
    assert_eq!(
        stage.rows("raw"),
        [
            "1|2026-07-01T10:00:00Z|Europe/Berlin|a.csv|2",
            "2|2026-07-01T16:00:00Z|America/New_York|a.csv|3",
            "3|2026-07-01T06:30:00Z|+05:30|a.csv|4",
            "4|2026-07-01T12:00:00Z|Nowhere|a.csv|5",
            "5|2026-10-25T01:30:00Z|Europe/Berlin|a.csv|6",
        ]
    );
    let books = stage.books("a.csv");
    assert_eq!(reasons(&books), [("nonexistent_time", 1), ("unknown_time_zone", 2)]);
    let quarantined = stage.rows("quarantine");
    assert!(quarantined[0].contains("|seen_at|nonexistent_time|"), "{quarantined:?}");
    assert!(quarantined[1].contains("|zone|unknown_time_zone|"), "{quarantined:?}");
}

#[test]
fn a_row_that_names_no_clock_is_on_the_other_one() {
    let stage = Stage::new();
    stage.receive("a.csv", "id,seen_at,zone\n1,2026-07-01 12:00:00,\n");
    stage.land(&visits("{ column = \"zone\", otherwise = \"Asia/Tokyo\" }"));
    assert_eq!(stage.rows("raw"), ["1|2026-07-01T03:00:00Z|-|a.csv|2"]);
}

#[test]
fn a_value_above_the_rows_is_in_each_of_them() {
    let stage = Stage::new();
    let report = "# Start date: 20261101\n#\nchannel,sessions,rate\nDirect,700,0.42857142857142855\nSearch,1,6.7e-1\n";
    stage.receive("a.csv", report);
    let text = "title = \"T\"\nfiles = \"*\"\nformat = \"csv\"\n[csv]\nskip_rows = 2\n\
        [columns.channel]\ntype = \"text\"\n[columns.rate]\ntype = \"float\"\nmax = 0.7\n\
        [columns.begins_on]\nabove = 'Start date: (\\d{8})'\ntype = \"date\"\nformat = \"%Y%m%d\"\n";
    stage.land(&source(text));
    assert_eq!(
        stage.rows("raw"),
        ["Direct|0.42857142857142855|2026-11-01|a.csv|4", "Search|0.67|2026-11-01|a.csv|5"]
    );
    stage.receive("b.csv", "a\nb\nchannel,sessions,rate\nDirect,700,0.5\n");
    let refused = stage.land(&source(text)).refused;
    assert_eq!(refused[0].reason(), "not_above");
}
