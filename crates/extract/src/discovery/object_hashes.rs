//! Objects whose content is known without fetching them again.
//!
//! A line for each object: its length, what the store says of its content, its fingerprint, its address. It is a
//! hint that saves time and nothing else: without it every object is fetched once more.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use super::object_store::Object;
use scorewright_domain::Fingerprint;
use scorewright_durable::{DurableError, Readers, replace_file};

/// What is known of objects, and what becomes known while it is used.
#[derive(Debug)]
pub(crate) struct ObjectHashCache {
    path: PathBuf,
    before: BTreeMap<String, KnownObject>,
    now: Mutex<BTreeMap<String, KnownObject>>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct KnownObject {
    bytes: u64,
    mark: String,
    fingerprint: Fingerprint,
}

impl ObjectHashCache {
    /// Reads the hint of a warehouse; what cannot be read is not known.
    pub(crate) fn read(warehouse: &Path) -> Self {
        let path = warehouse.join(".objects");
        let text = fs::read_to_string(&path).unwrap_or_default();
        Self { path, before: text.lines().filter_map(entry).collect(), now: Mutex::default() }
    }

    /// The fingerprint of an object, if it is still the one that was noted.
    pub(crate) fn fingerprint(&self, object: &Object) -> Option<Fingerprint> {
        let entry = self.before.get(&object.url)?;
        (entry.bytes == object.bytes && entry.mark == object.mark)
            .then(|| entry.fingerprint.clone())
    }

    /// Notes an object whose content is known now.
    pub(crate) fn note(&self, object: &Object, fingerprint: &Fingerprint) {
        if object.url.contains(['\n', '\r'])
            || object.mark.is_empty()
            || object.mark.contains(char::is_whitespace)
        {
            return;
        }
        let entry = KnownObject {
            bytes: object.bytes,
            mark: object.mark.clone(),
            fingerprint: fingerprint.clone(),
        };
        self.now.lock().expect("no holder panics").insert(object.url.clone(), entry);
    }

    /// Keeps what is known for the next run, if it is another than before and there is a warehouse to keep it in.
    pub(crate) fn keep(&self) -> Result<(), DurableError> {
        let now = self.now.lock().expect("no holder panics");
        let is_there = self.path.parent().is_some_and(Path::exists);
        if *now == self.before || !is_there {
            return Ok(());
        }
        let line = |(url, entry): (&String, &KnownObject)| {
            format!("{} {} {} {url}\n", entry.bytes, entry.mark, entry.fingerprint)
        };
        let text: String = now.iter().map(line).collect();
        replace_file(&self.path, text.as_bytes(), Readers::Owner)
    }
}

fn entry(line: &str) -> Option<(String, KnownObject)> {
    let mut parts = line.splitn(4, ' ');
    let (bytes, mark, fingerprint) = (parts.next()?.parse().ok()?, parts.next()?, parts.next()?);
    let entry =
        KnownObject { bytes, mark: mark.to_owned(), fingerprint: Fingerprint::noted(fingerprint) };
    (fingerprint.len() == 64).then_some((parts.next()?.to_owned(), entry))
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::*;

    #[test]
    fn an_object_is_known_until_the_store_says_otherwise() {
        let folder = tempfile::tempdir().unwrap();
        let object = |mark: &str, bytes| Object {
            key: "a b.csv".into(),
            url: "s3://b/a b.csv".into(),
            bytes,
            mark: mark.into(),
            changed_at: Timestamp::UNIX_EPOCH,
        };
        let known = ObjectHashCache::read(folder.path());
        known.note(&object("\"e1\"", 7), &Fingerprint::noted("f".repeat(64)));
        known.keep().unwrap();
        let known = ObjectHashCache::read(folder.path());
        assert_eq!(
            known.fingerprint(&object("\"e1\"", 7)),
            Some(Fingerprint::noted("f".repeat(64)))
        );
        assert_eq!(known.fingerprint(&object("\"e2\"", 7)), None);
        assert_eq!(known.fingerprint(&object("\"e1\"", 8)), None);
    }
}
