//! Which of two files was delivered later: never the one with the later name.

use super::*;

const UPSERT: &str = "load = \"upsert\"\nkey = [\"id\"]\ndelivered = \"first_seen\"";

fn refused(report: &LandReport) -> Vec<(&str, String)> {
    let refused = report.refused.iter();
    refused.map(|refused| (refused.reason(), refused.why.to_string())).collect()
}

#[test]
fn a_row_that_a_later_run_saw_first_is_the_newest_whatever_its_file_is_called() {
    let stage = Stage::new();
    let source = tickets(UPSERT);
    stage.receive("x_9.csv", "Id,Score\nT1,7\nT2,8\n");
    stage.land(&source);
    stage.receive("x_10.csv", "Id,Score\nT1,9\n");
    stage.land(&source);
    let expected = ["T1|9|x_10.csv|2", "T2|8|x_9.csv|3"];
    assert_eq!(stage.rows("raw"), expected);

    let mut transaction = stage.warehouse.begin().unwrap();
    crate::reload(&source, &mut transaction);
    drop(transaction);
    let changed = tickets(&format!("{UPSERT} # another text"));
    assert!(stage.land(&changed).is_changed);
    assert_eq!(stage.rows("raw"), expected, "a refresh uses the order in the books");
    assert_eq!(stage.landing("x_9.csv").first_seen, 1);
    assert_eq!(stage.landing("x_10.csv").first_seen, 2);
}

#[test]
fn two_files_of_one_run_with_conflicting_rows_are_refused_and_the_message_names_them() {
    let stage = Stage::new();
    let source = tickets(UPSERT);
    stage.receive("april.csv", "Id,Score\nT1,7\nT1,6\nT2,8\n");
    stage.receive("march.csv", "Id,Score\nT3,8\nT1,9\n");
    stage.receive("may.csv", "Id,Score\nT4,1\n");
    let (report, _) = stage.land_unchecked(&source);
    let said = |line, other, other_line| {
        format!(
            "its line {line} and line {other_line} of `{other}` have the same key and are equally new, and differ; \
             nothing says which file is the later one"
        )
    };
    assert_eq!(
        refused(&report),
        [("delivery_order", said(3, "march.csv", 3)), ("delivery_order", said(3, "april.csv", 3))]
    );
    assert_eq!(stage.rows("raw"), ["T4|1|may.csv|2"]);

    stage.remove("april.csv");
    stage.land(&source);
    stage.receive("april.csv", "Id,Score\nT1,7\nT1,6\nT2,8\n");
    stage.land(&source);
    assert_eq!(
        stage.rows("raw"),
        ["T1|6|april.csv|3", "T2|8|april.csv|4", "T3|8|march.csv|2", "T4|1|may.csv|2"]
    );
}

#[test]
fn rows_of_one_run_that_are_equal_or_of_different_moments_need_no_order() {
    let stage = Stage::new();
    let source = source(
        &TICKETS
            .replace(
                "tolerate = 0.5",
                "load = \"upsert\"\nkey = [\"id\"]\nupdated_at = \"at\"\ntolerate = 0.0",
            )
            .replace("[columns.score]", "[columns.at]\ntype = \"date\"\n[columns.score]"),
    );
    stage.receive("a.csv", "Id,at,Score\nT1,2026-05-02,7\nT2,2026-05-01,8\n");
    stage.receive("b.csv", "Id,at,Score\nT1,2026-05-01,9\nT2,2026-05-01,8\n");
    let report = stage.land(&source);
    assert_eq!(refused(&report), []);
    assert_eq!(stage.rows("raw"), ["T1|2026-05-02|7|a.csv|2", "T2|2026-05-01|8|a.csv|3"]);
}

#[test]
fn names_say_which_file_is_later_where_the_source_says_how() {
    let stage = Stage::new();
    let source = tickets(
        "load = \"upsert\"\nkey = [\"id\"]\ndelivered = { name = 'x(?: \\((\\d+)\\))?\\.csv' }",
    );
    for (file, score) in [("x (10).csv", 3), ("x (9).csv", 2), ("x.csv", 1)] {
        stage.receive(file, format!("Id,Score\nT1,{score}\n"));
    }
    stage.land(&source);
    assert_eq!(stage.rows("raw"), ["T1|3|x (10).csv|2"]);
    stage.receive("y.csv", "Id,Score\nT1,4\n");
    let (report, _) = stage.land_unchecked(&source);
    assert_eq!(
        refused(&report),
        [(
            "delivery_order",
            "its name does not say when it was delivered: it does not fit `x(?: \\((\\d+)\\))?\\.csv`"
                .to_owned()
        )]
    );
}

