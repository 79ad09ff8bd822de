//! Ownership on drawn graphs, beside a second computation that is slow and plain.

use std::collections::{BTreeMap, BTreeSet};

use super::super::clusters::{Clusters, Link, Owner};

/// Numbers that look drawn: a linear congruence by Knuth, its upper bits.
struct Congruence(u64);

impl Congruence {
    fn below(&mut self, limit: u32) -> u32 {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        u32::try_from((self.0 >> 33) % u64::from(limit)).unwrap()
    }
}

/// Whose a key is, as the plain computation says it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Whose {
    Customer(u32),
    Nobody,
    Unknown,
}

/// Level by level, by walking: no sets are kept, and each key is asked alone.
fn plainly(keys: u32, anchors: &BTreeSet<u32>, links: &[Link]) -> Vec<Whose> {
    let mut whose: Vec<Whose> = (0..keys)
        .map(|key| if anchors.contains(&key) { Whose::Customer(key) } else { Whose::Unknown })
        .collect();
    let levels: BTreeSet<u16> = links.iter().map(|link| link.level).collect();
    for level in levels {
        let upto: Vec<&Link> = links.iter().filter(|link| link.level <= level).collect();
        let before = whose.clone();
        for key in (0..keys).filter(|key| before[*key as usize] == Whose::Unknown) {
            let (mut claimants, mut touches_contested) = (BTreeSet::new(), false);
            let reached = reach(key, &upto, &before);
            for link in &upto {
                for (near, far) in [(link.left, link.right), (link.right, link.left)] {
                    if reached.contains(&near) {
                        match before[far as usize] {
                            Whose::Customer(customer) => drop(claimants.insert(customer)),
                            Whose::Nobody => touches_contested = true,
                            Whose::Unknown => {}
                        }
                    }
                }
            }
            whose[key as usize] = match (claimants.len(), touches_contested) {
                (0, false) => Whose::Unknown,
                (1, _) => Whose::Customer(*claimants.first().unwrap()),
                _ => Whose::Nobody,
            };
        }
    }
    whose
}

/// Unknown keys that a walk over unknown keys reaches.
fn reach(from: u32, links: &[&Link], whose: &[Whose]) -> BTreeSet<u32> {
    let mut reached = BTreeSet::from([from]);
    loop {
        let before = reached.len();
        for link in links {
            for (near, far) in [(link.left, link.right), (link.right, link.left)] {
                if reached.contains(&near) && whose[far as usize] == Whose::Unknown {
                    reached.insert(far);
                }
            }
        }
        if reached.len() == before {
            return reached;
        }
    }
}

fn drawn(draw: &mut Congruence) -> (u32, BTreeSet<u32>, Vec<Link>) {
    let keys = 2 + draw.below(14);
    let anchors = (0..draw.below(4)).map(|_| draw.below(keys)).collect();
    let link = |draw: &mut Congruence| Link {
        level: u16::try_from(draw.below(3)).unwrap(),
        left: draw.below(keys),
        right: draw.below(keys),
        method: u16::try_from(draw.below(2)).unwrap(),
    };
    let links = (0..draw.below(20)).map(|_| link(draw)).collect();
    (keys, anchors, links)
}

fn shuffled(draw: &mut Congruence, links: &[Link]) -> Vec<Link> {
    let mut links = links.to_vec();
    for index in (1..links.len()).rev() {
        let other = draw.below(u32::try_from(index + 1).unwrap()) as usize;
        links.swap(index, other);
    }
    links
}

#[test]
fn owners_are_those_of_the_plain_computation_whatever_the_order_of_rows() {
    let mut draw = Congruence(20_261_122);
    let mut outcomes = [0_u32; 3];
    for round in 0..4_000 {
        let (keys, anchors, links) = drawn(&mut draw);
        let plain = plainly(keys, &anchors, &links);
        let listed: Vec<u32> = anchors.iter().copied().collect();
        let clusters = Clusters::find(keys as usize, &listed, links.clone());
        for (key, owner) in clusters.owner_of_key.iter().enumerate() {
            let owner = match owner {
                Owner::Customer { anchor, .. } => Whose::Customer(*anchor),
                Owner::Contested => Whose::Nobody,
                Owner::Unknown { .. } => Whose::Unknown,
            };
            outcomes[match owner {
                Whose::Customer(_) => 0,
                Whose::Nobody => 1,
                Whose::Unknown => 2,
            }] += 1;
            assert_eq!(
                owner, plain[key],
                "round {round}, key {key} of {links:?}, anchors {anchors:?}"
            );
        }
        let reordered = Clusters::find(keys as usize, &listed, shuffled(&mut draw, &links));
        assert_eq!(reordered.owner_of_key, clusters.owner_of_key, "round {round}");
        let sorted = |mut claims: Vec<_>| {
            claims.sort_unstable();
            claims
        };
        assert_eq!(sorted(reordered.contested), sorted(clusters.contested), "round {round}");
    }
    assert!(outcomes.iter().all(|count| *count > 500), "every outcome was drawn: {outcomes:?}");
}

#[test]
fn without_conflict_owners_are_connected_components() {
    let mut draw = Congruence(7);
    for _ in 0..2_000 {
        let (keys, _, links) = drawn(&mut draw);
        let clusters = Clusters::find(keys as usize, &[], links.clone());
        let all: Vec<&Link> = links.iter().collect();
        let none = vec![Whose::Unknown; keys as usize];
        let mut numbers: BTreeMap<u32, BTreeSet<u32>> = BTreeMap::new();
        for key in 0..keys {
            let Owner::Unknown { cluster } = clusters.owner_of_key[key as usize] else {
                panic!("nobody is anchored")
            };
            numbers.entry(cluster).or_default().insert(key);
            assert!(reach(key, &all, &none).contains(&cluster));
        }
        for set in numbers.values() {
            assert_eq!(*set, reach(*set.first().unwrap(), &all, &none));
        }
    }
}
