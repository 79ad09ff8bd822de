//! Bytes of a file on their way to the disk, hashed as they pass.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::Path;

use sha2::{Digest, Sha256};

use crate::durable::{self, WarehouseError};
use crate::snapshot::hexadecimal;
use crate::table::StoredFile;

/// Bytes that are written at once.
const BUFFER: usize = 256 << 10;

/// Passes bytes on and hashes them on the way, so that no file is read again to know its hash.
pub(crate) struct Hashing {
    file: BufWriter<File>,
    hash: Sha256,
    bytes: u64,
}

impl Hashing {
    pub(crate) fn create(path: &Path) -> Result<Self, WarehouseError> {
        let file = File::create(path).map_err(durable::io("create", path))?;
        Ok(Self { file: BufWriter::with_capacity(BUFFER, file), hash: Sha256::new(), bytes: 0 })
    }

    /// Ends the file and syncs it to the disk.
    pub(crate) fn finish(
        self,
        path: &Path,
        name: String,
        rows: u64,
    ) -> Result<StoredFile, WarehouseError> {
        let failed =
            |failed: io::IntoInnerError<_>| durable::io("write", path)(failed.into_error());
        let file = self.file.into_inner().map_err(failed)?;
        file.sync_all().map_err(durable::io("sync", path))?;
        let sha256 = hexadecimal(&self.hash.finalize());
        Ok(StoredFile { path: name, bytes: self.bytes, sha256, rows, part: None })
    }
}

impl Write for Hashing {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.file.write(bytes)?;
        self.hash.update(&bytes[..written]);
        self.bytes += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}
