//! Made weeks: what page, mail, status and ledger say of deliveries that are sparse, late, half, dated ahead, missing or
//! repeated. Week 48 of 2026 runs from Monday 23 to Sunday 29 November; runs are for Monday the 30th.

use std::fs;
use std::path::Path;

use crate::binary::{Ended, copy, files_below, root, rows, scorewright, stored_version};
use crate::datasets::unfolded;

const SOURCE: &str = "pipelines/sources/tickets.toml";
const REPORT: &str = "reports/scorecard/report.toml";
const MAIL: &str = "[mail]\nfrom = \"a@example.com\"\nto = [\"board@example.com\"]\n";
const NOW: &str = "[hold]\nfor = \"0h\"\n";
const GOAL: &str = "[[target]]\nmetric = \"tickets_created\"\nkind = \"keep\"\nvalue = 10\nfrom = 2026-01-01\nowner = \"Head\"\n";

/// The small project after week 47, with a mail that says its verdict at once; `settings` are further keys of its source.
fn project(settings: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    copy(&root().join("tests/scenarios/base"), folder.path());
    edit(folder.path(), SOURCE, |text| format!("{settings}\n{text}"));
    edit(folder.path(), REPORT, |text| format!("{text}\n{MAIL}{NOW}"));
    edit(folder.path(), "pipelines/targets.toml", |text| format!("{text}\n{GOAL}"));
    edit(folder.path(), "pipelines/metrics/tickets_created.toml", |text| {
        text.replace("direction = \"neutral\"", "direction = \"higher_is_better\"")
    });
    let ran = run(folder.path(), "2026-11-23");
    assert_eq!(ran.status, 0, "{}", ran.said);
    folder
}

fn edit(folder: &Path, file: &str, edit: impl FnOnce(String) -> String) {
    let path = folder.join(file);
    let text = fs::read_to_string(&path).unwrap();
    fs::write(path, edit(text)).unwrap();
}

fn run(folder: &Path, day: &str) -> Ended {
    scorewright(folder, &["run", "--as-of", day])
}

/// An extract with a ticket at each of these times, rated 5.
fn receive(folder: &Path, file: &str, times: &[&str]) {
    let mut text = "Ticket,Team,Opened,Rating\n".to_owned();
    for time in times {
        let name: String = time.chars().filter(char::is_ascii_digit).collect();
        text += &format!("N{name},Billing,{time},5\n");
    }
    fs::write(folder.join("extracts").join(file), text).unwrap();
}

const MONDAY: &str = "2026-11-23 09:00:00";
const WEDNESDAY: &str = "2026-11-25 10:00:00";
const THURSDAY: &str = "2026-11-26 17:00:00";
const SATURDAY: &str = "2026-11-28 11:00:00";
const SUNDAY: &str = "2026-11-29 17:00:00";

/// Tickets opened in week 48 as tables, pages and mails state them.
#[derive(Debug, PartialEq)]
struct Told {
    status: i32,
    /// Value, part, and why there is no value.
    value: (Option<f64>, Option<f64>, String),
    /// Coverage in `kpi.coverage`.
    coverage: String,
    /// The line of the page.
    line: String,
    subject: String,
    /// What the commit owes, and what the ledger says of each revision.
    ledger: String,
}

fn told(folder: &Path) -> Told {
    let ran = run(folder, "2026-11-30");
    let question = "SELECT value, numerator, coalesce(null_reason, '') AS why, coverage FROM kpi.value AS found \
        JOIN kpi.coverage AS reach ON reach.metric = found.metric AND reach.period = found.period \
        WHERE found.metric = 'tickets_created' AND found.period = '2026-W48' AND dimension = ''";
    let answer = scorewright(folder, &["query", "--output", "json", question]);
    let row = rows(&answer.answer).remove(0);
    let page =
        fs::read_to_string(folder.join("out/pages/scorecard/2026-W48/scorecard.md")).unwrap();
    let line = page.lines().find(|line| line.starts_with("| Tickets opened")).unwrap();
    Told {
        status: ran.status,
        value: (
            row["value"].as_f64(),
            row["numerator"].as_f64(),
            row["why"].as_str().unwrap().to_owned(),
        ),
        coverage: row["coverage"].as_str().unwrap().to_owned(),
        line: plain(line),
        subject: subjects(folder).pop().unwrap_or_default(),
        ledger: ledger(folder),
    }
}

