//! A metric for each value of a dimension, on one common scale.

use std::cmp::Reverse;

use scorewright_domain::{Fault, Segment, Standing, Status, Unit};

use super::display::{evidence, sample, shape};
use super::line::{finite, interval, title};
use super::{Page, period};
use crate::chart::nice_scale;
use crate::scorecard::{BreakdownDisplay, BreakdownTable, Omitted, Scale, Slice, SliceDisplay};
use crate::wording::{NO_VALUE, capital, clean, count, joined};
use crate::{Breakdown, LineName};

/// Rows a breakdown has room for.
const ROWS: usize = 12;

/// Values of a dimension with too little data that are still named.
const NAMED: usize = 3;

pub(super) fn tables(page: &Page<'_>) -> Result<Vec<BreakdownTable>, Fault> {
    page.report.breakdown.iter().map(|breakdown| table(page, breakdown)).collect()
}

fn table(page: &Page<'_>, breakdown: &Breakdown) -> Result<BreakdownTable, Fault> {
    let name = LineName::new(&breakdown.metric);
    let metric = page.report.metric(&breakdown.metric, &page.facts.metrics)?;
    let everybody = page.standing(&name, metric);
    let rows = Rows::of(page, &name, &breakdown.by, &everybody);
    let slices: Vec<Slice> =
        rows.shown.iter().map(|(standing, value)| slice(page, standing, *value)).collect();
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
            omitted: rows.omission(),
            is_judged: slices.iter().any(|slice| slice.target.is_some()),
            ..display(page, breakdown, &everybody, target)
        },
        slices,
    })
}

/// The values of a dimension: those with a row, and those without.
struct Rows<'a> {
    shown: Vec<(&'a Standing, f64)>,
    others: usize,
    thin: Vec<&'a Standing>,
}

impl<'a> Rows<'a> {
    /// Those that miss their target have a row before others, then those with most observations.
    fn of(page: &Page<'a>, name: &LineName, by: &str, everybody: &Standing) -> Self {
        let (mut shown, mut thin) = (Vec::new(), Vec::new());
        let all = page.of_figure(name).filter(|standing| {
            standing.current.segment.dimension == by
                && standing.current.period == everybody.current.period
        });
        for standing in all {
            let is_enough = standing.status != Status::TooLittleData;
            match standing.current.value.and_then(finite).filter(|_| is_enough) {
                Some(value) => shown.push((standing, value)),
                None => thin.push(standing),
            }
        }
        shown.sort_by_key(|(standing, _)| (!is_missed(standing), order(standing)));
        let others = shown.len().saturating_sub(ROWS);
        shown.truncate(ROWS);
        shown.sort_by_key(|(standing, _)| order(standing));
        thin.sort_by_key(|standing| order(standing));
        Self { shown, others, thin }
    }

    fn omitted(&self) -> Omitted {
        let count = |rows: usize| u64::try_from(rows).unwrap_or(u64::MAX);
        Omitted { too_little_data: count(self.thin.len()), others: count(self.others) }
    }

    /// `Too little data to show: Partner desk (n = 22).`, or `And 1,594 more with too little data to show.`
    fn omission(&self) -> Option<String> {
        let Omitted { too_little_data, others } = self.omitted();
        let label = |standing: &&Standing| {
            format!(
                "{} (n = {})",
                clean(&standing.current.segment.value),
                count(standing.current.n)
            )
        };
        match (others, too_little_data) {
            (0, 0) => None,
            (0, _) if self.thin.len() <= NAMED => {
                let names: Vec<String> = self.thin.iter().map(label).collect();
                Some(format!("Too little data to show: {}.", joined(&names)))
            }
            (0, thin) if self.shown.is_empty() => {
                Some(format!("None of {} has enough data to show.", count(thin)))
            }
            (0, thin) => Some(format!("And {} more with too little data to show.", count(thin))),
            (others, 0) => Some(format!("And {} more.", count(others))),
            (others, thin) => Some(format!(
                "And {} more, and {} with too little data to show.",
                count(others),
                count(thin)
            )),
        }
    }
}

fn is_missed(standing: &Standing) -> bool {
    matches!(standing.status, Status::OffTrack | Status::AtRisk)
}

/// Most observations first; what has no name comes last.
fn order(standing: &Standing) -> (bool, Reverse<u64>, String) {
    let current = &standing.current;
    (current.segment.value == Segment::NONE, Reverse(current.n), current.segment.value.clone())
}

fn slice(page: &Page<'_>, standing: &Standing, value: f64) -> Slice {
    let current = &standing.current;
    let interval = interval(current.low.zip(current.high), current.interval.name());
    let change = standing.change.and_then(finite);
    let target = standing.target.as_ref().map(|target| target.value);
    let (numbers, unit) = (page.numbers, standing.unit);
    let mut display = SliceDisplay {
        value: numbers.value(unit, value),
        interval: interval.as_ref().map(|ends| numbers.range(unit, ends.low, ends.high)),
        n: count(current.n),
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
        n: current.n,
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

fn scale(page: &Page<'_>, unit: Unit, slices: &[Slice], others: [Option<f64>; 2]) -> Option<Scale> {
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
    let say = |end: f64| page.numbers.value(unit, end);
    Some(Scale { from, until, from_display: say(from), until_display: say(until) })
}

fn display(
    page: &Page<'_>,
    breakdown: &Breakdown,
    everybody: &Standing,
    target: Option<f64>,
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
        period_note: period::note(page, everybody.current.period),
        is_judged: false,
        omitted: None,
    }
}
