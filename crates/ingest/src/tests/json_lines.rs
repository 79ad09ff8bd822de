//! JSON Lines: paths, rows inside lines, and what becomes of lines that are no rows.

use super::*;

const TICKETS: &str = r#"
    [columns.id]
    type = "text"
    [columns.score]
    from = ["satisfaction.score", "score"]
    type = "integer"
    [columns.tags]
    type = "text"
"#;

fn json(head: &str, columns: &str) -> Source {
    let start = "title = \"T\"\nfiles = \"*.jsonl*\"\nformat = \"json_lines\"\ntolerate = 0.9\n";
    source(&format!("{start}{head}\n{columns}"))
}

fn land(stage: &Stage, lines: &str, source: &Source) -> LandReport {
    stage.receive("a.jsonl", lines);
    stage.land(source)
}

#[test]
fn values_are_found_by_their_paths() {
    let stage = Stage::new();
    let lines = concat!(
        "\u{feff}{\"id\": 9007199254740993, \"satisfaction\": {\"score\": 4}, \"tags\": [ \"a b\" , 1.0 ]}\r\n",
        "\n",
        "  {\"tags\":\"x\\\"\\u00e4\",\"id\":\"T2\",\"satisfaction\":null,\"score\":\"5\",\"more\":1}\n",
        "{\"id\":3e0,\"score\":3e0,\"tags\":null}",
    );
    let report = land(&stage, lines, &json("", TICKETS));
    assert_eq!(
        stage.rows("raw"),
        ["9007199254740993|4|[\"a b\",1.0]|a.jsonl|1", "T2|5|x\"ä|a.jsonl|3", "3e0|3|-|a.jsonl|4"]
    );
    assert_eq!(report.landings[0].unknown_columns, ["more"]);
}

#[test]
fn a_line_that_is_no_row_is_set_aside_alone() {
    let stage = Stage::new();
    let lines = concat!(
        "{\"id\":\"T1\",\"score\":1,\"tags\":\"\"}\n",
        "{\"id\":\"T2\",\"score\":}\n",
        "{\"id\":\"T3\",\"id\":\"T4\"}\n",
        "{\"id\":\"T5\",\"score\":{\"value\":5}}\n",
        "{\"id\":\"T6\",\"satisfaction\":\"good\"}\n",
        "[\"T7\"]\n",
        "{\"id\":\"T8\"} {}\n",
        "{\"id\":\"T9\",\"score\":9",
    );
    land(&stage, lines, &json("", TICKETS));
    assert_eq!(stage.rows("raw"), ["T1|1|-|a.jsonl|1"]);
    assert_eq!(
        stage.rows("quarantine"),
        [
            "a.jsonl|2|32|20|-|bad_json|{\"id\":\"T2\",\"score\":}",
            "a.jsonl|3|53|21|-|duplicate_key|{\"id\":\"T3\",\"id\":\"T4\"}",
            "a.jsonl|4|75|31|satisfaction.score|wrong_type|{\"id\":\"T5\",\"score\":{\"value\":5}}",
            "a.jsonl|5|107|33|satisfaction.score|wrong_type|{\"id\":\"T6\",\"satisfaction\":\"good\"}",
            "a.jsonl|6|141|6|-|wrong_type|[\"T7\"]",
            "a.jsonl|7|148|14|-|bad_json|{\"id\":\"T8\"} {}",
            "a.jsonl|8|163|20|-|bad_json|{\"id\":\"T9\",\"score\":9",
        ]
    );
}

#[test]
fn bytes_that_are_no_text_and_depth_without_end_spoil_their_line_only() {
    let stage = Stage::new();
    let deep = format!("{{\"id\":{}{}}}\n", "[".repeat(64), "]".repeat(64));
    let bytes = [b"{\"id\":\"T\xFF\"}\n", deep.as_bytes(), b"{\"id\":\"T3\"}\n"].concat();
    stage.receive("a.jsonl", bytes);
    stage.land(&json("", "[columns.id]\ntype = \"text\"\n"));
    assert_eq!(stage.rows("raw"), ["T3|a.jsonl|3"]);
    assert_eq!(reasons(&stage.books("a.jsonl")), [("bad_encoding", 1), ("too_deep", 1)]);
}

