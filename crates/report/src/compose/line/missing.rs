//! Why a line has no value, in words.

use scorewright_domain::{CoverageState, NullReason, Standing};

use crate::compose::context::PageContext;
use crate::facts::{MetricFacts, SourceFacts};
use crate::format::{clean, finite, joined, last_day_words};
use crate::scorecard::MissingReason;

/// The reason of a figure without a value, and what its extracts came without.
pub(super) fn reason(page: &PageContext<'_>, standing: &Standing) -> MissingReason {
    let figure = &standing.current;
    let reason = figure.null_reason.unwrap_or(NullReason::NoRows);
    let metric = page.facts.metrics.iter().find(|metric| metric.metric == figure.metric);
    let causes = metric.filter(|_| is_of_rows(reason)).map(|metric| causes(page, metric));
    let part = part(page, standing).filter(|_| reason == NullReason::NotCovered);
    let words = part.unwrap_or_else(|| reason.words().into());
    let words = match causes.filter(|causes| !causes.is_empty()) {
        Some(causes) => format!("{words}: {}", causes.join(", ")),
        None => words,
    };
    MissingReason { reason, words }
}

/// `€510.00 until Thursday 19 November`, `nothing yet, delivered until Thursday 19 November`, or `nothing after Sunday 22 November`.
fn part(page: &PageContext<'_>, standing: &Standing) -> Option<String> {
    let (current, coverage) = (&standing.current, &standing.coverage);
    let until = last_day_words(&coverage.until?.to_string(), &page.facts.time_zone);
    let total = current.numerator.filter(|_| current.denominator.is_none()).and_then(finite);
    Some(match total.filter(|_| coverage.state == CoverageState::Partial) {
        Some(_) if current.n == 0 => format!("nothing yet, delivered until {until}"),
        Some(total) => format!("{} until {until}", page.numbers.value(standing.unit, total)),
        None if coverage.state == CoverageState::Partial => format!("delivered until {until}"),
        None => format!("nothing after {until}"),
    })
}

/// Whether a value is missing because no row of the period counts, as it is when a column is absent.
fn is_of_rows(reason: NullReason) -> bool {
    use NullReason::{EmptyDenominator, NoRows, NotCovered};
    matches!(reason, NoRows | EmptyDenominator | NotCovered)
}

/// `Zendesk tickets came without team and channel`, for each source, in the order of the page.
fn causes(page: &PageContext<'_>, metric: &MetricFacts) -> Vec<String> {
    page.facts.sources.iter().filter_map(|source| cause(source, metric)).collect()
}

fn cause(source: &SourceFacts, metric: &MetricFacts) -> Option<String> {
    let absent = metric.absent_columns.iter().filter(|absent| absent.source == source.source);
    let columns: Vec<String> = absent.map(|absent| clean(&absent.column)).collect();
    let title = clean(&source.title);
    (!columns.is_empty()).then(|| format!("{title} came without {}", joined(&columns)))
}
