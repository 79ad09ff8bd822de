//! SQL put together from the expressions of a metric file, which remembers where each came from.

use std::ops::Range;

use scorewright_domain::{Fault, ProjectFile};
use scorewright_warehouse::SqlFault;

use crate::metric::{Expression, Metric, PERIOD_END, PERIOD_END_COLUMN};

/// A query under construction.
#[derive(Debug, Clone, Default)]
pub(crate) struct Sql {
    text: String,
    sources: Vec<(Range<usize>, Expression)>,
}

impl Sql {
    pub(crate) fn new() -> Self {
        Self::default()
    }

    /// Adds SQL of our own.
    pub(crate) fn add(&mut self, text: impl AsRef<str>) -> &mut Self {
        self.text.push_str(text.as_ref());
        self
    }

    /// Adds an expression of the file, on lines of its own so that a comment in it ends.
    pub(crate) fn expression(&mut self, expression: &Expression) -> &mut Self {
        self.text.push('\n');
        let start = self.text.len();
        self.text.push_str(&expression.text.replace(PERIOD_END, PERIOD_END_COLUMN));
        self.sources.push((start..self.text.len(), expression.clone()));
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
        self.sources.extend(inner.sources.iter().map(moved));
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
        let span = self.span_of(metric, fault);
        let in_file = metric.file.fault(span, fault.message.clone());
        let helped = match fault.help.as_deref().and_then(without_our_columns) {
            Some(help) => in_file.help(help),
            None => in_file,
        };
        fault.mark(helped)
    }

    /// Shows a fault in the metric file; `None` for one that lies in SQL of our own.
    pub(crate) fn fault_of_expression(&self, metric: &Metric, fault: &SqlFault) -> Option<Fault> {
        fault.place?;
        self.span_of(metric, fault).map(|_| self.fault(metric, fault))
    }

    /// The part of the metric file that a fault of the query lies in.
    fn span_of(&self, metric: &Metric, fault: &SqlFault) -> Option<Range<usize>> {
        let Some((line, column)) = fault.place else { return self.span_of_word(metric, fault) };
        let offset = ProjectFile::new("", self.text.as_str()).offset(line, column);
        let (range, expression) =
            self.sources.iter().find(|(range, _)| range.start <= offset && offset <= range.end)?;
        let written = &metric.file.text[expression.span.clone()];
        // A text with escapes does not stand in the file as it is; then all of it is pointed at.
        let Some(start) = written.find(&expression.text) else {
            return Some(expression.span.clone());
        };
        let inside = &expression.text[(offset - range.start).min(expression.text.len())..];
        let is_part = |letter: char| letter.is_alphanumeric() || letter == '_' || letter == '.';
        let length = inside.find(|letter| !is_part(letter)).unwrap_or(inside.len()).max(1);
        let start = expression.span.start + start + (offset - range.start);
        Some(start..(start + length).min(expression.span.end))
    }

    /// The word that a fault without a place names, where an expression of the metric file has it.
    fn span_of_word(&self, metric: &Metric, fault: &SqlFault) -> Option<Range<usize>> {
        let word = fault.message.split(['`', '\'']).nth(1)?;
        let found = self.sources.iter().find_map(|(_, expression)| {
            let at = metric.file.text[expression.span.clone()].find(word)?;
            Some(expression.span.start + at)
        });
        found.map(|start| start..start + word.len())
    }
}

/// The engine's advice without the columns that only our own SQL has.
fn without_our_columns(help: &str) -> Option<String> {
    let lines = help.lines().map(|line| {
        let Some((before, columns)) = line.split_once("columns there: ") else {
            return line.to_owned();
        };
        let others: Vec<&str> = columns
            .split(", ")
            .map(|column| column.rsplit('.').next().unwrap_or(column))
            .filter(|column| !column.starts_with('_'))
            .collect();
        format!("{before}columns there: {}", others.join(", "))
    });
    Some(lines.collect::<Vec<_>>().join("\n")).filter(|help| !help.is_empty())
}

/// An instant as SQL writes it.
pub(crate) fn instant_literal(instant: jiff::Timestamp) -> String {
    format!("arrow_cast('{instant}', 'Timestamp(Microsecond, Some(\"UTC\"))')")
}
