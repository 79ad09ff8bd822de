//! Rows that the processors are packing, while their file is read on.

use std::collections::VecDeque;
use std::sync::Mutex;
use std::sync::mpsc::{Receiver, TryRecvError, sync_channel};

use arrow::array::RecordBatch;
use parquet::errors::ParquetError;

use crate::group::Packer;
use crate::part::Part;

/// Groups of a file that are packed at the same time: more of them would only hold memory.
const AT_ONCE: usize = 2;

/// What is being packed, in the order it was begun.
pub(super) struct Packing {
    packer: Packer,
    begun: VecDeque<Begun>,
}

struct Begun {
    group: Group,
    /// Behind a lock only because a file that is whole is looked at from many threads.
    packed: Mutex<Receiver<Result<Vec<u8>, ParquetError>>>,
}

/// Rows of a part, and the memory they take while they are loose.
pub(super) struct Group {
    pub(super) part: Part,
    pub(super) cut: usize,
    pub(super) loose: usize,
}

impl Packing {
    pub(super) fn new(packer: Packer) -> Self {
        Self { packer, begun: VecDeque::new() }
    }

    /// Begins to pack rows.
    pub(super) fn begin(&mut self, group: Group, rows: Vec<RecordBatch>) {
        let (sender, receiver) = sync_channel(1);
        let packer = self.packer.clone();
        rayon::spawn(move || {
            let bytes = packer.pack(&rows);
            drop(rows);
            // Nobody waits for it when the file was given up.
            let _ = sender.send(bytes);
        });
        self.begun.push_back(Begun { group, packed: Mutex::new(receiver) });
    }

    /// What was begun first, if it is packed; waits for it where `must` says so, or too many are begun.
    pub(super) fn next(&mut self, must: bool) -> Option<(Group, Result<Vec<u8>, ParquetError>)> {
        let must = must || self.begun.len() > AT_ONCE;
        let packed = self.begun.front_mut()?.packed.get_mut().expect("no holder panics");
        let packed = if must {
            packed.recv().map_err(|_| TryRecvError::Disconnected)
        } else {
            packed.try_recv()
        };
        match packed {
            Err(TryRecvError::Empty) => None,
            Err(TryRecvError::Disconnected) => panic!("rows could not be packed: see above"),
            Ok(packed) => self.begun.pop_front().map(|begun| (begun.group, packed)),
        }
    }

    /// Memory of the rows that are not packed yet.
    pub(super) fn loose(&self) -> usize {
        self.begun.iter().map(|begun| begun.group.loose).sum()
    }
}
