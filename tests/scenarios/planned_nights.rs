//! What `plan` says before a night is what the run of that night then builds, measures, renders and sends.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::binary::{copy, files_below, logged_at, root, rows, scorewright_at};

const MONDAY: &str = "2026-11-23 03:30:00";

const QUOTIENT: &str = "title = \"Rating per ticket\"\nsays = \"CSAT divided by tickets\"\nunit = \"count\"\n\
    direction = \"neutral\"\nkind = \"derived\"\nformula = \"csat_top2 / tickets_created\"\nminimum_sample = 1\n";

const MAIL: &str = "[mail]\nfrom = \"Scorewright <scorecards@example.com>\"\n\
    to = [\"ann@example.com\", \"board@example.com\"]\n\n[[group]]";

/// A shop with a metric that is made of metrics, and two who get its report by mail.
struct Shop(tempfile::TempDir);

/// What a plan says of a night, or a run did.
#[derive(Debug, PartialEq)]
struct Night {
    built: BTreeSet<String>,
    measured: BTreeSet<String>,
    /// `scorecard 2026-W47`.
    rendered: BTreeSet<String>,
    /// `scorecard 2026-W47 ann@example.com`.
    mailed: BTreeSet<String>,
}

impl Shop {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        copy(&root().join("tests/scenarios/base"), folder.path());
        let shop = Self(folder);
        shop.write("pipelines/metrics/rating_per_ticket.toml", QUOTIENT);
        shop.edit("reports/scorecard/report.toml", "[[group]]", MAIL);
        shop
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    fn write(&self, file: &str, text: &str) {
        fs::write(self.path().join(file), text).unwrap();
    }

    fn edit(&self, file: &str, from: &str, to: &str) {
        let text = fs::read_to_string(self.path().join(file)).unwrap();
        assert!(text.contains(from), "{file} has {from}");
        self.write(file, &text.replacen(from, to, 1));
    }

    /// Tickets of a file, each with its day and rating.
    fn deliver(&self, file: &str, tickets: &[(&str, &str, u32)]) {
        let line = |(number, day, rating): &(&str, &str, u32)| {
            format!("{number},Billing,{day} 23:30:00,{rating}\n")
        };
        let lines: String = tickets.iter().map(line).collect();
        self.write(&format!("extracts/{file}"), &format!("Ticket,Team,Opened,Rating\n{lines}"));
    }

    fn mails(&self) -> BTreeSet<PathBuf> {
        let folder = self.path().join("out/mail");
        let files = if folder.is_dir() { files_below(&folder) } else { Vec::new() };
        files.into_iter().map(|(path, _)| path).collect()
    }

    /// What is planned for a night; mails by what would become of them.
    fn planned(&self, instant: &str, options: &[&str]) -> Vec<Value> {
        let words = [&["plan", "--output", "json"], options].concat();
        let ended = scorewright_at(instant, self.path(), &words);
        assert_eq!(ended.status, 0, "{}", ended.said);
        rows(&ended.answer)
    }

    /// Plans and runs a night, which must agree; gives what was planned.
    ///
    /// Whether figures change is only known once they are measured.
    fn night(&self, instant: &str, options: &[&str], are_figures_changed: bool) -> Vec<Value> {
        let planned = self.planned(instant, options);
        let before = self.mails();
        let run = logged_at(instant, self.path(), &[&["run"], options].concat());
        assert!([0, 5].contains(&run.status), "{}{}", run.answer, run.said);
        let states: &[&str] =
            if are_figures_changed { &["due", "owed", "if_changed"] } else { &["due", "owed"] };
        let done = done(self.path(), &run.said, &self.mails(), &before);
        assert_eq!(said(&planned, states), done, "{planned:?}");
        planned
    }
}

/// What a plan says; mails of these states are sent.
fn said(planned: &[Value], states: &[&str]) -> Night {
    let text = |object: &Value, key: &str| object[key].as_str().unwrap().to_owned();
    let of = |kind: &'static str| planned.iter().filter(move |object| object["kind"] == kind);
    let issue = |object: &Value| format!("{} {}", text(object, "report"), text(object, "period"));
    let is_sent = |mail: &&Value| states.contains(&mail["state"].as_str().unwrap());
    Night {
        built: of("table").filter(|it| it["build"] == true).map(|it| text(it, "table")).collect(),
        measured: of("metric")
            .filter(|it| it["measure"] == true)
            .map(|it| text(it, "metric"))
            .collect(),
        rendered: of("report").map(issue).collect(),
        mailed: of("mail")
            .filter(is_sent)
            .map(|mail| format!("{} {}", issue(mail), text(mail, "to")))
            .collect(),
    }
}

