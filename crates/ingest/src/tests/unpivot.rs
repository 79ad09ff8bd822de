//! Columns that become rows.

use std::fmt::Write as _;
use std::sync::Arc;

use arrow::array::{ArrayRef, Int64Array, StringArray};
use parquet::arrow::ArrowWriter;

use super::*;

/// Answers, of a survey with a column for each question; `head` adds settings of the source.
fn survey(head: &str) -> Source {
    source(&format!(
        r#"
        title = "Survey"
        files = "*"
        format = ["csv", "parquet", "xlsx"]
        tolerate = 0.9
        key = ["id", "question"]
        {head}
        [unpivot]
        columns = ["Q*"]
        name = "question"
        value = "score"
        [columns.id]
        from = "Id"
        type = "text"
        [columns.question]
        type = "text"
        map = {{ Q1 = "nps" }}
        [columns.score]
        type = "integer"
        max = 10
        [columns.team]
        from = "Team"
        type = "text"
        optional = true
        "#
    ))
}

const ROWS: [&str; 4] =
    ["R1|nps|9|A|a.csv|2", "R1|Q2|7|A|a.csv|2", "R2|Q2|3|-|a.csv|3", "R4|nps|0|B|a.csv|5"];

#[test]
fn each_record_makes_a_row_of_each_column_that_has_a_value() {
    let stage = Stage::new();
    stage.receive("a.csv", "Id,Q1,Team,Q2\nR1,9,A,7\nR2,,,3\nR3,,B,\nR4,0,B,\n");
    stage.land(&survey(""));
    let mut rows = stage.rows("raw");
    rows.sort();
    let mut expected = ROWS.map(str::to_owned);
    expected.sort();
    assert_eq!(rows, expected);
    assert_eq!(stage.books("a.csv").read, 4, "an empty cell is no row");
}

#[test]
fn a_bad_value_spoils_its_own_row_and_a_bad_record_is_set_aside_once() {
    let stage = Stage::new();
    let bytes = b"Id,Q1,Q2,Q3\nR1,11,7,\n,5,6,\nR\xFF,1,2,3\nR4,1,2\nTotal,1,2,3\n";
    stage.receive("a.csv", bytes);
    stage.land(&survey("not_data = [\"Total\"]"));
    assert_eq!(stage.rows("raw"), ["R1|Q2|7|-|a.csv|2"]);
    let reasons: Vec<String> = stage
        .rows("quarantine")
        .iter()
        .map(|row| row.split('|').skip(1).step_by(3).take(2).collect::<Vec<_>>().join(" "))
        .collect();
    let expected = ["2 Q1", "3 Id", "3 Id", "4 -", "5 -", "6 -"];
    assert_eq!(reasons, expected, "the record that lacks its id has two answers");
}

#[test]
fn a_file_whose_columns_were_renamed_is_refused() {
    let stage = Stage::new();
    stage.receive("a.csv", "Id,Frage1\nR1,9\n");
    let report = stage.land(&survey(""));
    assert_eq!(report.refused[0].reason(), "nothing_to_unpivot");
    assert_eq!(report.refused[0].why.to_string(), "none of its columns is of the pattern `Q*`");
}

#[test]
fn parquet_has_the_same_rows() {
    let stage = Stage::new();
    let texts = |texts: [Option<&str>; 4]| Arc::new(StringArray::from(texts.to_vec())) as ArrayRef;
    let numbers =
        |numbers: [Option<i64>; 4]| Arc::new(Int64Array::from(numbers.to_vec())) as ArrayRef;
    let batch = RecordBatch::try_from_iter_with_nullable([
        ("Id", texts([Some("R1"), Some("R2"), Some("R3"), Some("R4")]), false),
        ("Q1", numbers([Some(9), None, None, Some(0)]), true),
        ("Team", texts([Some("A"), None, Some("B"), Some("B")]), true),
        ("Q2", numbers([Some(7), Some(3), None, None]), true),
    ])
    .unwrap();
    let mut bytes = Vec::new();
    let mut writer = ArrowWriter::try_new(&mut bytes, batch.schema(), None).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();
    stage.receive("a.parquet", bytes);
    stage.land(&survey(""));
    let mut rows = stage.rows("raw");
    rows.sort();
    // Lines of Parquet count from its first row.
    let mut expected = ["R1|nps|9|A|1", "R1|Q2|7|A|1", "R2|Q2|3|-|2", "R4|nps|0|B|4"]
        .map(|row| row.rsplit_once('|').map(|(row, line)| format!("{row}|a.parquet|{line}")));
    expected.sort();
    assert_eq!(rows.into_iter().map(Some).collect::<Vec<_>>(), expected);
}

// More than one block, and more columns than threads.
#[test]
fn a_wide_file_of_many_blocks_has_every_answer_once() {
    const ROWS: usize = 8_000;
    const QUESTIONS: usize = 51;
    let mut text = String::from("Id");
    (0..QUESTIONS).for_each(|question| write!(text, ",Q{question}").unwrap());
    let (mut count, mut sum) = (0, 0);
    for row in 0..ROWS {
        write!(text, "\nR{row}").unwrap();
        for question in 0..QUESTIONS {
            let score = (row * 7 + question * 3) % 17;
            if score > 10 {
                text.push(',');
            } else {
                write!(text, ",{score}").unwrap();
                (count, sum) = (count + 1, sum + score);
            }
        }
    }
    let stage = Stage::new();
    stage.receive("a.csv", text);
    stage.land(&survey(""));
    let rows = stage.rows("raw");
    let score = |row: &String| row.split('|').nth(2).unwrap().parse::<usize>().unwrap();
    assert_eq!((rows.len(), rows.iter().map(score).sum::<usize>()), (count, sum));
    assert_eq!(stage.books("a.csv").read, count as u64);
}
