//! Snapshots brought together: every version of a key, with the time it was valid (SCD2).
//!
//! A snapshot taken at `t` says what was true from `t` to the next one that is known, so snapshots may come in any
//! order: a late one cuts the versions it contradicts. Neighbours that are equal are one version.

use std::collections::BTreeMap;
use std::sync::Arc;

use arrow::array::{
    Array, ArrayRef, AsArray, BooleanArray, RecordBatch, TimestampMicrosecondArray, UInt32Array,
};
use arrow::compute::take;
use arrow::datatypes::{DataType, Field, Int64Type, Schema, TimestampMicrosecondType};
use arrow::error::ArrowError;
use hashbrown::HashTable;
use hashbrown::hash_table::Entry;

use scorewright_extract::{RowPosition, Source, VALID_FROM};

use crate::merge::{Tallies, Tally};
use crate::rows::row_hashes::column_values;
use crate::rows::table::{LINE, version_fields};

/// Rows of one file, in file order: the stored columns, then the line; just read, also byte and length.
#[derive(Debug, Clone)]
pub(crate) struct FileRows {
    pub(crate) file: Arc<str>,
    pub(crate) rows: RecordBatch,
    /// Whether they are versions that others superseded.
    pub(crate) is_superseded: bool,
}

/// What a row says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum RowUse {
    /// Nothing that others do not say.
    Silent,
    /// What was.
    Superseded,
    /// What is.
    Current,
}

/// One file that states every key of its moment.
pub(crate) struct SnapshotFile {
    pub(crate) taken_at: i64,
    /// When the next snapshot that is known was taken.
    pub(crate) until: Option<i64>,
    /// Whether rows of it are in quarantine: a key it does not show may be one of them, so it stays what it was.
    pub(crate) has_bad_rows: bool,
    pub(crate) file: Arc<str>,
    pub(crate) batches: Vec<RecordBatch>,
}

/// A row: which rows of a file it is among, and its number there.
type VersionRow = (u32, u32);

#[derive(Debug, Clone, Copy)]
struct Version {
    from: i64,
    to: Option<i64>,
    row: VersionRow,
}

/// All versions of all keys.
pub(crate) struct History {
    stored: usize,
    key: Vec<usize>,
    pieces: Vec<FileRows>,
    keys: HashTable<(u64, u32)>,
    /// By key: its versions in the order of time.
    versions: Vec<Vec<Version>>,
    /// By file: line and key of every row, and what the books know of it.
    known: BTreeMap<Arc<str>, BTreeMap<(i64, usize), RowUse>>,
    tallies: Tallies,
}

impl History {
    /// Starts from the versions that are there: rows with `valid_from` and `valid_to` after the stored columns.
    pub(crate) fn new(source: &Source, pieces: Vec<FileRows>) -> Self {
        let place = |wanted: &String| source.stored().position(|(name, _)| name == wanted);
        let mut history = Self {
            stored: source.stored().count(),
            key: source.key.iter().filter_map(place).collect(),
            pieces: Vec::new(),
            keys: HashTable::new(),
            versions: Vec::new(),
            known: BTreeMap::new(),
            tallies: Tallies::new(),
        };
        for piece in pieces {
            let at = |column: usize| {
                piece.rows.column(column).as_primitive::<TimestampMicrosecondType>().clone()
            };
            let (from, to) = (at(history.stored), at(history.stored + 1));
            for (key, row) in history.add(piece, history.stored + 2) {
                let place = row.1 as usize;
                let to = to.is_valid(place).then(|| to.value(place));
                history.versions[key].push(Version { from: from.value(place), to, row });
            }
        }
        history
            .versions
            .iter_mut()
            .for_each(|versions| versions.sort_by_key(|version| version.from));
        history
    }

    /// Adds rows, whose line is in the column `line`; says which key each has.
    fn add(&mut self, piece: FileRows, line: usize) -> Vec<(usize, VersionRow)> {
        let number = u32::try_from(self.pieces.len()).expect("a table has fewer than 2^32 pieces");
        let (file, hashes) = (Arc::clone(&piece.file), self.hashes(&piece));
        let before = if piece.is_superseded { RowUse::Superseded } else { RowUse::Current };
        let lines = piece.rows.column(line).as_primitive::<Int64Type>().clone();
        self.pieces.push(piece);
        let rows: Vec<(usize, VersionRow)> = (0..)
            .zip(hashes)
            .map(|(row, hash)| (self.key_of(hash, (number, row)), (number, row)))
            .collect();
        let known = self.known.entry(file).or_default();
        for (key, row) in &rows {
            let known = known.entry((lines.value(row.1 as usize), *key)).or_insert(before);
            *known = before.max(*known);
        }
        rows
    }

    fn hashes(&self, piece: &FileRows) -> Vec<u64> {
        column_values::hashes(self.key.iter().map(|column| piece.rows.column(*column)), 0)
    }

