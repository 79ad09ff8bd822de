//! How pages are compressed.

use parquet::basic::{Compression, ZstdLevel};

/// Compression level of zstd.
pub(super) const ZSTD_LEVEL: i32 = 1;

pub(super) fn compression() -> Compression {
    Compression::ZSTD(ZstdLevel::try_new(ZSTD_LEVEL).expect("zstd has a level 1"))
}
