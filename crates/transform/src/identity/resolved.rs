//! Every key with its customer, in words again.

use std::collections::BTreeMap;
use std::sync::Arc;

use scorewright_domain::{CheckOutcome, Severity};

use super::gather::{Gathered, NONE};
use super::owners::{Claim, Known, Owner, Owners, owners};
use super::rules::{ITSELF, Identity};

/// Conflicts named in a message.
const NAMED: usize = 5;

/// Who is who, before it is written.
#[derive(Debug)]
pub(crate) struct Resolved {
    pub(crate) identity: Arc<Identity>,
    pub(crate) gathered: Gathered,
    pub(crate) owners: Owners,
    /// Names of customers that no anchor knows, by set.
    derived: BTreeMap<u32, String>,
}

/// What became of the rows of one table and system: `rows = known + unknown + contested + without_key`.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Fates {
    pub(crate) rows: u64,
    /// Rows of a customer of the anchor table; of any customer when there is none.
    pub(crate) known: u64,
    /// Rows whose keys no customer of the anchor table has.
    pub(crate) unknown: u64,
    /// Rows whose keys several customers claim.
    pub(crate) contested: u64,
    /// Rows that name nobody.
    pub(crate) without_key: u64,
}

impl Fates {
    /// Rows that belong to no known customer.
    pub(crate) fn unmatched(&self) -> u64 {
        self.rows - self.known
    }
}

impl Resolved {
    /// Finds the customer of every key.
    pub(crate) fn new(identity: Arc<Identity>, mut gathered: Gathered) -> Self {
        let links = std::mem::take(&mut gathered.links);
        let owners = owners(gathered.keys.len(), &gathered.anchors, links);
        let mut resolved = Self { identity, gathered, owners, derived: BTreeMap::new() };
        resolved.derived = resolved.derive();
        resolved
    }

    /// Calls each unknown customer by its first key: by kind in the order of the file, by system, by text.
    fn derive(&self) -> BTreeMap<u32, String> {
        let mut first: BTreeMap<u32, u32> = BTreeMap::new();
        for (key, owner) in (0u32..).zip(&self.owners.of) {
            if let Owner::Unknown { set } = owner {
                let best = first.entry(*set).or_insert(key);
                if self.rank(key) < self.rank(*best) {
                    *best = key;
                }
            }
        }
        first.into_iter().map(|(set, key)| (set, self.long_name(key))).collect()
    }

    fn rank(&self, key: u32) -> (usize, Option<&str>, &str) {
        let (source, kind) = self.space(key);
        (kind, source, self.text(key))
    }

    /// System, if it is of one, and kind of a key.
    pub(crate) fn space(&self, key: u32) -> (Option<&str>, usize) {
        let space = self.gathered.keys[key as usize].space;
        let (source, kind) = self.gathered.spaces[usize::from(space)];
        (source.map(|source| self.gathered.sources[usize::from(source)].as_str()), kind)
    }

    pub(crate) fn kind(&self, key: u32) -> &str {
        &self.identity.kinds[self.space(key).1].name
    }

    pub(crate) fn text(&self, key: u32) -> &str {
        &self.gathered.keys[key as usize].text
    }

    /// A key that no other key is mistaken for: `zendesk.organization:81`, `domain:acme.example`.
    pub(crate) fn long_name(&self, key: u32) -> String {
        let (source, _) = self.space(key);
        let source = source.map(|source| format!("{source}.")).unwrap_or_default();
        format!("{source}{}:{}", self.kind(key), self.text(key))
    }

    /// The customer of a key.
    pub(crate) fn customer(&self, key: u32) -> Option<&str> {
        match self.owners.of[key as usize] {
            Owner::Customer { anchor, .. } => Some(self.text(anchor)),
            Owner::Unknown { set } => self.derived.get(&set).map(String::as_str),
            Owner::Contested => None,
        }
    }

    /// How the customer of a key is known, and how surely; a derived customer is no question of confidence.
    pub(crate) fn known(&self, key: u32) -> (&str, Option<f64>) {
        match self.owners.of[key as usize] {
            Owner::Customer { known: Some(known), .. } => {
                (self.method(known), Some(self.confidence(known)))
            }
            Owner::Customer { known: None, .. } => (ITSELF, Some(1.0)),
            Owner::Contested => ("contested", None),
            Owner::Unknown { .. } => ("derived", None),
        }
    }

    pub(crate) fn method(&self, known: Known) -> &str {
        &self.identity.methods[usize::from(known.method)]
    }

