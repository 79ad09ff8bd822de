//! Broken and hostile files: each is refused or set aside by name; none crashes, hangs or fills the memory.

use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::Value;

use crate::binary::{Ended, root, rows, scorewright};
use crate::datasets::unfolded;

const SOURCES: [(&str, &str); 5] = [
    ("texts", "files = \"*.csv*\"\nformat = \"csv\""),
    ("wide", "files = \"*.utf16\"\nformat = \"csv\"\ncsv = { encoding = \"utf-16\" }"),
    ("lines", "files = \"*.jsonl*\"\nformat = \"json_lines\""),
    ("tables", "files = \"*.parquet\"\nformat = \"parquet\""),
    ("sheets", "files = \"*.xlsx\"\nformat = \"xlsx\""),
];

/// Far more than any of these runs takes; a run that hangs takes for ever.
const LONGEST: Duration = Duration::from_mins(1);
/// Kilobytes of address space: half of what the bombs would take expanded.
const ROOM: &str = "4194304";

/// A project whose sources have a text `a` and nothing else that is required.
fn project(folder: &Path, kinds: &[&str]) {
    fs::create_dir_all(folder.join("pipelines/sources")).unwrap();
    fs::create_dir_all(folder.join("extracts")).unwrap();
    fs::write(
        folder.join("scorewright.toml"),
        "name = \"H\"\ntime_zone = \"UTC\"\ncurrency = \"EUR\"\nextracts = \"extracts\"\n",
    )
    .unwrap();
    for (name, settings) in SOURCES.iter().filter(|(name, _)| kinds.contains(name)) {
        let text =
            format!("title = \"T\"\ntolerate = 1.0\n{settings}\n[columns.a]\ntype = \"text\"\n");
        fs::write(folder.join("pipelines/sources").join(format!("{name}.toml")), text).unwrap();
    }
}

/// Runs the program with little room and a watch.
fn run(folder: &Path) -> Ended {
    let started = Instant::now();
    let ended = Command::new("sh")
        .args([
            "-c",
            &format!("ulimit -v {ROOM} && exec \"$0\" --log-format text run --as-of 2026-11-23"),
        ])
        .arg(env!("CARGO_BIN_EXE_scorewright"))
        .current_dir(folder)
        .env_clear()
        .output()
        .unwrap();
    assert!(started.elapsed() < LONGEST, "it took {:?}", started.elapsed());
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    Ended {
        status: ended.status.code().unwrap(),
        answer: text(ended.stdout),
        said: text(ended.stderr),
    }
}

fn gzip(text: &[u8]) -> Vec<u8> {
    let mut packed = GzEncoder::new(Vec::new(), Compression::best());
    packed.write_all(text).unwrap();
    packed.finish().unwrap()
}

/// A zstd frame of a raw block and as many blocks of one repeated byte, 128 KiB each (RFC 8878, 3.1.1.2).
fn zstd_of(head: &[u8], byte: u8, blocks: usize) -> Vec<u8> {
    let block =
        |last: usize, kind: usize, size: usize| (size << 3 | kind << 1 | last).to_le_bytes();
    let mut frame = vec![0x28, 0xB5, 0x2F, 0xFD, 0x00, 0x38];
    frame.extend(&block(0, 0, head.len())[..3]);
    frame.extend(head);
    for number in 1..=blocks {
        frame.extend(&block(usize::from(number == blocks), 1, 128 << 10)[..3]);
        frame.push(byte);
    }
    frame
}

fn sample_workbook() -> Vec<u8> {
    let samples = root().join("crates/extract/src/xlsx/samples");
    let sample = fs::read_dir(samples).unwrap().map(|entry| entry.unwrap().path());
    fs::read(sample.filter(|path| path.extension().is_some_and(|end| end == "xlsx")).min().unwrap())
        .unwrap()
}