#[test]
fn a_column_says_which_row_is_later_where_nothing_else_does() {
    let stage = Stage::new();
    let source = source(
        &TICKETS
            .replace(
                "tolerate = 0.5",
                "load = \"upsert\"\nkey = [\"id\"]\ndelivered = { column = \"batch\" }",
            )
            .replace("[columns.score]", "[columns.batch]\ntype = \"integer\"\n[columns.score]"),
    );
    stage.receive("a.csv", "Id,batch,Score\nT1,10,7\n");
    stage.receive("b.csv", "Id,batch,Score\nT1,9,8\n");
    stage.land(&source);
    assert_eq!(stage.rows("raw"), ["T1|10|7|a.csv|2"]);
    stage.receive("c.csv", "Id,batch,Score\nT1,8,9\n");
    stage.land(&source);
    assert_eq!(stage.rows("raw"), ["T1|10|7|a.csv|2"], "an old row that comes late stays old");
}

#[test]
fn of_files_of_one_period_the_one_seen_later_replaces_the_former_for_good() {
    let stage = Stage::new();
    let monthly = tickets(r"delivery = '(\d{4}-\d{2})'");
    stage.receive("t_2026-05_z.csv", "Id,Score\nT1,7\n");
    stage.land(&monthly);
    stage.receive("t_2026-05_a.csv", "Id,Score\nT1,8\nT2,8\n");
    stage.land(&monthly);
    let expected = ["T1|8|t_2026-05_a.csv|2", "T2|8|t_2026-05_a.csv|3"];
    assert_eq!(stage.rows("raw"), expected);
    assert!(!stage.land(&monthly).is_changed, "the former does not come back");
    stage.receive("t_2026-05_m.csv", "Id,Score\nT5,1\n");
    stage.land(&monthly);
    assert!(!stage.land(&monthly).is_changed, "nor do any of several");
    assert_eq!(stage.rows("raw"), ["T5|1|t_2026-05_m.csv|2"]);
    assert_eq!(stage.landing("t_2026-05_m.csv").replaced.len(), 2);
}

#[test]
fn of_files_of_one_period_seen_in_one_run_none_is_taken_for_the_later_one() {
    let stage = Stage::new();
    let monthly = tickets(r"delivery = '(\d{4}-\d{2})'");
    stage.receive("t_2026-05.csv", "Id,Score\nT1,7\n");
    stage.receive("t_2026-05_b.csv", "Id,Score\nT1,8\n");
    stage.receive("t_2026-06.csv", "Id,Score\nT2,8\n");
    let (report, _) = stage.land_unchecked(&monthly);
    let said = |other| {
        let text = format!(
            "`{other}` delivers `2026-05` too, and nothing says which of them is the later one"
        );
        ("delivery_order", text)
    };
    assert_eq!(refused(&report), [said("t_2026-05_b.csv"), said("t_2026-05.csv")]);
    assert_eq!(stage.rows("raw"), ["T2|8|t_2026-06.csv|2"]);

    let by_name = tickets(
        "delivery = '(\\d{4}-\\d{2})'\ndelivered = { name = '\\d{4}-\\d{2}(?:_v(\\d+))?\\.csv' }",
    );
    stage.rename("t_2026-05_b.csv", "t_2026-05_v2.csv");
    stage.land(&by_name);
    assert_eq!(stage.rows("raw"), ["T1|8|t_2026-05_v2.csv|2", "T2|8|t_2026-06.csv|2"]);
}

#[test]
fn a_withdrawn_correction_is_undone_by_the_former_content_under_a_new_name() {
    let stage = Stage::new();
    let monthly = tickets(r"delivery = '(\d{4}-\d{2})'");
    stage.receive("t_2026-05.csv", "Id,Score\nT1,7\n");
    stage.land(&monthly);
    stage.receive("t_2026-05_corrected.csv", "Id,Score\nT1,8\n");
    stage.land(&monthly);
    stage.remove("t_2026-05.csv");
    stage.remove("t_2026-05_corrected.csv");
    stage.receive("t_2026-05_again.csv", "Id,Score\nT1,7\n");
    stage.land(&monthly);
    assert_eq!(stage.rows("raw"), ["T1|7|t_2026-05_again.csv|2"]);
}

#[test]
fn a_row_that_has_landed_stays_under_append_whatever_names_say() {
    let stage = Stage::new();
    let source = tickets("key = [\"id\"]\ndelivered = { name = 'x_(\\d+)' }");
    stage.receive("x_2.csv", "Id,Score\nT1,7\nT2,7\n");
    stage.land(&source);
    stage.receive("x_1.csv", "Id,Score\nT1,8\nT3,8\n");
    stage.land(&source);
    assert_eq!(stage.rows("raw"), ["T3|8|x_1.csv|3", "T1|7|x_2.csv|2", "T2|7|x_2.csv|3"]);
    assert_eq!(reasons(&stage.books("x_1.csv")), [("conflicting_key", 1)]);
}
