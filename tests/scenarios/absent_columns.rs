//! A metric without a value names the columns that extracts came without, and only those.

use std::fs;
use std::path::{Path, PathBuf};

use crate::binary::{copy, root, scorewright};

/// The week of the tickets below is the last whole one.
const DAY: &str = "2026-10-12";

const WEEK: &str = "2026-W41";

/// A project of presets, with the extracts of layouts that lie under `tests/exports/`.
fn project(folder: &Path, sources: &str, layouts: &[&str]) -> PathBuf {
    let made = scorewright(folder, &["init", "p", "--sources", sources]);
    assert_eq!(made.status, 0, "{}{}", made.answer, made.said);
    let project = folder.join("p");
    for layout in layouts {
        copy(
            &root().join("tests/exports").join(layout).join("extracts"),
            &project.join("extracts"),
        );
    }
    project
}

fn run(project: &Path) {
    let run = scorewright(project, &["run", "--as-of", DAY]);
    assert_eq!(run.status, 0, "{}{}", run.answer, run.said);
}

fn page(project: &Path, name: &str) -> String {
    let path = project.join("out/pages/scorecard").join(WEEK).join(name);
    fs::read_to_string(&path).unwrap_or_else(|bad| panic!("{}: {bad}", path.display()))
}

/// By line of the page: its value, and why there is none.
fn missing(project: &Path, id: &str) -> Option<String> {
    let card: serde_json::Value = serde_json::from_str(&page(project, "scorecard.json")).unwrap();
    let groups = card["groups"].as_array().unwrap().iter();
    let mut lines = groups.flat_map(|group| group["lines"].as_array().unwrap());
    let line = lines.find(|line| line["id"] == id).unwrap_or_else(|| panic!("no line {id}"));
    assert_eq!(line["missing"]["words"], line["display"]["missing"]);
    line["display"]["missing"].as_str().map(str::to_owned)
}

const NO_REPLY: &str = "no rows in the period: Freshdesk tickets came without first_replied_at and first_reply_seconds";

#[test]
fn every_page_names_what_an_export_of_chosen_fields_lacks() {
    let folder = tempfile::tempdir().unwrap();
    let project = project(folder.path(), "freshdesk_tickets", &["freshdesk-chosen-fields"]);
    run(&project);
    let is = |id: &str| missing(&project, id).unwrap_or_default();
    assert_eq!(is("first_reply:median"), NO_REPLY);
    let without = "no rows in the period: Freshdesk tickets came without";
    assert_eq!(is("full_resolution:p90"), format!("{without} resolution_seconds"));
    assert_eq!(is("sla_attainment"), format!("{without} due_at and resolution_status"));
    // No export of the product tells reopenings: no column would help.
    assert_eq!(is("reopen_rate"), "no rows in the period");
    assert_eq!(is("one_touch"), "nothing to divide by");
    for name in ["scorecard.html", "scorecard.md"] {
        let text = page(&project, name).replace('\\', "");
        assert!(text.contains(NO_REPLY), "{name}\n{text}");
    }
    let mails = crate::binary::files_below(&project.join("out/mail"));
    let mail = mails.iter().map(|(_, bytes)| String::from_utf8_lossy(bytes).into_owned());
    assert!(mail.collect::<String>().contains("came without"), "the mail says it");
    let again = scorewright(&project, &["render", "--to", "again"]);
    assert_eq!(again.status, 0, "{}", again.said);
    let rendered = fs::read_to_string(project.join("again/scorecard/scorecard.md")).unwrap();
    assert_eq!(rendered, page(&project, "scorecard.md"));
}

#[test]
fn a_column_that_is_there_and_empty_is_not_named() {
    let folder = tempfile::tempdir().unwrap();
    let project = project(folder.path(), "freshdesk_tickets", &["freshdesk-chosen-fields"]);
    let path = project.join("extracts/freshdesk_tickets_1.csv");
    let text = fs::read_to_string(&path).unwrap();
    // A column at the end of the header alone: rows without it have nothing there.
    let named = |line: &str| line.replace("Company Name", "Company Name,Initial response time");
    let with_end = |line: &str| {
        let is_end = line.ends_with("Acme") || line.ends_with("Birch") || line.ends_with("Cedar");
        if is_end { format!("{line},") } else { named(line) }
    };
    fs::write(&path, text.lines().map(|line| with_end(line) + "\n").collect::<String>()).unwrap();
    run(&project);
    let is = missing(&project, "first_reply:median").unwrap();
    assert_eq!(is, "no rows in the period: Freshdesk tickets came without first_reply_seconds");
}

#[test]
fn a_column_that_one_extract_has_is_not_named() {
    let folder = tempfile::tempdir().unwrap();
    let project = project(folder.path(), "freshdesk_tickets", &["freshdesk-chosen-fields"]);
    let header = "Ticket ID,Status,Created time,Initial response time,First response time (in hrs)";
    let row = "9,Open,2026-09-01 08:00:00,2026-09-01 09:00:00,1:00:00";
    fs::write(project.join("extracts/freshdesk_tickets_2.csv"), format!("{header}\n{row}\n"))
        .unwrap();
    run(&project);
    assert_eq!(missing(&project, "first_reply:median").unwrap(), "no rows in the period");
}

#[test]
fn a_product_is_named_only_while_no_other_gives_a_value() {
    let folder = tempfile::tempdir().unwrap();
    let layouts = ["freshdesk-chosen-fields", "zendesk-view-chosen-columns"];
    let project = project(folder.path(), "freshdesk_tickets,zendesk_tickets", &layouts);
    run(&project);
    // Zendesk tells how long a solution took.
    assert_eq!(missing(&project, "full_resolution:median"), None);
    let no_reply = NO_REPLY.replace("no rows in the period", "delivered until Thursday 8 October");
    let both = format!("{no_reply}, Zendesk tickets came without first_reply_seconds");
    assert_eq!(missing(&project, "first_reply:median").unwrap(), both);
}

#[test]
fn without_a_count_of_reopenings_nothing_is_solved_at_first_contact() {
    let folder = tempfile::tempdir().unwrap();
    let project = project(folder.path(), "zendesk_tickets", &["zendesk-view-chosen-columns"]);
    let extracts = fs::read_dir(project.join("extracts")).unwrap();
    let path = extracts.map(|entry| entry.unwrap().path()).next().unwrap();
    let text = fs::read_to_string(&path).unwrap();
    let left_out = text.lines().next().unwrap().split(',').position(|name| name == "Reopens");
    let without = |line: &str| {
        let mut cells: Vec<&str> = line.split(',').collect();
        cells.remove(left_out.unwrap());
        cells.join(",") + "\n"
    };
    fs::write(&path, text.lines().map(without).collect::<String>()).unwrap();
    run(&project);
    let is = missing(&project, "one_touch").unwrap();
    assert_eq!(is, "delivered until Thursday 8 October: Zendesk tickets came without reopens");
}
