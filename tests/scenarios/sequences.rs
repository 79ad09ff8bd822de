//! Nights of random deliveries, corrections and edits: what each leaves is what a fresh start makes of all of it at once, in
//! every table, every value and every page.
//!
//! `SCOREWRIGHT_SEEDS=200` tells as many sequences; `just sequences` does.

mod help_desk;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use self::help_desk::HelpDesk;
use crate::aged_nights::digests;
use crate::binary::{copy, files_below, root, rows, scorewright};
use crate::draws::{Draws, tell_stories};

const NIGHTS: i64 = 4;

/// Places of files of the project that change to and fro: each is one text or the other.
const EDITS: [(&str, &str, &str); 7] = [
    ("models/fact/ticket.sql", "INTERVAL '3 days'", "INTERVAL '2 days'"),
    ("models/fact/rating.sql", "BY rated_at DESC", "BY rated_at"),
    ("models/dim/customer.sql", "coalesce(survivor.segment, customer.segment)", "customer.segment"),
    ("models/fact/account_week.sql", "'28 days'", "'35 days'"),
    ("metrics/slow.toml", "Slow tickets", "Tickets that took long"),
    ("metrics/rating.toml", "\"team\", \"segment\"", "\"team\""),
    ("metrics/resolution.toml", "by = [\"team\"]", "by = [\"segment\", \"team\"]"),
];

/// Rows as they landed, without what says how they came.
const RAW: [(&str, &str); 4] = [
    ("customers", "customer_id, segment, merged_into, updated_at"),
    ("plans", "customer_id, plan"),
    ("ratings", "rating_id, ticket_id, rated_at, score"),
    ("tickets", "ticket_id, customer_id, team, opened_at, solved_at, updated_at"),
];

/// All that must not depend on the nights in which it came.
#[derive(PartialEq)]
struct Left {
    /// The digest of each table that is made of what landed, by name.
    digests: BTreeMap<String, Value>,
    /// The files of the tables of values, which have the names of their contents.
    values: Vec<Value>,
    raw: Vec<Vec<Value>>,
    /// Pages, Markdown, `scorecard.json` and mails.
    pages: Vec<(PathBuf, Vec<u8>)>,
}

impl Left {
    fn of(project: &Path) -> Self {
        let Value::Object(digests) = digests(project) else { panic!("digests are by table") };
        let is_made = |table: &String| !table.starts_with("raw.");
        let digests = digests.into_iter().filter(|(table, _)| is_made(table)).collect();
        let current = fs::read(project.join("warehouse/CURRENT.json")).unwrap();
        let current: Value = serde_json::from_slice(&current).unwrap();
        let values = ["value", "standing", "coverage"]
            .map(|table| current["tables"][format!("kpi.{table}")].clone());
        let raw = RAW.map(|(table, columns)| {
            let sql = format!("SELECT {columns} FROM raw.{table} ORDER BY {columns}");
            rows(&answer(project, &["query", "--output", "json", &sql]))
        });
        let shown = tempfile::tempdir().unwrap();
        answer(project, &["render", "--to", shown.path().to_str().unwrap()]);
        let pages = files_below(shown.path());
        Self { digests, values: values.into(), raw: raw.into(), pages }
    }

    fn without_pages(self) -> Self {
        Self { pages: Vec::new(), ..self }
    }

    /// Names what differs.
    fn assert_eq(&self, fresh: &Self, told: &str) {
        assert_eq!(self.raw, fresh.raw, "{told}: rows that landed");
        assert_eq!(self.digests, fresh.digests, "{told}: tables");
        assert_eq!(self.values, fresh.values, "{told}: files of values");
        let pages = self.pages.iter().zip(&fresh.pages).filter(|(one, other)| one != other);
        let pages: Vec<&PathBuf> = pages.map(|(page, _)| &page.0).collect();
        assert!(self == fresh, "{told}: pages {pages:?}");
    }
}

fn answer(project: &Path, asked: &[&str]) -> String {
    let ended = scorewright(project, asked);
    assert_eq!(ended.status, 0, "{asked:?}: {}{}", ended.answer, ended.said);
    ended.answer
}

/// Runs for a day, and says why where it ends otherwise than expected.
fn run(project: &Path, day: &str, status: i32, told: &str) {
    let ended = scorewright(project, &["run", "--as-of", day]);
    assert_eq!(ended.status, status, "{told}\n{}{}", ended.answer, ended.said);
}

/// The project as it is by now, with all its extracts and without what its nights left.
fn fresh(project: &Path) -> tempfile::TempDir {
    let fresh = tempfile::tempdir().unwrap();
    for part in ["extracts", "pipelines", "reports"] {
        copy(&project.join(part), &fresh.path().join(part));
    }
    fs::copy(project.join("scorewright.toml"), fresh.path().join("scorewright.toml")).unwrap();
    fresh
}

/// Changes one place of the project, or changes it back.
fn edit(project: &Path, draws: &mut Draws) -> &'static str {
    let (file, one, other) = *draws.pick(&EDITS);
    let path = project.join("pipelines").join(file);
    let text = fs::read_to_string(&path).unwrap();
    // The one may begin with the other, or end with it.
    let is_one = text.contains(one) && (one.contains(other) || !text.contains(other));
    let (from, to) = if is_one { (one, other) } else { (other, one) };
    let changed = text.replacen(from, to, 1);
    assert_ne!(text, changed, "{file} has one of both");
    fs::write(path, changed).unwrap();
    file
}

/// A ticket that is delivered once more with another month is in two of them: nothing is published, here and afresh.
fn move_a_key(project: &Path, desk: &mut HelpDesk, told: &str) {
    let day = desk.day();
    let moved = desk.move_a_ticket(project);
    run(project, &day, 3, &format!("{told}: a key that moved"));
    run(fresh(project).path(), &day, 3, &format!("{told}: a key that moved, afresh"));
    fs::remove_file(moved).unwrap();
}

/// Delivers and edits, and runs for the day.
fn night(project: &Path, desk: &mut HelpDesk, number: i64, told: &mut String) {
    *told += &format!(", night {number}: {}", desk.deliver(project, number));
    if number > 0 && desk.draws.below(2) == 0 {
        *told += &format!(", {} edited", edit(project, &mut desk.draws));
    }
    if number > 0 && desk.draws.below(8) == 0 {
        move_a_key(project, desk, told);
    }
    run(project, &desk.day(), 0, told);
}

/// What the nights so far left, and what a fresh start makes.
fn both(project: &Path, day: &str, told: &str) -> [Left; 2] {
    let fresh = fresh(project);
    run(fresh.path(), day, 0, &format!("{told}, afresh"));
    [Left::of(project), Left::of(fresh.path())]
}

fn tell(seed: u64) {
    let kept = tempfile::tempdir().unwrap();
    let project = kept.path();
    copy(&root().join("tests/scenarios/sequences/project"), project);
    fs::create_dir(project.join("extracts")).unwrap();
    let (mut desk, mut told) = (HelpDesk::new(seed), format!("seed {seed}"));
    for number in 0..NIGHTS {
        desk.next_day();
        night(project, &mut desk, number, &mut told);
    }
    let [left, fresh] = both(project, &desk.day(), &told);
    left.assert_eq(&fresh, &told);
    // The same day once more: pages are another revision then.
    night(project, &mut desk, NIGHTS, &mut told);
    let [left, fresh] = both(project, &desk.day(), &told).map(Left::without_pages);
    left.assert_eq(&fresh, &told);
}

#[test]
fn nights_leave_what_a_fresh_start_makes() {
    tell_stories(20, tell);
}
