//! Random deliveries, night by night: each day sees what a replay of all rows so far gives, and what a warehouse sees
//! that is given the same files at once.

use std::collections::{BTreeMap, BTreeSet};

use super::history::{changing, delivered, may};
use super::*;

/// Numbers that look random, the same for the same seed.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % sides
    }
}

#[derive(Debug, Clone)]
struct Row {
    key: u64,
    /// Day of May; none is a row without its moment.
    day: Option<u64>,
    status: u64,
}

/// A file: its number, which says how late it was delivered, and its rows.
type Delivery = (u64, Vec<Row>);

fn deliveries(dice: &mut Dice) -> Vec<Delivery> {
    let mut files: Vec<Delivery> = Vec::new();
    for number in 1..=7 {
        let mut rows: Vec<Row> = (0..=dice.roll(6))
            .map(|_| Row {
                key: dice.roll(5),
                day: Some(1 + dice.roll(12)).filter(|_| dice.roll(8) > 0),
                status: dice.roll(3),
            })
            .collect();
        // Rows that were delivered before come again.
        let before: Vec<Row> = files.iter().flat_map(|(_, rows)| rows.clone()).collect();
        rows.extend(before.into_iter().filter(|_| dice.roll(4) == 0));
        files.push((number, rows));
    }
    // Some never come, and the others in any order.
    files.retain(|_| dice.roll(8) > 0);
    for place in (1..files.len()).rev() {
        let other = usize::try_from(dice.roll(place as u64 + 1)).unwrap();
        files.swap(place, other);
    }
    files
}

/// How a source tells when its rows hold from.
#[derive(Clone, Copy, PartialEq)]
enum Told {
    ByChange,
    ByName,
}

/// What a key was by moment, number of the file and line.
type VersionsOfKey = BTreeMap<(Option<u64>, u64, usize), String>;

impl Told {
    fn source(self) -> Source {
        match self {
            Self::ByChange => changing(r"delivered = { name = '_(\d+)\.csv' }"),
            Self::ByName => {
                delivered(r"delivered = { name = '(?<year>\d{4})-(?<month>\d\d)-(?<day>\d\d)' }")
            }
        }
    }

    fn receive(self, stage: &Stage, (number, rows): &Delivery) {
        let line = |row: &Row| match row.day.filter(|_| self == Self::ByChange) {
            Some(day) => format!("K{},2026-05-{day:02},s{}\n", row.key, row.status),
            None => format!("K{},,s{}\n", row.key, row.status),
        };
        let text: String = rows.iter().map(line).collect();
        // The number makes every content another one.
        let text = format!("id,at,status\nF{number},,s{number}\n{text}");
        stage.receive(&format!("t_2026-05-{number:02}_{number}.csv"), text);
    }

    /// What each key is on a day, by a plain replay of all rows: in the order of moments and of deliveries.
    fn replay(self, files: &[Delivery], day: u64) -> BTreeSet<String> {
        let mut rows: BTreeMap<String, VersionsOfKey> = BTreeMap::new();
        for (number, of_file) in files {
            let moment = |row: &Row| match self {
                Self::ByChange => row.day,
                Self::ByName => Some(*number),
            };
            let own = (self == Self::ByName).then_some(*number);
            rows.entry(format!("F{number}")).or_default().insert((own, 0, 0), format!("s{number}"));
            for (line, row) in of_file.iter().enumerate() {
                let place = (moment(row), *number, line);
                let status = format!("s{}", row.status);
                rows.entry(format!("K{}", row.key)).or_default().insert(place, status);
            }
        }
        let state = |(key, rows): (String, VersionsOfKey)| {
            let known =
                rows.iter().rev().find(|((moment, ..), _)| moment.is_none_or(|at| at < day));
            let first = rows.keys().next().unwrap().0;
            let reaching_back = rows.iter().rev().find(|((moment, ..), _)| *moment == first);
            format!("{key} {}", known.or(reaching_back).unwrap().1)
        };
        rows.into_iter().map(state).collect()
    }
}

/// Key and status of each row of `raw`.
fn visible(stage: &Stage) -> BTreeSet<String> {
    let of = |row: String| {
        let parts: Vec<&str> = row.split('|').collect();
        format!("{} {}", parts[0], parts[2])
    };
    let rows = stage.rows("raw");
    let found: BTreeSet<String> = rows.iter().cloned().map(of).collect();
    assert_eq!(found.len(), rows.len(), "one row of each key: {rows:?}");
    found
}

/// All versions, without the file and line each is kept of.
fn versions(stage: &Stage) -> Vec<String> {
    let without_place = |row: String| row.rsplitn(3, '|').nth(2).unwrap().to_owned();
    let mut rows: Vec<String> = stage.rows("history").into_iter().map(without_place).collect();
    rows.sort();
    rows
}

fn prove(told: Told, seed: u64) {
    let mut dice = Dice(seed * 7919 + 1);
    let source = told.source();
    let (stage, files) = (Stage::new(), deliveries(&mut dice));
    let (mut there, mut day) = (Vec::new(), 0);
    let see = |there: &[Delivery], day: u64, is_compared: bool| {
        let as_of = may(i8::try_from(day).unwrap());
        let (report, snapshot) = stage.land_as_of(&source, as_of);
        assert!(report.refused.is_empty(), "{:?}", report.refused);
        assert!(snapshot.landings.iter().all(|landing| landing.books.is_balanced()));
        let expected = told.replay(there, day);
        assert_eq!(visible(&stage), expected, "seed {seed}, day {day}, files {there:?}");
        if !is_compared {
            return;
        }
        let fresh = Stage::new();
        for file in there {
            told.receive(&fresh, file);
        }
        let (_, of_fresh) = fresh.land_as_of(&source, as_of);
        assert_eq!(visible(&fresh), expected, "seed {seed}, day {day}: at once");
        assert_eq!(versions(&stage), versions(&fresh), "seed {seed}, day {day}");
        let accepted = |snapshot: &Snapshot| -> u64 {
            snapshot.landings.iter().map(|landing| landing.books.accepted).sum()
        };
        assert_eq!(accepted(&snapshot), accepted(&of_fresh), "seed {seed}, day {day}");
    };
    for file in files {
        day += 1 + dice.roll(2);
        told.receive(&stage, &file);
        there.push(file);
        if dice.roll(4) > 0 {
            see(&there, day, true);
        }
    }
    see(&there, 13, true);
    for day in [3, 1, 8, 5, 12, 13] {
        see(&there, day, day == 5);
    }
}

#[test]
fn each_day_sees_what_a_replay_by_times_of_change_gives() {
    (0..20).for_each(|seed| prove(Told::ByChange, seed));
}

#[test]
fn each_day_sees_what_a_replay_by_days_of_delivery_gives() {
    (0..20).for_each(|seed| prove(Told::ByName, seed));
}
