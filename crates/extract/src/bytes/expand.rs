//! Packed files: gzip and zstd.

use crate::refusal::AdmitExtract as _;
use scorewright_domain::Limits;
use std::io::{self, BufReader, Read};
use std::path::Path;

use flate2::bufread::MultiGzDecoder;
use zstd::stream::read::Decoder;

use crate::refusal::Refusal;

/// How a file is packed, as the end of its name says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Compression {
    /// Not at all.
    None,
    /// By gzip.
    Gzip,
    /// By zstd.
    Zstd,
}

impl Compression {
    /// `.gz` is gzip, `.zst` is zstd, in any case; everything else is read as it is.
    pub fn of(path: &Path) -> Self {
        let ends_in =
            |end| path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case(end));
        if ends_in("gz") {
            Self::Gzip
        } else if ends_in("zst") {
            Self::Zstd
        } else {
            Self::None
        }
    }
}

const PACKED_BLOCK: usize = 256 << 10;

/// The expanded bytes of a file; members or frames one after the other are one text.
pub(crate) fn reader(
    file: impl Read + Send + 'static,
    packing: Compression,
    limits: &Limits,
) -> io::Result<Box<dyn Read + Send>> {
    let packed = |file| BufReader::with_capacity(PACKED_BLOCK, file);
    Ok(match packing {
        Compression::None => Box::new(file),
        Compression::Gzip => Box::new(MultiGzDecoder::new(packed(file))),
        Compression::Zstd => {
            let mut decoder = Decoder::with_buffer(packed(file))?;
            decoder.window_log_max(limits.zstd_window.ilog2())?;
            Box::new(decoder)
        }
    })
}

/// What a failed read means for the file.
pub(crate) fn refusal(error: io::Error, limits: &Limits) -> Refusal {
    // The library has no kind for it, only these words.
    if error.to_string().contains("requires too much memory") {
        return limits.window_too_large().into();
    }
    Refusal::Unreadable(error)
}
