//! Extracts that lie in object stores: listed, known by what the store says of them, fetched when they are read.
//!
//! `.spool` in the warehouse folder holds what was fetched, until the run has landed it; `.objects` there says which
//! content an object had when it was last fetched, so that one that stays the same is not fetched again.

use crate::refusal::AdmitExtract as _;
use scorewright_domain::Limits;
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use jiff::Timestamp;

use super::arrival::{Listing, awaited, is_marker, marked_at};
use super::discovered::Discovery;
use super::extract_file::{ExtractFile, RemoteFile};
use super::missing_extract::MissingExtract;
use super::object_hashes::ObjectHashCache;
use super::object_store::{Bucket, Object};
use super::spool::Spool;
use crate::refusal::{ReadError, Refusal, RefusedExtract};
use crate::source::{Address, Source};

/// The object stores that a run's sources name.
#[derive(Debug)]
pub(crate) struct ObjectStores {
    spool: Arc<Spool>,
    hashes: ObjectHashCache,
}

impl ObjectStores {
    /// What is known below a warehouse folder.
    pub(crate) fn at(warehouse: &Path) -> Self {
        Self::with_spool(warehouse, Spool::at(warehouse))
    }

    /// The same, fetching into another folder: the spool of a run that is under way is left alone.
    pub(crate) fn with_spool(warehouse: &Path, spool: Spool) -> Self {
        Self { spool: Arc::new(spool), hashes: ObjectHashCache::read(warehouse) }
    }

    /// What is known of the contents of objects.
    pub(crate) fn hashes(&self) -> &ObjectHashCache {
        &self.hashes
    }

    /// Finds the objects of a source that have arrived by a moment, and knows those that are as they were when they were last read.
    pub(crate) fn discover(
        &self,
        source: &Source,
        address: &Address,
        limits: &Limits,
        now: Timestamp,
    ) -> Discovery {
        let mut found = Discovery::default();
        let listed =
            Bucket::open(address).and_then(|bucket| Ok((bucket.list()?, Arc::new(bucket))));
        let (objects, bucket) = match listed {
            Ok(listed) => listed,
            Err(fault) => {
                found.refused.push(refused(source, address.to_string(), fault.into()));
                return found;
            }
        };
        let listed: ObjectListing =
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
            let marked_at = marked_at(source, &object.key, &listed);
            match self.look(source, object, &bucket, limits) {
                Ok(present) => found.files.push(present.marked(marked_at)),
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
    ) -> Option<Result<ExtractFile, ReadError>> {
        let (address, key) = Address::of_object(url)?;
        let found =
            Bucket::open(&address).and_then(|bucket| Ok((bucket.find(key)?, Arc::new(bucket))));
        let look = |(object, bucket)| self.look(source, object, &bucket, limits);
        Some(found.map_err(Refusal::from).and_then(look).map_err(ReadError::from))
    }

    fn look(
        &self,
        source: &Source,
        object: Object,
        bucket: &Arc<Bucket>,
        limits: &Limits,
    ) -> Result<ExtractFile, Refusal> {
        if object.bytes == 0 && !source.may_have_no_bytes() {
            return Err(Refusal::Empty);
        }
        limits.admit_file(object.bytes)?;
        let known = self.hashes.fingerprint(&object);
        let remote =
            RemoteFile { bucket: Arc::clone(bucket), spool: Arc::clone(&self.spool), object };
        Ok(ExtractFile::in_store(source, remote, known))
    }
}

/// When each object of a listing was changed last, by its name.
type ObjectListing = BTreeMap<String, Timestamp>;

impl Listing for ObjectListing {
    fn changed_at(&self, key: &str) -> Option<Timestamp> {
        self.get(key).copied()
    }
}

fn refused(source: &Source, file: String, why: Refusal) -> RefusedExtract {
    RefusedExtract { of: source.name.clone(), file: file.into(), why }
}