/// A sound Parquet file: what the landing of a small file left.
fn sound_parquet() -> Vec<u8> {
    let folder = tempfile::tempdir().unwrap();
    project(folder.path(), &["texts"]);
    fs::write(folder.path().join("extracts/x.csv"), "a\nx\n").unwrap();
    assert_eq!(run(folder.path()).status, 0);
    let current: Value =
        serde_json::from_slice(&fs::read(folder.path().join("warehouse/CURRENT.json")).unwrap())
            .unwrap();
    let file = current["tables"]["raw.texts"][0].as_str().unwrap();
    fs::read(folder.path().join("warehouse").join(file)).unwrap()
}

fn half(bytes: &[u8]) -> Vec<u8> {
    bytes[..bytes.len() / 2].to_vec()
}

/// Files that are refused whole, and the words of the refusal.
fn refused() -> Vec<(&'static str, Vec<u8>, &'static str)> {
    let long = [&b"a,b\n1,"[..], &vec![b'x'; 64 << 20]].concat();
    let rows = b"a,b\n1,x\n".repeat(1 << 12);
    let noise: Vec<u8> =
        (0..1_000_000_u32).map(|at| at.wrapping_mul(2_654_435_761).to_be_bytes()[1]).collect();
    let sound = sound_parquet();
    let workbook = sample_workbook();
    vec![
        (
            "bomb.csv.gz",
            gzip(&vec![b'\n'; 80 << 20]),
            "it expands to more than 200 times its size (limit `expanded_ratio`)",
        ),
        (
            "bomb.csv.zst",
            zstd_of(b"a\n", b'\n', 8 << 13),
            "it expands to more than 200 times its size (limit `expanded_ratio`)",
        ),
        (
            "endless.csv.zst",
            zstd_of(b"a\n", b'x', 8 << 13),
            "its line 2 is longer than 8 MiB (limit `row_bytes`)",
        ),
        ("long.csv", long, "its line 2 is longer than 8 MiB (limit `row_bytes`)"),
        (
            "columns.csv",
            [b"a,".repeat(100_000), b"\n1\n".to_vec()].concat(),
            "it has 100,001 columns, more than 2,000 (limit `columns`)",
        ),
        ("nul.csv", vec![0; 64 << 10], "its first line has none of the columns"),
        ("quotes.csv", vec![b'"'; 999_999], "its header cannot be read: unclosed_quote"),
        ("quotes_even.csv", vec![b'"'; 1_000_000], "its first line has none of the columns"),
        ("noise.csv", noise.clone(), "its first line has none of the columns"),
        ("nothing.csv", Vec::new(), "it is empty"),
        ("header.csv", b"a,b\n".to_vec(), "it has no rows"),
        ("mislabelled.csv", gzip(b"a\nx\n"), "it is gzip, not what its name and source say"),
        ("not_gzip.csv.gz", b"a\nx\n".to_vec(), "it cannot be read"),
        ("cut.csv.gz", half(&gzip(&rows)), "it cannot be read"),
        ("cut.csv.zst", half(&zstd_of(&rows, b'\n', 3)), "it cannot be read"),
        (
            "sheet.csv",
            workbook.clone(),
            "it is a zip archive or a spreadsheet, not what its name and source say",
        ),
        (
            "long.jsonl",
            [&b"{\"a\":\"x\"}\n{\"a\":\""[..], &vec![b'x'; 64 << 20]].concat(),
            "its line 2 is longer than 8 MiB (limit `row_bytes`)",
        ),
        ("odd.utf16", b"\xFF\xFEa".to_vec(), "it is not UTF-16, not what its name and source say"),
        (
            "bytes.utf16",
            b"a,b\n1,2\n".to_vec(),
            "it is not UTF-16, not what its name and source say",
        ),
        ("marks.parquet", b"PAR1PAR1".to_vec(), "it is not a sound Parquet file: "),
        ("noise.parquet", noise, "it is not a sound Parquet file: "),
        ("cut.parquet", half(&sound), "it is not a sound Parquet file: "),
        (
            "hollow.parquet",
            [&sound[..4], &vec![0xFF; sound.len() - 12], &sound[sound.len() - 8..]].concat(),
            "it is not a sound Parquet file: ",
        ),
        ("cut.xlsx", half(&workbook), "it is not a sound xlsx file: "),
        ("text.xlsx", b"a,b\n1,2\n".to_vec(), "not what its name and source say"),
    ]
}

