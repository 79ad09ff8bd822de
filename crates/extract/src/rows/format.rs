//! What a file format has to know: one file or folder of this crate for each, behind one trait.

use super::intake::{Intake, ReadContext};
use super::position::RowPosition;
use super::sink::RowSink;
use crate::refusal::ReadError;

/// A way to read the rows of a file.
pub(crate) trait Format {
    /// Hands every row of the file to the intake, good and bad.
    fn read<S: RowSink>(
        &self,
        context: ReadContext,
        intake: &mut Intake<S>,
    ) -> Result<(), ReadError>;

    /// Columns that the source does not declare, as far as they are known before a row is read.
    ///
    /// A column that is found later costs a second reading of the file, where columns evolve.
    fn undeclared(&self, _context: ReadContext) -> Result<Vec<String>, ReadError> {
        Ok(Vec::new())
    }

    /// The rows at some positions, in ascending order, as text for a person.
    fn show(
        &self,
        context: ReadContext,
        positions: &[RowPosition],
    ) -> Result<Vec<String>, ReadError>;

    /// What stands above the rows of a file, where rows are text; `None` where they are not.
    fn text_above(&self, context: ReadContext) -> Result<Option<String>, ReadError>;
}