/// What the newest version owes of week 48, and the deliveries of each revision that came to an end:
/// `owed r2 | r1 eml accepted, pages accepted | r2 …`.
fn ledger(folder: &Path) -> String {
    let parsed = |bytes: &[u8]| serde_json::from_slice::<serde_json::Value>(bytes).unwrap();
    let versions = files_below(&folder.join("warehouse/versions")).len() as u64;
    let newest = stored_version(&folder.join("warehouse"), versions);
    let issues = newest["issues"].as_array().unwrap().clone();
    let owed = issues.iter().find(|issue| issue["period"] == "2026-W48").unwrap();
    let mut told = format!("owed r{}", owed["revision"]);
    for (name, file) in files_below(&folder.join("warehouse/ledger/scorecard")) {
        if name.to_string_lossy().starts_with("2026-W48") {
            let issue = &parsed(&file)["issue"];
            let state = |entry: &serde_json::Value| {
                let route = entry["label"]["route"].as_str().unwrap().to_owned();
                format!("{route} {}", entry["state"].as_str().unwrap())
            };
            let mut ended: Vec<String> =
                issue["ended"].as_array().unwrap().iter().map(state).collect();
            ended.sort();
            told += &format!(" | r{} {}", issue["revision"], ended.join(", "));
        }
    }
    told
}

/// A line of a table without its trend.
fn plain(line: &str) -> String {
    let cells: Vec<&str> = line.split('|').map(str::trim).collect();
    [cells[2], cells[3], cells[4], cells[6], cells[7]].join(" | ").replace('\u{a0}', " ")
}

/// Subjects of the mails about week 48, by revision.
fn subjects(folder: &Path) -> Vec<String> {
    let mut mails: Vec<_> = fs::read_dir(folder.join("out/mail"))
        .map(|mails| mails.flatten().map(|mail| mail.path()).collect())
        .unwrap_or_default();
    mails.retain(|mail: &std::path::PathBuf| mail.to_string_lossy().contains("2026-W48"));
    mails.sort();
    let subject = |mail: &std::path::PathBuf| {
        let text = fs::read_to_string(mail).unwrap().replace("\r\n ", " ").replace("\r\n", "\n");
        text.lines().find_map(|line| line.strip_prefix("Subject: ").map(str::to_owned)).unwrap()
    };
    mails.iter().map(subject).collect()
}

fn of_part(part: f64) -> (Option<f64>, Option<f64>, String) {
    (None, Some(part), "not_covered".into())
}

const ONCE: &str = "owed r1 | r1 eml accepted, pages accepted";
const TWICE: &str = "owed r2 | r1 eml accepted, pages accepted | r2 eml accepted, pages accepted";
const PARTIAL: &str = "[Partial] No verdict yet: 2 partial - w/e 29 Nov";

#[test]
fn a_week_with_pauses_that_ends_on_sunday_afternoon_is_whole() {
    let folder = project("");
    receive(folder.path(), "tickets_48.csv", &[MONDAY, WEDNESDAY, SUNDAY]);
    let told = told(folder.path());
    assert_eq!((told.status, &*told.coverage), (0, "covered"));
    assert_eq!(told.value, (Some(3.0), Some(3.0), String::new()));
    assert!(told.line.ends_with("at least 10, 7 short | ■ off track"), "{}", told.line);
    assert_eq!(told.subject, "1 off track: Tickets opened 3 (goal 10) - w/e 29 Nov");
    assert_eq!(told.ledger, ONCE);
}

