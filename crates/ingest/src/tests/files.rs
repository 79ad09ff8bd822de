//! A file is known by its content.

use super::*;

#[test]
fn rows_land_typed_with_their_file_and_line() {
    let stage = Stage::new();
    stage.receive("a.csv", "Score,Id,Agent\n7,T1,Ann\n\n8,T2,Bob\n");
    let report = stage.land(&tickets(""));
    assert!(report.is_changed);
    assert_eq!(report.landings[0].unknown_columns, ["Agent"]);
    assert_eq!(stage.rows("raw"), ["T1|7|a.csv|2", "T2|8|a.csv|4"]);
}

#[test]
fn the_same_file_again_adds_nothing_under_any_name() {
    let stage = Stage::new();
    stage.receive("a.csv", "Id,Score\nT1,7\n");
    stage.land(&tickets(""));
    let before = stage.snapshot().tables;
    assert!(!stage.land(&tickets("")).is_changed);
    stage.receive("copy.csv", "Id,Score\nT1,7\n");
    assert!(!stage.land(&tickets("")).is_changed, "sent again");
    stage.remove("a.csv");
    assert!(!stage.land(&tickets("")).is_changed, "renamed");
    assert_eq!(stage.snapshot().tables, before);
}

#[test]
fn another_content_under_the_same_name_replaces_its_rows() {
    let stage = Stage::new();
    stage.receive("a.csv", "Id,Score\nT1,7\nT2,x\n");
    stage.receive("b.csv", "Id,Score\nT3,9\n");
    stage.land(&tickets(""));
    stage.receive("a.csv", "Id,Score\nT1,8\nT2,9\n");
    stage.land(&tickets(""));
    assert_eq!(stage.rows("raw"), ["T1|8|a.csv|2", "T2|9|a.csv|3", "T3|9|b.csv|2"]);
    assert_eq!(stage.rows("quarantine"), [""; 0]);
    assert_eq!(stage.snapshot().landings.len(), 2);
}

#[test]
fn a_file_that_was_moved_aside_for_a_new_one_keeps_its_rows() {
    let stage = Stage::new();
    stage.receive("export.csv", "Id,Score\nT1,7\n");
    stage.land(&tickets(""));
    stage.rename("export.csv", "export.1.csv");
    stage.receive("export.csv", "Id,Score\nT2,8\n");
    stage.land(&tickets(""));
    assert_eq!(stage.rows("raw"), ["T1|7|export.1.csv|2", "T2|8|export.csv|2"]);
}

#[test]
fn rows_of_a_file_that_is_gone_stay() {
    let stage = Stage::new();
    stage.receive("a.csv", "Id,Score\nT1,7\n");
    stage.land(&tickets(""));
    stage.remove("a.csv");
    stage.receive("b.csv", "Id,Score\nT2,8\n");
    stage.land(&tickets(""));
    assert_eq!(stage.rows("raw"), ["T1|7|a.csv|2", "T2|8|b.csv|2"]);
}

#[test]
fn another_source_file_lands_everything_anew() {
    let stage = Stage::new();
    stage.receive("a.csv", "Id,Score\nT1,7\n");
    stage.receive("gone.csv", "Id,Score\nT0,6\n");
    stage.land(&tickets(""));
    stage.remove("gone.csv");
    let mut wider = tickets("# another text");
    let id = wider.columns["id"].clone();
    wider.columns.insert(
        "agent".into(),
        scorewright_extract::Column {
            from: scorewright_extract::Names::default(),
            optional: true,
            ..id
        },
    );
    wider.columns["score"].kind = scorewright_extract::Kind::Decimal;
    assert!(stage.land(&wider).is_changed);
    assert_eq!(stage.rows("raw"), ["T1|7.0000|-|a.csv|2", "T0|6.0000|-|gone.csv|2"]);
    assert!(!stage.land(&wider).is_changed);
}

