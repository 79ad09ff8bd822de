//! Every limit has a key in `[limits]`: what exceeds it is refused by that key, and passes once it is raised.

use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::binary::{Ended, root, scorewright};
use crate::datasets::unfolded;

const SETTINGS: &str = "name = \"L\"\ntime_zone = \"UTC\"\ncurrency = \"EUR\"\n";

/// A project of one source and one extract.
fn project(source: &str, file: &str, bytes: &[u8]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir_all(folder.path().join("pipelines/sources")).unwrap();
    fs::create_dir_all(folder.path().join("extracts")).unwrap();
    let text = format!("title = \"T\"\nfiles = \"*\"\n{source}\n[columns.a]\ntype = \"text\"\n");
    fs::write(folder.path().join("pipelines/sources/things.toml"), text).unwrap();
    fs::write(folder.path().join("extracts").join(file), bytes).unwrap();
    folder
}

fn run(folder: &Path, limits: &str) -> Ended {
    fs::write(folder.join("scorewright.toml"), format!("{SETTINGS}[limits]\n{limits}\n")).unwrap();
    scorewright(folder, &["run", "--as-of", "2026-11-23"])
}

const CSV: &str = "format = \"csv\"";
const JSON: &str = "format = \"json_lines\"";
const XLSX: &str = "format = \"xlsx\"\nxlsx = { skip_rows = 3 }";

fn gzip(text: &[u8]) -> Vec<u8> {
    use std::io::Write as _;
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    packed.write_all(text).unwrap();
    packed.finish().unwrap()
}

fn workbook() -> Vec<u8> {
    fs::read(root().join("crates/extract/src/xlsx/samples/openpyxl.xlsx")).unwrap()
}

/// A file that a limit refuses, and that passes, or fails for another reason, once the limit is raised.
struct Case {
    source: &'static str,
    file: &'static str,
    bytes: Vec<u8>,
    tight: &'static str,
    said: &'static str,
}

fn cases() -> Vec<Case> {
    let case = |source, file, bytes: &[u8], tight, said| Case {
        source,
        file,
        bytes: bytes.into(),
        tight,
        said,
    };
    let long = [&b"a,b\n"[..], &vec![b'x'; 3_000], b",1\n"].concat();
    let rows = b"a,b\n".repeat(1_000);
    let ragged = [&b"a,b\n"[..], &b"x\n".repeat(300)].concat();
    let raggeds = [&b"a,b\n"[..], &[&[b'x'; 1_000][..], b"\n"].concat().repeat(100)].concat();
    vec![
        case(CSV, "a.csv", &long, "file_bytes = \"1 KiB\"", "it has 3,007 bytes, more than 1 KiB"),
        case(CSV, "a.csv", &rows, "expanded_bytes = \"1 KiB\"", "it expands to more than 1 KiB"),
        case(
            CSV,
            "a.csv.gz",
            &gzip(&rows),
            "expanded_ratio = 20\nexpanded_floor = 0",
            "it expands to more than 20 times its size",
        ),
        case(CSV, "a.csv", &long, "row_bytes = \"1 KiB\"", "its line 2 is longer than 1 KiB"),
        case(CSV, "a.csv", &long, "columns = 1", "it has 2 columns, more than 1"),
        case(CSV, "a.csv", &ragged, "quarantined_rows = 299", "more than 299 of its rows are bad"),
        case(
            CSV,
            "a.csv",
            &raggeds,
            "quarantined_bytes = \"64 KiB\"",
            "its bad rows have more than 64 KiB",
        ),
        case(XLSX, "a.xlsx", &workbook(), "sheet_cells = 3", "its sheet has more than 3 cells"),
    ]
}

#[test]
fn what_exceeds_a_limit_is_refused_by_the_key_that_lets_it_pass() {
    for Case { source, file, bytes, tight, said } in cases() {
        let folder = project(&format!("{source}\ntolerate = 1.0"), file, &bytes);
        let key = tight.split(' ').next().unwrap();
        let refused = run(folder.path(), tight);
        assert_eq!(refused.status, 3, "{tight}: {}", refused.said);
        let text = unfolded(&refused.said);
        assert!(text.contains(&format!("{said} (limit `{key}`)")), "{tight}: {text}");
        assert!(
            text.contains(&format!("raise `{key}` in `[limits]` of `scorewright.toml`")),
            "{tight}: {text}"
        );
        let raised = unfolded(&run(folder.path(), "").said);
        assert!(!raised.contains("(limit `"), "{tight}: {raised}");
    }
}

