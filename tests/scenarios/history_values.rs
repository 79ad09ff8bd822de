//! Nights of random deliveries of sources with history: the values of each version are those of a fresh start, and those of
//! a plain replay of what was delivered.
//!
//! `SCOREWRIGHT_SEEDS=20` tells as many stories; `just history` does.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::binary::{copy, root, rows, scorewright};
use crate::draws::{Draws, tell_stories};

const NIGHTS: usize = 3;
/// Monday, 5 January 2026, in days since 1970; the nights are two and more weeks after it.
const FIRST_DAY: i64 = 20_458;
const DAY: i64 = 86_400;
const VALUES: &str = "SELECT period, segment, numerator, denominator FROM kpi.value WHERE denominator > 0 \
                      ORDER BY period, segment";

/// A version of an account or a ticket.
#[derive(Debug)]
struct Version {
    key: String,
    /// The account of a ticket.
    account: String,
    opened: i64,
    /// Its segment, or its status.
    held: &'static str,
    modified: i64,
    /// Which night brings it.
    night: usize,
}

/// The second at which the as-of day of a night begins.
fn as_of(night: usize) -> i64 {
    (FIRST_DAY + 7 * (i64::try_from(night).unwrap() + 2)) * DAY
}

fn day(second: i64) -> Date {
    Timestamp::from_second(second).unwrap().to_zoned(TimeZone::UTC).date()
}

fn versions(draws: &mut Draws, prefix: &str, keys: i64, words: [&'static str; 2]) -> Vec<Version> {
    let mut all = Vec::new();
    for number in 0..keys {
        let opened = FIRST_DAY * DAY + draws.below(28 * DAY);
        let account = format!("a{}", draws.below(4));
        let mut modified = opened;
        for change in 0..=draws.below(4) {
            let on_time = (0..NIGHTS).find(|night| modified < as_of(*night)).unwrap_or(NIGHTS);
            all.push(Version {
                key: format!("{prefix}{number}"),
                account: account.clone(),
                opened,
                held: words[usize::try_from(change + draws.below(2)).unwrap() % 2],
                modified,
                night: on_time + usize::from(draws.below(4) == 0),
            });
            modified += 1 + draws.below(9 * DAY);
        }
    }
    all
}

/// Writes what a night brings.
fn deliver(project: &Path, name: &str, header: &str, versions: &[Version], night: usize) {
    let mut lines = vec![header.to_owned()];
    // The newest first: the order of lines says nothing.
    for version in versions.iter().rev().filter(|version| version.night == night) {
        let [opened, modified] = [version.opened, version.modified]
            .map(|second| Timestamp::from_second(second).unwrap().to_string());
        lines.push(match name {
            "tickets" => {
                format!("{},{},{opened},{},{modified}", version.key, version.account, version.held)
            }
            _ => format!("{},{},{modified}", version.key, version.held),
        });
    }
    if lines.len() > 1 {
        let file = project.join(format!("extracts/{name}_{night}.csv"));
        fs::write(file, lines.join("\n") + "\n").unwrap();
    }
}

/// Numerator and denominator of each week and segment, counted from what was delivered up to a night.
fn replay(
    accounts: &[Version],
    tickets: &[Version],
    night: usize,
    as_of: i64,
) -> BTreeMap<(String, String), (u32, u32)> {
    let mut known: BTreeMap<&str, Vec<&Version>> = BTreeMap::new();
    for version in accounts.iter().chain(tickets).filter(|version| version.night <= night) {
        known.entry(&version.key).or_default().push(version);
    }
    for versions in known.values_mut() {
        versions.sort_by_key(|version| version.modified);
    }
    let held_at = |key: &str, moment: i64| {
        let versions = known.get(key)?;
        let held = versions.iter().rev().find(|version| version.modified <= moment);
        Some(*held.unwrap_or(&versions[0]))
    };
    let mut counted = BTreeMap::new();
    for key in known.keys().filter(|key| key.starts_with('t')) {
        let ticket = held_at(key, as_of).unwrap();
        if ticket.opened >= as_of {
            continue;
        }
        let week = day(ticket.opened).iso_week_date();
        let period = format!("{}-W{:02}", week.year(), week.week());
        let segment = held_at(&ticket.account, ticket.opened).map_or("(none)", |one| one.held);
        for segment in ["", segment] {
            let sums: &mut (u32, u32) =
                counted.entry((period.clone(), segment.to_owned())).or_default();
            *sums = (sums.0 + u32::from(ticket.held == "solved"), sums.1 + 1);
        }
    }
    counted
}

fn run(project: &Path, night: usize) {
    let ended = scorewright(project, &["run", "--as-of", &day(as_of(night)).to_string()]);
    assert_eq!(ended.status, 0, "{}{}", ended.answer, ended.said);
}

fn values(project: &Path, snapshot: &[&str]) -> BTreeMap<(String, String), (u32, u32)> {
    let asked = scorewright(project, &[&["query", "--output", "json", VALUES], snapshot].concat());
    let number = |row: &serde_json::Value, column: &str| {
        let text = row[column].to_string();
        text.trim_matches('"').parse::<f64>().unwrap().to_string().parse().unwrap()
    };
    let text = |row: &serde_json::Value, column: &str| row[column].as_str().unwrap().to_owned();
    let entry = |row: &serde_json::Value| {
        let key = (text(row, "period"), text(row, "segment"));
        (key, (number(row, "numerator"), number(row, "denominator")))
    };
    rows(&asked.answer).iter().map(entry).collect()
}

fn project(folder: &Path) {
    copy(&root().join("tests/scenarios/history_values/project"), folder);
    fs::create_dir(folder.join("extracts")).unwrap();
}

fn tell(seed: u64) {
    let mut draws = Draws(seed);
    let mut accounts = versions(&mut draws, "a", 4, ["large", "small"]);
    let mut tickets = versions(&mut draws, "t", 25, ["open", "solved"]);
    // The first night brings something of each: a source without any extract stops it.
    (accounts[0].night, tickets[0].night) = (0, 0);
    let kept = tempfile::tempdir().unwrap();
    project(kept.path());
    for night in 0..NIGHTS {
        let fresh = tempfile::tempdir().unwrap();
        project(fresh.path());
        for folder in [kept.path(), fresh.path()] {
            for past in 0..=night {
                deliver(folder, "accounts", "account_id,segment,modified_at", &accounts, past);
                let header = "ticket_id,account_id,opened_at,status,modified_at";
                deliver(folder, "tickets", header, &tickets, past);
            }
            run(folder, night);
        }
        let expected = replay(&accounts, &tickets, night, as_of(night));
        assert!(!expected.is_empty());
        assert_eq!(values(fresh.path(), &[]), expected, "seed {seed}, night {night}, fresh");
        assert_eq!(values(kept.path(), &[]), expected, "seed {seed}, night {night}, kept");
    }
    // What is known by now, as of the first night.
    run(kept.path(), 0);
    let expected = replay(&accounts, &tickets, NIGHTS - 1, as_of(0));
    assert_eq!(values(kept.path(), &[]), expected, "seed {seed}, the first day once more");
    let first = replay(&accounts, &tickets, 0, as_of(0));
    assert_eq!(values(kept.path(), &["--snapshot", "1"]), first, "seed {seed}, what was said then");
}

#[test]
fn the_values_of_each_night_are_those_of_a_fresh_start_and_of_a_plain_replay() {
    tell_stories(2, tell);
}
