//! What a CSV file may be, within limits.

use scorewright_domain::Limits;
use std::io::Write as _;

use jiff::Timestamp;

use crate::discovery::{HashCaches, discover};
use crate::read::collect;
use crate::refusal::{ReadError, Refusal};
use crate::rows::intake::FileSummary;
use crate::rows::sink::CollectedRows;
use crate::source::Source;
use crate::source::tests::source;

const SOURCE: &str = "title = \"T\"\nfiles = \"*\"\nformat = \"csv\"\n\
                      [columns.a]\ntype = \"integer\"\n[columns.b]\ntype = \"text\"\n";

/// Limits small enough to be met by a test.
fn limits() -> Limits {
    Limits { row_bytes: 1_000, field_bytes: 100, expanded_floor: 1 << 20, ..Limits::default() }
}

fn read(file: &str, bytes: &[u8], limits: Limits) -> Result<(FileSummary, CollectedRows), Refusal> {
    read_as(&source(SOURCE), file, bytes, limits)
}

fn read_as(
    source: &Source,
    file: &str,
    bytes: &[u8],
    limits: Limits,
) -> Result<(FileSummary, CollectedRows), Refusal> {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join(file), bytes).unwrap();
    collect(source, &folder.path().join(file), &limits).map_err(|error| match error {
        ReadError::Refused(refusal) => refusal,
        ReadError::Aborted(error) => panic!("memory takes all rows: {error}"),
    })
}

fn reasons(rows: &CollectedRows) -> Vec<(u64, &str)> {
    rows.rejected.iter().map(|row| (row.line, row.reason.as_str())).collect()
}

#[test]
fn a_bomb_is_refused_by_its_ratio() {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(b"a,b\n").unwrap();
    for _ in 0..4_000 {
        encoder.write_all(&b"1,x\n".repeat(1_000)).unwrap();
    }
    let bomb = encoder.finish().unwrap();
    let Err(Refusal::TooLarge(what)) = read("a.csv.gz", &bomb, limits()) else {
        panic!("it is refused")
    };
    assert_eq!(
        what.to_string(),
        "it expands to more than 200 times its size (limit `expanded_ratio`)"
    );
}

#[test]
fn a_zstd_bomb_is_refused_by_its_ratio() {
    let bomb =
        zstd::encode_all(
            &b"a,b\n"
                .iter()
                .chain([b'1'].iter().cycle().take(4 << 20))
                .copied()
                .collect::<Vec<_>>()[..],
            19,
        )
        .unwrap();
    let Err(Refusal::TooLarge(what)) =
        read("a.csv.zst", &bomb, Limits { row_bytes: 8 << 20, ..limits() })
    else {
        panic!("it is refused")
    };
    assert_eq!(
        what.to_string(),
        "it expands to more than 200 times its size (limit `expanded_ratio`)"
    );
}

#[test]
fn a_zstd_file_cannot_ask_for_any_memory() {
    let mut encoder = zstd::Encoder::new(Vec::new(), 1).unwrap();
    encoder.window_log(24).unwrap();
    encoder.write_all(b"a,b\n1,x\n").unwrap();
    let Err(Refusal::TooLarge(what)) = read("a.csv.zst", &encoder.finish().unwrap(), limits())
    else {
        panic!("it is refused")
    };
    assert_eq!(
        what.to_string(),
        "expanding it takes a zstd window of more than 8 MiB (limit `zstd_window`)"
    );
}

#[test]
fn an_expanded_file_has_a_limit_whatever_its_ratio() {
    let limits = Limits { expanded_bytes: 1_000, ..limits() };
    let Err(Refusal::TooLarge(what)) = read("a.csv", "a,b\n1,x\n".repeat(300).as_bytes(), limits)
    else {
        panic!("it is refused")
    };
    assert_eq!(what.to_string(), "it expands to more than 1,000 bytes (limit `expanded_bytes`)");
}