/// What a run did, by its log and the mails that are there after it.
fn done(project: &Path, log: &str, mails: &BTreeSet<PathBuf>, before: &BTreeSet<PathBuf>) -> Night {
    let events: Vec<Value> = log.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let changed = |event: &'static str, key: &'static str| {
        let of =
            events.iter().filter(move |it| it["event"] == event && it["is_unchanged"] == false);
        of.map(|it| it[key].as_str().unwrap().to_owned()).collect()
    };
    let pages = events.iter().filter(|it| it["event"] == "document_written");
    let pages = pages.filter_map(|it| it["path"].as_str());
    let issue = |page: &str| {
        let mut folders = page.rsplit('/').skip(1);
        let (period, report) = (folders.next().unwrap(), folders.next().unwrap());
        format!("{report} {period}")
    };
    let mailed = mails.difference(before).map(|file| {
        let mail = fs::read_to_string(project.join("out/mail").join(file)).unwrap();
        let to = mail.lines().find_map(|line| line.strip_prefix("To: ")).unwrap();
        let name = file.to_string_lossy();
        let week = name.find("2026-W").map(|at| &name[at..at + 8]).unwrap();
        format!("scorecard {week} {to}")
    });
    Night {
        built: changed("table_built", "table"),
        measured: changed("metric_measured", "metric"),
        rendered: pages.map(issue).collect(),
        mailed: mailed.collect(),
    }
}

/// The states of the mails that are planned.
fn states(planned: &[Value]) -> Vec<&str> {
    let mails = planned.iter().filter(|object| object["kind"] == "mail");
    mails.map(|mail| mail["state"].as_str().unwrap()).collect()
}

/// Why `csat_top2`, `rating_per_ticket` and `tickets_created` are measured.
fn reasons(planned: &[Value]) -> [Option<&str>; 3] {
    ["csat_top2", "rating_per_ticket", "tickets_created"].map(|metric| {
        let planned = planned.iter().find(|object| object["metric"] == metric);
        planned.expect("every metric is told")["why"].as_str()
    })
}

fn late(planned: &[Value]) -> &Value {
    let report = planned.iter().find(|object| object["kind"] == "report");
    &report.expect("a report is rendered")["late"]
}

#[test]
fn each_night_does_what_was_planned() {
    let shop = Shop::new();
    let (yes, no) = (true, false);
    let whole = [("T901", "2026-11-22", 5)];
    shop.deliver("tickets_w47.csv", &whole);
    let first = shop.night(MONDAY, &[], no);
    assert_eq!(states(&first), ["due", "due"], "{first:?}");
    assert_eq!(reasons(&first), [Some("new"), Some("always"), Some("new")]);

    let nothing = shop.night(MONDAY, &[], no);
    assert_eq!(said(&nothing, &["due", "if_changed"]), said(&[], &[]), "nothing is new");

    shop.deliver("tickets_more.csv", &[("T902", "2026-11-18", 1)]);
    let more = shop.night(MONDAY, &[], yes);
    assert_eq!(states(&more), ["if_changed", "if_changed"], "a correction follows");
    assert_eq!(reasons(&more), [Some("changed"), Some("always"), Some("changed")]);

    shop.edit("pipelines/models/fact/ticket.sql", "SELECT", "SELECT -- as before\n");
    shop.night(MONDAY, &[], no);

    shop.edit("pipelines/metrics/csat_top2.toml", "title = \"", "title = \"Our ");
    let titled = shop.night(MONDAY, &[], no);
    assert_eq!(reasons(&titled), [None, Some("always"), None], "their values stay");

    shop.edit("pipelines/metrics/csat_top2.toml", "score >= 4", "score >= 3");
    shop.edit("pipelines/metrics/csat_top2.toml", "title", "version = 2\ntitle");
    let formula = shop.night(MONDAY, &[], yes);
    assert_eq!(reasons(&formula), [Some("changed"), Some("always"), None]);

    shop.night("2026-11-24 03:30:00", &[], no);
}

#[test]
fn the_mail_of_a_week_is_due_on_monday_once_the_week_is_delivered() {
    let shop = Shop::new();
    shop.deliver("tickets_w47.csv", &[("T901", "2026-11-22", 5)]);
    shop.night(MONDAY, &[], false);
    let late_week = shop.night("2026-11-30 03:30:00", &[], false);
    assert_eq!(late(&late_week), &serde_json::json!(["tickets"]));
    assert_eq!(states(&late_week), ["held", "held"], "{late_week:?}");
    let same = shop.night("2026-11-30 04:30:00", &[], false);
    assert_eq!(states(&same), ["held", "held"], "nothing is new, and the mails wait");
    shop.deliver("tickets_w48.csv", &[("T903", "2026-11-26", 4), ("T904", "2026-11-29", 5)]);
    let whole_week = shop.night("2026-11-30 05:30:00", &[], false);
    assert_eq!(late(&whole_week), &serde_json::json!([]));
    assert_eq!(states(&whole_week), ["due", "due"], "{whole_week:?}");
}

#[test]
fn a_held_mail_goes_out_with_the_first_run_after_its_deadline() {
    let shop = Shop::new();
    shop.deliver("tickets_w47.csv", &[("T901", "2026-11-22", 5)]);
    shop.night("2026-11-30 03:30:00", &[], false);
    let over = shop.night("2026-12-01 03:31:00", &[], false);
    assert_eq!(states(&over), ["due", "due"], "{over:?}");
}

#[test]
fn the_mail_of_a_week_of_long_ago_is_not_planned() {
    let shop = Shop::new();
    let planned = shop.night("2027-01-10 03:30:00", &["--as-of", "2026-11-16"], false);
    assert_eq!(states(&planned), ["withheld", "withheld"], "{planned:?}");
}
