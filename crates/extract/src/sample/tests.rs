//! Real shapes of extracts: the file written for each must land it.

use scorewright_domain::Limits;
use std::fs;
use std::io::Write as _;

use miette::Diagnostic as _;

use super::*;

/// Writes a file, drafts its source, and reads the file with it.
fn drafted(file: &str, bytes: &[u8]) -> (Draft, Preview) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(file);
    fs::write(&path, bytes).unwrap();
    let draft = draft(&path, "tickets", "", &Limits::default()).unwrap();
    let shown = preview(&draft.source, &path, 10, &Limits::default())
        .unwrap_or_else(|bad| panic!("{bad}\n{}", draft.file.text));
    (draft, shown)
}

/// The settings of the written file, without comments and blank lines.
fn settings(draft: &Draft) -> Vec<&str> {
    let lines = draft.file.text.lines().map(|line| line.split("  #").next().unwrap_or_default());
    lines.filter(|line| !line.is_empty() && !line.starts_with('#')).collect()
}

#[test]
fn a_continental_export_of_a_spreadsheet_is_read_as_written() {
    let text = "Nr;Größe;Eröffnet am;E-Mail\r\n007;1,5;24.12.2026 10:00;ann@acme.example\r\n008;2,25;01.01.2027 09:30;\r\n";
    let bytes: Vec<u8> =
        text.chars().map(|letter| u8::try_from(u32::from(letter)).unwrap()).collect();
    let (draft, shown) = drafted("tickets_2026-12.csv", &bytes);
    let settings = settings(&draft);
    for line in [
        "files = \"tickets_*.csv*\"",
        "delimiter = \";\"",
        "encoding = \"windows-1252\"",
        "key = [\"nr\"]",
        "format = \"%d.%m.%Y %H:%M\"",
        "from = \"Größe\"",
        "personal = \"hash\"",
    ] {
        assert!(settings.contains(&line), "{line} is not in\n{}", draft.file.text);
    }
    assert_eq!(shown.columns, ["nr", "groesse", "eroeffnet_am", "e_mail"]);
    assert_eq!(shown.rows[0][2], "2026-12-24T10:00:00Z");
    assert!(!draft.file.text.contains("ann@"), "no personal value is written down");
}

#[test]
fn gzip_quotes_and_nulls_are_read_as_written() {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(b"Id|Score|Comment\n1|5|\"a|b\"\n2|NULL|\"c\nd\"\n3|4|\n").unwrap();
    let (draft, shown) = drafted("answers.csv.gz", &encoder.finish().unwrap());
    assert!(settings(&draft).contains(&"null = [\"\", \"NULL\"]"), "{}", draft.file.text);
    assert_eq!((shown.read, shown.quarantined.len(), shown.is_refused), (3, 0, false));
    assert_eq!(shown.rows, [["1", "5", "a|b"], ["2", "", "c\nd"], ["3", "4", ""]]);
}

// A survey tool's export: UTF-16 with tabs, three header rows, a mark at the start.
#[test]
fn three_header_rows_in_utf_16_are_read_as_written() {
    let text = "ResponseId\tQ1\r\nResponse ID\tHow likely?\r\n{\"ImportId\":\"_recordId\"}\t{\"ImportId\":\"QID1\"}\r\nR_1\t9\r\nR_2\t10\r\n";
    let mut bytes = vec![0xFF, 0xFE];
    text.encode_utf16().for_each(|unit| bytes.extend(unit.to_le_bytes()));
    let (draft, shown) = drafted("survey.tsv", &bytes);
    for line in [
        "encoding = \"utf-16\"",
        "header_rows = 3",
        "delimiter = \"\\t\"",
        "key = [\"response_id\"]",
    ] {
        assert!(settings(&draft).contains(&line), "{line} is not in\n{}", draft.file.text);
    }
    assert_eq!(shown.rows, [["R_1", "9"], ["R_2", "10"]]);
}