#[test]
fn a_row_that_exceeds_a_limit_is_set_aside_and_the_refusal_names_the_key() {
    let cases = [
        (CSV, "a\nlonger than ten bytes\n", "field_bytes = 10", "field_too_long", "`field_bytes`"),
        (
            "format = \"csv\"\nkey = [\"a\"]",
            "a\nlonger than ten bytes\n",
            "key_bytes = 10",
            "too_long",
            "a key longer than `key_bytes`",
        ),
        (JSON, "{\"a\":\"x\",\"b\":[[1]]}\n", "json_depth = 2", "too_deep", "`json_depth`"),
    ];
    for (source, text, tight, reason, said) in cases {
        let folder = project(source, "a", text.as_bytes());
        let refused = run(folder.path(), tight);
        assert_eq!(refused.status, 3, "{tight}: {}", refused.said);
        let told = unfolded(&refused.said);
        assert!(
            told.contains(&format!("{reason}: 1 row,")) && told.contains(said),
            "{tight}: {told}"
        );
        assert!(told.contains("`[limits]` of `scorewright.toml`"), "{tight}: {told}");
        assert_eq!(run(folder.path(), "").status, 0, "{tight}");
    }
}

#[test]
fn limits_are_printed_as_they_are_set() {
    let folder = project(CSV, "a.csv", b"a\n1\n");
    run(folder.path(), "row_bytes = \"16 MiB\"\nsheet_cells = 5");
    let text = scorewright(folder.path(), &["check", "--limits"]);
    assert_eq!(text.status, 0, "{}", text.said);
    let lines: Vec<&str> = text.answer.lines().collect();
    assert_eq!(lines[0], "[limits]");
    assert_eq!(lines.len(), 22, "{}", text.answer);
    assert!(
        text.answer.contains(
            "row_bytes = \"16 MiB\"            # a row, or a line of JSON; set here; from 1 KiB to 1 GiB"
        ),
        "{}",
        text.answer
    );
    let json = scorewright(folder.path(), &["check", "--limits", "--output", "json"]);
    let json: Value = serde_json::from_str(&json.answer).unwrap();
    assert_eq!(json["row_bytes"]["value"], 16 << 20);
    assert_eq!(json["row_bytes"]["default"], 8 << 20);
    assert_eq!(json["sheet_cells"]["value"], 5);

    // What is printed may be pasted, and says the same again.
    fs::write(folder.path().join("scorewright.toml"), format!("{SETTINGS}{}", text.answer))
        .unwrap();
    assert_eq!(scorewright(folder.path(), &["check", "--limits"]).answer, text.answer);
}

#[test]
fn a_limit_that_nobody_knows_or_that_cannot_hold_is_refused() {
    let folder = project(CSV, "a.csv", b"a\n1\n");
    for (slip, said) in [
        ("row_byte = 1", "did you mean `row_bytes`?"),
        ("row_bytes = \"8 MB\"", "a size such as \"8 MiB\", in B, KiB, MiB, GiB or TiB"),
        ("row_bytes = \"2 GiB\"", "`row_bytes` is 2 GiB, and must be from 1 KiB to 1 GiB"),
        ("columns = 0", "`columns` is 0, and must be from 1 to 100,000"),
    ] {
        let ended = run(folder.path(), slip);
        assert_eq!(ended.status, 2, "{slip}: {}", ended.said);
        assert!(unfolded(&ended.said).contains(said), "{slip}: {}", ended.said);
    }
}

/// The table of the reference names every limit with its default.
#[test]
fn the_reference_names_every_limit() {
    let text = fs::read_to_string(root().join("docs/reference/project.md")).unwrap();
    for limit in scorewright_domain::Limits::default().listed(0) {
        let row = format!("| `{}` |", limit.key);
        let row = text
            .lines()
            .find(|line| line.starts_with(&row))
            .unwrap_or_else(|| panic!("{}", limit.key));
        let default = match limit.key {
            "memory" => "a quarter of the machine's, or of its control group's".into(),
            _ => limit.unit.in_words(limit.value),
        };
        let bounds =
            format!("{} to {}", limit.unit.in_words(limit.least), limit.unit.in_words(limit.most));
        assert!(
            row.contains(&format!("| {default} |")) && row.contains(&bounds),
            "{row}: {default}, {bounds}"
        );
    }
}