#[test]
fn elements_of_an_array_are_rows_that_can_look_at_their_line() {
    let stage = Stage::new();
    let columns = "[columns.invoice]\nfrom = \"^.id\"\ntype = \"text\"\n\
                   [columns.price]\nfrom = \"price.id\"\ntype = \"text\"\n\
                   [columns.mail]\ntype = \"text\"\npersonal = \"hash\"\noptional = true\n\
                   [columns.amount]\ntype = \"integer\"\n";
    let source = json("[json]\nrows = \"lines.data\"", columns);
    let lines = concat!(
        "{\"lines\":{\"data\":[{\"price\":{\"id\":\"p1\"},\"amount\":7},{\"amount\":8,\"mail\":\"a@b\",\"x\":1}]},\"id\":\"I1\"}\n",
        "{\"id\":\"I2\",\"lines\":{\"data\":[]}}\n",
        "{\"id\":\"I3\",\"lines\":null}\n",
        "{\"id\":\"I4\",\"lines\":{\"data\":[ {\"amount\":\"x\",\"mail\":\"a@b\"} , 5]}}\n",
        "{\"id\":\"I5\",\"lines\":{\"data\":{\"mail\":\"a@b\"}}}\n",
    );
    let report = land(&stage, lines, &source);
    let hash = "7508d8b5018ea640b85269861a101203"; // Python: hashlib.sha256(b"a@b").hexdigest()[:32]
    assert_eq!(
        stage.rows("raw"),
        ["I1|p1|-|7|a.jsonl|1".into(), format!("I1|-|{hash}|8|a.jsonl|1")]
    );
    assert_eq!(
        stage.rows("quarantine"),
        [
            "a.jsonl|4|182|27|amount|not_an_integer|{\"amount\":\"a\",\"mail\":\"***\"}".to_owned(),
            "a.jsonl|4|212|1|-|wrong_type|(not kept: the source has personal columns)".to_owned(),
            "a.jsonl|5|217|43|-|wrong_type|(not kept: the source has personal columns)".to_owned(),
        ]
    );
    assert_eq!(report.landings[0].books.read, 5);
    assert_eq!(report.landings[0].unknown_columns, ["x"]);
}

#[test]
fn personal_values_are_masked_wherever_they_stand() {
    let stage = Stage::new();
    let columns = "[columns.id]\ntype = \"integer\"\n\
                   [columns.mail]\nfrom = [\"user.mail\", \"mail\"]\ntype = \"text\"\npersonal = \"drop\"\noptional = true\n";
    let lines = concat!(
        "{\"user\":{\"mail\":\"a@b\",\"name\":\"n\"},\"mail\":[\"c@d\"],\"id\":\"x\"}\n",
        "{\"user\":\"a@b\",\"id\":\"y\"}\n",
        "{\"id\":\"z\",\"mail\":\"a@b\"\n",
        "{\"id\":1}\n{\"id\":1}\n{\"id\":1}\n{\"id\":2}\n",
    );
    land(&stage, lines, &json("", columns));
    let quarantined = stage.rows("quarantine");
    let raw: Vec<&str> = quarantined.iter().filter_map(|row| row.rsplit('|').next()).collect();
    assert_eq!(
        raw,
        [
            "{\"user\":{\"mail\":\"***\",\"name\":\"a\"},\"mail\":***,\"id\":\"a\"}",
            "(not kept: the source has personal columns)",
            "(not kept: the source has personal columns)"
        ]
    );
}

#[test]
fn rows_of_one_key_that_differ_are_shown_as_they_came() {
    let stage = Stage::new();
    let lines =
        "{\"id\":\"T1\",\"score\":1}\n{\"id\":\"T2\",\"score\":2}\n{\"score\":3,\"id\":\"T1\"}\n";
    land(&stage, lines, &json("key = [\"id\"]", TICKETS));
    assert_eq!(
        stage.rows("quarantine"),
        ["a.jsonl|3|44|21|-|conflicting_key|{\"score\":3,\"id\":\"T1\"}"]
    );
}

#[test]
fn a_column_that_no_row_has_is_missing_only_where_it_is_required() {
    let stage = Stage::new();
    let lines = "{\"id\":\"T1\"}\n{\"idd\":\"T2\"}\n";
    land(&stage, lines, &json("", TICKETS));
    assert_eq!(stage.rows("raw"), ["T1|-|-|a.jsonl|1", "-|-|-|a.jsonl|2"]);
    let required = TICKETS.replace("[columns.tags]", "[columns.tags]\nrequired = true");
    let refused = land(&Stage::new(), lines, &json("", &required)).refused.remove(0);
    assert_eq!(refused.why.to_string(), "it has no column `tags`");
    assert!(
        matches!(refused.why, Refusal::MissingColumns(missing) if missing.header == ["id", "idd"])
    );
}