#[test]
fn titles_remarks_and_escapes_are_read_as_written() {
    let text = "Report of today\n\nid,text,count\n1,\"a \\\"b, c\\\"\",2\n2,d,3\n3,e,4\n4,f,5\n5,g,6\nTotal:\n";
    let (draft, shown) = drafted("report.csv", text.as_bytes());
    for line in ["skip_rows = 2", "footer_rows = 1", "not_data = [\"Total:\"]", "escape = \"\\\\\""]
    {
        assert!(settings(&draft).contains(&line), "{line} is not in\n{}", draft.file.text);
    }
    assert_eq!((shown.read, shown.quarantined.len()), (5, 0), "the total is no row");
    assert_eq!(shown.rows[0][1], "a \"b, c\"");
}

#[test]
fn columns_of_one_name_are_told_apart() {
    let (_, shown) = drafted("labels.csv", b"Id,Labels,Labels\n1,a,b\n2,c,\n");
    assert_eq!(shown.columns, ["id", "labels_1", "labels_2"]);
    assert_eq!(shown.rows, [["1", "a", "b"], ["2", "c", ""]]);
}

#[test]
fn json_lines_are_read_as_written() {
    let text = "{\"id\":7,\"at\":\"2026-11-22T10:00:00Z\",\"score\":{\"value\":1.5,\"by.whom\":\"x\"},\"tags\":[1]}\n\
                {\"id\":8,\"at\":\"2026-11-22T11:00:00Z\",\"score\":null,\"is_open\":true}\n";
    let (draft, shown) = drafted("tickets.jsonl", text.as_bytes());
    assert!(settings(&draft).contains(&"from = \"score.by\\\\.whom\""), "{}", draft.file.text);
    assert!(draft.file.text.contains("# Left out: tags: it is a list"), "{}", draft.file.text);
    assert_eq!(shown.columns, ["id", "at", "score_value", "score_by_whom", "is_open"]);
    assert_eq!(
        shown.rows,
        [
            ["7", "2026-11-22T10:00:00Z", "1.50", "x", ""],
            ["8", "2026-11-22T11:00:00Z", "", "", "true"]
        ]
    );
    let (_, shown) = drafted(
        "page.json",
        b"{\"count\":2,\"tickets\":[{\"id\":1,\"n\":3},{\"id\":2,\"n\":4}]}\n",
    );
    assert_eq!(shown.rows, [["1", "3"], ["2", "4"]]);
}

#[test]
fn parquet_is_read_as_it_is_typed() {
    use std::sync::Arc;

    use arrow::array::{ArrayRef, Int64Array, RecordBatch, StringArray, TimestampMillisecondArray};
    let columns: [(&str, ArrayRef); 3] = [
        ("Id", Arc::new(Int64Array::from(vec![1, 2]))),
        ("Topic", Arc::new(StringArray::from(vec![Some("a"), None]))),
        // Python: datetime.fromtimestamp(1_795_000_000, UTC) is 2026-11-18 11:06:40.
        (
            "Opened at",
            Arc::new(TimestampMillisecondArray::from(vec![1_795_000_000_000, 1_795_000_001_000])),
        ),
    ];
    let batch = RecordBatch::try_from_iter(columns).unwrap();
    let mut bytes = Vec::new();
    let mut writer =
        ::parquet::arrow::ArrowWriter::try_new(&mut bytes, batch.schema(), None).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();
    let (draft, shown) = drafted("tickets.parquet", &bytes);
    assert!(settings(&draft).contains(&"format = \"parquet\""));
    assert_eq!(shown.columns, ["id", "topic", "opened_at"]);
    assert_eq!(shown.rows, [["1", "a", "2026-11-18T11:06:40Z"], ["2", "", "2026-11-18T11:06:41Z"]]);
}

