//! What must hold between the values of one row: broken rows are set aside with the rule's name, whatever the format.

use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::binary::{copy, root, says, stored_version};

const SOURCE: &str = r#"title = "Calls"
files = "calls.*"
format = ["csv", "json_lines"]
key = ["call_id"]
watermark = "opened_at"
tolerate = 0.8

[[rules]]
name = "closed_before_opened"
compare = ["closed_at", ">=", "opened_at"]

[[rules]]
name = "nps_out_of_scale"
when = { column = "survey", is = "nps" }
range = { column = "score", min = 0, max = 10 }

[[rules]]
name = "sold_below_cost"
compare = ["price", ">=", "cost"]

[[rules]]
name = "sold_without_price"
when = { column = "status", is = ["sold", "won"] }
required = "price"

[columns.call_id]
type = "text"

[columns.opened_at]
type = "timestamp"

[columns.closed_at]
type = "timestamp"

[columns.survey]
type = "text"

[columns.score]
type = "integer"

[columns.status]
type = "text"
map = { S = "sold" }

[columns.price]
type = "decimal"
scale = 2

[columns.cost]
type = "decimal"
scale = 4
"#;

/// Rows, and the rule that each breaks. The price is compared with a cost of four digits after the point.
const ROWS: [(&str, &str); 10] = [
    ("a,2026-11-16 10:00:00,2026-11-16 10:00:00,nps,10,open,,", ""),
    ("b,2026-11-16 10:00:00,2026-11-16 09:59:59,nps,10,open,,", "closed_before_opened"),
    ("c,2026-11-16 10:00:00,,nps,11,open,,", "nps_out_of_scale"),
    ("d,2026-11-16 10:00:00,,csat,11,open,,", ""),
    ("e,2026-11-16 10:00:00,,,11,open,,", ""),
    ("f,2026-11-16 10:00:00,,nps,,open,,", ""),
    ("g,2026-11-16 10:00:00,,,,open,1.99,1.9901", "sold_below_cost"),
    ("h,2026-11-16 10:00:00,,,,open,1.99,1.9900", ""),
    ("i,2026-11-16 10:00:00,,,,S,,", "sold_without_price"),
    ("j,2026-11-16 10:00:00,2026-11-15 10:00:00,nps,-1,won,,", "closed_before_opened"),
];
const HEADER: &str = "call_id,opened_at,closed_at,survey,score,status,price,cost";

fn write(project: &Path, path: &str, text: &str) {
    fs::write(project.join(path), text).unwrap();
}

fn project() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    copy(&root().join("tests/scenarios/base"), folder.path());
    write(folder.path(), "pipelines/sources/calls.toml", SOURCE);
    folder
}

const RUN: [&str; 3] = ["run", "--as-of", "2026-11-23"];

/// The rows as a file of JSON lines.
fn json_lines() -> String {
    let line = |(row, _): &(&str, &str)| {
        let values = HEADER.split(',').zip(row.split(',')).filter(|(_, value)| !value.is_empty());
        let object: serde_json::Map<String, Value> =
            values.map(|(name, value)| (name.to_owned(), Value::from(value))).collect();
        Value::from(object).to_string() + "\n"
    };
    ROWS.iter().map(line).collect()
}

fn csv() -> String {
    let rows: String = ROWS.iter().map(|(row, _)| format!("{row}\n")).collect();
    format!("{HEADER}\n{rows}")
}

/// Books of the only extract of the source, in the newest version.
fn books(project: &Path) -> Value {
    let newest = stored_version(&project.join("warehouse"), 1);
    let landings = newest["landings"].as_array().unwrap();
    landings.iter().find(|it| it["extract"]["source"] == "calls").unwrap()["books"].clone()
}

