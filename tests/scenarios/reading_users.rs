//! Users who may only read: what they get, and what they are told of the rest.

use std::fs::{self, File, Permissions};
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use serde_json::Value;

use crate::binary::{files_below, scorewright};
use crate::datasets::unfolded;
use crate::readers_project::{
    as_stranger, group, hand_over, is_root, project, run, run_twice, set_files, written,
};

const COUNT: [&str; 4] = ["query", "SELECT count(*) AS n FROM fact.ticket", "--output", "csv"];

/// The project, open to a group.
fn open_project() -> tempfile::TempDir {
    let project = project();
    set_files(project.path(), Some(&format!("group = {}", group())));
    run_twice("022", project.path());
    project
}

fn state(answer: &str) -> Value {
    serde_json::from_str(answer).unwrap()
}

#[test]
fn a_member_of_the_group_queries_tables_and_is_refused_quarantine() {
    let project = open_project();
    let asked = |arguments: &[&str]| as_stranger(Some(group()), project.path(), arguments);
    let count = asked(&COUNT);
    assert_eq!((count.status, count.answer.as_str()), (0, "n\n60\n"), "{}", count.said);
    for sql in ["SELECT * FROM quarantine.tickets", "SELECT 1 FROM fact.ticket, quarantine.tickets"]
    {
        let refused = asked(&["query", sql]);
        let said = unfolded(&refused.said);
        assert_ne!(refused.status, 0);
        assert!(said.contains("cannot read `") && said.contains(": permission denied"), "{said}");
        assert!(said.contains("`[files] group` does not open quarantine"), "{said}");
    }
    let listed = asked(&["quarantine", "list"]);
    assert_ne!(listed.status, 0);
    let said = unfolded(&listed.said);
    assert!(said.contains("`[files] group` does not open quarantine"), "{said}");
    let explained = asked(&["explain", "csat_top2", "--period", "2026-W47"]);
    assert_eq!(explained.status, 0, "{}", explained.said);
}

#[test]
fn a_member_of_the_group_compares_versions_without_opening_quarantine() {
    let project = open_project();
    let words = ["diff", "--output", "json"];
    let asked = as_stranger(Some(group()), project.path(), &words);
    assert_eq!(asked.status, 0, "{}", asked.said);
    assert!(asked.answer.contains("\"table\":\"quarantine.tickets\""), "{}", asked.answer);
    assert_eq!(asked.answer, scorewright(project.path(), &words).answer);
}

#[test]
fn a_member_of_the_group_renders_into_a_folder_of_their_own() {
    let project = open_project();
    let own = tempfile::tempdir().unwrap();
    fs::set_permissions(own.path(), Permissions::from_mode(0o777)).unwrap();
    let to = own.path().to_str().unwrap();
    let rendered = as_stranger(Some(group()), project.path(), &["render", "--to", to]);
    assert_eq!(rendered.status, 0, "{}", rendered.said);
    assert!(
        unfolded(&rendered.said).contains("may not read what was delivered"),
        "{}",
        rendered.said
    );
    let shown = |folder: &Path| fs::read(folder.join("scorecard.html")).unwrap();
    let delivered = project.path().join("out/pages/scorecard/2026-W48");
    assert!(shown(&own.path().join("scorecard")) == shown(&delivered), "the page of the version");
}

#[test]
fn what_a_member_may_not_read_is_not_known_and_not_fine() {
    let project = open_project();
    let project = project.path();
    let asked = |arguments: &[&str]| as_stranger(Some(group()), project, arguments);
    let text = asked(&["status"]);
    assert_eq!(text.status, 5, "a refused file is left out: {}", text.said);
    assert!(text.answer.starts_with("version    2, made for 2026-11-30"), "{}", text.answer);
    assert!(
        text.answer.contains("\nbooks ") && text.answer.contains("\ntables "),
        "{}",
        text.answer
    );
    let unknown = "not known  the outbox, the ledger, the runs: not readable by this user\n";
    assert!(text.answer.ends_with(unknown), "{}", text.answer);
    assert!(!text.answer.contains("last run"), "{}", text.answer);
    let json = state(&asked(&["status", "--output", "json"]).answer);
    assert_eq!(json["not_readable"], serde_json::json!(["outbox", "ledger", "runs"]));
    for key in ["held", "last_run"] {
        assert_eq!(json[key], Value::Null, "{key}: {json}");
    }
    assert_eq!(json["is_running"], false);
    let own = state(&scorewright(project, &["status", "--output", "json"]).answer);
    assert_eq!(own["not_readable"], serde_json::json!([]));
    assert_eq!(own["held"].as_array().unwrap().len(), 1, "{own}");
    assert_eq!((&json["books"], &json["tables"]), (&own["books"], &own["tables"]));
}

#[test]
fn nothing_outstanding_is_not_said_of_deliveries_that_are_not_known() {
    let project = project();
    let project = project.path();
    set_files(project, Some(&format!("group = {}", group())));
    fs::remove_file(project.join("extracts/tickets_bad.csv")).unwrap();
    let ended = scorewright(project, &["run", "--as-of", "2026-11-23"]);
    assert_eq!(ended.status, 0, "{}{}", ended.answer, ended.said);
    let known = state(&scorewright(project, &["status", "--output", "json"]).answer);
    assert_eq!(known["outstanding"], serde_json::json!([]));
    let asked = as_stranger(Some(group()), project, &["status", "--output", "json"]);
    assert_eq!(asked.status, 0, "by what is known: {}", asked.said);
    assert_eq!(state(&asked.answer)["outstanding"], Value::Null);
}

