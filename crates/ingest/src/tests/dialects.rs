//! Every way a CSV file may be written.

use super::*;

/// Lands one file and gives the rows of its table.
fn landed(csv: &str, content: impl AsRef<[u8]>) -> Vec<String> {
    let stage = Stage::new();
    stage.receive("a.csv", content);
    let report = stage.land(&tickets(&format!("not_data = [\"Total\"]\n[csv]\n{csv}")));
    assert_eq!(report.refused.iter().map(ToString::to_string).collect::<Vec<_>>(), [""; 0]);
    stage.rows("raw")
}

fn refused(csv: &str, content: impl AsRef<[u8]>) -> String {
    let stage = Stage::new();
    stage.receive("a.csv", content);
    let source = tickets(&format!("not_data = [\"Total\"]\n[csv]\n{csv}"));
    let mut report = stage.land(&source);
    report.refused.pop().expect("it is refused").why.to_string()
}

fn utf_16(text: &str, to_bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
    text.encode_utf16().flat_map(to_bytes).collect()
}

#[test]
fn lines_above_the_header_are_skipped_whatever_they_hold() {
    let text = "Report \"of\r\n\r\nMay, 2026, all\rId,Score\nT1,7\n";
    assert_eq!(landed("skip_rows = 3", text), ["T1|7|a.csv|5"]);
    assert_eq!(refused("skip_rows = 9", text), "it has no rows");
}

#[test]
fn a_file_without_header_has_the_names_of_its_source() {
    let csv = "header_rows = 0\nnames = [\"Score\", \"Other\", \"Id\"]";
    assert_eq!(landed(csv, "7,x,T1\n8,y,T2\n"), ["T1|7|a.csv|1", "T2|8|a.csv|2"]);
    assert_eq!(
        landed(&format!("{csv}\nskip_rows = 1"), "# made by hand\n7,x,T1\n"),
        ["T1|7|a.csv|2"]
    );
}

#[test]
fn the_footer_is_no_data() {
    let text = "Id,Score\nT1,7\nT2,8\nTotal,15,2\n\n\"made by\nhand\"\n";
    assert_eq!(landed("footer_rows = 2", text), ["T1|7|a.csv|2", "T2|8|a.csv|3"]);
    assert_eq!(refused("footer_rows = 4", text), "it has no rows");
    assert_eq!(refused("footer_rows = 9", text), "it has no rows");
}

// A night on which the sender leaves the footer out must not cost the last rows.
#[test]
fn a_count_of_footer_rows_alone_drops_nothing() {
    let rows = landed("footer_rows = 2", "Id,Score\nT1,7\nT2,8\n");
    assert_eq!(rows, ["T1|7|a.csv|2", "T2|8|a.csv|3"]);
}

#[test]
fn what_is_no_data_is_kept_with_its_line_and_counts_as_such() {
    let stage = Stage::new();
    stage.receive("a.csv", "Id,Score\nT1,7\nTotal,7\n,\nTotal of all\nT2,8\n");
    let report = stage.land(&tickets("not_data = [\"total*\"]"));
    assert!(report.refused.is_empty(), "{:?}", report.refused);
    assert_eq!(stage.rows("raw"), ["T1|7|a.csv|2", "T2|8|a.csv|6"]);
    let kept = stage.rows("quarantine");
    assert!(kept.iter().all(|row| row.contains("not_data")), "{kept:?}");
    let books = &stage.snapshot().landings[0].books;
    assert_eq!((books.read, books.accepted, books.quarantined, books.not_data), (5, 2, 0, 3));
}

// More than one block, so that rows are held back and found not to be the footer.
#[test]
fn a_footer_is_found_at_the_end_only() {
    let rows = 40_000;
    let mut text = String::from("Id,Score\n");
    for row in 0..rows {
        text += &format!("T{row},{}\n", row % 11);
    }
    text += "Total,x\n";
    let found = landed("footer_rows = 1", &text);
    assert_eq!(found.len(), rows);
    assert_eq!(found[rows - 1], format!("T39999|{}|a.csv|40001", 39_999 % 11));
}