#[test]
fn columns_and_bad_rows_are_counted() {
    let few = Limits { columns: 2, quarantined_rows: 2, ..limits() };
    let Err(Refusal::TooLarge(what)) = read("a.csv", b"a,b,c\n1,x,y\n", few) else {
        panic!("it is refused")
    };
    assert_eq!(what.to_string(), "it has 3 columns, more than 2 (limit `columns`)");
    assert_eq!(read("a.csv", b"a,b\nx,x\ny,y\n", few).unwrap().1.rejected.len(), 2);
    let Err(Refusal::TooLarge(what)) = read("a.csv", b"a,b\nx,x\ny,y\nz,z\n", few) else {
        panic!("it is refused")
    };
    assert_eq!(what.to_string(), "more than 2 of its rows are bad (limit `quarantined_rows`)");
}

#[test]
fn a_file_has_a_limit_before_it_is_opened() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("a.csv"), "a,b\n1,x\n").unwrap();
    let few = Limits { file_bytes: 7, ..limits() };
    let mut found = discover(
        &source(SOURCE),
        folder.path(),
        &few,
        &HashCaches::read(folder.path()),
        Timestamp::MAX,
    );
    let refused = found.refused.remove(0);
    assert_eq!(
        refused.to_string(),
        "extract `a.csv` of source `tickets` is refused: it has 8 bytes, more than 7 bytes \
         (limit `file_bytes`)"
    );
}

#[test]
fn a_footer_that_cannot_be_held_back_is_refused() {
    let text = format!("a,b\n{}", "1,xxxxxxxx\n".repeat(400_000));
    let source = source(
        &SOURCE
            .replace("title =", "not_data = [\"Total\"]\ntitle =")
            .replace("[columns.a]", "[csv]\nfooter_rows = 999\n[columns.a]"),
    );
    let Err(Refusal::TooLarge(what)) = read_as(&source, "a.csv", text.as_bytes(), limits()) else {
        panic!("it is refused")
    };
    assert!(
        what.to_string().contains("held back as a footer, are longer than 1,000 bytes"),
        "{what}"
    );
}

#[test]
fn a_line_without_end_is_refused() {
    let text = format!("a,b\n1,x\n2,{}\n3,y\n", "z".repeat(3 << 20));
    let Err(Refusal::TooLarge(what)) = read("a.csv", text.as_bytes(), limits()) else {
        panic!("it is refused")
    };
    assert_eq!(what.to_string(), "its line 3 is longer than 1,000 bytes (limit `row_bytes`)");
}

#[test]
fn a_long_field_spoils_its_row_only() {
    let (found, rows) =
        read("a.csv", format!("a,b\n1,{}\n2,y\n", "x".repeat(101)).as_bytes(), limits()).unwrap();
    assert_eq!(reasons(&rows), [(2, "field_too_long")]);
    assert_eq!((found.read, rows.rejected[0].raw.len()), (2, 100));
}

// Every third line opens a quote; the two lines below it are whole rows.
#[test]
fn open_quotes_far_apart_lose_no_row() {
    let mut text = String::from("a,b\n");
    for _ in 0..1_000 {
        text += &["1,\"open\n2,", &"x".repeat(90), "\n3,", &"x".repeat(90), "\n"].concat();
    }
    let (found, rows) = read("a.csv", text.as_bytes(), limits()).unwrap();
    assert_eq!((found.read, rows.rejected.len()), (3_000, 1_000));
    assert!(
        reasons(&rows)
            .iter()
            .all(|(line, reason)| (line - 2) % 3 == 0 && *reason == "unclosed_quote")
    );
    let whole = format!("a,b\n1,\"open\n{}", format!("2,{}\n", "x".repeat(90)).repeat(40_000));
    let (found, rows) = read("a.csv", whole.as_bytes(), limits()).unwrap();
    assert_eq!((found.read, reasons(&rows)), (40_001, vec![(2, "unclosed_quote")]));
}