#[test]
fn a_member_sees_that_a_run_is_active() {
    let project = open_project();
    let lock = File::options().write(true).open(project.path().join("warehouse/lock")).unwrap();
    lock.try_lock().unwrap();
    let asked = as_stranger(Some(group()), project.path(), &["status", "--output", "json"]);
    assert_eq!((asked.status, &state(&asked.answer)["is_running"]), (75, &Value::Bool(true)));
}

#[test]
fn who_is_in_no_group_is_told_what_would_open_the_versions() {
    let project = open_project();
    for arguments in [&COUNT[..], &["status"], &["explain", "csat_top2", "--period", "2026-W47"]] {
        let refused = as_stranger(None, project.path(), arguments);
        let said = unfolded(&refused.said);
        assert_eq!(refused.status, 74, "{said}");
        assert!(said.contains("warehouse/versions`: permission denied"), "{said}");
        assert!(said.contains("`[files] group` in `scorewright.toml` opens tables"), "{said}");
    }
}

#[test]
fn other_tables_do_not_touch_quarantine() {
    let project = project();
    run("022", project.path(), "2026-11-23");
    let folder = project.path().join("warehouse/tables/quarantine");
    fs::rename(&folder, project.path().join("away")).unwrap();
    let count = scorewright(project.path(), &COUNT);
    assert_eq!((count.status, count.answer.as_str()), (0, "n\n60\n"), "{}", count.said);
    let missing = scorewright(project.path(), &["query", "SELECT * FROM quarantine.tickets"]);
    assert_ne!(missing.status, 0, "what is asked for must be there");
}

#[test]
fn a_view_of_quarantine_hinders_no_other_table() {
    let project = project();
    let models = project.path().join("pipelines/models/staging");
    let sql = "-- One row per rejected row.\nSELECT file, line, reason FROM quarantine.tickets\n";
    fs::write(models.join("rejected.sql"), sql).unwrap();
    let companion = "says = \"One row per rejected row.\"\ngrain = [\"file\", \"line\"]\nmaterialization = \"view\"\n";
    fs::write(models.join("rejected.toml"), companion).unwrap();
    set_files(project.path(), Some(&format!("group = {}", group())));
    run("022", project.path(), "2026-11-23");
    let asked = |arguments: &[&str]| as_stranger(Some(group()), project.path(), arguments);
    assert_eq!(asked(&COUNT).answer, "n\n60\n");
    let refused = asked(&["query", "SELECT * FROM staging.rejected"]);
    let said = unfolded(&refused.said);
    assert!(said.contains("`[files] group` does not open quarantine"), "{said}");
    let own = scorewright(project.path(), &["query", "SELECT * FROM staging.rejected"]);
    assert_eq!(own.status, 0, "{}", own.said);
}

#[test]
fn a_project_that_cannot_be_written_can_be_asked() {
    let project = project();
    let project = project.path();
    run_twice("022", project);
    let before = files_below(project);
    hand_over(project);
    let set = |mode: u32| {
        for (path, found) in written(project) {
            let mode = if found.is_dir() { mode } else { mode & 0o666 };
            fs::set_permissions(project.join(path), Permissions::from_mode(mode)).unwrap();
        }
        fs::set_permissions(project, Permissions::from_mode(mode)).unwrap();
    };
    set(0o555);
    let asked = |arguments: &[&str]| {
        if is_root() {
            as_stranger(None, project, arguments)
        } else {
            scorewright(project, arguments)
        }
    };
    let count = asked(&COUNT);
    let status = asked(&["status"]);
    let explained = asked(&["explain", "csat_top2", "--period", "2026-W47"]);
    set(0o755);
    assert_eq!((count.status, count.answer.as_str()), (0, "n\n60\n"), "{}", count.said);
    assert_eq!(status.status, 5, "{}", status.said);
    assert!(!status.answer.contains("not known"), "{}", status.answer);
    assert!(status.answer.contains("last run   for 2026-11-30"), "{}", status.answer);
    assert_eq!(explained.status, 0, "{}", explained.said);
    assert!(files_below(project) == before, "nothing was written");
}

#[test]
fn a_project_of_another_user_that_all_may_read_can_be_asked() {
    let project = project();
    let project = project.path();
    run_twice("022", project);
    // As a program left them that followed the umask.
    for (path, found) in written(project) {
        let is_closed = ["out/outbox", "out/mail", "warehouse/ledger", "warehouse/refused"];
        if !is_closed.iter().any(|folder| path.starts_with(folder)) {
            let mode = if found.is_dir() { 0o755 } else { 0o644 };
            fs::set_permissions(project.join(path), Permissions::from_mode(mode)).unwrap();
        }
    }
    if !is_root() {
        println!("the other user is left out: only root can be another user");
        return;
    }
    let count = as_stranger(None, project, &COUNT);
    assert_eq!((count.status, count.answer.as_str()), (0, "n\n60\n"), "{}", count.said);
    let status = as_stranger(None, project, &["status"]);
    assert_eq!(status.status, 5, "{}", status.said);
    let unknown = "not known  the outbox, the ledger: not readable by this user\n";
    assert!(status.answer.ends_with(unknown), "{}", status.answer);
    assert!(status.answer.contains("last run   for 2026-11-30"), "{}", status.answer);
}
