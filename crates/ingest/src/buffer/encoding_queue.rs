//! Rows that the processors are encoding, while their file is read on.

use std::collections::VecDeque;
use std::sync::Mutex;
use std::sync::mpsc::{Receiver, TryRecvError, sync_channel};

use arrow::array::RecordBatch;
use parquet::errors::ParquetError;

use crate::rows::partition::Partition;
use crate::rows::row_group::RowGroupEncoder;

/// Row groups of a file that are encoded at the same time: more of them would only hold memory.
const AT_ONCE: usize = 2;

/// What is being encoded, in the order it was begun.
pub(super) struct EncodingQueue {
    encoder: RowGroupEncoder,
    begun: VecDeque<InProgress>,
}

struct InProgress {
    rows: PendingRows,
    /// Behind a lock only because a file that is whole is looked at from many threads.
    encoded: Mutex<Receiver<Result<Vec<u8>, ParquetError>>>,
}

/// Which rows are being encoded, and the memory they take until then.
pub(super) struct PendingRows {
    pub(super) partition: Partition,
    pub(super) row_group: usize,
    pub(super) bytes: usize,
}

impl EncodingQueue {
    pub(super) fn new(encoder: RowGroupEncoder) -> Self {
        Self { encoder, begun: VecDeque::new() }
    }

    /// Begins to encode rows.
    pub(super) fn begin(&mut self, pending: PendingRows, rows: Vec<RecordBatch>) {
        let (sender, receiver) = sync_channel(1);
        let encoder = self.encoder.clone();
        rayon::spawn(move || {
            let bytes = encoder.encode(&rows);
            drop(rows);
            // Nobody waits for it when the file was given up.
            let _ = sender.send(bytes);
        });
        self.begun.push_back(InProgress { rows: pending, encoded: Mutex::new(receiver) });
    }

    /// What was begun first, if it is encoded; waits for it where `must` says so, or too much is begun.
    pub(super) fn next(
        &mut self,
        must: bool,
    ) -> Option<(PendingRows, Result<Vec<u8>, ParquetError>)> {
        let must = must || self.begun.len() > AT_ONCE;
        let encoded = self.begun.front_mut()?.encoded.get_mut().expect("no holder panics");
        let encoded = if must {
            encoded.recv().map_err(|_| TryRecvError::Disconnected)
        } else {
            encoded.try_recv()
        };
        match encoded {
            Err(TryRecvError::Empty) => None,
            Err(TryRecvError::Disconnected) => panic!("rows could not be encoded: see above"),
            Ok(encoded) => self.begun.pop_front().map(|begun| (begun.rows, encoded)),
        }
    }

    /// Memory of the rows that are not encoded yet.
    pub(super) fn bytes(&self) -> usize {
        self.begun.iter().map(|begun| begun.rows.bytes).sum()
    }
}
