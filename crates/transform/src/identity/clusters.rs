//! Clusters of keys that belong together, and the owner of each.
//!
//! Keys are joined from the surest links to the weakest. Links of one confidence are looked
//! at together, so that the order of rows decides nothing. A cluster that such links tie to one
//! customer belongs to it from then on; one tied to several belongs to none of them. What has
//! an owner is never joined to another owner: the weaker link is overruled.

/// Two keys that name the same customer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Link {
    /// Position of its confidence among all, the surest first.
    pub(super) level: u16,
    pub(super) left: u32,
    pub(super) right: u32,
    /// How it is known.
    pub(super) method: u16,
}

/// Whose a key is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Owner {
    /// The customer whose own key is `anchor`, by the weakest link on the way; `None` for that key itself.
    Customer { anchor: u32, evidence: Option<LinkEvidence> },
    /// Several customers claim it alike, so that none has it.
    Contested,
    /// Tied to no customer; keys of an equal cluster are tied to each other.
    Unknown { cluster: u32 },
}

/// How a key is known to be its owner's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct LinkEvidence {
    pub(super) level: u16,
    pub(super) method: u16,
}

/// A customer's claim on a key that did not become the customer's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct KeyClaim {
    /// The key at issue.
    pub(super) key: u32,
    /// The key on the claiming customer's side.
    pub(super) via: u32,
    /// The claiming customer's own key.
    pub(super) anchor: u32,
    pub(super) evidence: LinkEvidence,
}

impl KeyClaim {
    fn new(key: u32, via: u32, anchor: u32, link: &Link) -> Self {
        let evidence = LinkEvidence { level: link.level, method: link.method };
        Self { key, via, anchor, evidence }
    }
}

/// The owner of every key, and the claims that were not met.
#[derive(Debug)]
pub(super) struct Clusters {
    /// One for each key.
    pub(super) owner_of_key: Vec<Owner>,
    /// Claims of several customers, alike in confidence, on keys that none of them has.
    pub(super) contested: Vec<KeyClaim>,
    /// Claims by links between two customers, weaker than what ties their ends to them.
    pub(super) overruled: Vec<KeyClaim>,
}

impl Clusters {
    /// Finds the owner of each of `keys` keys.
    pub(super) fn find(keys: usize, anchors: &[u32], mut links: Vec<Link>) -> Self {
        links.sort_unstable();
        links.dedup();
        let keys = u32::try_from(keys).expect("a key's number fits where it was given");
        let mut sets = DisjointSets::new(keys, anchors);
        let (mut contested, mut overruled) = (Vec::new(), Vec::new());
        for alike in links.chunk_by(|one, other| one.level == other.level) {
            sets.join_unknown(alike);
            sets.assign_owners(alike, &mut contested, &mut overruled);
        }
        Self { owner_of_key: (0..keys).map(|key| sets.owner(key)).collect(), contested, overruled }
    }
}

/// Disjoint sets of keys that are tied to each other, each with its owner.
struct DisjointSets {
    parent: Vec<u32>,
    owner: Vec<Owner>,
}

impl DisjointSets {
    fn new(keys: u32, anchors: &[u32]) -> Self {
        let mut owner: Vec<Owner> = (0..keys).map(|cluster| Owner::Unknown { cluster }).collect();
        for anchor in anchors {
            owner[*anchor as usize] = Owner::Customer { anchor: *anchor, evidence: None };
        }
        Self { parent: (0..keys).collect(), owner }
    }

    fn root(&mut self, mut key: u32) -> u32 {
        while self.parent[key as usize] != key {
            let above = self.parent[self.parent[key as usize] as usize];
            self.parent[key as usize] = above;
            key = above;
        }
        key
    }

    fn owner(&mut self, key: u32) -> Owner {
        let root = self.root(key);
        match self.owner[root as usize] {
            Owner::Unknown { .. } => Owner::Unknown { cluster: root },
            owned => owned,
        }
    }

    fn is_unknown(&self, root: u32) -> bool {
        matches!(self.owner[root as usize], Owner::Unknown { .. })
    }

    /// Joins what has no owner yet.
    fn join_unknown(&mut self, alike: &[Link]) {
        for link in alike {
            let (left, right) = (self.root(link.left), self.root(link.right));
            if left != right && self.is_unknown(left) && self.is_unknown(right) {
                self.parent[left.max(right) as usize] = left.min(right);
            }
        }
    }

    /// Gives each unknown set its owner if these links tie it to exactly one.
    fn assign_owners(
        &mut self,
        alike: &[Link],
        contested: &mut Vec<KeyClaim>,
        overruled: &mut Vec<KeyClaim>,
    ) {
        let mut claims: Vec<(u32, KeyClaim)> = Vec::new();
        let mut beside_contested: Vec<u32> = Vec::new();
        for link in alike {
            let (left, right) = (self.root(link.left), self.root(link.right));
            match (self.owner[left as usize], self.owner[right as usize]) {
                (Owner::Unknown { .. }, Owner::Customer { anchor, .. }) => {
                    claims.push((left, KeyClaim::new(link.left, link.right, anchor, link)));
                }
                (Owner::Customer { anchor, .. }, Owner::Unknown { .. }) => {
                    claims.push((right, KeyClaim::new(link.right, link.left, anchor, link)));
                }
                (Owner::Customer { anchor: one, .. }, Owner::Customer { anchor: other, .. })
                    if one != other =>
                {
                    overruled.push(self.overruled(link, one, other));
                }
                (Owner::Unknown { .. }, Owner::Contested) => beside_contested.push(left),
                (Owner::Contested, Owner::Unknown { .. }) => beside_contested.push(right),
                _ => {}
            }
        }
        claims.sort_unstable();
        for of_one in claims.chunk_by(|one, other| one.0 == other.0) {
            self.decide(of_one, contested);
        }
        // A key known only through a contested one is one of the claimants', never a customer of its own.
        for root in beside_contested {
            if self.is_unknown(root) {
                self.owner[root as usize] = Owner::Contested;
            }
        }
    }

    /// Decides over the claims on one set, at least one.
    fn decide(&mut self, claims: &[(u32, KeyClaim)], contested: &mut Vec<KeyClaim>) {
        let (root, KeyClaim { anchor, .. }) = claims[0];
        self.owner[root as usize] = if claims.iter().all(|(_, claim)| claim.anchor == anchor) {
            let evidence = claims.iter().map(|(_, claim)| claim.evidence).min();
            Owner::Customer { anchor, evidence }
        } else {
            contested.extend(claims.iter().map(|(_, claim)| *claim));
            Owner::Contested
        };
    }

    /// A link between two customers: the end that is less surely its owner's is the one at issue.
    fn overruled(&mut self, link: &Link, left: u32, right: u32) -> KeyClaim {
        if self.evidence(link.left) > self.evidence(link.right) {
            KeyClaim::new(link.left, link.right, right, link)
        } else {
            KeyClaim::new(link.right, link.left, left, link)
        }
    }

    fn evidence(&mut self, key: u32) -> Option<LinkEvidence> {
        match self.owner(key) {
            Owner::Customer { evidence, .. } => evidence,
            Owner::Contested | Owner::Unknown { .. } => None,
        }
    }
}
