//! Inputs kept by the fuzz targets, and their seeds, go through the same doors on every `cargo test`.

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

#[path = "../../../fuzz/src/lib.rs"]
#[allow(clippy::pedantic, missing_docs, unreachable_pub, reason = "it belongs to a crate of its own")]
mod targets;

/// An input takes milliseconds; one that takes seconds hangs.
const LONGEST: Duration = Duration::from_secs(5);

fn each(target: &str, run: fn(&[u8])) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/corpus").join(target);
    let mut count = 0;
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let started = Instant::now();
        run(&fs::read(&path).unwrap());
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
fn source() {
    each("source", targets::source);
}
