//! Which manifests a version is made of: one for each table, one for the books of each source, one for the issues.
//!
//! Books and issues grow with every night, so their manifests only name groups of them: a night writes one small group
//! anew, and the others stay in the packs they lie in.

use std::collections::{BTreeMap, BTreeSet};

use scorewright_domain::{Fingerprint, Landing, OwedIssue, TableName};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::manifest_pack::{EntryRef, NewPack, Packs, entry};
use crate::error::WarehouseError;

/// Loads of a source whose books are one group.
const LOADS: u64 = 32;

/// Where the manifests of a version lie.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Manifests {
    /// Of each table.
    pub(super) tables: BTreeMap<TableName, EntryRef>,
    /// Of the books of each source.
    landings: BTreeMap<String, EntryRef>,
    /// Of the issues; `None` where there are none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    issues: Option<EntryRef>,
}

/// A manifest of a list that is kept in groups.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Groups {
    groups: BTreeMap<String, GroupRef>,
}

/// Where a group lies.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct GroupRef {
    /// Name of its pack; `None` for the one that the manifest itself lies in.
    #[serde(rename = "pack", default, skip_serializing_if = "Option::is_none")]
    pack_name: Option<String>,
    sha256: Fingerprint,
}

impl Manifests {
    /// The books, by source and file.
    pub(super) fn landings(&self, packs: &mut Packs) -> Result<Vec<Landing>, WarehouseError> {
        let mut all: Vec<Landing> = Vec::new();
        for list in self.landings.values() {
            all.extend(list_of(list, packs)?);
        }
        all.sort_by(|one, other| {
            let key = |it: &Landing| (it.extract.source.clone(), it.extract.file.clone());
            key(one).cmp(&key(other))
        });
        Ok(all)
    }

    /// The issues, by report and period.
    pub(super) fn issues(&self, packs: &mut Packs) -> Result<Vec<OwedIssue>, WarehouseError> {
        let mut all: Vec<OwedIssue> = Vec::new();
        if let Some(list) = &self.issues {
            all.extend(list_of(list, packs)?);
        }
        all.sort_by(|one, other| (&one.report, &one.period).cmp(&(&other.report, &other.period)));
        Ok(all)
    }

    /// Names of all packs that they lie in.
    pub(super) fn packs(&self, packs: &mut Packs) -> Result<BTreeSet<String>, WarehouseError> {
        let mut names: BTreeSet<String> =
            self.tables.values().chain(self.lists()).map(|at| at.pack_name.clone()).collect();
        for list in self.lists() {
            names.extend(groups_of(list, packs)?.into_values().map(|at| at.pack_name));
        }
        Ok(names)
    }

    /// The manifests that name groups.
    fn lists(&self) -> impl Iterator<Item = &EntryRef> {
        self.landings.values().chain(&self.issues)
    }
}

/// The groups that a manifest names.
fn groups_of(
    at: &EntryRef,
    packs: &mut Packs,
) -> Result<BTreeMap<String, EntryRef>, WarehouseError> {
    let Groups { groups } = packs.read(at)?;
    let resolved = |group: GroupRef| EntryRef {
        pack_name: group.pack_name.unwrap_or_else(|| at.pack_name.clone()),
        sha256: group.sha256,
    };
    Ok(groups.into_iter().map(|(name, group)| (name, resolved(group))).collect())
}

/// All that the groups of a manifest hold.
fn list_of<T: DeserializeOwned>(
    at: &EntryRef,
    packs: &mut Packs,
) -> Result<Vec<T>, WarehouseError> {
    let mut all = Vec::new();
    for group in groups_of(at, packs)?.values() {
        all.extend(packs.read::<Vec<T>>(group)?);
    }
    Ok(all)
}

/// Manifests that are written already, and can be read: what has not changed stays where it is.
#[derive(Debug, Default)]
pub(crate) struct KnownManifests {
    /// Name of the pack of each entry.
    packs: BTreeMap<Fingerprint, String>,
    /// Manifests that name groups, by the groups they name.
    lists: BTreeMap<Vec<(String, Fingerprint)>, EntryRef>,
}

impl KnownManifests {
    /// Those of a version; what of it is damaged is not known, and will be written anew.
    pub(super) fn of(manifests: &Manifests, packs: &mut Packs) -> Self {
        let mut known = Self::default();
        for table in manifests.tables.values() {
            known.note(table, packs);
        }
        for list in manifests.lists() {
            let Ok(groups) = groups_of(list, packs) else { continue };
            let intact = groups.values().filter(|group| known.note(group, packs)).count();
            let is_intact = intact == groups.len();
            let names = groups.into_iter().map(|(name, group)| (name, group.sha256));
            if is_intact {
                known.lists.insert(names.collect(), list.clone());
            }
        }
        known
    }

