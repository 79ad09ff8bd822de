//! Why a line has no value, in words.

use scorewright_domain::{NullReason, Standing};

use super::part::instead_of_value;
use crate::compose::context::PageContext;
use crate::facts::{MetricFacts, SourceFacts};
use crate::format::{clean, joined};
use crate::scorecard::MissingReason;

/// The reason of a figure without a value, and what its extracts came without.
pub(super) fn reason(page: &PageContext<'_>, standing: &Standing) -> MissingReason {
    let figure = &standing.current;
    let reason = figure.null_reason.unwrap_or(NullReason::NoRows);
    let metric = page.facts.metrics.iter().find(|metric| metric.metric == figure.metric);
    let causes = metric.filter(|_| is_of_rows(reason)).map(|metric| causes(page, metric));
    let part = instead_of_value(page, standing).filter(|_| reason == NullReason::NotCovered);
    let words = part.unwrap_or_else(|| reason.words().into());
    let words = match causes.filter(|causes| !causes.is_empty()) {
        Some(causes) => format!("{words}: {}", causes.join(", ")),
        None => words,
    };
    MissingReason { reason, words }
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
