//! SQL put together from the expressions of a metric file, which remembers where each came from.

use std::ops::Range;

use scorewright_domain::{Fault, ProjectFile};
use scorewright_warehouse::SqlFault;

use crate::metric::{Expression, Metric};

/// A query under construction.
#[derive(Debug, Clone, Default)]
pub(crate) struct Sql {
    text: String,
    marks: Vec<(Range<usize>, Expression)>,
}

impl Sql {
    pub(crate) fn new() -> Self {
        Self::default()
    }

    /// Adds SQL of our own.
    pub(crate) fn add(&mut self, ours: impl AsRef<str>) -> &mut Self {
        self.text.push_str(ours.as_ref());
        self
    }

    /// Adds an expression of the file, on lines of its own so that a comment in it ends.
    pub(crate) fn expression(&mut self, theirs: &Expression) -> &mut Self {
        self.text.push('\n');
        let start = self.text.len();
        self.text.push_str(&theirs.text);
        self.marks.push((start..self.text.len(), theirs.clone()));
        self.text.push('\n');
        self
    }

    /// Adds another query whole.
    pub(crate) fn nested(&mut self, inner: &Self) -> &mut Self {
        let start = self.text.len();
        self.text.push_str(&inner.text);
        let moved = |(range, from): &(Range<usize>, Expression)| {
            (range.start + start..range.end + start, from.clone())
        };
        self.marks.extend(inner.marks.iter().map(moved));
        self
    }

    /// Adds `SELECT` columns and the like, separated by commas.
    pub(crate) fn list(&mut self, items: &[String]) -> &mut Self {
        self.text.push_str(&items.join(", "));
        self
    }

    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// Shows a fault of this query in the metric file, at the expression it lies in.
    pub(crate) fn fault(&self, metric: &Metric, fault: &SqlFault) -> Fault {
        let shown = match self.place(metric, fault) {
            Some(span) => metric.file.fault(Some(span), fault.message.clone()),
            None => metric.fault_anywhere(fault.message.clone()),
        };
        match fault.help.as_deref().and_then(without_our_columns) {
            Some(help) => shown.help(help),
            None => shown,
        }
    }

    fn place(&self, metric: &Metric, fault: &SqlFault) -> Option<Range<usize>> {
        let (line, column) = fault.place?;
        let offset = ProjectFile::new("", self.text.as_str()).offset(line, column);
        let (mark, expression) =
            self.marks.iter().find(|(range, _)| range.start <= offset && offset <= range.end)?;
        let written = &metric.file.text[expression.span.clone()];
        // A text with escapes does not stand in the file as it is; then all of it is pointed at.
        let Some(start) = written.find(&expression.text) else {
            return Some(expression.span.clone());
        };
        let inside = &expression.text[(offset - mark.start).min(expression.text.len())..];
        let is_part = |letter: char| letter.is_alphanumeric() || letter == '_' || letter == '.';
        let length = inside.find(|letter| !is_part(letter)).unwrap_or(inside.len()).max(1);
        let start = expression.span.start + start + (offset - mark.start);
        Some(start..(start + length).min(expression.span.end))
    }
}

/// The engine's advice without the columns that only our own SQL has.
fn without_our_columns(help: &str) -> Option<String> {
    let lines = help.lines().map(|line| {
        let Some((before, columns)) = line.split_once("columns there: ") else {
            return line.to_owned();
        };
        let theirs: Vec<&str> = columns
            .split(", ")
            .map(|column| column.rsplit('.').next().unwrap_or(column))
            .filter(|column| !column.starts_with('_'))
            .collect();
        format!("{before}columns there: {}", theirs.join(", "))
    });
    Some(lines.collect::<Vec<_>>().join("\n")).filter(|help| !help.is_empty())
}

/// An instant as SQL writes it.
pub(crate) fn instant_literal(instant: jiff::Timestamp) -> String {
    format!("arrow_cast('{instant}', 'Timestamp(Microsecond, Some(\"UTC\"))')")
}
