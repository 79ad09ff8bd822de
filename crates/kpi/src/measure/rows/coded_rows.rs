//! Rows of a fact as numbers: read once, without the groups that the engine would make for each length of period with each
//! dimension.

use scorewright_domain::{Fault, SqlName};
use scorewright_warehouse::{AnswerColumn, SqlFault};

use super::grouping::dimension_column;
use super::segment_codes::SegmentCodes;
use crate::measure::context::MeasureContext;
use crate::sql::Sql;

/// Some rows of a fact.
pub(crate) struct CodedRows<'a> {
    /// How many.
    pub(crate) count: usize,
    /// By dimension, the segment of each row.
    pub(crate) segments: Vec<Vec<usize>>,
    /// The columns that were asked for beside the dimensions.
    pub(crate) columns: &'a [AnswerColumn],
}

/// Reads rows whose dimensions are columns.
pub(crate) struct RowReader<'a> {
    context: &'a MeasureContext<'a>,
    pub(crate) codes: SegmentCodes,
}

impl<'a> RowReader<'a> {
    pub(crate) fn of(context: &'a MeasureContext<'a>) -> Self {
        Self { context, codes: SegmentCodes::of(context.metric) }
    }

    /// Hands on all rows of a relation, some at a time, in no order.
    ///
    /// - `columns`: SQL of the columns beside the dimensions.
    /// - `take`: `None` where the rows are not what it can take.
    /// - Answers `None` where not all rows were taken: the engine measures them, or says what is wrong with them.
    ///
    /// # Errors
    ///
    /// A [`Fault`] of a limit, which the engine would meet again.
    pub(crate) fn read(
        &mut self,
        columns: &Sql,
        relation: &Sql,
        mut take: impl FnMut(&CodedRows) -> Option<()>,
    ) -> Result<Option<()>, Fault> {
        let (context, by) = (self.context, &self.context.metric.by);
        let dimensions: Vec<String> =
            by.iter().map(|by| format!("{}, ", SqlName(&dimension_column(by)))).collect();
        let mut sql = Sql::new();
        sql.add("SELECT ").add(dimensions.concat()).nested(columns).add("\nFROM (");
        sql.nested(relation).add(")");
        let (codes, mut is_taken) = (&mut self.codes, true);
        let ended =
            context.session.each_columns(sql.text(), &context.parameters(), |answer, count| {
                let (dimensions, columns) = answer.split_at(by.len());
                let segments = segments(codes, dimensions);
                let taken =
                    segments.and_then(|segments| take(&CodedRows { count, segments, columns }));
                is_taken = taken.is_some();
                if is_taken {
                    Ok(())
                } else {
                    Err(SqlFault::new("these rows are not read as numbers"))
                }
            });
        match ended {
            Ok(()) => Ok(Some(())),
            Err(fault) if is_taken && fault.limit.is_some() => {
                Err(sql.fault(context.metric, &fault))
            }
            Err(_) => Ok(None),
        }
    }
}

fn segments(codes: &mut SegmentCodes, dimensions: &[AnswerColumn]) -> Option<Vec<Vec<usize>>> {
    let of_column = |(dimension, column): (usize, &AnswerColumn)| match column {
        AnswerColumn::Text(values) => codes.of_column(dimension, values),
        _ => None,
    };
    dimensions.iter().enumerate().map(of_column).collect()
}
