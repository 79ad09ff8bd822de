//! Files refused whole, with a word on how to mend it; the others land.

use miette::Diagnostic as _;

use super::*;

fn stated(refused: &RefusedExtract) -> (String, String) {
    (refused.to_string(), refused.help().unwrap().to_string())
}

#[test]
fn a_bad_file_is_refused_and_the_others_land() {
    let stage = Stage::new();
    stage.receive("bad.csv", "Id,Scores\nT1,7\n");
    stage.receive("empty.csv", "");
    stage.receive("good.csv", "Id,Score\nT1,7\n");
    stage.receive("header.csv", "Id,Score\n");
    let report = stage.land(&tickets(""));
    let codes: Vec<&str> = report.refused.iter().map(RefusedExtract::reason).collect();
    assert_eq!(codes, ["empty", "missing_column", "no_rows"]);
    assert_eq!(
        stated(&report.refused[1]),
        (
            "extract `bad.csv` of source `tickets` is refused: it has no column `Score`".into(),
            "did you mean `Scores`? its header is: Id, Scores\n\
         mend `from` of `score` in `pipelines/sources/tickets.toml`, or ask the sender"
                .into()
        )
    );
    assert_eq!(stage.rows("raw"), ["T1|7|good.csv|2"]);
    assert!(!stage.land(&tickets("")).is_changed, "refused again, nothing else");
}

#[test]
fn too_many_bad_rows_refuse_the_file_with_the_first_of_each() {
    let stage = Stage::new();
    stage.receive("a.csv", "Id,Score\nT1,7\nT2,x\nT3,y\nT4,99\n");
    let report = stage.land(&tickets(""));
    assert_eq!(
        stated(&report.refused[0]),
        (
            "extract `a.csv` of source `tickets` is refused: 3 of its 4 rows are bad (75.0 %), \
         more than the 50.0 % that the source tolerates"
                .into(),
            "not_an_integer: 2 rows, first on line 3, column `Score`\n\
         out_of_range: 1 row, first on line 5, column `Score`\n\
         mend the source file where it describes the column wrongly, or ask the sender"
                .into()
        )
    );
    assert!(!report.is_changed);
}

#[test]
fn too_many_conflicts_refuse_the_file_that_came_later() {
    let stage = Stage::new();
    let source = tickets(r#"key = ["id"]"#);
    stage.receive("a.csv", "Id,Score\nT1,1\nT2,2\n");
    stage.receive("b.csv", "Id,Score\nT1,3\nT2,4\nT3,3\n");
    let report = stage.land(&source);
    assert_eq!(report.refused[0].file.to_str(), Some("b.csv"));
    assert_eq!(stage.rows("raw"), ["T1|1|a.csv|2", "T2|2|a.csv|3"]);
}

#[test]
fn a_refused_correction_leaves_the_former_rows() {
    let stage = Stage::new();
    stage.receive("a.csv", "Id,Score\nT1,7\n");
    stage.land(&tickets(""));
    stage.receive("a.csv", "<html>Service unavailable</html>\n");
    let report = stage.land(&tickets(""));
    assert_eq!(report.refused[0].reason(), "missing_column");
    assert_eq!(stage.rows("raw"), ["T1|7|a.csv|2"]);
}

#[test]
fn other_formats_are_named() {
    let stage = Stage::new();
    stage.receive("a.csv", [0x1F, 0x8B, 8, 0]);
    stage.receive("b.csv", "PK\u{3}\u{4}");
    stage.receive("c.csv", b"\xFF\xFEI\0d\0");
    for refused in stage.land(&tickets("")).refused {
        assert_eq!(refused.reason(), "other_format", "{refused}");
    }
}

#[cfg(unix)]
#[test]
fn links_are_not_followed() {
    let stage = Stage::new();
    let outside = stage.folder.path().join("outside");
    fs::create_dir(&outside).unwrap();
    fs::write(outside.join("a.csv"), "Id,Score\nT1,7\n").unwrap();
    std::os::unix::fs::symlink(outside.join("a.csv"), stage.extracts().join("link.csv")).unwrap();
    std::os::unix::fs::symlink(&outside, stage.extracts().join("behind.csv")).unwrap();
    let report = stage.land(&tickets(""));
    assert_eq!(
        report.refused.iter().map(RefusedExtract::reason).collect::<Vec<_>>(),
        ["not_regular"; 2]
    );
}

#[test]
fn a_source_without_a_file_names_what_is_there() {
    let stage = Stage::new();
    stage.receive("tickets.csvx", "");
    stage.receive("notes.txt", "");
    let mut source = tickets("");
    source.files = scorewright_extract::OneOrMore(vec!["ticket.csv".into()]);
    let report = stage.land(&source);
    let missing = &report.missing[0];
    let folder = stage.extracts();
    assert_eq!(
        missing.to_string(),
        format!(
            "source `tickets` has no extract: no file below `{}` matches `ticket.csv`",
            folder.display()
        )
    );
    assert_eq!(
        missing.help().unwrap().to_string(),
        "the nearest files there are: tickets.csvx, notes.txt\n\
         put the extract there, or mend `files` in `pipelines/sources/tickets.toml`"
    );
    assert!(!missing.has_landed);
}

#[test]
fn without_an_extracts_folder_nothing_can_land() {
    let stage = Stage::new();
    let mut transaction = stage.warehouse.begin().unwrap();
    let nowhere = stage.folder.path().join("nowhere");
    let limits = Limits::default();
    let arrivals = arrivals(&nowhere, &limits, Timestamp::MAX);
    let error = land(&[tickets("")], arrivals, Timestamp::MAX, &mut transaction, &Silent);
    let error = error.unwrap_err();
    assert!(matches!(error, crate::IngestError::NoFolder { .. }), "{error}");
}

// By hand: the bad row has 900 of 1,000; one that cannot be read counts 100 / 3.
#[test]
fn few_bad_rows_with_much_of_the_money_refuse_the_file() {
    let source = source(
        r#"
        title = "Orders"
        files = "*.csv"
        format = "csv"
        tolerate = 0.26
        amount = "net"
        [columns.day]
        type = "date"
        [columns.net]
        type = "decimal"
        "#,
    );
    let stage = Stage::new();
    stage.receive("dear.csv", "day,net\n2026-05-01,50\n2026-05-02,-25\n2026-05-03,25\nsoon,900\n");
    stage.receive("cheap.csv", "day,net\n2026-05-01,50\n2026-05-02,-25\n2026-05-03,25\nsoon,9\n");
    stage.receive(
        "open.csv",
        "day,net\n2026-05-01,50\n2026-05-02,-25\n2026-05-03,26\n2026-05-04,x\n",
    );
    let (report, _) = stage.land_unchecked(&source);
    let refused: Vec<String> = report.refused.iter().map(|it| it.why.to_string()).collect();
    assert_eq!(
        refused,
        [
            "its bad rows have 90.0 % of the money in `net`, more than the 26.0 % that the source tolerates"
        ]
    );
    assert_eq!(report.landings.len(), 2);
}

#[test]
fn money_of_rows_in_conflict_counts_too() {
    let source = source(
        "title = \"T\"\nfiles = \"*.csv\"\nformat = \"csv\"\ntolerate = 0.3\nkey = [\"k\"]\namount = \"v\"\n\
         [columns.k]\ntype = \"integer\"\n[columns.v]\ntype = \"integer\"\n",
    );
    let stage = Stage::new();
    stage.receive("a.csv", "k,v\n1,1\n2,1\n3,1\n1,1000000\n");
    let (report, _) = stage.land_unchecked(&source);
    assert_eq!(report.refused[0].reason(), "too_much_bad_money");
}
