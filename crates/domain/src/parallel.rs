//! Bounded parallel work: a few things at the same time, each on a worker thread of its own, which may wait for the
//! pool of processors.

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

/// Stack of every thread that holds a plan of the query engine: it walks an expression of thousands of terms by as many
/// calls. Memory is taken only as far as it is used.
pub const STACK: usize = 64 << 20;

/// Does `work` for every item, by that many `workers`, the largest first; answers come in the order of the items.
///
/// # Panics
///
/// When `work` does.
pub fn in_parallel<T: Sync, R: Send>(
    items: &[T],
    workers: usize,
    size: impl Fn(&T) -> u64,
    work: impl Fn(&T) -> R + Sync,
) -> Vec<R> {
    let mut order: Vec<usize> = (0..items.len()).collect();
    order.sort_by_key(|index| std::cmp::Reverse(size(&items[*index])));
    let next = AtomicUsize::new(0);
    let done = Mutex::new(Vec::with_capacity(items.len()));
    let worker = || {
        while let Some(index) = order.get(next.fetch_add(1, Ordering::Relaxed)) {
            let answer = work(&items[*index]);
            done.lock().expect("no holder panics").push((*index, answer));
        }
    };
    thread::scope(|threads| {
        for _ in 0..workers.min(items.len()) {
            let started = thread::Builder::new().stack_size(STACK).spawn_scoped(threads, worker);
            started.expect("the system starts a few threads");
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
        assert_eq!(super::in_parallel(&items, 3, |item| item % 7, |item| item * 2), expected);
    }
}
