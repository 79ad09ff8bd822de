//! What metrics of each kind cannot do without.

use jiff::Timestamp;
use scorewright_domain::ProjectFile;
use scorewright_warehouse::Session;

use super::*;
use crate::metric::read_metrics;

/// Two help desks in one fact: what the one tells in a column, the other never tells.
const FACT: &str = "SELECT id, 'a' AS desk, at, solved_at, seconds, score FROM raw.a
UNION ALL SELECT id, 'b', at, CAST(NULL AS TIMESTAMP(6) WITH TIME ZONE), seconds, score FROM raw.b";

const RATIO: &str = "kind = \"ratio\"\ntime = \"solved_at\"\nnumerator = \"count(*) FILTER (WHERE score > 3)\"\ndenominator = \"count(score)\"\n";

const QUANTILE: &str =
    "kind = \"quantile\"\ntime = \"at\"\nvalue = \"seconds\"\nstatistics = [\"median\"]\n";

fn lacking(kind: &str, columns: &[&str]) -> Vec<String> {
    let text = format!(
        "title = \"A\"\nsays = \"A\"\nunit = \"{}\"\ndirection = \"higher_is_better\"\nfact = \"fact.ticket\"\n{kind}",
        if kind.contains("ratio") { "share" } else { "duration" }
    );
    let metric = read_metrics(&[ProjectFile::new("pipelines/metrics/a.toml", text)]).unwrap();
    let session = Session::without_data().unwrap();
    for source in ["a", "b"] {
        let header = "id,at:timestamp,solved_at:timestamp,seconds:integer,score:integer\n";
        session.add_fixture(&format!("raw.{source}").parse().unwrap(), header).unwrap();
    }
    let fact = "fact.ticket".parse().unwrap();
    let header = "id,desk,at:timestamp,solved_at:timestamp,seconds:integer,score:integer\n";
    session.add_fixture(&fact, header).unwrap();
    let split = columns.iter().map(|name| name.split_once('.').unwrap());
    let absent = split
        .map(|(source, column)| AbsentColumn { source: source.into(), column: column.into() })
        .collect();
    let mut lineage = ColumnLineage::new(&session, &absent, Timestamp::UNIX_EPOCH);
    lineage.add(&fact, FACT).unwrap();
    let found = absent_columns_of(&metric[0], &lineage).unwrap();
    found.iter().map(|one| format!("{}.{}", one.source, one.column)).collect()
}

#[test]
fn a_quantile_needs_its_value_and_its_time() {
    assert_eq!(lacking(QUANTILE, &["a.seconds", "a.score"]), ["a.seconds"]);
    assert_eq!(lacking(QUANTILE, &["a.seconds", "b.at", "a.at"]), ["a.at", "a.seconds", "b.at"]);
    assert_eq!(lacking(QUANTILE, &["a.solved_at"]), [""; 0]);
}

#[test]
fn a_ratio_needs_its_bottom_and_its_time() {
    assert_eq!(lacking(RATIO, &["a.score"]), ["a.score"]);
    assert_eq!(lacking(RATIO, &["a.solved_at", "a.score"]), ["a.score", "a.solved_at"]);
    assert_eq!(lacking(RATIO, &["a.seconds"]), [""; 0]);
}

#[test]
fn a_column_would_not_help_where_the_product_never_tells_the_time() {
    assert_eq!(lacking(RATIO, &["b.score"]), [""; 0]);
}

#[test]
fn rows_that_the_filter_leaves_out_miss_nothing() {
    let of_a = format!("{QUANTILE}filter = \"desk = 'a'\"\n");
    assert_eq!(lacking(&of_a, &["a.seconds", "b.seconds"]), ["a.seconds"]);
    let scored = format!("{QUANTILE}filter = \"score > 3 -- of five\"\n");
    assert_eq!(lacking(&scored, &["a.score", "b.seconds"]), ["a.score", "b.seconds"]);
}

#[test]
fn presence_needs_its_beginning() {
    let movement = "kind = \"movement\"\nentity = \"id\"\nfrom = \"at\"\nuntil = \"solved_at\"
numerator = \"count(*) FILTER (WHERE at_start)\"\ndenominator = \"count(*)\"\n";
    let movement = format!("{movement}interval = \"none\"\n");
    assert_eq!(lacking(&movement, &["a.at", "a.solved_at"]), ["a.at"]);
    let state =
        "kind = \"state\"\nfrom = \"at\"\nuntil = \"solved_at\"\nnumerator = \"sum(score)\"\n";
    assert_eq!(lacking(state, &["a.at", "b.score"]), ["a.at"]);
    let mean = format!("{state}denominator = \"count(score)\"\n");
    assert_eq!(lacking(&mean, &["b.score"]), ["b.score"]);
}

#[test]
fn a_sum_needs_its_time_alone() {
    let total = "kind = \"total\"\ntime = \"at\"\nnumerator = \"sum(score)\"\n";
    assert_eq!(lacking(total, &["a.at", "a.score"]), ["a.at"]);
}