#[test]
fn a_source_that_falls_silent_is_not_a_fall_to_zero() {
    let folder = project("");
    let silent = told(folder.path());
    assert_eq!(silent.value, of_part(0.0));
    assert_eq!((silent.status, &*silent.coverage, &*silent.subject), (0, "missing", PARTIAL));
    assert_eq!(silent.ledger, ONCE);
    let line = "n/a (nothing after Sunday 22 November) | – | – | at least 10 | ◐ partial";
    assert_eq!(silent.line, line);
    receive(folder.path(), "tickets_48.csv", &[MONDAY, WEDNESDAY, THURSDAY, SATURDAY, SUNDAY]);
    let whole = told(folder.path());
    assert_eq!(whole.value, (Some(5.0), Some(5.0), String::new()));
    assert_eq!((whole.status, &*whole.coverage, &*whole.ledger), (0, "covered", TWICE));
    assert_eq!(
        subjects(folder.path()),
        [PARTIAL, "Complete: 1 off track: Tickets opened 5 (goal 10) - w/e 29 Nov"]
    );
}

#[test]
fn half_a_week_is_shown_with_its_reach_and_judged_by_nothing() {
    let folder = project("");
    receive(folder.path(), "tickets_48.csv", &[MONDAY, WEDNESDAY, THURSDAY]);
    let half = told(folder.path());
    assert_eq!(half.value, of_part(3.0));
    assert_eq!((half.status, &*half.coverage, &*half.subject), (0, "partial", PARTIAL));
    assert_eq!(half.ledger, ONCE);
    assert_eq!(half.line, "n/a (3 until Thursday 26 November) | – | – | at least 10 | ◐ partial");
    let page = fs::read_to_string(folder.path().join("out/pages/scorecard/2026-W48/scorecard.md"));
    let page = page.unwrap();
    let banner = "**Partial data.** Help desk tickets ends on Thursday 26 November; Customer satisfaction (CSAT) and Tickets opened rest on it.";
    assert!(page.contains(banner), "{page}");
    for alarm in ["fell by", "rose by", "likely real", "off track:", "arrived"] {
        assert!(!page.contains(alarm), "{alarm}: {page}");
    }
    let standing = "SELECT status, previous, change, p, evidence, gap, series FROM kpi.standing \
        WHERE metric = 'csat_top2' AND grain = 'week' AND dimension = ''";
    let answer = scorewright(folder.path(), &["query", "--output", "json", standing]);
    let row = rows(&answer.answer).remove(0);
    assert_eq!(row["status"], "partial");
    for nothing in ["previous", "change", "p", "gap"] {
        assert!(row[nothing].is_null(), "{nothing}: {row}");
    }
}

#[test]
fn one_row_that_is_dated_ahead_covers_nothing() {
    let folder = project("");
    receive(folder.path(), "tickets_48.csv", &[MONDAY, WEDNESDAY, "2027-11-28 10:00:00"]);
    let told = told(folder.path());
    assert_eq!(told.value, of_part(2.0));
    assert_eq!((told.status, &*told.subject, &*told.ledger), (0, PARTIAL, ONCE));
    assert_eq!(told.line, "n/a (2 until Wednesday 25 November) | – | – | at least 10 | ◐ partial");
}

#[test]
fn a_quiet_weekend_is_no_hole_where_the_source_says_so() {
    let friday = [MONDAY, WEDNESDAY, THURSDAY, "2026-11-27 16:00:00"];
    for settings in
        ["quiet = \"3d\"", "working_days = [\"mon\", \"tue\", \"wed\", \"thu\", \"fri\"]"]
    {
        let folder = project(settings);
        receive(folder.path(), "tickets_48.csv", &friday);
        let told = told(folder.path());
        assert_eq!((told.status, &*told.coverage), (0, "covered"), "{settings}");
        assert_eq!(told.ledger, ONCE, "{settings}");
        assert_eq!(told.value, (Some(4.0), Some(4.0), String::new()));
    }
}

