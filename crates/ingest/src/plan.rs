//! What there is to do for each source, known from names, contents and books alone.

mod deliverable;

mod load_numbers;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use rayon::iter::{IntoParallelRefIterator as _, ParallelIterator as _};
use scorewright_domain::{Fingerprint, KnownLoad, Landing};
use scorewright_extract::{
    AwaitedExtract, Compression, Deliveries, Discovery, ExtractFile, HashCaches, MissingExtract,
    ReadError, RefusedExtract, Source, discover,
};
use scorewright_warehouse::Snapshot;

use crate::arrivals::Arrivals;
use crate::error::IngestError;
use crate::rows::table::input_hash;
use deliverable::Deliverable;
use load_numbers::LoadNumbers;

/// What there is to do for one source.
#[derive(Debug)]
pub(crate) struct Plan<'a> {
    pub(crate) source: &'a Source,
    pub(crate) deliveries: Deliveries,
    /// Whether the source's file is another than the one its table was made by.
    pub(crate) is_source_changed: bool,
    /// Files to read, in the order of their paths.
    pub(crate) read: Vec<ExtractFile>,
    /// The books as they are.
    pub(crate) former: Vec<Landing>,
    /// Which load brought which content.
    loads: LoadNumbers,
    pub(crate) refused: Vec<RefusedExtract>,
    pub(crate) awaited: Vec<AwaitedExtract>,
    pub(crate) missing: Option<MissingExtract>,
}

/// Times that the text of a business expands, about.
const ASSUMED_RATIO: u64 = 10;

/// The plans of all sources, in their order.
pub(crate) fn plans<'a>(
    sources: &'a [Source],
    arrivals: Arrivals<'_>,
    caches: &HashCaches,
    snapshot: &Snapshot,
) -> Result<Vec<Plan<'a>>, IngestError> {
    let Arrivals { extracts, limits, now, is_landed_only, .. } = arrivals;
    if sources.iter().any(|source| source.address().is_none()) {
        fs::read_dir(extracts)
            .map_err(|source| IngestError::NoFolder { path: extracts.to_owned(), source })?;
    }
    let plan = |source: &'a Source| {
        let found = discover(source, extracts, limits, caches, now);
        Plan::new(source, found, caches, snapshot, is_landed_only)
    };
    sources.par_iter().map(plan).collect()
}

impl<'a> Plan<'a> {
    fn new(
        source: &'a Source,
        mut found: Discovery,
        caches: &HashCaches,
        snapshot: &Snapshot,
        is_landed_only: bool,
    ) -> Result<Self, IngestError> {
        let former: Vec<Landing> = snapshot
            .landings
            .iter()
            .filter(|landing| landing.extract.source == source.name)
            .cloned()
            .collect();
        let history = snapshot.tables.get(&source.history_table());
        let table =
            if source.has_history() { history } else { snapshot.tables.get(&source.raw_table()) };
        let is_source_changed = match table {
            Some(table) => {
                table.input_hash != input_hash(source, &former)
                    || source.has_history() != history.is_some()
            }
            None => !former.is_empty(),
        };
        let deliveries = Deliveries::of(source);
        let known: Vec<&KnownLoad> =
            snapshot.known_loads.iter().filter(|load| load.source == source.name).collect();
        let loads = LoadNumbers::of(&former, &known);
        refuse_unreadable(source, &mut found, &former, &known)?;
        caches.note(&found.files);
        if is_landed_only {
            leave_landed(&mut found, &former);
        }
        let Deliverable { files: present, refused } =
            Deliverable::of(source, distinct(found.files, &former), &former, &loads, &deliveries);
        found.refused.extend(refused);
        let missing = found
            .missing
            .map(|missing| MissingExtract { has_landed: !former.is_empty(), ..missing });
        let read = to_read(source, present, &former, is_source_changed, &deliveries);
        let Discovery { refused, awaited, .. } = found;
        Ok(Self {
            source,
            deliveries,
            is_source_changed,
            read,
            former,
            loads,
            refused,
            awaited,
            missing,
        })
    }

    /// Bytes to read.
    pub(crate) fn bytes(&self) -> u64 {
        self.read.iter().map(|file| file.bytes).sum()
    }

    /// The work to be done, in bytes: those of a packed file are many more once it is expanded.
    pub(crate) fn weight(&self) -> u64 {
        let weight = |file: &ExtractFile| match Compression::of(&file.path) {
            Compression::None => file.bytes,
            Compression::Gzip | Compression::Zstd => file.bytes * ASSUMED_RATIO,
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
            loads: self.loads.clone(),
            refused: Vec::new(),
            awaited: Vec::new(),
            missing: None,
        }
    }