#[test]
fn what_is_new_is_known_without_a_lock() {
    let stage = Stage::new();
    stage.receive("a.csv", "Id,Score\nT1,7\n");
    let source = tickets("");
    let writer = stage.warehouse.begin().unwrap();
    let sources = std::slice::from_ref(&source);
    let found = pending(
        sources,
        &stage.extracts(),
        &Limits::default(),
        &stage.warehouse,
        &stage.snapshot(),
        Timestamp::MAX,
    )
    .unwrap();
    assert_eq!(found.new[0].to_str(), Some("a.csv"));
    assert!(!found.is_nothing());
    drop(writer);
    stage.land(&source);
    assert!(
        pending(
            sources,
            &stage.extracts(),
            &Limits::default(),
            &stage.warehouse,
            &stage.snapshot(),
            Timestamp::MAX
        )
        .unwrap()
        .is_nothing()
    );
}

#[test]
fn a_source_is_read_again_when_that_is_asked_although_nothing_is_new() {
    let stage = Stage::new();
    stage.receive("a.csv", "Id,Score\nT1,7\nT2,x\n");
    stage.receive("gone.csv", "Id,Score\nT3,y\nT4,8\n");
    stage.land(&tickets(""));
    stage.remove("gone.csv");
    let before = (stage.rows("raw"), stage.rows("quarantine"), stage.snapshot().tables);

    let source = tickets("");
    let mut transaction = stage.warehouse.begin().unwrap();
    crate::reload(&source, &mut transaction);
    let (extracts, limits) = (stage.extracts(), Limits::default());
    let arrivals = arrivals(&extracts, &limits, Timestamp::MAX);
    let sources = std::slice::from_ref(&source);
    let report = land(sources, arrivals, Timestamp::MAX, &mut transaction, &Silent).unwrap();
    let read: Vec<&str> =
        report.landings.iter().map(|landing| landing.extract.file.to_str().unwrap()).collect();
    assert_eq!(read, ["a.csv"]);
    let commit = Commit {
        run: "again".into(),
        as_of: jiff::civil::date(2026, 11, 22),
        program: "test".into(),
        configuration: "test".into(),
        project: Vec::new(),
    };
    transaction.commit(commit).unwrap();
    let rows = |layer: &str| {
        let mut rows = stage.rows(layer);
        rows.sort();
        rows
    };
    assert_eq!(
        (rows("raw"), rows("quarantine")),
        (before.0, before.1),
        "rows of the file that is gone stay"
    );
    let input_hash =
        |tables: &std::collections::BTreeMap<TableName, scorewright_warehouse::Table>| {
            tables.values().map(|table| table.input_hash.clone()).collect::<Vec<_>>()
        };
    assert_eq!(
        input_hash(&stage.snapshot().tables),
        input_hash(&before.2),
        "so models are taken over"
    );
}

#[test]
fn of_tables_that_are_taken_out_what_has_landed_is_read_again_and_nothing_else() {
    let stage = Stage::new();
    let source = tickets("key = [\"id\"]\nload = \"upsert\"\ndelivered = \"first_seen\"");
    stage.receive("b.csv", "Id,Score\nT1,7\nT2,8\n");
    stage.land(&source);
    stage.receive("a.csv", "Id,Score\nT1,9\nT3,y\n");
    stage.land(&source);
    let rows = || {
        let mut rows = stage.rows("raw");
        rows.sort();
        rows
    };
    let before = (rows(), stage.rows("quarantine"), stage.snapshot().landings);
    stage.receive("c.csv", "Id,Score\nT1,1\n");
    stage.receive("empty.csv", "");
    let mut transaction = stage.warehouse.begin().unwrap();
    transaction.take_out_source(&source.name);
    let (extracts, limits) = (stage.extracts(), Limits::default());
    let landed = Arrivals { is_landed_only: true, ..arrivals(&extracts, &limits, Timestamp::MAX) };
    let sources = std::slice::from_ref(&source);
    let report = land(sources, landed, Timestamp::MAX, &mut transaction, &Silent).unwrap();
    assert_eq!((report.landings.len(), report.refused.len(), report.stop), (2, 0, None));
    let commit = Commit {
        run: "again".into(),
        as_of: jiff::civil::date(2026, 11, 22),
        program: "test".into(),
        configuration: "test".into(),
        project: Vec::new(),
    };
    transaction.commit(commit).unwrap();
    let after = (rows(), stage.rows("quarantine"), stage.snapshot().landings);
    assert_eq!(after, before, "the later delivery still wins");
}