#[test]
fn what_is_delivered_twice_counts_once() {
    let folder = project("");
    receive(folder.path(), "tickets_48.csv", &[MONDAY, WEDNESDAY, SUNDAY]);
    let once = told(folder.path());
    receive(folder.path(), "tickets_48_again.csv", &[MONDAY, WEDNESDAY, SUNDAY]);
    receive(folder.path(), "tickets_48_part.csv", &[WEDNESDAY, SUNDAY]);
    let twice = told(folder.path());
    assert_eq!(twice, once);
    assert_eq!(subjects(folder.path()).len(), 1, "nobody gets the same again");
}

#[test]
fn an_overdue_source_is_told_and_one_that_is_required_stops_the_night() {
    let folder = project("expect = \"daily\"");
    let late = told(folder.path());
    assert_eq!((late.status, &*late.coverage), (5, "missing"));
    assert_eq!((&*late.subject, &*late.ledger), (PARTIAL, ONCE));
    let told = "source `tickets` is overdue: it reaches Monday 23 November 2026";
    for command in [vec!["run", "--as-of", "2026-11-30"], vec!["status"]] {
        let again = scorewright(folder.path(), &command);
        assert_eq!(again.status, 5, "{command:?}: {}{}", again.answer, again.said);
        assert!(unfolded(&again.answer).contains(told), "{command:?}: {}", again.answer);
    }
    let folder = project("expect = \"daily\"\nrequired = true");
    let stopped = run(folder.path(), "2026-11-30");
    assert_eq!(stopped.status, 4, "{}", stopped.said);
    assert!(stopped.said.contains("source `tickets` is overdue"), "{}", stopped.said);
    assert!(!folder.path().join("out/pages/scorecard/2026-W48").exists(), "nothing is published");
    receive(folder.path(), "tickets_48.csv", &[SUNDAY]);
    assert_eq!(run(folder.path(), "2026-11-30").status, 0);
}

#[test]
fn new_means_new_extracts_whatever_the_day() {
    let folder = project("");
    let again = scorewright(folder.path(), &["run", "--as-of", "2026-11-30", "--require-new"]);
    assert_eq!(again.status, 4, "{}", again.said);
    assert!(!folder.path().join("out/pages/scorecard/2026-W48").exists());
    receive(folder.path(), "tickets_48.csv", &[SUNDAY]);
    let new = scorewright(folder.path(), &["run", "--as-of", "2026-11-30", "--require-new"]);
    assert_eq!(new.status, 0, "{}", new.said);
}

#[test]
fn a_source_without_a_moment_is_judged_and_its_freshness_unknown() {
    let folder = project("");
    edit(folder.path(), SOURCE, |text| text.replace("watermark = \"opened_at\"\n", ""));
    receive(folder.path(), "tickets_48.csv", &[MONDAY, WEDNESDAY]);
    let told = told(folder.path());
    assert_eq!((told.status, &*told.coverage), (0, "unknown"));
    assert_eq!(told.value, (Some(2.0), Some(2.0), String::new()));
    let page = folder.path().join("out/pages/scorecard/2026-W48/scorecard.md");
    let page = fs::read_to_string(page).unwrap();
    assert!(page.contains("freshness of Help desk tickets unknown"), "{page}");
    assert!(!page.contains("arrived"), "{page}");
    let checked = scorewright(folder.path(), &["check"]);
    assert_eq!(checked.status, 0, "{}", checked.said);
    let asked = "nothing says how far source `tickets` has delivered";
    assert!(checked.said.contains(asked), "{}", checked.said);
}

