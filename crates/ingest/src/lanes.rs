//! Sources side by side, but few: each already keeps the processors busy, and holds rows in memory.

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Sources landed at the same time: while one waits for its last file, another goes on.
const LANES: usize = 2;

/// Does `work` for every item, the largest first; answers come in the order of the items.
pub(crate) fn each<T: Sync, R: Send>(
    items: &[T],
    size: impl Fn(&T) -> u64,
    work: impl Fn(&T) -> R + Sync,
) -> Vec<R> {
    let mut order: Vec<usize> = (0..items.len()).collect();
    order.sort_by_key(|index| std::cmp::Reverse(size(&items[*index])));
    let next = AtomicUsize::new(0);
    let done = Mutex::new(Vec::with_capacity(items.len()));
    rayon::scope(|scope| {
        for _ in 0..LANES {
            scope.spawn(|_| {
                while let Some(index) = order.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let answer = work(&items[*index]);
                    done.lock().expect("no holder panics").push((*index, answer));
                }
            });
        }
    });
    let mut done = done.into_inner().expect("no holder panics");
    done.sort_by_key(|(index, _)| *index);
    done.into_iter().map(|(_, answer)| answer).collect()
}

#[cfg(test)]
mod tests {
    #[test]
    fn answers_come_in_the_order_of_the_items() {
        let items: Vec<u64> = (0..100).collect();
        let expected: Vec<u64> = items.iter().map(|item| item * 2).collect();
        assert_eq!(super::each(&items, |item| item % 7, |item| item * 2), expected);
    }
}
