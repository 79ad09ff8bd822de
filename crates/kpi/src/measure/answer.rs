//! The engine's answer to a query of ours, read by column name.

use scorewright_domain::Fault;
use scorewright_warehouse::{Cell, QueryResult};

use crate::metric::Metric;

/// The answer to a query made for a metric.
pub(crate) struct MeasureAnswer<'a> {
    metric: &'a Metric,
    result: QueryResult,
}

/// One row of an answer.
#[derive(Clone, Copy)]
pub(crate) struct MeasureRow<'a> {
    answer: &'a MeasureAnswer<'a>,
    cells: &'a [Cell],
}

impl<'a> MeasureAnswer<'a> {
    pub(super) fn new(metric: &'a Metric, result: QueryResult) -> Self {
        Self { metric, result }
    }

    pub(crate) fn rows(&self) -> impl Iterator<Item = MeasureRow<'_>> {
        self.result.rows.iter().map(|cells| MeasureRow { answer: self, cells })
    }

    /// The row of a query without groups, which always has one.
    pub(crate) fn only_row(&self) -> Result<MeasureRow<'_>, Fault> {
        self.rows().next().ok_or_else(|| self.fault("the engine's answer has no row"))
    }

    /// Position of a column, for answers with a row for each row of the fact.
    pub(super) fn position(&self, column: &str) -> Result<usize, Fault> {
        self.result.column(column).ok_or_else(|| self.unusable(column))
    }

    /// An answer that does not have what was asked for.
    pub(super) fn unusable(&self, column: &str) -> Fault {
        self.fault(&format!("the engine's answer has no usable `{column}`"))
    }

    fn fault(&self, message: &str) -> Fault {
        let fault = self.metric.fault_anywhere(message);
        fault.help("this is a bug: please report it, with the file of the metric")
    }
}

impl<'a> MeasureRow<'a> {
    /// The cell at a position that [`MeasureAnswer::position`] found.
    pub(super) fn at(self, position: usize) -> &'a Cell {
        &self.cells[position]
    }

    pub(super) fn cell(self, column: &str) -> Result<&'a Cell, Fault> {
        self.answer.position(column).map(|position| self.at(position))
    }

    /// The cell as a count.
    pub(crate) fn count(self, column: &str) -> Result<u64, Fault> {
        self.cell(column)?.as_u64().ok_or_else(|| self.unusable(column))
    }

    /// The cell as a text.
    pub(crate) fn text(self, column: &str) -> Result<&'a str, Fault> {
        self.cell(column)?.as_text().ok_or_else(|| self.unusable(column))
    }

    /// An answer whose column holds something else than was asked for.
    pub(super) fn unusable(self, column: &str) -> Fault {
        self.answer.unusable(column)
    }
}
