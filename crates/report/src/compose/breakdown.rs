//! A metric for each value of a dimension, on one common scale.

use scorewright_domain::{Fault, Segment, Standing, Status, Unit};

use super::Page;
use super::display::{evidence, sample, shape};
use super::line::{finite, interval, title};
use crate::chart::nice_scale;
use crate::scorecard::{BreakdownDisplay, BreakdownTable, Scale, Slice, SliceDisplay};
use crate::wording::{NO_VALUE, capital, clean, count};
use crate::{Breakdown, LineName};

pub(super) fn tables(page: &Page<'_>) -> Result<Vec<BreakdownTable>, Fault> {
    page.report.breakdown.iter().map(|breakdown| table(page, breakdown)).collect()
}

fn table(page: &Page<'_>, breakdown: &Breakdown) -> Result<BreakdownTable, Fault> {
    let name = LineName::new(&breakdown.metric);
    let metric = page.report.metric(&breakdown.metric, &page.facts.metrics)?;
    let everybody = page.standing(&name, metric);
    let mut standings: Vec<&Standing> =
        page.of_period(&name).filter(|standing| standing.current.segment.dimension == breakdown.by).collect();
    standings.sort_by_key(|standing| order(standing));
    let slices: Vec<Slice> = standings.iter().map(|standing| slice(page, standing)).collect();
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
        scale: scale(page, everybody.unit, &slices, [total, target]),
        total,
        target,
        display: display(page, breakdown, &everybody, target, &slices),
        slices,
    })
}

/// Most observations first; what has no name comes last.
fn order(standing: &Standing) -> (bool, std::cmp::Reverse<u64>, String) {
    let current = &standing.current;
    (current.segment.value == Segment::NONE, std::cmp::Reverse(current.n), current.segment.value.clone())
}

fn slice(page: &Page<'_>, standing: &Standing) -> Slice {
    let current = &standing.current;
    let is_shown = standing.status != Status::TooLittleData;
    let value = current.value.and_then(finite).filter(|_| is_shown);
    let interval = interval(current.low.zip(current.high), &current.interval).filter(|_| value.is_some());
    let change = standing.change.and_then(finite).filter(|_| value.is_some());
    let mut slice = Slice {
        segment: clean(&current.segment.value),
        value,
        interval,
        n: current.n,
        change,
        evidence: standing.evidence,
        status: standing.status,
        target: standing.target.as_ref().map(|target| target.value),
        display: slice_display(page, standing),
    };
    slice.display.value =
        value.map_or_else(|| NO_VALUE.into(), |value| page.numbers.value(standing.unit, value));
    slice.display.interval =
        slice.interval.as_ref().map(|ends| page.numbers.range(standing.unit, ends.low, ends.high));
    slice.display.change = change.map_or_else(
        || NO_VALUE.into(),
        |change| page.numbers.change(standing.unit, change, slice.value.unwrap_or_default()),
    );
    slice.display.evidence = evidence(standing.evidence, change, standing.direction);
    slice.display.missing = value.is_none().then(|| reason(standing, is_shown));
    slice.display.alt = alt(&slice, standing.minimum_sample);
    slice
}

fn slice_display(page: &Page<'_>, standing: &Standing) -> SliceDisplay {
    SliceDisplay {
        value: String::new(),
        missing: None,
        interval: None,
        n: count(standing.current.n),
        change: String::new(),
        evidence: String::new(),
        status: standing.status.words().into(),
        shape: shape(standing.status).into(),
        target: standing.target.as_ref().map(|target| page.numbers.value(standing.unit, target.value)),
        alt: String::new(),
    }
}

fn reason(standing: &Standing, is_shown: bool) -> String {
    match standing.current.null_reason {
        Some(reason) => reason.words().into(),
        None if is_shown => NO_VALUE.into(),
        None => "too few to show".into(),
    }
}

fn alt(slice: &Slice, minimum: u64) -> String {
    let mut parts = vec![format!("{}: {}", slice.segment, slice.display.value)];
    parts.extend(slice.display.missing.clone());
    parts.extend(slice.display.interval.as_ref().map(|ends| format!("95 % interval {ends}")));
    parts.push(sample(slice.n, minimum));
    format!("{}.", parts.join("; "))
}

fn scale(page: &Page<'_>, unit: Unit, slices: &[Slice], others: [Option<f64>; 2]) -> Option<Scale> {
    let shown = slices.iter().filter(|slice| slice.value.is_some());
    let ends =
        shown.clone().filter_map(|slice| slice.interval.as_ref()).flat_map(|ends| [ends.low, ends.high]);
    let targets = slices.iter().filter_map(|slice| slice.target);
    let values: Vec<f64> = shown.clone().filter_map(|slice| slice.value).collect();
    if values.is_empty() {
        return None;
    }
    let all: Vec<f64> =
        values.into_iter().chain(ends).chain(targets).chain(others.into_iter().flatten()).collect();
    let (from, until) = nice_scale(unit, &all);
    let say = |end: f64| page.numbers.value(unit, end);
    Some(Scale { from, until, from_display: say(from), until_display: say(until) })
}

fn display(
    page: &Page<'_>,
    breakdown: &Breakdown,
    everybody: &Standing,
    target: Option<f64>,
    slices: &[Slice],
) -> BreakdownDisplay {
    let dimension = clean(&breakdown.by.replace('_', " "));
    let value = everybody.current.value.and_then(finite);
    let say = |value: f64| page.numbers.value(everybody.unit, value);
    let all = format!("All: {}", value.map_or_else(|| NO_VALUE.into(), say));
    let target = target.map_or_else(String::new, |target| format!(", target {}", say(target)));
    BreakdownDisplay {
        heading: format!("{} by {dimension}", title(everybody)),
        by: capital(&dimension),
        total: format!("{all}{target}"),
        is_judged: slices.iter().any(|slice| slice.target.is_some()),
    }
}