    pub(crate) fn confidence(&self, known: Known) -> f64 {
        self.identity.levels[usize::from(known.level)]
    }

    /// Whether any customer is known by more than its names.
    fn has_anchor(&self) -> bool {
        self.identity.tables.iter().any(|table| table.is_anchor)
    }

    /// What became of the rows, by table and system.
    pub(crate) fn matches(&self) -> BTreeMap<(String, String), Fates> {
        let has_anchor = self.has_anchor();
        let mut matches: BTreeMap<(String, String), Fates> = BTreeMap::new();
        for (table, records) in self.identity.tables.iter().zip(&self.gathered.records) {
            let mut by_source: BTreeMap<u16, Fates> = BTreeMap::new();
            let rows =
                records.cells.chunks(table.keys.len()).zip(&records.sources).zip(&records.rows);
            for ((cells, source), rows) in rows {
                let fates = by_source.entry(*source).or_default();
                fates.rows += rows;
                *self.counter(fates, cells, has_anchor) += rows;
            }
            for (source, fates) in by_source {
                let source = self.gathered.sources[usize::from(source)].clone();
                matches.insert((source, table.name.to_string()), fates);
            }
        }
        matches
    }

    /// Where a row with these keys is counted.
    fn counter<'m>(&self, fates: &'m mut Fates, cells: &[u32], has_anchor: bool) -> &'m mut u64 {
        let owners =
            cells.iter().filter(|cell| **cell != NONE).map(|cell| self.owners.of[*cell as usize]);
        let (mut is_contested, mut is_unknown) = (false, false);
        for owner in owners {
            match owner {
                Owner::Customer { .. } => return &mut fates.known,
                Owner::Unknown { .. } if !has_anchor => return &mut fates.known,
                Owner::Unknown { .. } => is_unknown = true,
                Owner::Contested => is_contested = true,
            }
        }
        match (is_contested, is_unknown) {
            (true, _) => &mut fates.contested,
            (false, true) => &mut fates.unknown,
            (false, false) => &mut fates.without_key,
        }
    }

    /// Keys that belong to nobody because several customers claim them.
    pub(crate) fn conflict(&self) -> CheckOutcome {
        let contested = self.owners.of.iter().filter(|owner| **owner == Owner::Contested).count();
        let mut samples: BTreeMap<String, Vec<&str>> = BTreeMap::new();
        for claim in &self.owners.contested {
            let claimants = samples.entry(self.long_name(claim.key)).or_default();
            claimants.push(self.text(claim.anchor));
            claimants.sort_unstable();
            claimants.dedup();
        }
        let samples = samples.into_iter().take(NAMED);
        CheckOutcome {
            check: "one_customer(source_key)".into(),
            severity: Severity::Warn,
            offending: u64::try_from(contested).unwrap_or(u64::MAX),
            looked_at: u64::try_from(self.owners.of.len()).unwrap_or(u64::MAX),
            samples: samples
                .map(|(key, claimants)| format!("{key}: {}", claimants.join(" or ")))
                .collect(),
        }
    }

    /// Rows that belong to no known customer, one outcome for each table and system; within its tolerance none offends.
    /// Without an anchor nobody is known, so nobody asks.
    pub(crate) fn unmatched(&self) -> Vec<CheckOutcome> {
        let tolerance = |name: &str| {
            let table = self.identity.tables.iter().find(|table| table.name.to_string() == name);
            table.map_or(0.0, |table| table.tolerance)
        };
        let outcome = |((source, table), fates): ((String, String), Fates)| {
            #[allow(
                clippy::cast_precision_loss,
                reason = "a tolerated share needs no more than 52 bits"
            )]
            let is_tolerated = fates.unmatched() as f64 <= tolerance(&table) * fates.rows as f64;
            CheckOutcome {
                check: format!("known_customer({source} in {table})"),
                severity: Severity::Warn,
                offending: if is_tolerated { 0 } else { fates.unmatched() },
                looked_at: fates.rows,
                samples: Vec::new(),
            }
        };
        if self.has_anchor() {
            self.matches().into_iter().map(outcome).collect()
        } else {
            Vec::new()
        }
    }

    /// Claims that did not become the customer's, with whether the key belongs to nobody for it.
    pub(crate) fn claims(&self) -> impl Iterator<Item = (bool, &Claim)> {
        let contested = self.owners.contested.iter().map(|claim| (true, claim));
        contested.chain(self.owners.lost.iter().map(|claim| (false, claim)))
    }
}
