//! What must agree within one metric file.

use std::ops::Range;

use scorewright_domain::{Direction, Fault, ProjectFile, Unit};
use scorewright_warehouse::{SqlFault, verify_expression};

use super::expression::Expression;
use super::kind::MetricKind;
use super::reader::MetricFileReader;
use super::survey::{MetricOrientation, MetricQuestion};

impl MetricFileReader<'_> {
    pub(super) fn check_orientation(&self) -> Result<(), Fault> {
        let raw = self.raw;
        let is_ces =
            raw.question.as_ref().filter(|question| *question.get_ref() == MetricQuestion::Ces);
        match (is_ces, &raw.orientation) {
            (Some(question), None) => {
                let message = "a CES metric must say its orientation: `ease` when a high answer means easy, `effort` when it means much effort";
                let fault = self.file.fault(Some(question.span()), message);
                Err(fault.help("look at the question as it was asked, then add `orientation = \"ease\"` or `orientation = \"effort\"`"))
            }
            (None, Some(orientation)) => {
                let message = "only a CES metric has an orientation";
                Err(self
                    .file
                    .fault(Some(orientation.span()), message)
                    .help("add `question = \"ces\"`"))
            }
            (Some(_), Some(orientation)) => self.agree(*orientation.get_ref()),
            (None, None) => Ok(()),
        }
    }

    /// A mean score points where its question points; a share of good answers may point either way.
    fn agree(&self, orientation: MetricOrientation) -> Result<(), Fault> {
        let (word, expected) = match orientation {
            MetricOrientation::Ease => ("ease", Direction::HigherIsBetter),
            MetricOrientation::Effort => ("effort", Direction::LowerIsBetter),
        };
        if *self.raw.unit.get_ref() == Unit::Share || *self.raw.direction.get_ref() == expected {
            return Ok(());
        }
        let right = if expected == Direction::HigherIsBetter {
            "higher_is_better"
        } else {
            "lower_is_better"
        };
        let message = format!("the direction contradicts the orientation `{word}`");
        let fault = self.file.fault(Some(self.raw.direction.span()), message);
        Err(fault.help(format!("write `direction = \"{right}\"`, or correct the orientation")))
    }

    /// Only an aggregate over rows of one period knows which period that is.
    pub(super) fn check_period_end(&self, kind: &MetricKind) -> Result<(), Fault> {
        let aggregates: &[&str] = match kind {
            MetricKind::Ratio(_) | MetricKind::Total(_) | MetricKind::State(_) => {
                &["numerator", "denominator", "sample", "sum_of_squares"]
            }
            _ => &[],
        };
        let expressions = kind.expressions().into_iter();
        let misplaced = |expression: &&Expression| {
            expression.uses_period_end() && !aggregates.contains(&expression.key)
        };
        let Some(expression) = expressions.into_iter().find(misplaced) else { return Ok(()) };
        let span = Some(expression.span.clone());
        let message = format!("`$period_end` means nothing in `{}` of this kind", expression.key);
        Err(self.file.fault(span, message).help(
            "it stands in numerator, denominator, sample and sum_of_squares of a ratio, total or state; \
             elsewhere `$as_of` is the moment up to which everything is known",
        ))
    }

    /// A variable would change what a metric means, and the version of its definition would not say so.
    pub(super) fn check_parameters(&self, kind: &MetricKind) -> Result<(), Fault> {
        let expressions = kind.expressions().into_iter();
        let named = expressions.filter_map(|expression| Some((expression, expression.variable()?)));
        let Some((expression, name)) = named.into_iter().next() else { return Ok(()) };
        let span = Some(expression.span.clone());
        let fault = self.file.fault(span, format!("a metric cannot name `${name}`"));
        Err(fault.help(
            "it knows `$as_of` and `$period_end`; a variable stands in the SQL of its fact, as a column that the metric counts",
        ))
    }

    /// One that ends early would change the query around it, and what it counts.
    pub(super) fn check_expressions(&self, kind: &MetricKind) -> Result<(), Fault> {
        kind.expressions().into_iter().try_for_each(|expression| {
            verify_expression(&expression.text).map_err(|fault| {
                let message = format!("`{}`: {}", expression.key, fault.message);
                let shown = self.file.fault(Some(self.span_of(expression, &fault)), message);
                fault.help.into_iter().fold(shown, Fault::help)
            })
        })
    }

    /// Where a fault of an expression stands in the file. One with escapes does not stand there as it is: then all of it
    /// is pointed at.
    fn span_of(&self, expression: &Expression, fault: &SqlFault) -> Range<usize> {
        let text = ProjectFile::new("", expression.text.as_str());
        let written = &self.file.text[expression.span.clone()];
        let inside = written.find(&expression.text).zip(fault.span_in(&text));
        inside.map_or(expression.span.clone(), |(start, word)| {
            let start = expression.span.start + start;
            start + word.start..start + word.end
        })
    }
}
