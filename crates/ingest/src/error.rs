//! What keeps landing from going on. A bad file is no such error: it is refused.

use std::io;
use std::path::PathBuf;

use arrow::error::ArrowError;
use parquet::errors::ParquetError;
use scorewright_domain::Books;
use scorewright_durable::DurableError;
use scorewright_extract::Source;
use scorewright_warehouse::WarehouseError;

/// Landing cannot go on. A bad file is no such error: it is [refused](scorewright_extract::RefusedExtract).
#[derive(Debug, thiserror::Error, miette::Diagnostic)]
pub enum IngestError {
    /// The extracts folder cannot be listed.
    #[error("the extracts folder `{}` cannot be read", path.display())]
    #[diagnostic(help(
        "create it, or point `extracts` of `scorewright.toml` or `--extracts` to it"
    ))]
    NoFolder {
        /// The folder.
        path: PathBuf,
        /// What the operating system says.
        source: io::Error,
    },
    /// A hint beside the warehouse cannot be written.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Hints(#[from] DurableError),
    /// The warehouse cannot be read or written.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Warehouse(#[from] WarehouseError),
    /// Rows of an extract that is no longer there do not fit the source's new types.
    #[error("rows of earlier extracts of source `{of}` do not fit its column `{column}` any more")]
    #[diagnostic(help(
        "their extracts are not in the extracts folder, so they cannot be read again: put them back, or restore the column's type"
    ))]
    CannotCarry {
        /// The source.
        of: String,
        /// The column.
        column: String,
    },
    /// Rows or extracts that do not fit into memory cannot be kept on this machine until they are landed.
    #[error("rows of source `{of}` cannot be kept on this machine until they are landed")]
    #[diagnostic(help("check that the disk of the warehouse has room; then run again"))]
    Scratch {
        /// The source.
        of: String,
        /// What the operating system says.
        source: io::Error,
    },
    /// A row was lost or doubled: a bug.
    #[error("the books of extract `{}` of source `{of}` do not balance: {books:?}", file.display())]
    #[diagnostic(help("this is a bug in scorewright; nothing was published"))]
    Unbalanced {
        /// The source.
        of: String,
        /// The extract.
        file: PathBuf,
        /// Its books.
        books: Box<Books>,
    },
    /// Columns do not fit together: a bug.
    #[error("the rows of source `{of}` cannot be put together")]
    #[diagnostic(help("this is a bug in scorewright; nothing was published"))]
    Rows {
        /// The source.
        of: String,
        /// What does not fit.
        source: ArrowError,
    },
}

/// Why rows could not be kept until they are written.
#[derive(Debug, thiserror::Error)]
pub(crate) enum BufferError {
    #[error(transparent)]
    Warehouse(#[from] WarehouseError),
    #[error(transparent)]
    Io(io::Error),
    #[error(transparent)]
    Parquet(ParquetError),
    #[error(transparent)]
    Rows(#[from] ArrowError),
}

/// The error of the warehouse that the Parquet library handed on, or its own.
impl From<ParquetError> for BufferError {
    fn from(error: ParquetError) -> Self {
        WarehouseError::within(error).map_or_else(Self::Parquet, Self::Warehouse)
    }
}

/// The error that a buffer handed to the reader of its file, or one of the disk.
impl From<io::Error> for BufferError {
    fn from(error: io::Error) -> Self {
        error.downcast().unwrap_or_else(Self::Io)
    }
}

impl From<BufferError> for io::Error {
    fn from(error: BufferError) -> Self {
        Self::other(error)
    }
}

impl BufferError {
    /// The error as one of the source whose rows are on their way.
    pub(crate) fn of(source: &Source) -> impl FnOnce(Self) -> IngestError + use<> {
        let of = source.name.clone();
        move |error| match error {
            Self::Warehouse(error) => error.into(),
            Self::Rows(source) => IngestError::Rows { of, source },
            Self::Parquet(source) => IngestError::Rows { of, source: source.into() },
            Self::Io(source) => IngestError::Scratch { of, source },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_survives_its_way_through_the_reader() {
        let error = BufferError::Rows(ArrowError::SchemaError("two columns".into()));
        let back = BufferError::from(io::Error::from(error));
        assert!(matches!(back, BufferError::Rows(_)), "{back:?}");
        let full = io::Error::from(io::ErrorKind::StorageFull);
        assert!(matches!(BufferError::from(full), BufferError::Io(_)));
    }
}
