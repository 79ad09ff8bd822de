//! Dialects, encodings, gzip and Parquet.

use std::fmt::Write as _;
use std::io::Write as _;
use std::sync::Arc;

use arrow::array::{ArrayRef, Float64Array, Int32Array, StringArray, TimestampNanosecondArray};
use flate2::Compression;
use flate2::write::GzEncoder;
use parquet::arrow::ArrowWriter;

use super::*;

fn gzip(text: &str) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(text.as_bytes()).unwrap();
    encoder.finish().unwrap()
}

#[test]
fn gzip_of_several_members_is_one_file() {
    let stage = Stage::new();
    stage.receive("a.csv.gz", [gzip("Id,Score\nT1,7\nT2"), gzip(",8\n")].concat());
    stage.land(&tickets(""));
    assert_eq!(stage.rows("raw"), ["T1|7|a.csv.gz|2", "T2|8|a.csv.gz|3"]);
}

#[test]
fn a_cut_off_gzip_is_refused() {
    let stage = Stage::new();
    let whole = gzip("Id,Score\nT1,7\nT2,8\n");
    stage.receive("a.csv.gz", &whole[..whole.len() - 9]);
    assert_eq!(stage.land(&tickets("")).refused[0].reason(), "unreadable");
}

#[test]
fn a_byte_order_mark_is_no_part_of_a_name() {
    let stage = Stage::new();
    stage.receive("a.csv", "\u{feff}Id,Score\nT1,7\nT2,x\nT3,8\n");
    stage.land(&tickets(""));
    assert_eq!(
        stage.rows("quarantine"),
        ["a.csv|3|17|4|Score|not_an_integer|T2,x"],
        "it counts as three bytes"
    );
}

#[test]
fn further_header_rows_are_no_rows() {
    let stage = Stage::new();
    let qualtrics = "Id,Score\r\nResponse ID,\"How likely,\nfrom 0 to 10?\"\r\n\"{\"\"ImportId\"\":1}\",x\r\nR1,9\r\n";
    stage.receive("a.csv", qualtrics);
    stage.land(&tickets("[csv]\nheader_rows = 3"));
    assert_eq!(stage.rows("raw"), ["R1|9|a.csv|5"]);
}

#[test]
fn bytes_that_are_no_text_spoil_their_row_only() {
    let stage = Stage::new();
    stage.receive("a.csv", b"Id,Score\nT\xE4,7\nT\xC3\xA4,8\n");
    stage.land(&tickets(""));
    assert_eq!(stage.rows("raw"), ["Tä|8|a.csv|3"]);
    assert_eq!(stage.rows("quarantine"), ["a.csv|2|9|4|-|bad_encoding|T\u{fffd},7"]);
}

#[test]
fn a_declared_encoding_is_turned_into_utf_8() {
    let stage = Stage::new();
    stage.receive("a.csv", b"Id;Score\nT\xE4\x80;7\n");
    stage.land(&tickets("[csv]\ndelimiter = \";\"\nencoding = \"windows-1252\""));
    assert_eq!(stage.rows("raw"), ["Tä€|7|a.csv|2"]);
}

#[test]
fn a_row_far_longer_than_a_block_is_read_whole() {
    let stage = Stage::new();
    let long = "x\n".repeat(1_300_000);
    let mut text = format!("Id,Score,Note\nT1,7,\"{long}\"\n");
    for row in 0..30_000 {
        write!(text, "A{row},{},\"a \"\"quoted\"\" note, with\nlines\"\n", row % 11).unwrap();
    }
    stage.receive("a.csv", &text);
    stage.land(&tickets(""));
    let rows = stage.rows("raw");
    assert_eq!(rows.len(), 30_001);
    assert_eq!(rows[1], "A0|0|a.csv|1300003");
    assert_eq!(rows[30_000], "A29999|2|a.csv|1360001");
}

pub(super) fn parquet(columns: Vec<(&str, ArrayRef)>) -> Vec<u8> {
    let batch = RecordBatch::try_from_iter(columns).unwrap();
    let mut writer = ArrowWriter::try_new(Vec::new(), batch.schema(), None).unwrap();
    writer.write(&batch).unwrap();
    writer.into_inner().unwrap()
}

