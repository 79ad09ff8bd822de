//! What there is to do for each source, known from names, contents and books alone.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use rayon::iter::{IntoParallelRefIterator as _, ParallelIterator as _};
use scorewright_domain::{Fingerprint, Landing, TableName};
use scorewright_durable::DurableError;
use scorewright_warehouse::{Snapshot, Warehouse};

use crate::arrival::AwaitedExtract;
use crate::delivery::Deliveries;
use crate::discover::{Found, arrived};
use crate::land::IngestError;
use crate::limits::Limits;
use crate::place::{Places, Spool};
use crate::present::Present;
use crate::refusal::{MissingExtract, RefusedExtract};
use crate::seen::Seen;
use crate::source::Source;
use crate::stream::Packing;
use crate::table::input_hash;

/// What [`land`](crate::land()) would find to do.
#[derive(Debug, Default)]
pub struct Pending {
    /// Extracts it would read: their paths below the extracts folder, or their addresses.
    pub new: Vec<PathBuf>,
    /// Sources whose file has changed since their extracts landed.
    pub changed: Vec<String>,
    /// Extracts it would refuse without reading them.
    pub refused: Vec<RefusedExtract>,
    /// Files that are there and have not arrived yet.
    pub awaited: Vec<AwaitedExtract>,
    /// Sources without any extract.
    pub missing: Vec<MissingExtract>,
}

impl Pending {
    /// Whether everything that can land has landed.
    pub fn is_nothing(&self) -> bool {
        self.new.is_empty() && self.changed.is_empty()
    }
}

/// Asks what is new, with neither lock nor engine; reads only extracts that may be copies of others.
///
/// - `now`: the moment by which an extract must have [arrived](crate::Arrival).
///
/// # Errors
///
/// [`IngestError::NoFolder`] when the extracts folder cannot be listed.
pub fn pending(
    sources: &[Source],
    extracts: &Path,
    limits: &Limits,
    warehouse: &Warehouse,
    snapshot: &Snapshot,
    now: Timestamp,
) -> Result<Pending, IngestError> {
    let mut pending = Pending::default();
    let hints = Hints::read(warehouse.root());
    for plan in plans(sources, extracts, &hints, snapshot, limits, now)? {
        pending.new.extend(plan.read.into_iter().map(|present| present.file));
        if plan.is_source_changed {
            pending.changed.push(plan.source.name.clone());
        }
        pending.refused.extend(plan.refused);
        pending.awaited.extend(plan.awaited);
        pending.missing.extend(plan.missing);
    }
    hints.keep()?;
    // What was fetched to be known is read by the run that follows, if there is one.
    if pending.is_nothing() {
        drop(Spool::emptied_after(warehouse.root()));
    }
    Ok(pending)
}

/// What there is to do for one source.
#[derive(Debug)]
pub(crate) struct Plan<'a> {
    pub(crate) source: &'a Source,
    pub(crate) deliveries: Deliveries,
    /// Whether the source's file is another than the one its table was made by.
    pub(crate) is_source_changed: bool,
    /// Files to read, in the order of their paths.
    pub(crate) read: Vec<Present>,
    /// The books as they are.
    pub(crate) former: Vec<Landing>,
    pub(crate) refused: Vec<RefusedExtract>,
    pub(crate) awaited: Vec<AwaitedExtract>,
    pub(crate) missing: Option<MissingExtract>,
}

/// Times that the text of a business expands, about.
const EXPANDED: u64 = 10;

/// The plans of all sources, in their order.
pub(crate) fn plans<'a>(
    sources: &'a [Source],
    extracts: &Path,
    hints: &Hints,
    snapshot: &Snapshot,
    limits: &Limits,
    now: Timestamp,
) -> Result<Vec<Plan<'a>>, IngestError> {
    if sources.iter().any(|source| source.address().is_none()) {
        fs::read_dir(extracts)
            .map_err(|source| IngestError::NoFolder { path: extracts.to_owned(), source })?;
    }
    let find = |source: &Source| match source.address() {
        None => arrived(source, extracts, limits, &hints.seen, now),
        Some(address) => hints.places.arrived(source, &address, limits, now),
    };
    Ok(sources.par_iter().map(|source| Plan::new(source, find(source), hints, snapshot)).collect())
}

/// What is known of contents from earlier runs, and what will be known to later ones.
pub(crate) struct Hints {
    seen: Seen,
    places: Places,
}

impl Hints {
    /// Those of a warehouse folder.
    pub(crate) fn read(warehouse: &Path) -> Self {
        Self { seen: Seen::read(warehouse), places: Places::at(warehouse) }
    }

    /// Notes what is known of files.
    pub(crate) fn note(&self, files: &[Present]) {
        for file in files {
            file.note(&self.seen, &self.places);
        }
    }

    /// Keeps what was noted.
    pub(crate) fn keep(&self) -> Result<(), DurableError> {
        self.seen.keep()?;
        self.places.keep()
    }
}

impl<'a> Plan<'a> {
    fn new(source: &'a Source, mut found: Found, hints: &Hints, snapshot: &Snapshot) -> Self {
        let former: Vec<Landing> = snapshot
            .landings
            .iter()
            .filter(|landing| landing.extract.source == source.name)
            .cloned()
            .collect();
        let table =
            TableName::new("raw", &source.name).ok().and_then(|name| snapshot.tables.get(&name));
        let is_source_changed = match table {
            Some(table) => table.input_hash != input_hash(source, &former),
            None => !former.is_empty(),
        };
        let deliveries = Deliveries::of(source);
        tell_apart(source, &mut found, &former);
        hints.note(&found.files);
        let present = newest(distinct(found.files, &former), &former, &deliveries);
        let missing = found
            .missing
            .map(|missing| MissingExtract { has_landed: !former.is_empty(), ..missing });
        let read = to_read(source, present, &former, is_source_changed, &deliveries);
        let Found { refused, awaited, .. } = found;
        Self { source, deliveries, is_source_changed, read, former, refused, awaited, missing }
    }

