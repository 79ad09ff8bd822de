//! Extracts that lie in object stores: listed, known by what the store says of them, fetched when they are read.
//!
//! `.spool` in the warehouse folder holds what was fetched, until the run has landed it; `.objects` there says which
//! content an object had when it was last fetched, so that one that stays the same is not fetched again.

mod known;
mod spool;

use std::collections::BTreeMap;
use std::fmt;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use jiff::Timestamp;
use scorewright_domain::Fingerprint;
use scorewright_durable::DurableError;

use crate::object_store::{Address, Bucket, Object, ObjectFault};

use crate::arrival::{Listing, awaited, is_marker};
use crate::discover::Found;
use crate::limits::Limits;
use crate::present::Present;
use crate::refusal::{MissingExtract, Refusal, RefusedExtract};
use crate::source::Source;
use known::Known;
pub(crate) use spool::{Emptied, Spool};

/// The object stores that a run's sources name.
#[derive(Debug)]
pub(crate) struct Places {
    spool: Arc<Spool>,
    known: Known,
}

impl Places {
    /// What is known below a warehouse folder.
    pub(crate) fn at(warehouse: &Path) -> Self {
        Self { spool: Arc::new(Spool::at(warehouse)), known: Known::read(warehouse) }
    }

    /// The same, fetching into a folder of its own: the spool of a run that is under way is left alone.
    pub(crate) fn apart(warehouse: &Path) -> (Self, Emptied) {
        let (spool, emptied) = Spool::apart(warehouse);
        (Self { spool: Arc::new(spool), known: Known::read(warehouse) }, emptied)
    }

    /// Finds the objects of a source that have arrived by a moment, and knows those that are as they were when they were last read.
    pub(crate) fn arrived(
        &self,
        source: &Source,
        address: &Address,
        limits: &Limits,
        now: Timestamp,
    ) -> Found {
        let mut found = Found::default();
        let listed =
            Bucket::open(address).and_then(|bucket| Ok((bucket.list()?, Arc::new(bucket))));
        let (objects, bucket) = match listed {
            Ok(listed) => listed,
            Err(fault) => {
                found.refused.push(refused(source, address.to_string(), fault.into()));
                return found;
            }
        };
        let listed: Listed =
            objects.iter().map(|object| (object.key.clone(), object.changed_at)).collect();
        let is_named =
            |object: &Object| address.names(&object.key) && !is_marker(source, &object.key);
        let (mut named, others): (Vec<Object>, Vec<Object>) =
            objects.into_iter().partition(is_named);
        let wait = |object: &Object| awaited(source, &object.key, &listed, now);
        named.retain(|object| found.admit(source, Path::new(&object.url), wait(object)));
        if named.is_empty() {
            let there = others.iter().map(|object| object.key.clone()).collect();
            let (pattern, bucket) = (address.pattern(), address.bucket_url().into());
            found.missing =
                Some(MissingExtract::new(source, pattern, bucket, there, &found.awaited));
        }
        for object in named {
            let url = object.url.clone();
            match self.look(source, object, &bucket, limits) {
                Ok(present) => found.files.push(present),
                Err(why) => found.refused.push(refused(source, url, why)),
            }
        }
        found
    }

    /// One object, by the address that tables state; `None` when it is a path.
    pub(crate) fn find(
        &self,
        source: &Source,
        url: &str,
        limits: &Limits,
    ) -> Option<Result<Present, Refusal>> {
        let (address, key) = Address::of_object(url)?;
        let found =
            Bucket::open(&address).and_then(|bucket| Ok((bucket.find(key)?, Arc::new(bucket))));
        let look = |(object, bucket)| self.look(source, object, &bucket, limits);
        Some(found.map_err(Refusal::from).and_then(look))
    }

    fn look(
        &self,
        source: &Source,
        object: Object,
        bucket: &Arc<Bucket>,
        limits: &Limits,
    ) -> Result<Present, Refusal> {
        if object.bytes == 0 {
            return Err(Refusal::Empty);
        }
        limits.admit_file(object.bytes)?;
        let known = self.known.fingerprint(&object);
        let remote = Remote { bucket: Arc::clone(bucket), spool: Arc::clone(&self.spool), object };
        Ok(Present::in_store(source, remote, known))
    }

    /// Notes an object whose content is known now.
    pub(crate) fn note(&self, object: &Object, fingerprint: &Fingerprint) {
        self.known.note(object, fingerprint);
    }

    /// Keeps what is known for the next run.
    pub(crate) fn keep(&self) -> Result<(), DurableError> {
        self.known.keep()
    }
}

/// When each object of a listing was changed last, by its name.
type Listed = BTreeMap<String, Timestamp>;

impl Listing for Listed {
    fn changed_at(&self, key: &str) -> Option<Timestamp> {
        self.get(key).copied()
    }
}

/// An object, and where its bytes lie once somebody wants to read them.
#[derive(Clone)]
pub(crate) struct Remote {
    bucket: Arc<Bucket>,
    spool: Arc<Spool>,
    pub(crate) object: Object,
}

impl fmt::Debug for Remote {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Remote").field("object", &self.object).finish_non_exhaustive()
    }
}

impl Remote {
    /// Where its bytes lie, or will.
    pub(crate) fn path(&self) -> PathBuf {
        self.spool.path_of(&self.object)
    }

    /// Opens its bytes, fetching them when they are not here.
    pub(crate) fn open(&self) -> Result<File, Refusal> {
        self.spool.open(&self.bucket, &self.object)
    }
}

impl From<ObjectFault> for Refusal {
    fn from(fault: ObjectFault) -> Self {
        Self::Store(Box::new(fault))
    }
}

fn refused(source: &Source, file: String, why: Refusal) -> RefusedExtract {
    RefusedExtract { of: source.name.clone(), file: file.into(), why }
}
