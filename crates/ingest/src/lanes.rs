//! A few things side by side, each with a thread of its own: their threads wait while the processors work for them.

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

/// Does `work` for every item, `lanes` of them at a time, the largest first; answers come in the order of the items.
pub(crate) fn each<T: Sync, R: Send>(
    items: &[T],
    lanes: usize,
    size: impl Fn(&T) -> u64,
    work: impl Fn(&T) -> R + Sync,
) -> Vec<R> {
    let mut order: Vec<usize> = (0..items.len()).collect();
    order.sort_by_key(|index| std::cmp::Reverse(size(&items[*index])));
    let next = AtomicUsize::new(0);
    let done = Mutex::new(Vec::with_capacity(items.len()));
    let lane = || {
        while let Some(index) = order.get(next.fetch_add(1, Ordering::Relaxed)) {
            let answer = work(&items[*index]);
            done.lock().expect("no holder panics").push((*index, answer));
        }
    };
    thread::scope(|threads| (0..lanes.min(items.len())).for_each(|_| drop(threads.spawn(lane))));
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
        assert_eq!(super::each(&items, 3, |item| item % 7, |item| item * 2), expected);
    }
}
