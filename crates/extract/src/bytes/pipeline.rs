//! The blocks of a file, one after the other from disk, worked on by all processors, and taken in file order.

use std::sync::mpsc::{channel, sync_channel};
use std::thread;

use crate::refusal::{ReadError, Refusal};

/// Blocks of a file that are on their way at the same time: enough to keep all processors at work.
const AHEAD: usize = 4;

/// A file that is read block by block.
pub(crate) trait Blocks: Send {
    type Block: Send;

    /// The next block; none at the end of the file.
    fn next(&mut self) -> Result<Option<Self::Block>, Refusal>;

    /// Takes back the memory of a block that is done with.
    fn recycle(&mut self, block: Self::Block);
}

/// Works on blocks while others are read and what came of earlier ones is taken.
///
/// The calling thread takes, so it waits: it is none of the pool that works.
pub(crate) fn each<B: Blocks, T: Send>(
    mut blocks: B,
    work: impl Fn(&B::Block) -> Result<T, ReadError> + Sync,
    mut take: impl FnMut(T) -> Result<(), ReadError>,
) -> Result<(), ReadError> {
    let work = &work;
    let (slots, ahead) = sync_channel(AHEAD);
    let (done, recycled) = channel();
    rayon::in_place_scope(|pool| {
        thread::scope(|threads| {
            let reader = threads.spawn(move || {
                while let Some(block) = blocks.next()? {
                    let (answer, slot) = sync_channel(1);
                    if slots.send(slot).is_err() {
                        break;
                    }
                    let done = done.clone();
                    pool.spawn(move |_| {
                        // Whoever does not listen any more has met an error.
                        let _ = answer.send(work(&block));
                        let _ = done.send(block);
                    });
                    for block in recycled.try_iter() {
                        blocks.recycle(block);
                    }
                }
                Ok::<(), ReadError>(())
            });
            // A slot without an answer is a panic, which the pool hands on.
            let taken = ahead
                .iter()
                .map_while(|slot| slot.recv().ok())
                .try_for_each(|answer| take(answer?));
            drop(ahead);
            let read = reader.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
            taken.and(read)
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Numbers up to an end, and an error there if there is one.
    struct NumberBlocks {
        next: u32,
        end: u32,
        is_broken: bool,
    }

    impl Blocks for NumberBlocks {
        type Block = u32;

        fn next(&mut self) -> Result<Option<u32>, Refusal> {
            self.next += 1;
            match self.next {
                next if next <= self.end => Ok(Some(next)),
                _ if self.is_broken => Err(Refusal::NoRows),
                _ => Ok(None),
            }
        }

        fn recycle(&mut self, _: u32) {}
    }

    fn numbers(end: u32, is_broken: bool) -> NumberBlocks {
        NumberBlocks { next: 0, end, is_broken }
    }

    #[test]
    fn what_came_of_blocks_is_taken_in_their_order() {
        let mut taken = Vec::new();
        each(
            numbers(1_000, false),
            |number| Ok(number * 2),
            |number| {
                taken.push(number);
                Ok(())
            },
        )
        .unwrap();
        assert_eq!(taken, (1..=1_000).map(|number| number * 2).collect::<Vec<_>>());
    }

    #[test]
    fn the_first_error_in_file_order_ends_it() {
        let mut taken = 0;
        let work =
            |number: &u32| if *number == 500 { Err(Refusal::Empty.into()) } else { Ok(*number) };
        let ended = each(numbers(900, true), work, |number| {
            taken = number;
            Ok(())
        });
        assert!(matches!(ended, Err(ReadError::Refused(Refusal::Empty))), "{ended:?}");
        assert_eq!(taken, 499);
        let ended = each(numbers(7, true), |number| Ok(*number), |_| Ok(()));
        assert!(matches!(ended, Err(ReadError::Refused(Refusal::NoRows))), "{ended:?}");
        let ended =
            each(numbers(900, false), |number| Ok(*number), |_| Err(Refusal::Changed.into()));
        assert!(matches!(ended, Err(ReadError::Refused(Refusal::Changed))), "{ended:?}");
    }

    #[test]
    #[should_panic(expected = "a bug")]
    fn a_panic_is_handed_on() {
        let work = |number: &u32| if *number == 20 { panic!("a bug") } else { Ok(*number) };
        let _ = each(numbers(900, false), work, |_| Ok(()));
    }
}