    /// Notes an entry, and answers whether it is intact.
    fn note(&mut self, at: &EntryRef, packs: &mut Packs) -> bool {
        let is_intact = packs.entry(at).is_ok();
        if is_intact {
            self.packs.insert(at.sha256.clone(), at.pack_name.clone());
        }
        is_intact
    }
}

/// Puts the manifests of a version together, and what of them is to be written.
pub(super) struct ManifestWriter<'k> {
    known: &'k KnownManifests,
    new: BTreeMap<Fingerprint, Value>,
}

/// A manifest before its pack has a name.
enum Placed {
    Known(EntryRef),
    New(Fingerprint),
}

impl<'k> ManifestWriter<'k> {
    /// The manifests of tables, books and issues, with the pack of those that are new, if any are.
    pub(super) fn write(
        known: &'k KnownManifests,
        tables: BTreeMap<TableName, Value>,
        landings: &[Landing],
        issues: &[OwedIssue],
    ) -> (Manifests, Option<NewPack>) {
        let mut writer = Self { known, new: BTreeMap::new() };
        let tables: Vec<(TableName, Placed)> =
            tables.into_iter().map(|(name, table)| (name, writer.place(table))).collect();
        let landings: Vec<(String, Placed)> = by_source(landings)
            .into_iter()
            .map(|(source, groups)| (source, writer.list(groups)))
            .collect();
        let issues = (!issues.is_empty()).then(|| writer.list(by_year(issues)));
        let pack = (!writer.new.is_empty()).then(|| NewPack::of(&writer.new));
        let name = pack.as_ref().map(|pack| pack.name.clone()).unwrap_or_default();
        let at = |placed: Placed| match placed {
            Placed::Known(at) => at,
            Placed::New(sha256) => EntryRef { pack_name: name.clone(), sha256 },
        };
        let manifests = Manifests {
            tables: tables.into_iter().map(|(name, placed)| (name, at(placed))).collect(),
            landings: landings.into_iter().map(|(name, placed)| (name, at(placed))).collect(),
            issues: issues.map(at),
        };
        (manifests, pack)
    }

    fn place(&mut self, value: Value) -> Placed {
        let (sha256, value) = entry(value);
        if let Some(pack) = self.known.packs.get(&sha256) {
            return Placed::Known(EntryRef { pack_name: pack.clone(), sha256 });
        }
        self.new.insert(sha256.clone(), value);
        Placed::New(sha256)
    }

    /// A list in groups: its manifest stays as it is while all groups do.
    fn list<T: Serialize>(&mut self, groups: BTreeMap<String, Vec<&T>>) -> Placed {
        let mut refs = BTreeMap::new();
        for (name, group) in groups {
            let group = match self.place(plain(&group)) {
                Placed::Known(at) => GroupRef { pack_name: Some(at.pack_name), sha256: at.sha256 },
                Placed::New(sha256) => GroupRef { pack_name: None, sha256 },
            };
            refs.insert(name, group);
        }
        let names = refs.iter().map(|(name, group)| (name.clone(), group.sha256.clone()));
        if let Some(list) = self.known.lists.get(&names.collect::<Vec<_>>()) {
            return Placed::Known(list.clone());
        }
        // It says where its groups lie by this pack, so it has to lie in it too.
        let (sha256, value) = entry(plain(&Groups { groups: refs }));
        self.new.insert(sha256.clone(), value);
        Placed::New(sha256)
    }
}

/// Plain data as a value.
pub(super) fn plain<T: Serialize>(data: &T) -> Value {
    serde_json::to_value(data).expect("it is plain data with string keys")
}

/// Groups of a list by name.
type GroupsOf<'a, T> = BTreeMap<String, Vec<&'a T>>;

/// Books by source, and by the loads that brought their extracts first.
fn by_source(landings: &[Landing]) -> BTreeMap<String, GroupsOf<'_, Landing>> {
    let mut sources: BTreeMap<String, GroupsOf<'_, Landing>> = BTreeMap::new();
    for landing in landings {
        let group = (landing.first_seen / LOADS).to_string();
        let source = sources.entry(landing.extract.source.clone()).or_default();
        source.entry(group).or_default().push(landing);
    }
    sources
}

/// Issues by the year of their period.
fn by_year(issues: &[OwedIssue]) -> GroupsOf<'_, OwedIssue> {
    let mut years = GroupsOf::new();
    for issue in issues {
        let year: String = issue.period.chars().take(4).collect();
        years.entry(year).or_default().push(issue);
    }
    years
}
