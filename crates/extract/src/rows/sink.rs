//! The seam between reading files and whatever is made of their rows.

use std::io;

use arrow::array::ArrayRef;
use scorewright_domain::QuarantinedRow;

use super::position::RowPosition;

/// Accepted rows of one block of a file, in file order.
#[derive(Debug, Clone)]
pub struct TypedRows {
    /// One column for each stored column of the source, in the order of the table.
    pub columns: Vec<ArrayRef>,
    /// Where each row stands in its file.
    pub positions: Vec<RowPosition>,
}

/// Takes the rows of one file.
///
/// Rows come in two steps, because a file is read by many threads: whatever can be done to the rows of one block
/// alone is done by [`PrepareRows`], on the thread that typed them; what is left is done in file order, by one thread.
pub trait RowSink {
    /// What prepares rows for this sink.
    type Preparer: PrepareRows;

    /// What prepares rows for this sink; it may be used until the sink has its last row.
    fn preparer(&self) -> Self::Preparer;

    /// Takes the prepared rows of the next block in file order.
    ///
    /// # Errors
    ///
    /// Why rows cannot be kept. It ends the reading of the file, and is no fault of the file.
    fn accept(&mut self, rows: <Self::Preparer as PrepareRows>::Prepared) -> io::Result<()>;

    /// Takes the rejected rows of the next block in file order.
    fn reject(&mut self, rows: Vec<QuarantinedRow>);
}

/// Prepares the rows of blocks, in any order and by any number of threads at once.
pub trait PrepareRows: Sync {
    /// Rows as the sink takes them.
    type Prepared: Send;

    /// Prepares the rows of one block.
    ///
    /// # Errors
    ///
    /// Why the rows do not fit the sink. It ends the reading of the file, and is no fault of the file.
    fn prepare(&self, rows: TypedRows) -> io::Result<Self::Prepared>;
}

/// A sink that keeps everything in memory, for looks at a file and for tests.
#[derive(Debug, Default)]
pub struct CollectedRows {
    /// Accepted rows, by block, in file order.
    pub accepted: Vec<TypedRows>,
    /// Rejected rows in file order.
    pub rejected: Vec<QuarantinedRow>,
}

impl CollectedRows {
    /// How many rows were accepted.
    pub fn count(&self) -> usize {
        self.accepted.iter().map(|rows| rows.positions.len()).sum()
    }
}

/// Leaves rows as they are.
#[derive(Debug, Clone, Copy)]
pub struct AsTheyAre;

impl PrepareRows for AsTheyAre {
    type Prepared = TypedRows;

    fn prepare(&self, rows: TypedRows) -> io::Result<TypedRows> {
        Ok(rows)
    }
}

impl RowSink for CollectedRows {
    type Preparer = AsTheyAre;

    fn preparer(&self) -> AsTheyAre {
        AsTheyAre
    }

    fn accept(&mut self, rows: TypedRows) -> io::Result<()> {
        self.accepted.push(rows);
        Ok(())
    }

    fn reject(&mut self, rows: Vec<QuarantinedRow>) {
        self.rejected.extend(rows);
    }
}
