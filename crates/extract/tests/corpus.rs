//! Inputs kept by the fuzz targets, and their seeds, go through the same doors on every `cargo test`, and so do mutants
//! of each: a short slice of fuzzing, the same every time.

#![allow(clippy::unwrap_used, reason = "a test may fail where it stands")]

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

#[path = "../../../fuzz/src/lib.rs"]
#[allow(
    clippy::pedantic,
    missing_docs,
    unreachable_pub,
    reason = "it belongs to a crate of its own"
)]
mod targets;

/// An input and its mutants take a tenth of a second; one that hangs takes for ever.
const LONGEST: Duration = Duration::from_secs(20);

const MUTANTS: u64 = 100;

/// Numbers that look random (`SplitMix64`).
struct Dice(u64);

impl Dice {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        usize::try_from((mixed ^ (mixed >> 31)) >> 1).unwrap() % end.max(1)
    }
}

/// Bytes that mean something to a reader.
const TELLING: &[u8] = b"\",;\n\r\\{}[]:0-.e\0\xFF\xEF\xD8 '\t";

/// The input with a few bytes changed, put in, taken out, doubled or cut off.
fn mutant(input: &[u8], dice: &mut Dice) -> Vec<u8> {
    let mut bytes = input.to_vec();
    for _ in 0..=dice.below(6) {
        let at = dice.below(bytes.len() + 1);
        let telling = TELLING[dice.below(TELLING.len())];
        match dice.below(6) {
            0 if at < bytes.len() => bytes[at] = telling,
            1 if at < bytes.len() => bytes[at] ^= 1 << dice.below(8),
            2 if at < bytes.len() => drop(bytes.remove(at)),
            3 => bytes.truncate(at),
            4 => {
                let from = dice.below(at + 1);
                let doubled = bytes[from..at].to_vec();
                bytes.splice(at..at, doubled);
            }
            _ => bytes.insert(at, telling),
        }
    }
    bytes
}

fn each(target: &str, run: fn(&[u8])) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/corpus").join(target);
    let mut count = 0;
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let (started, input) = (Instant::now(), fs::read(&path).unwrap());
        run(&input);
        for number in 0..MUTANTS {
            let mutant = mutant(&input, &mut Dice(number));
            let outcome = std::panic::catch_unwind(|| run(&mutant));
            assert!(outcome.is_ok(), "a mutant of {}: {mutant:?}", path.display());
        }
        assert!(started.elapsed() < LONGEST, "{} takes {:?}", path.display(), started.elapsed());
        count += 1;
    }
    assert!(count >= 5, "the corpus of {target} has {count} files");
}

#[test]
fn csv() {
    each("csv", targets::csv);
}

#[test]
fn json_lines() {
    each("json_lines", targets::json_lines);
}

#[test]
fn values() {
    each("values", targets::values);
}

#[test]
fn xlsx() {
    each("xlsx", targets::xlsx);
}

#[test]
fn parquet() {
    each("parquet", targets::parquet);
}

#[test]
fn split() {
    each("split", targets::split);
}

#[test]
fn source() {
    each("source", targets::source);
}