fn parquet_tickets() -> Source {
    source(
        r#"
        title = "Tickets"
        files = "*.parquet"
        format = "parquet"
        key = ["id"]
        tolerate = 0.6
        [columns.id]
        type = "text"
        [columns.score]
        type = "integer"
        null = ["", "11"]
        max = 10
        [columns.price]
        type = "decimal"
        scale = 2
        [columns.at]
        type = "timestamp"
        time_zone = "Europe/Berlin"
        "#,
    )
}

fn example(score: ArrayRef) -> Vec<u8> {
    parquet(vec![
        (
            "at",
            Arc::new(TimestampNanosecondArray::from(vec![
                Some(1_000_000_000),
                None,
                Some(0),
                Some(0),
                Some(0),
            ])),
        ),
        (
            "price",
            Arc::new(Float64Array::from(vec![Some(0.1), None, Some(12.5), Some(0.125), Some(1.0)])),
        ),
        ("score", score),
        ("id", Arc::new(Int32Array::from(vec![1, 2, 3, 4, 1]))),
    ])
}

#[test]
fn parquet_lands_by_name_and_is_judged_like_text() {
    let stage = Stage::new();
    stage.receive("a.parquet", example(Arc::new(Int32Array::from(vec![7, 11, 12, 1, 7]))));
    stage.land(&parquet_tickets());
    // Midnight in Berlin was 23:00 in UTC on the day before, in January 1970.
    assert_eq!(
        stage.rows("raw"),
        ["1|7|0.10|1969-12-31T23:00:01Z|a.parquet|1", "2|-|-|-|a.parquet|2"]
    );
    assert_eq!(
        stage.rows("quarantine"),
        [
            "a.parquet|3|0|0|score|out_of_range|at=1970-01-01T00:00:00, price=12.5, score=12, id=3",
            "a.parquet|4|0|0|price|not_a_decimal|at=1970-01-01T00:00:00, price=0.125, score=1, id=4",
            "a.parquet|5|0|0|-|conflicting_key|at=1970-01-01T00:00:00, price=1.0, score=7, id=1",
        ]
    );
}

#[test]
fn a_parquet_column_of_another_type_is_refused() {
    let stage = Stage::new();
    let list = arrow::array::ListArray::from_iter_primitive::<arrow::datatypes::Int64Type, _, _>(
        (0..5).map(|value| Some(vec![Some(value)])),
    );
    stage.receive("a.parquet", example(Arc::new(list)));
    assert_eq!(stage.land(&parquet_tickets()).refused[0].reason(), "other_type");
    stage.receive(
        "a.parquet",
        example(Arc::new(StringArray::from(vec!["7", "11", "x", "10", "7"]))),
    );
    let report = stage.land(&parquet_tickets());
    assert_eq!(
        reasons(&report.landings[0].books),
        [("conflicting_key", 1), ("not_a_decimal", 1), ("not_an_integer", 1)]
    );
}

#[test]
fn broken_parquet_is_refused_whatever_its_reader_does() {
    let stage = Stage::new();
    stage.receive("a.parquet", "PAR1PAR1");
    stage.receive("b.parquet", b"PAR1\0\0\0\0\xFF\xFF\xFF\x7FPAR1");
    stage.receive("c.parquet", "Id,Score\n");
    let report = stage.land(&parquet_tickets());
    assert_eq!(
        report.refused.iter().map(RefusedExtract::reason).collect::<Vec<_>>(),
        ["bad_parquet"; 3]
    );
    assert!(!report.is_changed);
}

#[test]
fn all_missing_columns_of_a_parquet_file_are_named() {
    let stage = Stage::new();
    let ids: ArrayRef = Arc::new(StringArray::from(vec!["T1"]));
    stage.receive("a.parquet", parquet(vec![("Nummer", ids)]));
    let source = source(
        &TICKETS.replace("*.csv*", "*.parquet").replace("format = \"csv\"", "format = \"parquet\""),
    );
    assert_eq!(stage.land(&source).refused[0].why.to_string(), "it lacks 2 columns: `Id`, `Score`");
}
