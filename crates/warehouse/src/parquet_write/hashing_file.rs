//! A file that is hashed while it is written.

use std::io::{self, BufWriter, Write};
use std::path::Path;

use scorewright_domain::FingerprintHasher;
use scorewright_durable::{GrowingFile, Readers, failed};

use crate::error::WarehouseError;
use crate::storage::{BlockHasher, StoredFile};

/// Bytes that are written to the disk at once.
const BUFFER: usize = 256 << 10;

/// Hashes bytes as they are written, so that the file is not read again to know its hash and those of its blocks.
pub(super) struct HashingFile {
    file: BufWriter<GrowingFile>,
    hash: FingerprintHasher,
    blocks: BlockHasher,
    bytes: u64,
}

impl HashingFile {
    pub(super) fn create(path: &Path) -> Result<Self, WarehouseError> {
        // Its table decides who else reads it, once it has the name of one.
        let file = GrowingFile::create(path, Readers::Owner)?;
        Ok(Self {
            file: BufWriter::with_capacity(BUFFER, file),
            hash: FingerprintHasher::default(),
            blocks: BlockHasher::new(),
            bytes: 0,
        })
    }

    /// Ends the file and syncs it to the disk.
    pub(super) fn finish(
        self,
        path: &Path,
        name: String,
        rows: u64,
    ) -> Result<StoredFile, WarehouseError> {
        let file = self
            .file
            .into_inner()
            .map_err(io::IntoInnerError::into_error)
            .map_err(failed("write", path))?;
        file.sync()?;
        let sha256 = self.hash.finish();
        Ok(StoredFile {
            path: name,
            bytes: self.bytes,
            sha256,
            blocks: Some(self.blocks.finish()),
            rows,
            partition: None,
            versions: None,
        })
    }
}

impl Write for HashingFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.file.write(bytes)?;
        self.hash.update(&bytes[..written]);
        self.blocks.update(&bytes[..written]);
        self.bytes += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}