#[test]
fn numbers_of_accountants_are_read_as_written() {
    let (draft, shown) =
        drafted("sums.csv", "Konto;Betrag;Dauer\nA;1.234,50 €;26:05\nB;(2,5 €);0:30\n".as_bytes());
    for line in
        ["thousands = \".\"", "decimal_mark = \",\"", "currency = [\"€\"]", "format = \"h:mm\""]
    {
        assert!(settings(&draft).contains(&line), "{line} is not in\n{}", draft.file.text);
    }
    assert_eq!(shown.rows, [["A", "1234.50", "93900"], ["B", "-2.50", "1800"]]);
    let (asked, _) = drafted("sums.csv", b"name_of_sum;sum\nA;1,234\nB;2,500\n");
    assert_eq!(asked.questions, ["sum"], "{}", asked.file.text);
}

#[test]
fn a_file_without_names_asks_for_them() {
    let (draft, shown) = drafted("plain.csv", b"x7,2026-11-22,5\ny8,2026-11-23,6\n");
    assert!(draft.file.text.contains("# QUESTION: the file has no header"), "{}", draft.file.text);
    assert_eq!(shown.rows, [["x7", "2026-11-22", "5"], ["y8", "2026-11-23", "6"]]);
}

#[test]
fn rows_that_cannot_land_are_shown_beforehand() {
    let mut text = "Id,Count\n".to_owned();
    (0..1_000).for_each(|row| text += &format!("{row},{row}\n"));
    text += "1000,many\n1001\n";
    let (draft, shown) = drafted("rows.csv", text.as_bytes());
    assert!(
        draft.file.text.contains("# 1 rows do not fit, as `many`: they go to quarantine."),
        "{}",
        draft.file.text
    );
    let reasons: Vec<&str> = shown.quarantined.iter().map(|row| row.reason.as_str()).collect();
    assert_eq!((reasons, shown.is_refused), (vec!["not_an_integer", "too_few_fields"], false));
}

#[test]
fn names_from_outside_stay_what_they_are() {
    let (draft, shown) = drafted(
        "a.csv",
        b"\"Id\n[csv]\ndelimiter = 1\",\"a \"\"b\"\" \\ c\",,Id\n1,2,3,4\n5,6,7,8\n",
    );
    assert!(
        draft.file.text.contains("from = \"Id\\n[csv]\\ndelimiter = 1\""),
        "{}",
        draft.file.text
    );
    assert!(
        draft.file.text.contains("# Left out: : it has no name, and columns are found by name.")
    );
    assert_eq!(shown.columns, ["id_csv_delimiter_1", "a_b_c", "id"]);
}

#[test]
fn what_is_no_text_is_refused_by_its_first_bytes() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.csv");
    fs::write(&path, b"\x1F\x8Bx").unwrap();
    let refused = draft(&path, "a", "", &Limits::default()).unwrap_err();
    assert_eq!(
        (refused.to_string(), refused.help().unwrap().to_string()),
        (
            format!(
                "no source can be written for `{}`: it is gzip, not what its name and source say",
                path.display()
            ),
            "give it a name that ends in `.gz`".to_owned()
        )
    );
    fs::write(&path, b"").unwrap();
    assert!(
        draft(&path, "a", "", &Limits::default()).unwrap_err().to_string().ends_with("it is empty")
    );
}

// What a survey of several places exports: a grid of answers, and the clock of each place.
#[test]
fn grids_and_clocks_of_rows_are_pointed_out() {
    let mut text = String::from(
        "# Stand: 2026-11-20\nId,Zone,Started at,Q7_1,Q7_2,Q7_3,Q7_4,Q7_5,Q7_6,Q7_7\n",
    );
    for row in 0..9 {
        text += &format!("R{row},Europe/Berlin,2026-11-0{} 10:00:00,1,2,3,4,,6,{row}\n", row + 1);
    }
    let (draft, shown) = drafted("answers.csv", text.as_bytes());
    assert_eq!((shown.read, shown.is_refused), (9, false));
    for line in [
        "# time_zone = { column = \"zone\" }  # if it is on the clock that the row names there",
        "# columns = [\"Q7_*\"]",
        r#"above = "Stand:\\s*([^,;\\t\"\\r\\n]+)"  # stands above the rows, and is that of each"#,
    ] {
        assert!(draft.file.text.lines().any(|found| found == line), "{line}\n{}", draft.file.text);
    }
}
