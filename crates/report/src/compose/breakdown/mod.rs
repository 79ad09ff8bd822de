//! A metric for each value of a dimension, on one common scale.

mod rows;

use scorewright_domain::{Fault, Standing, Unit};

use super::context::PageContext;
use super::line::title;
use super::terms::{evidence, sample, shape};
use super::{period, standing};
use crate::chart::nice_scale;
use crate::format::{NO_VALUE, capital, clean, count, finite};
use crate::line_name::LineName;
use crate::report::Breakdown;
use crate::scorecard::{
    BreakdownDisplay, BreakdownTable, ConfidenceInterval, Scale, Slice, SliceDisplay,
};
use rows::BreakdownRows;

/// What is said in place of the parts of a period that was not delivered to its end.
const NOT_WHOLE: &str = "The period is not whole yet, so nothing is shown by its parts.";

/// The breakdowns of the report, in its order.
pub(super) fn tables(page: &PageContext<'_>) -> Result<Vec<BreakdownTable>, Fault> {
    page.report.breakdown.iter().map(|breakdown| table(page, breakdown)).collect()
}

fn table(page: &PageContext<'_>, breakdown: &Breakdown) -> Result<BreakdownTable, Fault> {
    let name = LineName::new(&breakdown.metric);
    let metric = page.report.metric(&breakdown.metric, &page.facts.metrics)?;
    let everybody = standing::total(page, &name, metric);
    let is_late = everybody.coverage.state.is_late();
    let rows = if is_late {
        BreakdownRows::default()
    } else {
        BreakdownRows::of(page, &name, &breakdown.by, &everybody)
    };
    let slices: Vec<Slice> =
        rows.listed.iter().map(|(standing, value)| slice(page, standing, *value)).collect();
    let total = everybody.current.value.and_then(finite);
    let is_common = |target: &f64| {
        slices.iter().all(|slice| slice.target.is_none_or(|own| own.to_bits() == target.to_bits()))
    };
    let target = everybody.target.as_ref().map(|target| target.value).filter(is_common);
    Ok(BreakdownTable {
        line: name.to_string(),
        title: title(&everybody),
        by: breakdown.by.clone(),
        direction: everybody.direction,
        period: period::stated(page, everybody.current.period),
        scale: scale(page, everybody.unit, &slices, [total, target]),
        total,
        target,
        omitted: rows.omitted(),
        display: BreakdownDisplay {
            omitted: if is_late { Some(NOT_WHOLE.into()) } else { rows.omission() },
            is_judged: slices.iter().any(|slice| slice.target.is_some()),
            ..display(page, breakdown, &everybody, target)
        },
        slices,
    })
}

fn slice(page: &PageContext<'_>, standing: &Standing, value: f64) -> Slice {
    let current = &standing.current;
    let n = current.n.unwrap_or_default();
    let interval = ConfidenceInterval::new(current.low.zip(current.high), current.interval.name());
    let change = standing.comparison.change.and_then(finite);
    let target = standing.target.as_ref().map(|target| target.value);
    let (numbers, unit) = (page.numbers, standing.unit);
    let mut display = SliceDisplay {
        value: numbers.value(unit, value),
        interval: interval.as_ref().map(|ends| numbers.range(unit, ends.low, ends.high)),
        n: count(n),
        change: change
            .map_or_else(|| NO_VALUE.into(), |change| numbers.change(unit, change, value)),
        evidence: evidence(standing.evidence, change, standing.direction),
        status: standing.status.words().into(),
        shape: shape(standing.status).into(),
        target: target.map(|target| numbers.value(unit, target)),
        alt: String::new(),
    };
    let segment = clean(&current.segment.value);
    display.alt = alt(&segment, &display, &sample(current.n, standing.minimum_sample));
    Slice {
        segment,
        value,
        interval,
        n,
        change,
        evidence: standing.evidence,
        status: standing.status,
        target,
        display,
    }
}

fn alt(segment: &str, display: &SliceDisplay, sample: &str) -> String {
    let mut parts = vec![format!("{segment}: {}", display.value)];
    parts.extend(display.interval.as_ref().map(|ends| format!("95 % interval {ends}")));
    parts.push(sample.to_owned());
    format!("{}.", parts.join("; "))
}

fn scale(
    page: &PageContext<'_>,
    unit: Unit,
    slices: &[Slice],
    others: [Option<f64>; 2],
) -> Option<Scale> {
    if slices.is_empty() {
        return None;
    }
    let ends = slices
        .iter()
        .filter_map(|slice| slice.interval.as_ref())
        .flat_map(|ends| [ends.low, ends.high]);
    let targets = slices.iter().filter_map(|slice| slice.target);
    let values = slices.iter().map(|slice| slice.value);
    let all: Vec<f64> =
        values.chain(ends).chain(targets).chain(others.into_iter().flatten()).collect();
    let (from, until) = nice_scale(unit, &all);
    let display = |end: f64| page.numbers.value(unit, end);
    Some(Scale { from, until, from_display: display(from), until_display: display(until) })
}

fn display(
    page: &PageContext<'_>,
    breakdown: &Breakdown,
    everybody: &Standing,
    target: Option<f64>,
) -> BreakdownDisplay {
    let dimension = clean(&breakdown.by.replace('_', " "));
    let value = everybody.current.value.and_then(finite);
    let number = |value: f64| page.numbers.value(everybody.unit, value);
    let all = format!("All: {}", value.map_or_else(|| NO_VALUE.into(), number));
    let target = target.map_or_else(String::new, |target| format!(", target {}", number(target)));
    BreakdownDisplay {
        heading: format!("{} by {dimension}", title(everybody)),
        by: capital(&dimension),
        total: format!("{all}{target}"),
        period_note: period::note(page, everybody.current.period),
        is_judged: false,
        omitted: None,
    }
}
