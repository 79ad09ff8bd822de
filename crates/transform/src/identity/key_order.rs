//! The order of keys in `dim.map_identity`.

use super::collected_keys::CollectedKeys;
use super::resolved_keys::ResolvedKeys;

impl ResolvedKeys {
    /// Each key once for each system it is seen in, in order of system, kind and text.
    pub(super) fn sorted_keys(&self) -> Vec<(u16, u32)> {
        let mut buckets = buckets(&self.collected);
        buckets.sort_by_key(|bucket| {
            let (_, kind) = self.collected.spaces[bucket.space];
            let source = &self.collected.sources[usize::from(bucket.source)];
            (source, &self.identity.kinds[kind].name)
        });
        std::thread::scope(|scope| {
            for bucket in &mut buckets {
                scope.spawn(|| self.sort_by_text(&mut bucket.keys));
            }
        });
        let mut sorted = Vec::with_capacity(buckets.iter().map(|bucket| bucket.keys.len()).sum());
        for KeyBucket { source, keys, .. } in buckets {
            sorted.extend(keys.into_iter().map(|key| (source, key)));
        }
        sorted
    }

    /// Sorts keys by text. Names of one system begin alike; the eight bytes after that mostly decide, and lie side by side.
    fn sort_by_text(&self, keys: &mut [u32]) {
        let Some(first) = keys.first().map(|key| self.text(*key).as_bytes()) else { return };
        let shared = |key: &u32| {
            first.iter().zip(self.text(*key).as_bytes()).take_while(|(a, b)| a == b).count()
        };
        let shared = keys.iter().map(shared).min().unwrap_or(0);
        let mut sorted: Vec<(u64, &str, u32)> = keys
            .iter()
            .map(|key| {
                let text = self.text(*key);
                (first_eight(&text.as_bytes()[shared..]), text, *key)
            })
            .collect();
        sorted.sort_unstable();
        keys.iter_mut().zip(sorted).for_each(|(slot, (_, _, key))| *slot = key);
    }
}

/// Keys of one space that are seen in one system.
struct KeyBucket {
    source: u16,
    space: usize,
    keys: Vec<u32>,
}

/// The keys by system and space, those without keys left out.
fn buckets(collected: &CollectedKeys) -> Vec<KeyBucket> {
    let spaces = collected.spaces.len();
    let mut keys: Vec<Vec<u32>> = vec![Vec::new(); collected.sources.len() * spaces];
    for (key, facts) in (0u32..).zip(&collected.facts) {
        let space = usize::from(collected.keys[key as usize].space);
        let mut sources = facts.sources;
        while sources != 0 {
            keys[sources.trailing_zeros() as usize * spaces + space].push(key);
            sources &= sources - 1;
        }
    }
    let filled = keys.into_iter().enumerate().filter(|(_, keys)| !keys.is_empty());
    filled
        .map(|(slot, keys)| KeyBucket {
            source: u16::try_from(slot / spaces).expect("at most 64 systems"),
            space: slot % spaces,
            keys,
        })
        .collect()
}

/// The first eight bytes as a number that orders as they do; what is missing counts as zero.
fn first_eight(bytes: &[u8]) -> u64 {
    let mut first = [0; 8];
    let length = bytes.len().min(8);
    first[..length].copy_from_slice(&bytes[..length]);
    u64::from_be_bytes(first)
}