#[test]
fn a_mail_waits_for_the_rest_of_its_week_and_goes_out_once() {
    let folder = project("");
    edit(folder.path(), REPORT, |text| text.replace(NOW, ""));
    receive(folder.path(), "tickets_48.csv", &[MONDAY, WEDNESDAY]);
    let half = told(folder.path());
    assert_eq!((half.status, &*half.subject), (0, ""), "held for 24 hours");
    assert_eq!(half.ledger, "owed r1 | r1 ", "not at its end while its mail is held");
    for command in [vec!["run", "--as-of", "2026-11-30"], vec!["status"]] {
        let again = scorewright(folder.path(), &command);
        assert_eq!(again.status, 0, "{command:?}: {}{}", again.answer, again.said);
        let held = "scorecard 2026-W48 r1: eml to board@example.com: held until ";
        let answer = unfolded(&again.answer);
        assert!(answer.contains(held), "{command:?}: {}", again.answer);
        assert!(answer.contains("Help desk tickets ends on Wednesday 25 November"));
    }
    receive(folder.path(), "tickets_48_rest.csv", &[THURSDAY, SUNDAY]);
    let whole = told(folder.path());
    let sent = "owed r2 | r1 eml cancelled, pages accepted | r2 eml accepted, pages accepted";
    assert_eq!((whole.status, &*whole.ledger), (0, sent));
    let one = "1 off track: Tickets opened 4 (goal 10) - w/e 29 Nov";
    assert_eq!(subjects(folder.path()), [one], "nobody saw the part, so nothing is corrected");
}

#[test]
fn a_part_that_grew_is_no_news_and_what_completes_it_is_no_correction() {
    let folder = project("");
    receive(folder.path(), "tickets_48.csv", &[MONDAY]);
    told(folder.path());
    receive(folder.path(), "tickets_48_more.csv", &[WEDNESDAY]);
    let grown = told(folder.path());
    let no_mail = "owed r2 | r1 eml accepted, pages accepted | r2 eml cancelled, pages accepted";
    assert_eq!((grown.status, &*grown.ledger), (0, no_mail));
    assert_eq!(subjects(folder.path()), [PARTIAL], "the page has it");
    receive(folder.path(), "tickets_48_rest.csv", &[SUNDAY]);
    told(folder.path());
    let whole = "1 off track: Tickets opened 3 (goal 10) - w/e 29 Nov";
    assert_eq!(subjects(folder.path()), [PARTIAL.to_owned(), format!("Complete: {whole}")]);
    receive(folder.path(), "tickets_48_late.csv", &[SATURDAY]);
    let ledger = told(folder.path()).ledger;
    assert_eq!(
        ledger,
        no_mail.replacen("r2", "r4", 1)
            + " | r3 eml accepted, pages accepted | r4 eml accepted, pages accepted"
    );
    let corrected = "Correction: 1 off track: Tickets opened 4 (goal 10) - w/e 29 Nov";
    assert_eq!(subjects(folder.path()).pop().as_deref(), Some(corrected));
}

#[test]
fn a_fact_over_a_calendar_is_as_late_as_what_is_looked_up_in_it() {
    let folder = project("");
    let write = |file: &str, text: &str| {
        let path = folder.path().join("pipelines").join(file);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    };
    write(
        "models/fact/day.sql",
        "SELECT day.day, count(tickets.ticket_id) AS tickets\nFROM (SELECT CAST(value AS TIMESTAMP) AS day FROM \
         generate_series(TIMESTAMP '2026-10-26', TIMESTAMP '2026-12-31', INTERVAL '1 day')) AS day\n\
         LEFT JOIN staging.tickets AS tickets ON date_trunc('day', tickets.opened_at) = day.day\nGROUP BY day.day\n",
    );
    write(
        "models/fact/day.toml",
        "says = \"One row per day.\"\ngrain = [\"day\"]\n[columns]\nday = \"Day\"\ntickets = \"Tickets\"\n",
    );
    write(
        "metrics/tickets_created.toml",
        "title = \"Tickets opened\"\nsays = \"Tickets\"\nunit = \"count\"\ndirection = \"higher_is_better\"\nkind = \"total\"\n\
         fact = \"fact.day\"\ntime = \"day\"\nnumerator = \"sum(tickets)\"\nversion = 2\n",
    );
    let silent = told(folder.path());
    assert_eq!((&*silent.coverage, silent.value.0), ("missing", None));
}
