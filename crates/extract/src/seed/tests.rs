//! What a seed is read as, and what it is refused for.

use arrow::record_batch::RecordBatch;
use indexmap::IndexMap;
use scorewright_domain::{Fault, ProjectFile};

use super::SeedText;
use super::rows::SHOWN;
use crate::source::Column;

const COMPANION: &str = "\
says = \"Rates\"
grain = [\"currency\", \"from_day\"]

[columns.currency]
type = \"text\"
accepted = [\"USD\", \"GBP\"]

[columns.from_day]
type = \"date\"

[columns.rate]
type = \"decimal\"
scale = 6
min = 0.000001
required = true
";

/// The keys of a companion file that are read here.
#[derive(serde::Deserialize)]
struct Companion {
    grain: Vec<String>,
    columns: IndexMap<String, Column>,
}

fn read_with(companion: &str, csv: &str) -> Result<RecordBatch, Vec<(String, String)>> {
    let companion = ProjectFile::new("pipelines/seeds/rate.toml", companion);
    let csv = ProjectFile::new("pipelines/seeds/rate.csv", csv);
    let said: Companion = companion.toml().unwrap();
    let seed = SeedText {
        name: "rate",
        csv: &csv,
        companion: &companion,
        grain: &said.grain,
        columns: &said.columns,
        dialect: None,
        may_be_empty: false,
    };
    let told = |fault: &Fault| (fault.position(), fault.message().to_owned());
    seed.read().map_err(|faults| faults.iter().map(told).collect())
}

fn read(csv: &str) -> Result<RecordBatch, Vec<(String, String)>> {
    read_with(COMPANION, csv)
}

fn fault(position: &str, message: &str) -> (String, String) {
    (format!("pipelines/seeds/rate.{position}"), message.to_owned())
}

#[test]
fn a_seed_has_the_declared_types_in_the_declared_order_whatever_separates_its_columns() {
    for separator in [",", ";", "\t"] {
        let lines = ["rate|currency|from_day", "0.92|USD|2026-01-01", "1.153|GBP|2026-01-01", ""];
        let batch = read(&lines.join("\n").replace('|', separator)).unwrap();
        assert_eq!(batch.num_rows(), 2);
        let types: Vec<String> =
            batch.schema().fields().iter().map(|it| it.data_type().to_string()).collect();
        assert_eq!(types, ["Utf8", "Date32", "Decimal128(18, 6)"]);
    }
}

#[test]
fn every_fault_of_its_rows_is_told_at_its_line() {
    let csv = "currency,from_day,rate,note\nUSD,2026-01-01,0.92,\nUSD,2026-02-30,0.93,\n\
               EUR,2026-03-01,1,\nGBP,2026-01-01,0,\nGBP,2026-02-01,,\nUSD,2026-01-01,0.95,\n";
    assert_eq!(
        read(csv).unwrap_err(),
        [
            fault("csv:1", "the column `note` is not declared"),
            fault("csv:3", "not_a_date in column `from_day`"),
            fault("csv:4", "not_accepted in column `currency`"),
            fault("csv:5", "out_of_range in column `rate`"),
            fault("csv:6", "missing_value in column `rate`"),
            fault("csv:7", "`currency = USD, from_day = 2026-01-01` is on line 2 already"),
        ]
    );
}

#[test]
fn a_missing_column_and_a_seed_without_rows_are_refused() {
    let missing = read("currency,rate\nUSD,1\n").unwrap_err();
    assert_eq!(missing, [fault("csv:1", "it has no column `from_day`")]);
    let empty = read("currency,from_day,rate\n").unwrap_err();
    assert_eq!(empty, [fault("csv", "a seed without a row")]);
    assert_eq!(read("").unwrap_err().len(), 1);
}

#[test]
fn many_bad_rows_are_counted_after_the_first() {
    let rows: String = (0..50).map(|row| format!("USD,2026-01-01,x{row}\n")).collect();
    let faults = read(&format!("currency,from_day,rate\n{rows}")).unwrap_err();
    assert_eq!(faults.len(), SHOWN + 1);
    assert_eq!(faults[SHOWN], fault("csv", "30 more rows at fault"));
}

#[test]
fn its_companion_says_nothing_about_extracts() {
    let csv = "currency,from_day,rate\nUSD,2026-01-01,1\n";
    let companion = COMPANION.replace("type = \"date\"", "type = \"date\"\noptional = true");
    let faults = read_with(&companion, csv).unwrap_err();
    assert_eq!(faults, [fault("toml:10", "`optional` says nothing of a seed")]);
    let companion = COMPANION.replace("\"from_day\"]", "\"from_dy\"]");
    let faults = read_with(&companion, csv).unwrap_err();
    let message = "`grain` names a column that is not declared: `from_dy`";
    assert_eq!(faults, [fault("toml:2", message)]);
    let companion = COMPANION.replace("min = 0.000001", "min = \"low\"");
    assert_eq!(read_with(&companion, csv).unwrap_err().len(), 1);
}
