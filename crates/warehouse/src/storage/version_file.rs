//! A commit file: what is small of a snapshot, and where the manifests of its tables, books and issues lie.

use std::collections::BTreeMap;
use std::fmt::Display;
use std::path::Path;

use scorewright_domain::TableName;
use serde_json::Value;

use super::manifest_pack::{NewPack, Packs, hash};
use super::manifests::{KnownManifests, ManifestWriter, Manifests, plain};
use super::snapshot::Snapshot;
use super::table::Table;
use crate::error::WarehouseError;

/// Key of where manifests lie; a commit file without it holds all of its snapshot itself.
const MANIFESTS: &str = "manifests";

/// A commit file as it is read.
#[derive(Debug)]
pub(super) struct VersionFile {
    /// The snapshot, without what manifests hold.
    pub(super) header: Snapshot,
    /// Where the rest lies; `None` in a commit of a program that wrote all of it into one file.
    pub(super) manifests: Option<Manifests>,
}

/// A snapshot as it is written.
pub(crate) struct PackedSnapshot {
    /// The text of its commit file.
    pub(crate) text: String,
    /// The manifests that are not written yet; `None` where nothing of them changed.
    pub(crate) new_pack: Option<NewPack>,
}

impl PackedSnapshot {
    /// Of a snapshot, with those manifests anew that are not known.
    pub(crate) fn of(snapshot: &Snapshot, known: &KnownManifests) -> Self {
        let tables = snapshot.tables.iter().map(|(name, table)| (name.clone(), plain(table)));
        let (manifests, new_pack) =
            ManifestWriter::write(known, tables.collect(), &snapshot.landings, &snapshot.issues);
        let header = Snapshot {
            tables: BTreeMap::new(),
            landings: Vec::new(),
            issues: Vec::new(),
            ..snapshot.clone()
        };
        let mut body = plain(&header);
        let fields = body.as_object_mut().expect("a snapshot is an object");
        fields.shift_remove("tables");
        fields.shift_remove("landings");
        fields.insert(MANIFESTS.into(), plain(&manifests));
        Self { text: seal(&body), new_pack }
    }
}

impl VersionFile {
    /// Reads the text of a commit file; `path` is for the message.
    pub(super) fn from_text(path: &Path, text: &str) -> Result<Self, WarehouseError> {
        let mut sealed: Value = serde_json::from_str(text).map_err(|bad| damaged(path, &bad))?;
        let mut body = sealed["version"].take();
        if sealed["sha256"].as_str() != Some(hash(&body).as_str()) {
            return Err(damaged(path, &"its hash does not match its content"));
        }
        let manifests = body.as_object_mut().and_then(|fields| fields.shift_remove(MANIFESTS));
        if manifests.is_some() {
            body["tables"] = Value::Object(serde_json::Map::new());
            body["landings"] = Value::Array(Vec::new());
        }
        let manifests = manifests.map(serde_json::from_value).transpose();
        Ok(Self {
            manifests: manifests.map_err(|bad| damaged(path, &bad))?,
            header: serde_json::from_value(body).map_err(|bad| damaged(path, &bad))?,
        })
    }

    /// The whole snapshot.
    pub(super) fn into_snapshot(self, packs: &mut Packs) -> Result<Snapshot, WarehouseError> {
        let Some(manifests) = self.manifests else { return Ok(self.header) };
        let read = |packs: &mut Packs| -> Result<BTreeMap<TableName, Table>, WarehouseError> {
            let tables = manifests.tables.iter();
            tables.map(|(name, at)| Ok((name.clone(), packs.read(at)?))).collect()
        };
        Ok(Snapshot {
            tables: read(packs)?,
            landings: manifests.landings(packs)?,
            issues: manifests.issues(packs)?,
            ..self.header
        })
    }

    /// The manifests of it that can be read.
    pub(super) fn known_manifests(&self, packs: &mut Packs) -> KnownManifests {
        let of = |manifests| KnownManifests::of(manifests, packs);
        self.manifests.as_ref().map(of).unwrap_or_default()
    }
}

fn seal(body: &Value) -> String {
    format!("{:#}\n", serde_json::json!({ "sha256": hash(body), "version": body }))
}

fn damaged(path: &Path, what: &dyn Display) -> WarehouseError {
    WarehouseError::Damaged { path: path.to_owned(), what: what.to_string() }
}

#[cfg(test)]
mod tests {
    use arrow::datatypes::Schema;
    use scorewright_domain::Fingerprint;

    use super::*;
    use crate::storage::stored_file::StoredFile;

    fn snapshot() -> Snapshot {
        let file = StoredFile {
            path: "tables/raw/sale/1.parquet".into(),
            bytes: 1,
            sha256: Fingerprint::of(b""),
            blocks: None,
            rows: 1,
            partition: None,
            versions: None,
        };
        let files = vec![file.clone(), file.in_partition("2026-11")];
        let table = Table::new(&Schema::empty(), files, "inputs".into());
        let name = TableName::new("raw", "sale").unwrap();
        Snapshot { number: 1, tables: [(name, table)].into(), ..Snapshot::empty() }
    }

    /// The text of a commit file that holds all of its snapshot.
    fn whole() -> String {
        seal(&plain(&snapshot()))
    }

    fn read(text: &str) -> Result<Snapshot, WarehouseError> {
        let file = VersionFile::from_text(Path::new("1.json"), text)?;
        file.into_snapshot(&mut Packs::below(Path::new("none")))
    }

    #[test]
    fn a_commit_file_that_holds_all_of_its_snapshot_is_still_read() {
        let text = whole();
        assert!(text.contains("\"partition\": \"2026-11\""), "{text}");
        assert_eq!(read(&text).unwrap(), snapshot());
    }

    #[test]
    fn a_commit_file_with_the_former_names_is_still_read() {
        let text = serde_json::to_string(&snapshot()).unwrap();
        let former = text
            .replace("\"partition\":", "\"part\":")
            .replace("\"input_hash\":", "\"made_from\":");
        assert_eq!(former.matches("\"part\":").count(), 1);
        assert_eq!(former.matches("\"made_from\":").count(), 1);
        assert_eq!(read(&seal(&serde_json::from_str(&former).unwrap())).unwrap(), snapshot());
    }

    #[test]
    fn a_changed_commit_file_is_damaged() {
        for (text, from, to) in [
            (whole(), "\"rows\": 1", "\"rows\": 2"),
            (PackedSnapshot::of(&snapshot(), &KnownManifests::default()).text, ": 1,", ": 2,"),
        ] {
            let changed = text.replace(from, to);
            assert_ne!(changed, text);
            assert!(matches!(read(&changed), Err(WarehouseError::Damaged { .. })));
        }
    }

    #[test]
    fn a_version_whose_pack_is_missing_is_damaged() {
        let packed = PackedSnapshot::of(&snapshot(), &KnownManifests::default());
        assert!(packed.new_pack.unwrap().text().contains("2026-11"));
        let read = read(&packed.text);
        assert!(
            matches!(&read, Err(WarehouseError::Damaged { what, .. }) if what == "it is missing")
        );
    }
}
