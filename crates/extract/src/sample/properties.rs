//! What holds for any file: a source is written that reads it, or it is refused; nothing breaks.

use scorewright_domain::Limits;
use std::fs;

use proptest::prelude::*;

use super::{draft, preview};
use crate::refusal::{ReadError, Refusal};

/// Pieces of files that were met or made up to break readers.
const PIECES: [&[u8]; 42] = [
    b",",
    b",",
    b";",
    b"\t",
    b"\n",
    b"\n",
    b"\r\n",
    b"\r",
    b"\"",
    b"'",
    b"\\",
    b"\"\"",
    b"a",
    b"Id",
    b"name",
    b"1",
    b"-2",
    b"3.5",
    b"1,234",
    b"007",
    b"2026-11-22",
    b"13/4/2026",
    b"3/4/2026",
    b"10:00",
    b"ann@acme.example",
    b"NULL",
    b"?",
    b"true",
    b"\xEF\xBB\xBF",
    b"\xFF\xFE",
    b"\xC3\xA9",
    b"\xE9",
    b"\0",
    b"{",
    b"}",
    b"[",
    b"]",
    b":",
    b"{\"a\":1}\n",
    b"#",
    b"\x1B[2J",
    b"\xE2\x80\xAE",
];

/// The rows of the same pieces as a table, so that more than the first line is reached.
fn table(cells: &[usize], width: usize) -> Vec<u8> {
    let mut bytes = Vec::new();
    for row in cells.chunks(width) {
        let row: Vec<&[u8]> = row.iter().map(|cell| PIECES[*cell]).collect();
        bytes.extend(row.join(&b','));
        bytes.push(b'\n');
    }
    bytes
}

fn holds(bytes: &[u8]) -> Result<(), TestCaseError> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.csv");
    fs::write(&path, bytes).unwrap();
    let drafted = match draft(&path, "a", "", &Limits::default()) {
        Ok(drafted) => drafted,
        Err(bad) => {
            // Any other refusal is of the file; this one would be a slip of ours.
            prop_assert!(
                !matches!(*bad.why, ReadError::Refused(Refusal::NoSource(_))),
                "{bad}: {}",
                String::from_utf8_lossy(bytes)
            );
            return Ok(());
        }
    };
    let steers = |letter: char| letter.is_control() && letter != '\n';
    prop_assert!(!drafted.file.text.contains(steers), "{:?}", drafted.file.text);
    let mut comments = drafted.file.text.lines().filter(|line| line.starts_with('#'));
    prop_assert!(!comments.any(|line| line.contains("ann@")), "{}", drafted.file.text);
    if let Ok(shown) = preview(&drafted.source, &path, 10, &Limits::default()) {
        prop_assert!(shown.rows.iter().all(|row| row.len() == shown.columns.len()));
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn any_bytes_have_a_source_or_a_refusal(pieces in proptest::collection::vec(0..PIECES.len(), 1..60)) {
        holds(&pieces.iter().flat_map(|piece| PIECES[*piece]).copied().collect::<Vec<u8>>())?;
    }

    #[test]
    fn any_table_has_a_source_or_a_refusal(
        cells in proptest::collection::vec(0..PIECES.len(), 4..80),
        width in 1_usize..6,
    ) {
        holds(&table(&cells, width))?;
    }
}
