//! What is read of a file is what was committed, or the damage is named.

use std::fs;

use scorewright_domain::Fingerprint;
use tempfile::TempDir;

use super::*;
use crate::storage::BlockHasher;

const NAME: &str = "file.parquet";

/// Bytes of a block, and of the last one.
const BLOCK: u64 = 256 << 10;
const REST: u64 = 1_000;

/// A file of three blocks, and how it is recorded.
fn written() -> (TempDir, StoredFile, Vec<u8>) {
    let folder = tempfile::tempdir().unwrap();
    let length = usize::try_from(BLOCK * 2 + REST).unwrap();
    let bytes: Vec<u8> = (0..=252).cycle().take(length).collect();
    fs::write(folder.path().join(NAME), &bytes).unwrap();
    let mut blocks = BlockHasher::new();
    blocks.update(&bytes);
    let stored = StoredFile {
        path: NAME.into(),
        bytes: bytes.len() as u64,
        sha256: Fingerprint::of(&bytes),
        blocks: Some(blocks.finish()),
        rows: 1,
        partition: None,
        versions: None,
    };
    (folder, stored, bytes)
}

fn flip(folder: &TempDir, bytes: &[u8], at: u64) {
    let mut bytes = bytes.to_vec();
    bytes[to_index(at)] ^= 1;
    // Under another name first: what is written at once in its place may be as old, by the clock of the disk.
    fs::write(folder.path().join("flipped"), bytes).unwrap();
    fs::rename(folder.path().join("flipped"), folder.path().join(NAME)).unwrap();
}

fn what(read: Result<Bytes, WarehouseError>) -> String {
    match read {
        Err(WarehouseError::Damaged { path, what }) => {
            assert!(path.ends_with(NAME));
            what
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn any_range_is_read_as_it_was_written() {
    let (folder, stored, bytes) = written();
    let end = stored.bytes;
    let ranges = [0..1, BLOCK - 1..BLOCK + 1, BLOCK..BLOCK, end - 8..end, 5..end - 5, 0..end];
    let checked = CheckedFile::open(folder.path(), &stored).unwrap();
    let unhashed =
        CheckedFile::open(folder.path(), &StoredFile { blocks: None, ..stored }).unwrap();
    for range in ranges {
        let expected = &bytes[to_index(range.start)..to_index(range.end)];
        assert_eq!(checked.read(range.clone()).unwrap(), expected, "{range:?}");
        assert_eq!(unhashed.read(range.clone()).unwrap(), expected, "{range:?}");
    }
    assert!(matches!(checked.read(end..end + 1), Err(WarehouseError::Io(_))));
    let mut all = Vec::new();
    CheckedRead { file: Arc::new(checked), position: 3 }.read_to_end(&mut all).unwrap();
    assert_eq!(all, bytes[3..]);
}

#[test]
fn a_flipped_bit_is_found_by_who_reads_its_block_and_by_nobody_else() {
    let (folder, stored, bytes) = written();
    flip(&folder, &bytes, BLOCK + 7);
    let file = CheckedFile::open(folder.path(), &stored).unwrap();
    assert_eq!(file.read(10..20).unwrap(), bytes[10..20]);
    assert!(file.read(BLOCK * 2..stored.bytes).is_ok() && file.damage().is_none());
    for range in [BLOCK..BLOCK + 1, BLOCK * 2 - 1..BLOCK * 2, 0..stored.bytes] {
        let said = "its bytes from 262144 to 524288 are not those that were committed";
        assert_eq!(what(file.read(range)), said);
    }
    assert!(matches!(file.damage(), Some(WarehouseError::Damaged { .. })));
    flip(&folder, &bytes, stored.bytes - 1);
    let file = CheckedFile::open(folder.path(), &stored).unwrap();
    let said = "its bytes from 524288 to 525288 are not those that were committed";
    assert_eq!(what(file.read(stored.bytes - 9..stored.bytes - 4)), said);
}

#[test]
fn a_file_that_takes_the_place_of_one_that_was_checked_is_checked_again() {
    let (folder, stored, bytes) = written();
    let file = CheckedFile::open(folder.path(), &stored).unwrap();
    assert_eq!(file.read(0..stored.bytes).unwrap(), bytes);
    let other: Vec<u8> = bytes.iter().map(|byte| byte.wrapping_add(1)).collect();
    fs::write(folder.path().join("other"), other).unwrap();
    fs::rename(folder.path().join("other"), folder.path().join(NAME)).unwrap();
    let file = CheckedFile::open(folder.path(), &stored).unwrap();
    assert!(what(file.read(0..1)).contains("from 0 to 262144"));
    fs::write(folder.path().join(NAME), b"short").unwrap();
    let opened = CheckedFile::open(folder.path(), &stored).map(|_| Bytes::new());
    assert_eq!(what(opened), "it has 5 bytes, its commit says 525288");
}
