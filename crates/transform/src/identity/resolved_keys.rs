//! Every key with its customer, in words again.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::clusters::{Clusters, KeyClaim, LinkEvidence, Owner};
use super::collected_keys::CollectedKeys;
use super::definition::{ITSELF, Identity};

/// The customer of every key, before it is written.
#[derive(Debug)]
pub(crate) struct ResolvedKeys {
    pub(super) identity: Arc<Identity>,
    pub(super) collected: CollectedKeys,
    pub(super) clusters: Clusters,
    /// Names of customers that no anchor knows, by cluster.
    derived: BTreeMap<u32, String>,
}

impl ResolvedKeys {
    /// Finds the customer of every key.
    pub(super) fn new(identity: Arc<Identity>, mut collected: CollectedKeys) -> Self {
        let links = std::mem::take(&mut collected.links);
        let clusters = Clusters::find(collected.keys.len(), &collected.anchors, links);
        let mut resolved = Self { identity, collected, clusters, derived: BTreeMap::new() };
        resolved.derived = resolved.derive();
        resolved
    }

    /// Calls each unknown customer by its first key: by kind in the order of the file, by system, by text.
    fn derive(&self) -> BTreeMap<u32, String> {
        let mut first: BTreeMap<u32, u32> = BTreeMap::new();
        for (key, owner) in (0u32..).zip(&self.clusters.owner_of_key) {
            if let Owner::Unknown { cluster } = owner {
                let best = first.entry(*cluster).or_insert(key);
                if self.rank(key) < self.rank(*best) {
                    *best = key;
                }
            }
        }
        first.into_iter().map(|(cluster, key)| (cluster, self.long_name(key))).collect()
    }

    fn rank(&self, key: u32) -> (usize, Option<&str>, &str) {
        let (source, kind) = self.space(key);
        (kind, source, self.text(key))
    }

    /// System, if it is of one, and kind of a key.
    fn space(&self, key: u32) -> (Option<&str>, usize) {
        let space = self.collected.keys[key as usize].space;
        let (source, kind) = self.collected.spaces[usize::from(space)];
        (source.map(|source| self.collected.sources[usize::from(source)].as_str()), kind)
    }

    pub(super) fn kind(&self, key: u32) -> &str {
        &self.identity.kinds[self.space(key).1].name
    }

    pub(super) fn text(&self, key: u32) -> &str {
        &self.collected.keys[key as usize].text
    }

    /// A key that no other key is mistaken for: `zendesk.organization:81`, `domain:acme.example`.
    pub(super) fn long_name(&self, key: u32) -> String {
        let (source, _) = self.space(key);
        let source = source.map(|source| format!("{source}.")).unwrap_or_default();
        format!("{source}{}:{}", self.kind(key), self.text(key))
    }

    /// The customer of a key; `None` when several claim it.
    pub(super) fn customer(&self, key: u32) -> Option<&str> {
        match &self.clusters.owner_of_key[key as usize] {
            Owner::Customer { anchor, .. } => Some(self.text(*anchor)),
            Owner::Unknown { cluster } => Some(&self.derived[cluster]),
            Owner::Contested => None,
        }
    }

    /// How the customer of a key is known, and how surely; for a derived customer there is no confidence.
    pub(super) fn evidence(&self, key: u32) -> (&str, Option<f64>) {
        match self.clusters.owner_of_key[key as usize] {
            Owner::Customer { evidence: Some(evidence), .. } => {
                (self.method(evidence), Some(self.confidence(evidence)))
            }
            Owner::Customer { evidence: None, .. } => (ITSELF, Some(1.0)),
            Owner::Contested => ("contested", None),
            Owner::Unknown { .. } => ("derived", None),
        }
    }

    pub(super) fn method(&self, evidence: LinkEvidence) -> &str {
        &self.identity.methods[usize::from(evidence.method)]
    }

    pub(super) fn confidence(&self, evidence: LinkEvidence) -> f64 {
        self.identity.levels[usize::from(evidence.level)]
    }

    /// Claims that did not become the customer's, with whether no customer has the key.
    pub(super) fn claims(&self) -> impl Iterator<Item = (bool, &KeyClaim)> {
        let contested = self.clusters.contested.iter().map(|claim| (true, claim));
        contested.chain(self.clusters.overruled.iter().map(|claim| (false, claim)))
    }
}