#[test]
fn files_that_cannot_be_read_are_refused_by_name() {
    let folder = tempfile::tempdir().unwrap();
    project(folder.path(), &["texts", "wide", "lines", "tables", "sheets"]);
    let extracts = folder.path().join("extracts");
    let mut expected: Vec<(&str, &str)> = Vec::new();
    for (name, bytes, why) in refused() {
        fs::write(extracts.join(name), bytes).unwrap();
        expected.push((name, why));
    }
    if cfg!(unix) {
        assert!(Command::new("mkfifo").arg(extracts.join("pipe.csv")).status().unwrap().success());
        expected.push(("pipe.csv", "it is a pipe, socket or device, not a regular file"));
        #[cfg(unix)]
        std::os::unix::fs::symlink("/etc/passwd", extracts.join("link.csv")).unwrap();
        expected.push(("link.csv", "it is a link or lies behind one, not a regular file"));
    }
    fs::create_dir(extracts.join("folder.csv")).unwrap();
    expected.push(("folder.csv", "it is a folder, not a regular file"));
    let ended = run(folder.path());
    assert_eq!(ended.status, 3, "{}", ended.said);
    assert!(ended.said.len() < 64 << 10, "what is said stays short: {} bytes", ended.said.len());
    let said = unfolded(&ended.said);
    let mut wrong = Vec::new();
    for (name, why) in &expected {
        let named =
            said.split("extract `").find(|part| part.starts_with(&format!("{name}` of source `")));
        if !named.is_some_and(|named| named.contains(why)) {
            wrong.push(format!("{name} should be refused with `{why}`: {named:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert_eq!(said.matches("is refused: ").count(), expected.len(), "{said}");
}

/// Found by fuzzing: in the process of the run the first would end it, and the second would keep it for ever. The third
/// is 300 MB in 775 bytes.
#[test]
fn parquet_that_asks_for_too_much_or_never_ends_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    project(folder.path(), &["tables"]);
    let settings = folder.path().join("scorewright.toml");
    let limited = fs::read_to_string(&settings).unwrap() + "[limits]\nparquet_seconds = 1\n";
    fs::write(settings, limited).unwrap();
    let cases = [
        (
            "asks_for_all_memory.parquet",
            "decoding it takes more than 4 GiB of memory (limit `parquet_memory`)",
        ),
        (
            "never_ends.parquet",
            "decoding it takes more than 1 seconds, and one more for each MiB (limit `parquet_seconds`)",
        ),
        (
            "repeats_a_large_text.parquet",
            "it expands to more than 200 times its size (limit `expanded_ratio`)",
        ),
    ];
    for (name, _) in cases {
        fs::copy(
            root().join("tests/corpus/sandbox").join(name),
            folder.path().join("extracts").join(name),
        )
        .unwrap();
    }
    let ended = run(folder.path());
    assert_eq!(ended.status, 3, "{}", ended.said);
    let said = unfolded(&ended.said);
    for (name, why) in cases {
        assert!(
            said.contains(&format!("extract `{name}` of source `tables` is refused: {why}")),
            "{said}"
        );
    }
}

/// 320 MB of text: the allocator must not have taken memory before it was limited, for then nothing is left to others,
/// and the refusal does not know why.
#[test]
fn the_smallest_limit_of_memory_is_named_too() {
    let folder = tempfile::tempdir().unwrap();
    project(folder.path(), &["tables"]);
    let append = |file: &str, text: &str| {
        let path = folder.path().join(file);
        fs::write(&path, fs::read_to_string(&path).unwrap() + text).unwrap();
    };
    append(
        "scorewright.toml",
        "[limits]\nparquet_memory = \"512 MiB\"\nexpanded_ratio = 1000000\n",
    );
    let columns: String =
        (0..40).map(|column| format!("[columns.c{column}]\ntype = \"text\"\n")).collect();
    append("pipelines/sources/tables.toml", &columns);
    let name = "many_large_texts.parquet";
    fs::copy(
        root().join("tests/corpus/sandbox").join(name),
        folder.path().join("extracts").join(name),
    )
    .unwrap();
    let ended = run(folder.path());
    assert_eq!(ended.status, 3, "{}", ended.said);
    let why = "decoding it takes more than 512 MiB of memory (limit `parquet_memory`)";
    assert!(unfolded(&ended.said).contains(why), "{}", ended.said);
}

/// Source, file, its bytes, rows accepted, and reasons.
type Landed = (&'static str, &'static str, Vec<u8>, u64, Vec<&'static str>);

/// Files whose bad rows are set aside while the others land: rows accepted, and the reason of each other row.
fn landed() -> Vec<Landed> {
    let deep =
        [&b"{\"a\":\"x\"}\n{\"a\":"[..], &vec![b'['; 4 << 20], b"\n{\"a\":\"y\"}\n"].concat();
    let utf16 = |text: &str| text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>();
    let half_pair =
        [utf16("\u{feff}a\nx\n"), vec![0x3D, 0xD8], utf16("\ny\n"), vec![0x3D]].concat();
    let long = [&b"a\nx\n"[..], &vec![b'y'; 1 << 20], b"\nz\n"].concat();
    let quotes = [&b"a\nx\n"[..], &b"\"open\n".repeat(1_000), b"z\n"].concat();
    vec![
        (
            "texts",
            "nul.csv",
            b"a\nx\x00y\n\x00\nz\n".to_vec(),
            1,
            vec!["nul_character", "nul_character"],
        ),
        ("texts", "long.csv", long, 2, vec!["field_too_long"]),
        ("texts", "quotes.csv", quotes, 2, vec!["unclosed_quote"; 1_000]),
        ("texts", "latin.csv", b"a\n\xFF\nx\n".to_vec(), 1, vec!["bad_encoding"]),
        (
            "texts",
            "wide.csv",
            [&b"a\nx\ny"[..], &vec![b','; 1 << 20], b"\n"].concat(),
            1,
            vec!["too_many_fields"],
        ),
        ("lines", "deep.jsonl", deep, 2, vec!["too_deep"]),
        (
            "lines",
            "dirt.jsonl",
            b"{\"a\":\"x\"}\n{\"a\":\"\\ud83d\"}\n{\"a\":1,\"a\":2}\n7\n".to_vec(),
            1,
            vec!["bad_json", "duplicate_key", "wrong_type"],
        ),
        ("wide", "half.utf16", half_pair, 2, vec!["bad_encoding", "bad_encoding"]),
    ]
}

#[test]
fn rows_that_cannot_be_read_are_set_aside_and_the_others_land() {
    let folder = tempfile::tempdir().unwrap();
    project(folder.path(), &["texts", "lines", "wide"]);
    for (_, name, bytes, ..) in landed() {
        fs::write(folder.path().join("extracts").join(name), bytes).unwrap();
    }
    let ended = run(folder.path());
    assert_eq!(ended.status, 0, "{}", ended.said);
    let ask = |sql: &str| -> Vec<Value> {
        let asked = scorewright(folder.path(), &["query", "--output", "json", sql]);
        assert_eq!(asked.status, 0, "{}", asked.said);
        rows(&asked.answer)
    };
    for (source, name, _, accepted, reasons) in landed() {
        let raw = ask(&format!("SELECT count(*) AS rows FROM raw.{source} WHERE _file = '{name}'"));
        assert_eq!(raw[0]["rows"], accepted, "{name}");
        let aside = format!(
            "SELECT reason FROM quarantine.{source} WHERE file = '{name}' ORDER BY line, reason"
        );
        let aside = ask(&aside);
        assert_eq!(aside.iter().map(|row| &row["reason"]).collect::<Vec<_>>(), reasons, "{name}");
    }
}