    /// Files to read whose content is not in the table, as the source's file has it now.
    pub(crate) fn not_landed(&self) -> impl Iterator<Item = &ExtractFile> {
        let is_in_table = |file: &&ExtractFile| {
            let is_it = |former: &Landing| file.known() == Some(&former.extract.fingerprint);
            !self.is_source_changed && self.former.iter().any(is_it)
        };
        self.read.iter().filter(move |file| !is_in_table(file))
    }

    /// Whether the tables stay as they are.
    pub(crate) fn is_nothing(&self) -> bool {
        self.read.is_empty() && !self.is_source_changed
    }

    /// Whether a former landing stays when the given files land.
    ///
    /// A file that is read anew replaces its own former rows whatever becomes of it; a file
    /// that came under an old name with other bytes replaces them only when it is accepted.
    pub(crate) fn stays(&self, former: &Landing, accepted: &[&ExtractFile]) -> bool {
        let is_reread =
            self.read.iter().any(|file| file.known() == Some(&former.extract.fingerprint));
        !is_reread && !accepted.iter().any(|file| self.replaces(file, former))
    }

    /// Which load of the source brought a content first; this one, where none before did.
    pub(crate) fn first_seen(&self, content: &Fingerprint) -> u64 {
        self.loads.first_of(content).unwrap_or_else(|| self.loads.next())
    }

    /// Whether a file delivers what a former landing had delivered.
    pub(crate) fn replaces(&self, file: &ExtractFile, former: &Landing) -> bool {
        self.deliveries.of_file(&file.file) == self.deliveries.of_file(&former.extract.file)
    }
}

/// Reads files that may have the content of another, to know; those that cannot be read are refused.
///
/// No two contents of different lengths are the same, so any other file is a new one; its content is known once it has
/// landed.
fn refuse_unreadable(
    source: &Source,
    found: &mut Discovery,
    former: &[Landing],
    known: &[&KnownLoad],
) -> Result<(), IngestError> {
    let mut lengths: BTreeMap<u64, u32> = BTreeMap::new();
    let landed = former.iter().map(|landing| landing.extract.bytes);
    let replaced = former.iter().flat_map(|landing| &landing.replaced).map(|content| content.bytes);
    let known = known.iter().map(|load| load.bytes);
    let there = found.files.iter().map(|file| file.bytes);
    for bytes in there.chain(landed).chain(replaced).chain(known) {
        *lengths.entry(bytes).or_default() += 1;
    }
    let hash = |file: &ExtractFile| {
        if lengths[&file.bytes] > 1 { file.fingerprint().map(drop) } else { Ok(()) }
    };
    let hashed: Vec<_> = found.files.par_iter().map(hash).collect();
    for (file, hashed) in std::mem::take(&mut found.files).into_iter().zip(hashed) {
        match hashed {
            Ok(()) => found.files.push(file),
            Err(ReadError::Refused(why)) => {
                found.refused.push(RefusedExtract {
                    of: source.name.clone(),
                    file: file.file,
                    why,
                });
            }
            Err(ReadError::Aborted(error)) => {
                return Err(IngestError::Scratch { of: source.name.clone(), source: error });
            }
        }
    }
    Ok(())
}

/// Leaves the files whose contents are in the books.
fn leave_landed(found: &mut Discovery, former: &[Landing]) {
    let has_landed = |file: &ExtractFile| {
        former.iter().any(|landing| file.known() == Some(&landing.extract.fingerprint))
    };
    found.files.retain(has_landed);
    found.refused.clear();
    found.awaited.clear();
}

/// One file for each content: the one that has landed under its name, or the first by path.
fn distinct(mut files: Vec<ExtractFile>, former: &[Landing]) -> Vec<ExtractFile> {
    let has_landed = |file: &ExtractFile| {
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
    present: Vec<ExtractFile>,
    former: &[Landing],
    is_source_changed: bool,
    deliveries: &Deliveries,
) -> Vec<ExtractFile> {
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
    let stands = |file: &&ExtractFile| file.known().is_some_and(|known| standing.contains(known));
    let new: Vec<ExtractFile> = present.iter().filter(|file| !stands(file)).cloned().collect();
    let is_all = is_source_changed || is_late(source, &new, former, deliveries);
    if is_all || (is_any_gone && !source.key.is_empty()) { present } else { new }
}

/// Whether a file says what was before another that has landed: rows of that one which said again what had been before
/// are not in the table, and may say something new now. Times in rows tell that without them.
fn is_late(
    source: &Source,
    new: &[ExtractFile],
    former: &[Landing],
    deliveries: &Deliveries,
) -> bool {
    if !source.history || !deliveries.are_in_names() {
        return false;
    }
    let landed =
        former.iter().filter_map(|landing| deliveries.order_of(&landing.extract.file)).max();
    new.iter().any(|file| deliveries.order_of(&file.file) < landed)
}