    fn key_of(&mut self, hash: u64, row: VersionRow) -> usize {
        let Self { keys, versions, pieces, key, .. } = self;
        let first = |of: u32| -> Option<VersionRow> {
            versions[of as usize].first().map(|version: &Version| version.row)
        };
        let is_same = |known: &(u64, u32)| {
            known.0 == hash
                && first(known.1).is_some_and(|first| are_equal(pieces, first, row, key))
        };
        match keys.entry(hash, is_same, |known| known.0) {
            Entry::Occupied(known) => known.get().1 as usize,
            Entry::Vacant(place) => {
                let number = versions.len();
                place.insert((
                    hash,
                    u32::try_from(number).expect("a table has fewer than 2^32 keys"),
                ));
                // A version of no length names the key until a real one comes.
                versions.push(vec![Version { from: i64::MIN, to: Some(i64::MIN), row }]);
                number
            }
        }
    }

    /// Applies a snapshot.
    pub(crate) fn apply(&mut self, snapshot: SnapshotFile) {
        let mut rows = Vec::new();
        for batch in snapshot.batches {
            let file = Arc::clone(&snapshot.file);
            let piece = FileRows { file, rows: batch, is_superseded: false };
            rows.extend(self.add(piece, self.stored));
        }
        let mut stated: Vec<Option<VersionRow>> = vec![None; self.versions.len()];
        for (key, row) in rows {
            match stated[key] {
                None => stated[key] = Some(row),
                Some(first) => self.repeated(&snapshot.file, first, row),
            }
        }
        for (key, row) in stated.into_iter().enumerate() {
            let missing =
                || if snapshot.has_bad_rows { self.before(key, snapshot.taken_at) } else { None };
            self.set_interval(key, row.or_else(missing), snapshot.taken_at, snapshot.until);
        }
    }

    /// What a key was right before a moment.
    fn before(&self, key: usize, moment: i64) -> Option<VersionRow> {
        let was =
            |version: &&Version| version.from < moment && version.to.is_none_or(|to| to >= moment);
        self.versions[key].iter().find(was).map(|version| version.row)
    }

    /// A key twice in one snapshot: the first row stays, another that differs is a conflict.
    fn repeated(&mut self, file: &Arc<str>, first: VersionRow, row: VersionRow) {
        let columns: Vec<usize> = (0..self.stored).collect();
        if are_equal(&self.pieces, first, row, &columns) {
            return;
        }
        let number = |column: usize| {
            let column = self.pieces[row.0 as usize].rows.column(column);
            column.as_primitive::<Int64Type>().value(row.1 as usize).cast_unsigned()
        };
        let (line, byte) = (number(self.stored), number(self.stored + 1));
        let place = RowPosition { line, byte, length: number(self.stored + 2) };
        self.tallies.entry(Arc::clone(file)).or_default().conflicts.push(place);
    }

    /// From `from` to `to` a key is what `row` says, or is not there.
    fn set_interval(&mut self, key: usize, row: Option<VersionRow>, from: i64, to: Option<i64>) {
        let mut parts = Vec::new();
        for version in &self.versions[key] {
            let before = Version { to: earlier(version.to, Some(from)), ..*version };
            let after = to.map(|to| Version { from: to.max(version.from), ..*version });
            parts.extend([Some(before), after].into_iter().flatten().filter(Version::has_length));
        }
        parts.extend(row.map(|row| Version { from, to, row }));
        parts.sort_by_key(|version| version.from);
        let columns: Vec<usize> = (0..self.stored).collect();
        let mut joined: Vec<Version> = Vec::new();
        for version in parts {
            match joined.last_mut() {
                Some(last)
                    if last.to == Some(version.from)
                        && are_equal(&self.pieces, last.row, version.row, &columns) =>
                {
                    last.to = version.to;
                }
                _ => joined.push(version),
            }
        }
        self.versions[key] = if joined.is_empty() { self.named(key) } else { joined };
    }

    /// A version of no length, for a key that has no other.
    fn named(&self, key: usize) -> Vec<Version> {
        let named = |version: &Version| Version { from: i64::MIN, to: Some(i64::MIN), ..*version };
        self.versions[key].first().map(named).into_iter().collect()
    }