#[test]
fn an_escape_makes_a_letter_of_what_follows() {
    assert_eq!(
        landed("escape = \"\\\\\"", "Id,Score\n\"T\\\"1\\\", x\",7\n"),
        ["T\"1\", x|7|a.csv|2"]
    );
}

#[test]
fn utf_16_lands_in_either_byte_order() {
    let text = "\u{feff}Id\tScore\r\nÄ😀\t7\r\n\"x\ny\"\t8\r\n";
    let expected = ["Ä😀|7|a.csv|2", "x\ny|8|a.csv|3"];
    let tabs = |encoding: &str| format!("delimiter = \"\\t\"\nencoding = \"{encoding}\"");
    assert_eq!(landed(&tabs("utf-16"), utf_16(text, u16::to_le_bytes)), expected);
    assert_eq!(landed(&tabs("utf-16"), utf_16(text, u16::to_be_bytes)), expected);
    assert_eq!(
        landed(&tabs("utf-16"), utf_16(&text[3..], u16::to_le_bytes)),
        expected,
        "without a mark"
    );
    assert_eq!(landed(&tabs("utf-16le"), utf_16(text, u16::to_le_bytes)), expected);
    assert_eq!(landed(&tabs("utf-16be"), utf_16(text, u16::to_be_bytes)), expected);
}

#[test]
fn a_wrong_encoding_is_named() {
    let big = utf_16("\u{feff}Id,Score\nT1,7\n", u16::to_be_bytes);
    let expected = "it is UTF-16 by its byte order mark, not what its name and source say";
    assert_eq!(refused("encoding = \"utf-16le\"", &big), expected);
    assert_eq!(refused("encoding = \"utf-8\"", &big), expected);
    assert_eq!(
        refused("encoding = \"utf-16\"", "Id,Score\nT1,7\n"),
        "it is not UTF-16, not what its name and source say"
    );
}

#[test]
fn broken_utf_16_spoils_its_row_only() {
    let stage = Stage::new();
    let mut bytes = utf_16("Id,Score\nT1,7\nT", u16::to_le_bytes);
    bytes.extend(0xD83D_u16.to_le_bytes());
    bytes.extend(utf_16(",8\nT3,9\nT4,1", u16::to_le_bytes));
    bytes.push(b'0');
    stage.receive("a.csv", bytes);
    stage.land(&tickets("[csv]\nencoding = \"utf-16\""));
    assert_eq!(stage.rows("raw"), ["T1|7|a.csv|2", "T3|9|a.csv|4"]);
    assert_eq!(
        stage.rows("quarantine"),
        ["a.csv|3|14|4|-|bad_encoding|T\u{fffd},8", "a.csv|5|24|5|-|bad_encoding|T4,1\u{fffd}"],
        "places in the text as UTF-8"
    );
}

#[test]
fn the_second_of_two_columns_of_one_name_can_be_asked_for() {
    let stage = Stage::new();
    stage.receive("a.csv", "Id,Score,Score\nT1,x,7\n");
    let mut second = tickets("");
    second.columns["score"].from = scorewright_extract::OneOrMore(vec!["Score#2".into()]);
    stage.land(&second);
    assert_eq!(stage.rows("raw"), ["T1|7|a.csv|2"]);
    assert_eq!(refused("", "Id,Score,Score\nT1,x,7\n"), "its header has `Score` more than once");
}

#[test]
fn zstd_of_several_frames_is_one_file() {
    let stage = Stage::new();
    let frame = |text: &str| zstd::encode_all(text.as_bytes(), 3).unwrap();
    stage.receive("a.csv.zst", [frame("Id,Score\nT1,7\nT2"), frame(",8\n")].concat());
    let whole = frame("Id,Score\nT3,7\n");
    stage.receive("cut.csv.zst", &whole[..whole.len() - 4]);
    stage.receive("plain.csv", &whole);
    let report = stage.land(&tickets(""));
    assert_eq!(stage.rows("raw"), ["T1|7|a.csv.zst|2", "T2|8|a.csv.zst|3"]);
    assert_eq!(
        report.refused.iter().map(RefusedExtract::reason).collect::<Vec<_>>(),
        ["unreadable", "other_format"]
    );
}
