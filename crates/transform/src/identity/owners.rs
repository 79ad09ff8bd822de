//! Who owns each key: connected keys, joined from the surest links to the weakest.
//!
//! Links of one confidence are looked at together, so that the order of rows
//! decides nothing. A set of keys that such links tie to one customer belongs
//! to it from then on; a set tied to several belongs to none of them. What has
//! an owner is never joined to another owner: the weaker link loses.

/// Two keys that name the same customer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Link {
    /// Place of its confidence among all, the surest first.
    pub(crate) level: u16,
    pub(crate) left: u32,
    pub(crate) right: u32,
    /// How it is known.
    pub(crate) method: u16,
}

/// Whose a key is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Owner {
    /// The customer whose own key is `anchor`; `level` and `method` are those of the weakest link on the way, none for itself.
    Customer { anchor: u32, known: Option<Known> },
    /// Nobody's: several customers claim it alike.
    Contested,
    /// Tied to no customer; keys with an equal number are tied to each other.
    Unknown { set: u32 },
}

/// How a key is known to be its owner's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Known {
    pub(crate) level: u16,
    pub(crate) method: u16,
}

/// A customer's claim on a key that did not become the customer's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Claim {
    /// The key at issue.
    pub(crate) key: u32,
    /// The key on the claiming customer's side.
    pub(crate) via: u32,
    /// The claiming customer's own key.
    pub(crate) anchor: u32,
    pub(crate) known: Known,
}

/// The outcome.
#[derive(Debug)]
pub(crate) struct Owners {
    /// One for each key.
    pub(crate) of: Vec<Owner>,
    /// Claims of several customers, alike in confidence, on keys that belong to nobody.
    pub(crate) contested: Vec<Claim>,
    /// Links that would have joined two customers and are weaker than what ties their ends to them.
    pub(crate) lost: Vec<Claim>,
}

/// Finds the owner of each of `keys` keys.
pub(crate) fn owners(keys: usize, anchors: &[u32], mut links: Vec<Link>) -> Owners {
    links.sort_unstable();
    links.dedup();
    let mut sets = Sets::new(keys, anchors);
    let (mut contested, mut lost) = (Vec::new(), Vec::new());
    for alike in links.chunk_by(|one, other| one.level == other.level) {
        sets.join_unknown(alike);
        sets.settle(alike, &mut contested, &mut lost);
    }
    let of = (0..u32::try_from(keys).unwrap_or(u32::MAX)).map(|key| sets.owner(key)).collect();
    Owners { of, contested, lost }
}

/// Sets of keys that are tied to each other, each with its owner.
struct Sets {
    parent: Vec<u32>,
    owner: Vec<Owner>,
}

impl Sets {
    fn new(keys: usize, anchors: &[u32]) -> Self {
        let keys = u32::try_from(keys).expect("a key's number fits where it was given");
        let mut owner: Vec<Owner> = (0..keys).map(|set| Owner::Unknown { set }).collect();
        for anchor in anchors {
            owner[*anchor as usize] = Owner::Customer { anchor: *anchor, known: None };
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
            Owner::Unknown { .. } => Owner::Unknown { set: root },
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
    fn settle(&mut self, alike: &[Link], contested: &mut Vec<Claim>, lost: &mut Vec<Claim>) {
        let mut claims: Vec<(u32, Claim)> = Vec::new();
        let mut drawn: Vec<u32> = Vec::new();
        for link in alike {
            let (left, right) = (self.root(link.left), self.root(link.right));
            match (self.owner[left as usize], self.owner[right as usize]) {
                (Owner::Unknown { .. }, Owner::Customer { anchor, .. }) => {
                    claims.push((left, claim(link.left, link.right, anchor, link)));
                }
                (Owner::Customer { anchor, .. }, Owner::Unknown { .. }) => {
                    claims.push((right, claim(link.right, link.left, anchor, link)));
                }
                (Owner::Customer { anchor: one, .. }, Owner::Customer { anchor: other, .. })
                    if one != other =>
                {
                    lost.push(self.lost(link, one, other));
                }
                (Owner::Unknown { .. }, Owner::Contested) => drawn.push(left),
                (Owner::Contested, Owner::Unknown { .. }) => drawn.push(right),
                _ => {}
            }
        }
        claims.sort_unstable();
        for of_one in claims.chunk_by(|one, other| one.0 == other.0) {
            let (root, first) = of_one[0];
            let is_agreed = of_one.iter().all(|(_, claim)| claim.anchor == first.anchor);
            self.owner[root as usize] = if is_agreed {
                let known = of_one.iter().map(|(_, claim)| claim.known).min();
                Owner::Customer { anchor: first.anchor, known }
            } else {
                contested.extend(of_one.iter().map(|(_, claim)| *claim));
                Owner::Contested
            };
        }
        // A key known only through a contested one is one of the claimants', never a customer of its own.
        for root in drawn.into_iter().filter(|root| self.is_unknown(*root)).collect::<Vec<_>>() {
            self.owner[root as usize] = Owner::Contested;
        }
    }

    /// The end that is less surely its owner's is the one at issue.
    fn lost(&mut self, link: &Link, left: u32, right: u32) -> Claim {
        let strength =
            |owner: Owner| if let Owner::Customer { known, .. } = owner { known } else { None };
        let (left_root, right_root) = (self.root(link.left), self.root(link.right));
        let strengths =
            (strength(self.owner[left_root as usize]), strength(self.owner[right_root as usize]));
        if strengths.0 > strengths.1 {
            claim(link.left, link.right, right, link)
        } else {
            claim(link.right, link.left, left, link)
        }
    }
}

fn claim(key: u32, via: u32, anchor: u32, link: &Link) -> Claim {
    Claim { key, via, anchor, known: Known { level: link.level, method: link.method } }
}