// Each of these files has the column `score`: in rows that another column spoils, or that are torn after it.
#[test]
fn a_column_of_rows_that_are_all_bad_is_not_missing() {
    let columns =
        "[columns.id]\ntype = \"integer\"\n[columns.score]\ntype = \"integer\"\nrequired = true\n";
    for (lines, reason) in [
        ("{\"id\":\"x\",\"score\":1}\n{\"id\":\"y\",\"score\":2}\n", "not_an_integer"),
        ("{\"id\":1,\"score\":1,\"id\":2}\n", "duplicate_key"),
        ("{\"id\":1,\"id\":2,\"score\":1}\n", "duplicate_key"),
    ] {
        let refused = land(&Stage::new(), lines, &json("", columns)).refused.remove(0);
        let Refusal::TooManyBadRows { reasons, .. } = refused.why else {
            panic!("{}", refused.why)
        };
        assert_eq!(reasons.keys().collect::<Vec<_>>(), [&reason]);
    }
}

#[test]
fn other_shapes_of_json_are_named() {
    for (text, what) in [("[]", "it has no rows"), ("\n\n", "it has no rows")] {
        let refused = land(&Stage::new(), text, &json("", TICKETS)).refused.remove(0);
        assert_eq!(refused.why.to_string(), what);
    }
}

#[test]
fn limits_hold_for_lines() {
    let stage = Stage::new();
    stage.receive("a.jsonl", "{\"id\":\"T1\"}\n{\"id\":\"T2\",\"more\":2}\n");
    let source = json("", "[columns.id]\ntype = \"text\"\n");
    let refused = |limits: Limits| stage.refusal("a.jsonl", &source, &limits).to_string();
    assert_eq!(
        refused(Limits { row_bytes: 19, ..Limits::default() }),
        "its line 2 is longer than 19 bytes (limit `row_bytes`)"
    );
    assert_eq!(
        refused(Limits { columns: 1, ..Limits::default() }),
        "it has 2 columns, more than 1 (limit `columns`)"
    );
    assert_eq!(
        refused(Limits { expanded_bytes: 20, ..Limits::default() }),
        "it expands to more than 20 bytes (limit `expanded_bytes`)"
    );
}

#[test]
fn packed_lines_land_like_plain_ones() {
    let stage = Stage::new();
    stage.receive("a.jsonl.zst", zstd::encode_all(&b"{\"id\":\"T1\"}\n"[..], 3).unwrap());
    stage.land(&json("", TICKETS));
    assert_eq!(stage.rows("raw"), ["T1|-|-|a.jsonl.zst|1"]);
}

#[test]
fn members_that_are_not_declared_may_become_columns() {
    let stage = Stage::new();
    let source =
        json("contract = \"evolve\"\nignored = [\"custom_*\"]", "[columns.id]\ntype = \"text\"\n");
    let lines = concat!(
        "{\"id\":\"T1\",\"app.version\":1.50,\"custom_1\":5}\n",
        "{\"id\":\"T2\",\"teamName\":{\"id\": 7}}\n",
    );
    land(&stage, lines, &source);
    assert_eq!(stage.rows("raw"), ["T1|1.50|-|a.jsonl|1", "T2|-|{\"id\":7}|a.jsonl|2"]);
    stage.receive("b.jsonl", "{\"id\":\"T3\",\"app.version\":2}\n");
    stage.land(&source);
    assert_eq!(stage.rows("raw")[2], "T3|2|-|b.jsonl|1");
}

/// A text of the line stands in each of its rows: a line of a megabyte could become gigabytes.
#[test]
fn what_rows_repeat_of_their_line_counts_as_its_length() {
    let stage = Stage::new();
    let columns =
        "[columns.invoice]\nfrom = \"^.id\"\ntype = \"text\"\n[columns.sku]\ntype = \"text\"\n";
    let source = json("[json]\nrows = \"lines\"", columns);
    let line = |rows: usize| {
        let rows = vec!["{\"sku\":\"a\"}"; rows].join(",");
        format!("{{\"id\":\"{}\",\"lines\":[{rows}]}}\n", "x".repeat(60_000))
    };
    stage.receive("a.jsonl", format!("{}{}", line(2), line(50_000)));
    assert_eq!(
        stage.refusal("a.jsonl", &source, &Limits::default()).to_string(),
        "its line 2 repeats 60,000 bytes in each of 50,000 rows, together more than 8 MiB (limit `row_bytes`)"
    );
    stage.receive("a.jsonl", line(100));
    let landed = stage.land(&source);
    assert_eq!(landed.landings[0].books.accepted, 100);
}
