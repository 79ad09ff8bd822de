//! Rows of all files of a source brought together: what is there once, twice, or in conflict.
//!
//! It works on one part of a table at a time: rows of the same key are always in the same part. Only hashes are looked
//! at, some of them at a time, so a part may be far larger than memory.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use crate::bundle::{Bundle, Marks};
use crate::format::Place;
use crate::source::{Load, Source};
use crate::stash::StashError;

/// Which rows stay, and what became of the others.
#[derive(Debug, Default)]
pub(crate) struct Merged {
    /// For each bundle, which of its rows stay; `None` when all that are wanted do.
    pub(crate) keep: Vec<Option<Vec<bool>>>,
    pub(crate) tallies: BTreeMap<Arc<str>, Tally>,
}

/// What became of rows of one file that do not stay.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(crate) struct Tally {
    pub(crate) duplicates: u64,
    pub(crate) superseded: u64,
    /// Rows whose key another row with other values has, in the order of lines.
    pub(crate) conflicts: Vec<Place>,
}

impl Tally {
    /// Rows that do not stay.
    pub(crate) fn gone(&self) -> u64 {
        self.duplicates + self.superseded + self.conflicts.len() as u64
    }

    /// Adds what became of rows of the same file in another part of the table.
    pub(crate) fn add(&mut self, other: Self) {
        self.duplicates += other.duplicates;
        self.superseded += other.superseded;
        self.conflicts.extend(other.conflicts);
        self.conflicts.sort();
    }
}

/// Rows whose hashes are in memory at once.
const AT_ONCE: usize = 4 << 20;

/// A row: its bundle and its number there.
type Row = (u32, u32);

/// A row whose key may be there several times.
struct Suspect<'a> {
    row: Row,
    file: &'a Arc<str>,
    content: u64,
    moment: Option<i64>,
    place: Place,
}

enum Fate {
    Duplicate,
    Superseded,
    Conflict,
}

/// Decides for every row whether it stays.
///
/// Bundles come in the order of precedence: rows that are there already, then the new files by path.
/// - Without a key every row stays.
/// - `append`: the first row of a key stays; equal ones are duplicates, others conflicts.
/// - `upsert`: the newest row of a key stays, of equally new ones the one with the later file and line. Of rows equal
///   to it the one with the first file and line stays, the rest are duplicates; others are superseded.
pub(crate) fn merge(source: &Source, bundles: &[Bundle]) -> Result<Merged, StashError> {
    let mut merged = Merged { keep: vec![None; bundles.len()], tallies: BTreeMap::new() };
    if source.key.is_empty() {
        return Ok(merged);
    }
    let rows: usize = bundles.iter().map(|bundle| bundle.rows).sum();
    let passes = rows.div_ceil(AT_ONCE).next_power_of_two() as u64;
    for pass in 0..passes {
        let several = several(source, bundles, |hash| hash % passes == pass)?;
        let marks = marks(source, bundles, &several)?;
        for rows in several {
            for suspects in same_key(bundles, &marks, rows) {
                merged.decide(source.load, bundles, &suspects);
            }
        }
    }
    merged.tallies.values_mut().for_each(|tally| tally.conflicts.sort());
    Ok(merged)
}

/// Rows of the same hash of their key, where there are several; in the order of precedence.
fn several(
    source: &Source,
    bundles: &[Bundle],
    is_wanted: impl Fn(u64) -> bool,
) -> Result<Vec<Vec<Row>>, StashError> {
    let mut found: Vec<(u64, Row)> = Vec::new();
    for (number, bundle) in (0..).zip(bundles) {
        let keys = bundle.keys(source)?;
        for (_, stretch) in &bundle.files {
            let hashes = (0..).zip(keys.values()).skip(stretch.start).take(stretch.len());
            found.extend(
                hashes
                    .filter(|(_, hash)| is_wanted(**hash))
                    .map(|(row, hash)| (*hash, (number, row))),
            );
        }
    }
    found.sort_unstable();
    let groups = found.chunk_by(|left, right| left.0 == right.0).filter(|group| group.len() > 1);
    Ok(groups.map(|group| group.iter().map(|(_, row)| *row).collect()).collect())
}

/// The marks of bundles that have rows among them.
fn marks(
    source: &Source,
    bundles: &[Bundle],
    several: &[Vec<Row>],
) -> Result<HashMap<u32, Marks>, StashError> {
    let numbers: BTreeSet<u32> = several.iter().flatten().map(|row| row.0).collect();
    numbers
        .into_iter()
        .map(|number| Ok((number, bundles[number as usize].marks(source)?)))
        .collect()
}

/// Rows of the same hash told apart by their whole key.
fn same_key<'a>(
    bundles: &'a [Bundle],
    marks: &HashMap<u32, Marks>,
    rows: Vec<Row>,
) -> impl Iterator<Item = Vec<Suspect<'a>>> {
    let mut keys: BTreeMap<(u64, u64), Vec<Suspect>> = BTreeMap::new();
    for row in rows {
        let (bundle, marks, number) = (&bundles[row.0 as usize], &marks[&row.0], row.1 as usize);
        keys.entry(marks.key(number)).or_default().push(Suspect {
            row,
            file: bundle.file(number),
            content: marks.content(number),
            moment: marks.moment(number),
            place: marks.place(number),
        });
    }
    let in_order = |mut suspects: Vec<Suspect<'a>>| {
        suspects.sort_by_key(|suspect| (bundles[suspect.row.0 as usize].cut, suspect.place.line));
        suspects
    };
    keys.into_values().map(in_order)
}

/// The row of a key that stays.
fn staying<'a, 'b>(load: Load, suspects: &'b [Suspect<'a>]) -> Option<&'b Suspect<'a>> {
    let origin = |suspect: &&Suspect<'a>| (suspect.file, suspect.place.line);
    match load {
        Load::Append | Load::Snapshot => suspects.first(),
        Load::Upsert => {
            let newest = suspects.iter().max_by_key(|suspect| (suspect.moment, origin(suspect)))?;
            suspects.iter().filter(|suspect| suspect.content == newest.content).min_by_key(origin)
        }
    }
}

impl Merged {
    fn decide(&mut self, load: Load, bundles: &[Bundle], suspects: &[Suspect]) {
        let Some(stays) = staying(load, suspects) else { return };
        let content = stays.content;
        for suspect in suspects.iter().filter(|suspect| suspect.row != stays.row) {
            let fate = match load {
                _ if suspect.content == content => Fate::Duplicate,
                Load::Append | Load::Snapshot => Fate::Conflict,
                Load::Upsert => Fate::Superseded,
            };
            self.remove(bundles, suspect, &fate);
        }
    }

    fn remove(&mut self, bundles: &[Bundle], suspect: &Suspect, fate: &Fate) {
        let (bundle, row) = (suspect.row.0 as usize, suspect.row.1 as usize);
        self.keep[bundle].get_or_insert_with(|| vec![true; bundles[bundle].rows])[row] = false;
        let tally = self.tallies.entry(Arc::clone(suspect.file)).or_default();
        match fate {
            Fate::Duplicate => tally.duplicates += 1,
            Fate::Superseded => tally.superseded += 1,
            Fate::Conflict => tally.conflicts.push(suspect.place),
        }
    }
}
