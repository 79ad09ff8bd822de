//! Which rows of a fact a metric is about.

use super::expression::Expression;

/// What becomes of rows that a fact marks as left out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LeftOutRows {
    /// They do not count.
    Excluded,
    /// They count like all others: `include_left_out = true`.
    Included(Expression),
}

/// Rows of a fact that fall into a period by one moment.
#[derive(Debug, Clone, PartialEq)]
pub struct EventRows {
    /// The fact.
    pub fact: Expression,
    /// The moment: a timestamp or a date.
    pub time: Expression,
    /// Condition a row must meet.
    pub filter: Option<Expression>,
    /// What becomes of rows that are left out.
    pub left_out: LeftOutRows,
    /// Columns of the fact: of the rows of a period that agree in all of them, only the newest counts. Without any, every
    /// row counts.
    pub latest_of: Vec<Expression>,
}

/// Rows of a fact that hold from one moment until another.
#[derive(Debug, Clone, PartialEq)]
pub struct ValidIntervals {
    /// The fact.
    pub fact: Expression,
    /// The moment it begins: a timestamp or a date.
    pub from: Expression,
    /// The moment it ends; no value while it lasts.
    pub until: Expression,
    /// Condition a row must meet.
    pub filter: Option<Expression>,
    /// What becomes of rows that are left out.
    pub left_out: LeftOutRows,
}

/// Which rows of a fact a value is made of.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum FactRows<'a> {
    /// Those that fall into the period.
    Events(&'a EventRows),
    /// Those that hold at any time of the period.
    During(&'a ValidIntervals),
    /// Those that hold at the end of the period.
    AtEnd(&'a ValidIntervals),
}

impl<'a> FactRows<'a> {
    /// The fact.
    pub(crate) fn fact(self) -> &'a Expression {
        match self {
            Self::Events(rows) => &rows.fact,
            Self::During(intervals) | Self::AtEnd(intervals) => &intervals.fact,
        }
    }

    /// The moment that a row must have.
    pub(crate) fn time(self) -> &'a Expression {
        match self {
            Self::Events(rows) => &rows.time,
            Self::During(intervals) | Self::AtEnd(intervals) => &intervals.from,
        }
    }

    /// Condition a row must meet.
    pub(crate) fn filter(self) -> Option<&'a Expression> {
        match self {
            Self::Events(rows) => rows.filter.as_ref(),
            Self::During(intervals) | Self::AtEnd(intervals) => intervals.filter.as_ref(),
        }
    }
}

impl LeftOutRows {
    fn expression(&self) -> Option<&Expression> {
        match self {
            Self::Excluded => None,
            Self::Included(written) => Some(written),
        }
    }
}

impl EventRows {
    pub(super) fn expressions(&self) -> impl Iterator<Item = &Expression> {
        let own = [&self.fact, &self.time].into_iter().chain(&self.filter);
        own.chain(self.left_out.expression()).chain(&self.latest_of)
    }
}

impl ValidIntervals {
    pub(super) fn expressions(&self) -> impl Iterator<Item = &Expression> {
        let own = [&self.fact, &self.from, &self.until].into_iter().chain(&self.filter);
        own.chain(self.left_out.expression())
    }
}