    /// The versions as rows, by file and line, and what became of all other rows: they said nothing new.
    ///
    /// - `earliest`: when the first snapshot was taken that is known; what it has is the first that is known of a key.
    pub(crate) fn finish(
        mut self,
        earliest: Option<i64>,
    ) -> Result<(Vec<FileRows>, Tallies), ArrowError> {
        let mut by_piece: Vec<Vec<(usize, Version)>> = vec![Vec::new(); self.pieces.len()];
        for (key, versions) in self.versions.iter().enumerate() {
            for version in versions.iter().filter(|version| version.has_length()) {
                by_piece[version.row.0 as usize].push((key, *version));
            }
        }
        let (mut pieces, mut uses) = (Vec::new(), BTreeMap::new());
        for (piece, mut versions) in self.pieces.iter().zip(by_piece) {
            versions.sort_by_key(|(_, version)| (version.row, version.from));
            for is_superseded in [false, true] {
                let is_it =
                    |(_, version): &&(usize, Version)| version.to.is_some() == is_superseded;
                let versions: Vec<_> = versions.iter().filter(is_it).copied().collect();
                let rows = self.written(piece, &versions, earliest)?;
                note_uses(&piece.file, &versions, rows.column(self.stored + 3), &mut uses);
                pieces.push(FileRows { file: Arc::clone(&piece.file), rows, is_superseded });
            }
        }
        pieces.sort_by(|left, right| left.file.cmp(&right.file));
        for (file, rows) in self.known {
            let now = uses.remove(&file).unwrap_or_default();
            let tally = self.tallies.entry(file).or_default();
            for (row, before) in rows {
                tally.count_use(before, now.get(&row).copied().unwrap_or(RowUse::Silent));
            }
            tally.conflicts.sort();
            tally.duplicates -= tally.conflicts.len() as u64;
        }
        Ok((pieces, self.tallies))
    }

    /// The stored columns, what tells versions apart, and the line.
    fn written(
        &self,
        piece: &FileRows,
        versions: &[(usize, Version)],
        earliest: Option<i64>,
    ) -> Result<RecordBatch, ArrowError> {
        let rows = UInt32Array::from_iter_values(versions.iter().map(|(_, version)| version.row.1));
        let is_carried = piece.rows.schema_ref().column_with_name(VALID_FROM).is_some();
        let line = self.stored + if is_carried { 2 } else { 0 };
        let taken = (0..self.stored)
            .chain([line])
            .map(|column| take(piece.rows.column(column), &rows, None));
        let mut columns = taken.collect::<Result<Vec<ArrayRef>, _>>()?;
        columns.splice(self.stored..self.stored, version_columns(versions, earliest));
        let mut fields: Vec<Field> = piece.rows.schema_ref().fields()[..self.stored]
            .iter()
            .map(|field| field.as_ref().clone())
            .collect();
        fields.extend(version_fields());
        fields.push(Field::new(LINE, DataType::Int64, false));
        RecordBatch::try_new(Arc::new(Schema::new(fields)), columns)
    }
}

/// From when and until when versions held, and whether they are the first ones known.
fn version_columns(versions: &[(usize, Version)], earliest: Option<i64>) -> [ArrayRef; 3] {
    let instants = |instants: TimestampMicrosecondArray| -> ArrayRef {
        Arc::new(instants.with_timezone("UTC"))
    };
    let from = versions.iter().map(|(_, version)| Some(version.from));
    let to = versions.iter().map(|(_, version)| version.to);
    let is_first = versions.iter().map(|(_, version)| Some(version.from) == earliest);
    let is_first: Vec<bool> = is_first.collect();
    [instants(from.collect()), instants(to.collect()), Arc::new(BooleanArray::from(is_first))]
}

/// By file, what its rows say.
type RowUses = BTreeMap<Arc<str>, BTreeMap<(i64, usize), RowUse>>;

fn note_uses(file: &Arc<str>, versions: &[(usize, Version)], lines: &ArrayRef, uses: &mut RowUses) {
    let uses = uses.entry(Arc::clone(file)).or_default();
    for ((key, version), line) in versions.iter().zip(lines.as_primitive::<Int64Type>().values()) {
        let is = if version.to.is_some() { RowUse::Superseded } else { RowUse::Current };
        let known = uses.entry((*line, *key)).or_insert(is);
        *known = is.max(*known);
    }
}

impl Tally {
    /// Counts a row that the books know as one thing and that is another now.
    fn count_use(&mut self, before: RowUse, now: RowUse) {
        if before != now {
            self.returned += u64::from(before == RowUse::Superseded);
            self.superseded += u64::from(now == RowUse::Superseded);
        }
        self.duplicates += u64::from(now == RowUse::Silent);
    }
}

impl Version {
    fn has_length(&self) -> bool {
        self.to.is_none_or(|to| to > self.from)
    }
}

fn earlier(left: Option<i64>, right: Option<i64>) -> Option<i64> {
    match (left, right) {
        (Some(left), Some(right)) => Some(left.min(right)),
        (one, other) => one.or(other),
    }
}

fn are_equal(pieces: &[FileRows], left: VersionRow, right: VersionRow, columns: &[usize]) -> bool {
    let (existing, here) = (&pieces[left.0 as usize].rows, &pieces[right.0 as usize].rows);
    columns.iter().all(|column| {
        column_values::are_equal(
            existing.column(*column),
            left.1 as usize,
            here.column(*column),
            right.1 as usize,
        )
    })
}
