//! Text with separators.

mod blocks;
mod header;
mod reading;
pub(crate) mod split;

use crate::format::{Format, Place};
use crate::limits::Limits;
use crate::pipeline;
use crate::present::Present;
use crate::refusal::Refusal;
use crate::rows::{FileRows, Rows};
use crate::source::Source;
use crate::stream::{Packing, Stream};
use blocks::{Block, Blocks};
use reading::Reading;

/// Reads CSV in any dialect, expanding what is packed.
pub(crate) struct Csv;

impl Format for Csv {
    fn read(
        &self,
        file: &Present,
        source: &Source,
        limits: &Limits,
        rows: &mut Rows,
    ) -> Result<(), Refusal> {
        let mut stream = open(file, source, limits)?;
        let (reading, line) = Reading::begin(&mut stream, source, limits)?;
        rows.note_unknown(reading.unknown_columns());
        let blocks = Blocks::new(stream, line, &reading, limits);
        let piece = rows.piece();
        pipeline::each(
            blocks,
            |block| typed(block, &reading, piece.piece()),
            |piece| rows.absorb(piece),
        )
    }

    fn undeclared(&self, file: &Present, source: &Source, limits: &Limits) -> Vec<String> {
        let begun = open(file, source, limits)
            .and_then(|mut stream| Reading::begin(&mut stream, source, limits));
        begun.map_or_else(|_| Vec::new(), |(reading, _)| reading.unknown_columns())
    }

    fn show(
        &self,
        file: &Present,
        source: &Source,
        limits: &Limits,
        places: &[Place],
    ) -> Result<Vec<String>, Refusal> {
        let mut stream = open(file, source, limits)?;
        let (reading, _) = Reading::begin(&mut stream, source, limits)?;
        places.iter().map(|place| Ok(reading.show(stream.reach(*place)?))).collect()
    }
}

/// What stands above the rows of a file, as text.
pub(crate) fn above(file: &Present, source: &Source, limits: &Limits) -> Result<String, Refusal> {
    let mut stream = open(file, source, limits)?;
    Reading::begin(&mut stream, source, limits)?;
    let place = Place { line: 1, byte: 0, length: stream.offset };
    let mut stream = open(file, source, limits)?;
    let text = source.dialect().encoding.show(stream.reach(place)?);
    Ok(text.trim_start_matches('\u{feff}').to_owned())
}

/// The rows of a block.
fn typed(block: &Block, reading: &Reading, mut piece: Rows) -> Result<FileRows, Refusal> {
    reading.take(block, &mut piece)?;
    piece.end_block(block.received, block.offsets.found())?;
    piece.finish()
}

fn open(file: &Present, source: &Source, limits: &Limits) -> Result<Stream, Refusal> {
    Stream::open(file.reader()?, Packing::of(&file.path), source.dialect().encoding, *limits)
}

#[cfg(test)]
mod properties;

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use scorewright_domain::Silent;

    use super::*;
    use crate::discover::discover;
    use crate::seen::Seen;
    use crate::source::tests::source;

    const SOURCE: &str = "title = \"T\"\nfiles = \"*\"\nformat = \"csv\"\n\
                          [columns.a]\ntype = \"integer\"\n[columns.b]\ntype = \"text\"\n";

    /// Limits small enough to be met by a test.
    fn limits() -> Limits {
        Limits { row_bytes: 1_000, field_bytes: 100, expanded_floor: 1 << 20, ..Limits::default() }
    }

    fn read(file: &str, bytes: &[u8], limits: Limits) -> Result<FileRows, Refusal> {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join(file), bytes).unwrap();
        let source = source(SOURCE);
        let found = discover(&source, folder.path(), &limits, &Seen::default());
        let mut rows = Rows::new(&source, file, &limits, &Silent);
        Csv.read(&found.files[0], &source, &limits, &mut rows)?;
        rows.finish()
    }

    fn reasons(found: &FileRows) -> Vec<(u64, &str)> {
        found.quarantined.iter().map(|row| (row.line, row.reason.as_str())).collect()
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
        let bomb = zstd::encode_all(
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
        let Err(Refusal::TooLarge(what)) =
            read("a.csv", "a,b\n1,x\n".repeat(300).as_bytes(), limits)
        else {
            panic!("it is refused")
        };
        assert_eq!(
            what.to_string(),
            "it expands to more than 1,000 bytes (limit `expanded_bytes`)"
        );
    }

    #[test]
    fn columns_and_bad_rows_are_counted() {
        let few = Limits { columns: 2, quarantined_rows: 2, ..limits() };
        let Err(Refusal::TooLarge(what)) = read("a.csv", b"a,b,c\n1,x,y\n", few) else {
            panic!("it is refused")
        };
        assert_eq!(what.to_string(), "it has 3 columns, more than 2 (limit `columns`)");
        assert_eq!(read("a.csv", b"a,b\nx,x\ny,y\n", few).unwrap().quarantined.len(), 2);
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
        let mut found = discover(&source(SOURCE), folder.path(), &few, &Seen::default());
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
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("a.csv"), text).unwrap();
        let (limits, source) = (
            limits(),
            source(&SOURCE.replace("[columns.a]", "[csv]\nfooter_rows = 999\n[columns.a]")),
        );
        let found = discover(&source, folder.path(), &limits, &Seen::default());
        let mut rows = Rows::new(&source, "a.csv", &limits, &Silent);
        let Err(Refusal::TooLarge(what)) = Csv.read(&found.files[0], &source, &limits, &mut rows)
        else {
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
        let found =
            read("a.csv", format!("a,b\n1,{}\n2,y\n", "x".repeat(101)).as_bytes(), limits())
                .unwrap();
        assert_eq!(reasons(&found), [(2, "field_too_long")]);
        assert_eq!((found.read, found.quarantined[0].raw.len()), (2, 100));
    }

    // Every third line opens a quote; the two lines below it are whole rows.
    #[test]
    fn open_quotes_far_apart_lose_no_row() {
        let mut text = String::from("a,b\n");
        for _ in 0..1_000 {
            text += &["1,\"open\n2,", &"x".repeat(90), "\n3,", &"x".repeat(90), "\n"].concat();
        }
        let found = read("a.csv", text.as_bytes(), limits()).unwrap();
        assert_eq!(found.read, 3_000);
        assert_eq!(found.quarantined.len(), 1_000);
        assert!(
            reasons(&found)
                .iter()
                .all(|(line, reason)| (line - 2) % 3 == 0 && *reason == "unclosed_quote")
        );
        let whole = format!("a,b\n1,\"open\n{}", format!("2,{}\n", "x".repeat(90)).repeat(40_000));
        let found = read("a.csv", whole.as_bytes(), limits()).unwrap();
        assert_eq!((found.read, reasons(&found)), (40_001, vec![(2, "unclosed_quote")]));
    }
}