    /// Bytes to read.
    pub(crate) fn bytes(&self) -> u64 {
        self.read.iter().map(|file| file.bytes).sum()
    }

    /// The work to be done, in bytes: those of a packed file are many more once it is expanded.
    pub(crate) fn weight(&self) -> u64 {
        let weight = |file: &Present| match Packing::of(&file.path) {
            Packing::None => file.bytes,
            Packing::Gzip | Packing::Zstd => file.bytes * EXPANDED,
        };
        self.read.iter().map(weight).sum()
    }

    /// The same for a source that was widened.
    pub(crate) fn with(&self, source: &'a Source) -> Plan<'a> {
        Plan {
            source,
            is_source_changed: self.is_source_changed,
            deliveries: Deliveries::of(source),
            read: self.read.clone(),
            former: self.former.clone(),
            refused: Vec::new(),
            awaited: Vec::new(),
            missing: None,
        }
    }

    /// Whether the tables stay as they are.
    pub(crate) fn is_nothing(&self) -> bool {
        self.read.is_empty() && !self.is_source_changed
    }

    /// Whether a former landing stays when the given files land.
    ///
    /// A file that is read anew replaces its own former rows whatever becomes of it; a file
    /// that came under an old name with other bytes replaces them only when it is accepted.
    pub(crate) fn stays(&self, former: &Landing, accepted: &[&Present]) -> bool {
        let is_reread =
            self.read.iter().any(|file| file.known() == Some(&former.extract.fingerprint));
        !is_reread && !accepted.iter().any(|file| self.replaces(file, former))
    }

    /// Whether a file delivers what a former landing had delivered.
    pub(crate) fn replaces(&self, file: &Present, former: &Landing) -> bool {
        self.deliveries.of_file(&file.file) == self.deliveries.of_file(&former.extract.file)
    }
}

/// Reads files that may have the content of another, to know. No two contents of different lengths are the same, so
/// any other file is a new one; its content is known once it has landed.
fn tell_apart(source: &Source, found: &mut Found, former: &[Landing]) {
    let mut lengths: BTreeMap<u64, u32> = BTreeMap::new();
    let landed = former.iter().map(|landing| landing.extract.bytes);
    for bytes in found.files.iter().map(|file| file.bytes).chain(landed) {
        *lengths.entry(bytes).or_default() += 1;
    }
    let tell = |file: &Present| {
        if lengths[&file.bytes] > 1 { file.fingerprint().map(drop) } else { Ok(()) }
    };
    let told: Vec<_> = found.files.par_iter().map(tell).collect();
    for (file, told) in std::mem::take(&mut found.files).into_iter().zip(told) {
        match told {
            Ok(()) => found.files.push(file),
            Err(why) => {
                found.refused.push(RefusedExtract { of: source.name.clone(), file: file.file, why })
            }
        }
    }
}

/// One file for each delivery: the last by path; one that an earlier file of the books comes after is not looked at.
fn newest(files: Vec<Present>, former: &[Landing], deliveries: &Deliveries) -> Vec<Present> {
    let mut last: BTreeMap<String, PathBuf> = BTreeMap::new();
    let known = former.iter().map(|landing| &landing.extract.file);
    for file in files.iter().map(|file| &file.file).chain(known) {
        let newest = last.entry(deliveries.of_file(file)).or_default();
        if file > newest {
            newest.clone_from(file);
        }
    }
    let is_newest = |file: &Present| last[&deliveries.of_file(&file.file)] == file.file;
    files.into_iter().filter(is_newest).collect()
}

/// One file for each content: the one that has landed under its name, or the first by path.
fn distinct(mut files: Vec<Present>, former: &[Landing]) -> Vec<Present> {
    let has_landed = |file: &Present| {
        former.iter().any(|landing| {
            landing.extract.file == file.file && file.known() == Some(&landing.extract.fingerprint)
        })
    };
    files.sort_by_key(|file| (!has_landed(file), file.file.clone()));
    let mut contents = BTreeSet::new();
    files.retain(|file| file.known().is_none_or(|known| contents.insert(known.clone())));
    files.sort_by(|left, right| left.file.cmp(&right.file));
    files
}

/// The files that have to be read.
///
/// With a key, rows of one file may have been set aside for a row of another; so when a file
/// goes, all others are read again. Without a key each file stands for itself.
fn to_read(
    source: &Source,
    present: Vec<Present>,
    former: &[Landing],
    is_source_changed: bool,
    deliveries: &Deliveries,
) -> Vec<Present> {
    let is_gone = |landing: &Landing| {
        let delivered = deliveries.of_file(&landing.extract.file);
        let in_its_place = present.iter().find(|file| deliveries.of_file(&file.file) == delivered);
        in_its_place.is_some_and(|file| file.known() != Some(&landing.extract.fingerprint))
    };
    let standing: BTreeSet<&Fingerprint> = former
        .iter()
        .filter(|landing| !is_gone(landing))
        .map(|landing| &landing.extract.fingerprint)
        .collect();
    let is_any_gone = former.iter().any(is_gone);
    if is_source_changed || (is_any_gone && !source.key.is_empty()) {
        return present;
    }
    let stands = |file: &&Present| file.known().is_some_and(|known| standing.contains(known));
    present.iter().filter(|file| !stands(file)).cloned().collect()
}
