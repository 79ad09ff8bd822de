//! Packs: the manifests that one commit wrote anew, in one file named by its content.
//!
//! `manifests/<hash>.json` holds `{"entries": {"<SHA-256>": …}}`; an entry is known by the hash of its text without white
//! space, and checked by it when the pack is read.

use std::collections::BTreeMap;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use scorewright_domain::Fingerprint;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::error::{WarehouseError, not_open};

/// Folder of the packs below the warehouse folder.
pub(super) const MANIFESTS: &str = "manifests";

/// Where a manifest lies.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct EntryRef {
    /// Name of its pack.
    #[serde(rename = "pack")]
    pub(super) pack_name: String,
    /// SHA-256 of its text.
    pub(super) sha256: Fingerprint,
}

/// A manifest that is to be written, with its hash.
pub(super) fn entry(value: Value) -> (Fingerprint, Value) {
    (hash(&value), value)
}

/// SHA-256 over the text of a value without white space.
pub(super) fn hash(value: &Value) -> Fingerprint {
    Fingerprint::of(value.to_string().as_bytes())
}

/// The path of a pack below the warehouse folder.
pub(super) fn pack_path(name: &str) -> String {
    format!("{MANIFESTS}/{name}.json")
}

/// A pack that is to be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct NewPack {
    /// Its name: the hash of its text.
    pub(super) name: String,
    text: String,
}

impl NewPack {
    /// Of some entries, by their hashes.
    pub(super) fn of(entries: &BTreeMap<Fingerprint, Value>) -> Self {
        let text = serde_json::json!({ "entries": entries }).to_string() + "\n";
        Self { name: Fingerprint::of(text.as_bytes()).short(24).to_owned(), text }
    }

    /// Its path below the warehouse folder.
    pub(crate) fn path(&self) -> String {
        pack_path(&self.name)
    }

    /// Its text.
    pub(crate) fn text(&self) -> &str {
        &self.text
    }
}

/// Packs as they are read: each of them once.
#[derive(Debug)]
pub(super) struct Packs {
    root: PathBuf,
    read: BTreeMap<String, Pack>,
}

/// The entries of a pack that are what their hashes say.
type Pack = BTreeMap<Fingerprint, Value>;

impl Packs {
    /// The packs of a warehouse, none of which is read yet.
    pub(super) fn below(root: &Path) -> Self {
        Self { root: root.to_owned(), read: BTreeMap::new() }
    }

    /// A manifest.
    ///
    /// # Errors
    ///
    /// [`WarehouseError::Damaged`] when its pack is missing, or it is not what was written.
    pub(super) fn entry(&mut self, at: &EntryRef) -> Result<&Value, WarehouseError> {
        if !self.read.contains_key(&at.pack_name) {
            let pack = self.load(&at.pack_name)?;
            self.read.insert(at.pack_name.clone(), pack);
        }
        self.read[&at.pack_name].get(&at.sha256).ok_or_else(|| {
            let path = self.root.join(pack_path(&at.pack_name));
            damaged(path, "a manifest in it is missing, or not what was written")
        })
    }

    /// What a manifest says.
    ///
    /// # Errors
    ///
    /// As [`entry`](Packs::entry).
    pub(super) fn read<T: DeserializeOwned>(&mut self, at: &EntryRef) -> Result<T, WarehouseError> {
        let path = self.root.join(pack_path(&at.pack_name));
        T::deserialize(self.entry(at)?).map_err(|bad| damaged(path, bad.to_string()))
    }

    fn load(&self, name: &str) -> Result<Pack, WarehouseError> {
        let path = self.root.join(pack_path(name));
        let text = match fs::read(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == ErrorKind::NotFound => {
                return Err(damaged(path, "it is missing"));
            }
            Err(error) => return Err(not_open("read", &path)(error)),
        };
        let stored: StoredPack =
            serde_json::from_slice(&text).map_err(|bad| damaged(path, bad.to_string()))?;
        Ok(stored.entries.into_iter().filter(|(sha256, value)| hash(value) == *sha256).collect())
    }
}

/// A pack as its file has it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct StoredPack {
    entries: Pack,
}

fn damaged(path: PathBuf, what: impl Into<String>) -> WarehouseError {
    WarehouseError::Damaged { path, what: what.into() }
}
