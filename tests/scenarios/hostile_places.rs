//! Texts, names and places that would mislead a later step are refused by name, not passed over and not waited for.

use std::fs;
use std::os::unix::ffi::OsStrExt as _;
use std::path::Path;
use std::process::Command;

use tempfile::TempDir;

use crate::binary::{copy, program, query, root, says};
use crate::datasets::unfolded;

const DAY: &str = "2026-11-23";
const HEADER: &str = "Ticket,Team,Opened,Rating\n";

/// A shop with another extract, of which any share may be bad.
fn shop(name: &str, bytes: &[u8]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    copy(&root().join("tests/scenarios/base"), folder.path());
    let source = folder.path().join("pipelines/sources/tickets.toml");
    let text = fs::read_to_string(&source).unwrap();
    fs::write(source, text.replace("tolerate = 0.1", "tolerate = 0.99")).unwrap();
    fs::write(folder.path().join("extracts").join(name), bytes).unwrap();
    folder
}

fn run(folder: &Path, status: i32) -> String {
    unfolded(&says(folder, status, &["run", "--as-of", DAY]))
}

fn quarantined(folder: &Path) -> String {
    query(folder, "SELECT reason, line FROM quarantine.tickets ORDER BY line")
}

#[test]
fn a_text_with_nul_is_set_aside() {
    let rows = "X1,Bill\0ing,2026-11-16 10:00:00,4\nX\u{0},Billing,2026-11-16 10:00:00,4\n";
    let shop = shop("tickets_2.csv", format!("{HEADER}{rows}").as_bytes());
    let good: String =
        (0..3).map(|row| format!("Y{row},Billing,2026-11-16 10:00:00,4\n")).collect();
    fs::write(shop.path().join("extracts/tickets_2.csv"), format!("{HEADER}{rows}{good}")).unwrap();
    run(shop.path(), 0);
    assert_eq!(quarantined(shop.path()), "reason,line\nnul_character,2\nnul_character,3\n");
}

#[test]
fn utf16_without_its_mark_is_named() {
    let little: Vec<u8> = HEADER.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let big: Vec<u8> = HEADER.encode_utf16().flat_map(u16::to_be_bytes).collect();
    for (bytes, order) in [(little, "little"), (big, "big")] {
        let said = run(shop("tickets_2.csv", &bytes).path(), 3);
        assert!(
            said.contains(&format!("UTF-16, {order} endian, without a byte order mark")),
            "{said}"
        );
        assert!(
            said.contains("set `encoding` in the source file to `utf-16le` or `utf-16be`"),
            "{said}"
        );
    }
}

#[test]
fn a_name_that_is_no_text_is_refused_where_a_source_would_claim_it() {
    let shop =
        shop("tickets_2.csv", format!("{HEADER}X1,Billing,2026-11-16 10:00:00,4\n").as_bytes());
    let extracts = shop.path().join("extracts");
    let name = std::ffi::OsStr::from_bytes(b"tickets_\xff.csv");
    fs::rename(extracts.join("tickets_2.csv"), extracts.join(name)).unwrap();
    let said = run(shop.path(), 3);
    assert!(said.contains("its name is not UTF-8"), "{said}");
    fs::rename(extracts.join(name), extracts.join(std::ffi::OsStr::from_bytes(b"other_\xff.txt")))
        .unwrap();
    run(shop.path(), 0);
}

#[test]
fn a_date_that_the_engine_cannot_hold_is_set_aside_unless_it_means_no_value() {
    let good: String =
        (0..3).map(|row| format!("Y{row},Billing,2026-11-16 10:00:00,4\n")).collect();
    let rows = "X1,Billing,2999-12-31 00:00:00,4\nX2,Billing,2262-04-12 00:00:00,4\n";
    let shop = shop("tickets_2.csv", format!("{HEADER}{rows}{good}").as_bytes());
    run(shop.path(), 0);
    assert_eq!(quarantined(shop.path()), "reason,line\nplaceholder_date,2\nplaceholder_date,3\n");
    // What counts nanoseconds holds every date that lands.
    query(
        shop.path(),
        "SELECT max(to_char(opened_at, '%Y')), max(date_trunc('month', opened_at)) FROM fact.ticket",
    );
}

#[test]
fn nobody_waits_for_a_pipe() {
    let shop = shop("tickets_2.csv", HEADER.as_bytes());
    let pipe = shop.path().join("pipe.csv");
    assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let asked = Command::new("timeout")
        .args([
            "30",
            program().to_str().unwrap(),
            "--log-format",
            "text",
            "add",
            "source",
            "pipe.csv",
        ])
        .current_dir(shop.path())
        .output()
        .unwrap();
    let said = unfolded(&String::from_utf8(asked.stderr).unwrap());
    assert_eq!(asked.status.code(), Some(3), "{said}");
    assert!(said.contains("it is a folder, pipe or device, not a regular file"), "{said}");
}

#[test]
fn the_state_of_a_project_cannot_lie_among_its_extracts() {
    let shop =
        shop("tickets_2.csv", format!("{HEADER}X1,Billing,2026-11-16 10:00:00,4\n").as_bytes());
    for state in ["extracts", "extracts/state", "./extracts/../extracts/a/b"] {
        let said = unfolded(&says(shop.path(), 2, &["--state", state, "run", "--as-of", DAY]));
        assert!(said.contains("lies in the extracts folder"), "{state}: {said}");
    }
    says(shop.path(), 0, &["--state", "extracts_state", "run", "--as-of", DAY]);
}