#[test]
fn a_row_that_breaks_a_rule_is_set_aside_with_its_name_in_every_format() {
    for (file, text, first) in [("calls.csv", csv(), 2), ("calls.jsonl", json_lines(), 1)] {
        let folder = project();
        let project = folder.path();
        write(project, &format!("extracts/{file}"), &text);
        says(project, 0, &["check"]);
        let said = says(project, 0, &RUN);
        assert!(said.contains("closed_before_opened"), "the books name it\n{said}");
        let rows = "SELECT file, line, reason FROM quarantine.calls ORDER BY line";
        let broken = ROWS.iter().enumerate().filter(|(_, (_, rule))| !rule.is_empty());
        let broken = broken.map(|(place, (_, rule))| format!("{file},{},{rule}\n", place + first));
        let expected = broken.fold("file,line,reason\n".to_owned(), |all, row| all + &row);
        assert_eq!(says(project, 0, &["query", "--output", "csv", rows]), expected);
        let reasons = serde_json::json!({
            "closed_before_opened": 2, "nps_out_of_scale": 1, "sold_below_cost": 1, "sold_without_price": 1
        });
        let books = books(project);
        let counts = ["read", "accepted", "quarantined"].map(|key| books[key].as_u64().unwrap());
        assert_eq!((counts, &books["reasons"]), ([10, 5, 5], &reasons), "{file}");
        let kept = "SELECT string_agg(call_id, '' ORDER BY call_id) AS ids FROM raw.calls";
        assert_eq!(says(project, 0, &["query", "--output", "csv", kept]), "ids\nadefh\n");
    }
}

#[test]
fn broken_rules_count_against_what_is_tolerated() {
    let folder = project();
    let project = folder.path();
    write(
        project,
        "pipelines/sources/calls.toml",
        &SOURCE.replace("tolerate = 0.8", "tolerate = 0.4"),
    );
    write(project, "extracts/calls.csv", &csv());
    let said = says(project, 3, &RUN);
    assert!(said.contains("5 of its 10 rows are bad"), "{said}");
    assert!(said.contains("closed_before_opened: 2 rows, first on line 3"), "{said}");
}

#[test]
fn a_rule_that_cannot_be_asked_is_refused_at_its_line() {
    let folder = project();
    let project = folder.path();
    for (from, to, message, place) in [
        (
            "\"opened_at\"]",
            "\"opend_at\"]",
            "a rule names a column that is not declared: `opend_at`",
            "10:",
        ),
        ("\"opened_at\"]", "\"score\"]", "`closed_at` and `score` cannot be compared", "10:"),
        ("\">=\", \"opened", "\"=>\", \"opened", "`=>` compares nothing", "10:"),
        (
            "[\"closed_at\", \">=\", \"opened_at\"]",
            "[\"survey\", \"<\", \"status\"]",
            "`survey` has no order",
            "10:",
        ),
        (
            "column = \"survey\"",
            "column = \"score\"",
            "`when` asks for texts, and `score` has none",
            "14:",
        ),
        ("min = 0, max = 10", "min = 10, max = 0", "`min` is above `max`", "15:"),
        ("min = 0, max = 10", "min = 0.5", "a bound is no value of `score`", "15:"),
        (", min = 0, max = 10", "", "`range` has no bound", "15:"),
        (
            "required = \"price\"",
            "required = \"price\"\nrange = { column = \"price\", min = 0 }",
            "a rule asks exactly one thing",
            "22:",
        ),
        (
            "\"sold_below_cost\"",
            "\"not_a_date\"",
            "the reason `not_a_date` means something else already",
            "18:",
        ),
        (
            "\"sold_below_cost\"",
            "\"nps_out_of_scale\"",
            "the reason `nps_out_of_scale` means something else already",
            "18:",
        ),
        ("\"sold_below_cost\"", "\"Sold below\"", "`Sold below` is not a name for a rule", "18:"),
        (
            "[columns.survey]\ntype = \"text\"",
            "[columns.survey]\ntype = \"text\"\npersonal = \"drop\"",
            "a rule names a column that is dropped: `survey`",
            "14:",
        ),
        (
            "[columns.survey]\ntype = \"text\"",
            "[columns.survey]\ntype = \"text\"\naccepted = [\"csat\"]",
            "`survey` is never `nps`",
            "14:",
        ),
    ] {
        assert!(SOURCE.contains(from), "{from}");
        write(project, "pipelines/sources/calls.toml", &SOURCE.replacen(from, to, 1));
        let said = says(project, 2, &["check"]);
        assert!(said.contains(message), "{message}\n{said}");
        assert!(said.contains(&format!("calls.toml:{place}")), "{message} {place}\n{said}");
    }
}
