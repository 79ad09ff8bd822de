//! The small project with a mail, and runs of it while the clock of the machine stands at an instant.

use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::binary::{Ended, copy, files_below, root, scorewright_at};
use crate::datasets::unfolded;

const MAIL: &str =
    "[mail]\nfrom = \"a@example.com\"\nto = [\"board@example.com\"]\n[hold]\nfor = \"0h\"\n";

/// Tickets before those of the small project, so that there is something to say of each day of 2026.
const EARLIER: &str = "Ticket,Team,Opened,Rating\n\
    E01,Billing,2025-12-30 09:00:00,5\n\
    E02,Returns,2026-02-24 09:00:00,4\n\
    E03,Billing,2026-03-24 09:00:00,4\n";

/// The small project with a mail, in a time zone.
pub(crate) fn project(zone: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    copy(&root().join("tests/scenarios/base"), folder.path());
    fs::write(folder.path().join("extracts/tickets_0.csv"), EARLIER).unwrap();
    edit(folder.path(), "scorewright.toml", |text| text.replace("Europe/Berlin", zone));
    edit(folder.path(), "reports/scorecard/report.toml", |text| format!("{text}\n{MAIL}"));
    folder
}

pub(crate) fn edit(folder: &Path, file: &str, edit: impl FnOnce(String) -> String) {
    let path = folder.join(file);
    let text = fs::read_to_string(&path).unwrap();
    fs::write(path, edit(text)).unwrap();
}

/// A run while the clock stands at an instant, with further arguments; it must end with a status.
pub(crate) fn run(folder: &Path, instant: &str, status: i32, more: &[&str]) -> Ended {
    let mut ended = scorewright_at(instant, folder, &[&["run"], more].concat());
    ended.said = unfolded(&ended.said);
    assert_eq!(ended.status, status, "{instant} {more:?}: {}{}", ended.answer, ended.said);
    ended
}

/// What `status --output json` says while the clock stands at an instant.
pub(crate) fn state(folder: &Path, instant: &str) -> Value {
    let ended = scorewright_at(instant, folder, &["status", "--output", "json"]);
    serde_json::from_str(&ended.answer).unwrap_or_else(|bad| panic!("{bad}: {}", ended.said))
}

/// The as-of day of the newest version, and sequence and as-of day of the newest run.
pub(crate) fn newest(folder: &Path, instant: &str) -> (String, u64, String) {
    let state = state(folder, instant);
    let run = &state["last_run"];
    let day = |value: &Value| value.as_str().unwrap().to_owned();
    (day(&state["as_of"]), run["sequence"].as_u64().unwrap(), day(&run["as_of"]))
}

/// A run that is to be the newest one, of a sequence and a day, and what it says.
pub(crate) fn ran(folder: &Path, instant: &str, sequence: u64, day: &str) -> Ended {
    ran_with(folder, instant, sequence, day, &[])
}

pub(crate) fn ran_with(
    folder: &Path,
    instant: &str,
    sequence: u64,
    day: &str,
    more: &[&str],
) -> Ended {
    let ended = run(folder, instant, 0, more);
    assert_eq!(newest(folder, instant), (day.into(), sequence, day.into()), "{instant}");
    ended
}

/// The mails that are written, by their periods.
pub(crate) fn mails(folder: &Path) -> usize {
    let mails = folder.join("out/mail");
    if mails.is_dir() { files_below(&mails).len() } else { 0 }
}

/// Whether the pages of a period are published.
pub(crate) fn has_page(folder: &Path, period: &str) -> bool {
    folder.join("out/pages/scorecard").join(period).join("scorecard.html").is_file()
}
