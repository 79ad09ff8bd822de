//! The bytes of a file, expanded and as UTF-8 where they were UTF-16, in blocks that begin with a record.

use crate::refusal::AdmitExtract as _;
use scorewright_domain::Limits;
use std::io::{self, Read};
use std::ops::{Deref, Range};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use super::expand::{self, Compression};
use super::utf16::Utf16;
use crate::refusal::Refusal;
use crate::source::Encoding;

const BLOCK: usize = 512 << 10;

/// Reads a file block by block; what a block leaves unused opens the next.
pub(crate) struct Stream {
    reader: Box<dyn Read + Send>,
    received: Arc<AtomicU64>,
    limits: Limits,
    buffer: Vec<u8>,
    /// Unused bytes of the buffer; what lies behind them is memory for more.
    start: usize,
    end: usize,
    /// Place in the expanded file of the first unused byte.
    pub(crate) offset: u64,
    pub(crate) is_last: bool,
    /// Bytes of the file itself that were reported so far.
    reported: u64,
    /// Memory of bytes that are done with.
    scratch: Vec<Vec<u8>>,
}

/// Bytes handed over, in memory that may be larger.
pub(crate) struct Bytes {
    memory: Vec<u8>,
    taken: Range<usize>,
}

impl Deref for Bytes {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.memory[self.taken.clone()]
    }
}

/// What is handed over.
pub(crate) struct Taken {
    pub(crate) bytes: Bytes,
    /// Place of the first in the expanded file.
    pub(crate) base: u64,
    /// Bytes of the file itself that were read for them.
    pub(crate) received: u64,
}

impl Stream {
    /// Opens a file, expanding it when it is packed.
    pub(crate) fn open(
        file: impl Read + Send + 'static,
        packing: Compression,
        encoding: Encoding,
        limits: Limits,
    ) -> Result<Self, Refusal> {
        Self::of_text(file, packing, limits, |expanded| match encoding.byte_order() {
            None => expanded,
            Some(order) => Box::new(Utf16::new(expanded, order)),
        })
    }

    /// Opens a file whose expanded bytes become text on the way.
    pub(crate) fn of_text(
        file: impl Read + Send + 'static,
        packing: Compression,
        limits: Limits,
        text: impl FnOnce(Box<dyn Read + Send>) -> Box<dyn Read + Send>,
    ) -> Result<Self, Refusal> {
        let received = Arc::new(AtomicU64::new(0));
        let counted = Counted { file, received: Arc::clone(&received) };
        let expanded = expand::reader(counted, packing, &limits).map_err(Refusal::Unreadable)?;
        let reader = text(expanded);
        Ok(Self {
            reader,
            received,
            limits,
            buffer: Vec::new(),
            start: 0,
            end: 0,
            offset: 0,
            is_last: false,
            reported: 0,
            scratch: Vec::new(),
        })
    }

    /// The bytes at hand.
    pub(crate) fn block(&self) -> &[u8] {
        &self.buffer[self.start..self.end]
    }

    /// Marks bytes at hand as used.
    pub(crate) fn advance(&mut self, used: usize) {
        self.start += used;
        self.offset += used as u64;
    }

    /// Hands over the first bytes at hand, and reads on when fewer than `enough` are left.
    pub(crate) fn take(&mut self, used: usize, enough: usize) -> Result<Taken, Refusal> {
        let mut rest = self.scratch.pop().unwrap_or_default();
        let left = &self.buffer[self.start + used..self.end];
        if rest.len() < left.len() {
            rest.resize(left.len(), 0);
        }
        rest[..left.len()].copy_from_slice(left);
        let taken = self.start..self.start + used;
        (self.start, self.end) = (0, left.len());
        let bytes = Bytes { memory: std::mem::replace(&mut self.buffer, rest), taken };
        let base = self.offset;
        self.offset += used as u64;
        let so_far = self.received.load(Ordering::Relaxed);
        let received = so_far - std::mem::replace(&mut self.reported, so_far);
        if !self.is_last && self.block().len() < enough {
            self.fill()?;
        }
        Ok(Taken { bytes, base, received })
    }

    /// Takes back the memory of bytes that are done with.
    pub(crate) fn recycle(&mut self, bytes: Bytes) {
        self.scratch.push(bytes.memory);
    }

    /// The bytes at a place ahead.
    pub(crate) fn reach(&mut self, byte: u64, length: u64) -> Result<&[u8], Refusal> {
        let length = usize::try_from(length).unwrap_or(usize::MAX);
        loop {
            let ahead = usize::try_from(byte.saturating_sub(self.offset)).unwrap_or(usize::MAX);
            self.advance(ahead.min(self.block().len()));
            let is_there = self.offset == byte && self.block().len() >= length;
            if is_there || self.is_last {
                return self.block().get(..length).ok_or(Refusal::Changed);
            }
            self.fill()?;
        }
    }

    /// Adds a block to the bytes at hand; returns how many came.
    pub(crate) fn fill(&mut self) -> Result<usize, Refusal> {
        self.buffer.copy_within(self.start..self.end, 0);
        self.end -= self.start;
        self.start = 0;
        let (before, full) = (self.end, self.end + BLOCK);
        if self.buffer.len() < full {
            self.buffer.resize(full, 0);
        }
        while self.end < full {
            match self.reader.read(&mut self.buffer[self.end..full]) {
                Ok(0) => {
                    self.is_last = true;
                    break;
                }
                Ok(read) => self.end += read,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(expand::refusal(error, &self.limits)),
            }
        }
        self.stay_within_limits()?;
        Ok(self.end - before)
    }

    fn stay_within_limits(&self) -> Result<(), Refusal> {
        let expanded = self.offset + self.end as u64;
        let received = self.received.load(Ordering::Relaxed);
        Ok(self.limits.admit_expanded("it", received, expanded)?)
    }
}

/// Counts the bytes of the file itself.
struct Counted<R> {
    file: R,
    received: Arc<AtomicU64>,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.file.read(buffer)?;
        self.received.fetch_add(read as u64, Ordering::Relaxed);
        Ok(read)
    }
}
