//! What a page states as figures: the identity of a revision.

use scorewright_domain::{Evidence, Fingerprint, GoalKind, NullReason, Status};
use serde::Serialize;

use super::{BreakdownTable, Scorecard, ScorecardLine, Slice};

/// Every figure of a page as it is shown: no wording, no run, no day it was made.
#[derive(Serialize)]
struct ShownFigures<'a> {
    lines: Vec<ShownLine<'a>>,
    breakdowns: Vec<ShownBreakdown<'a>>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    is_partial: bool,
}

#[derive(Serialize)]
struct ShownLine<'a> {
    id: &'a str,
    version: u32,
    period: &'a str,
    missing: Option<NullReason>,
    value: [Option<&'a str>; 6],
    target: Option<(&'a str, GoalKind)>,
    verdict: (Status, Evidence),
    series: Vec<(&'a str, &'a str)>,
    benchmarks: Vec<(&'a str, &'a str)>,
}

#[derive(Serialize)]
struct ShownBreakdown<'a> {
    line: &'a str,
    by: &'a str,
    period: &'a str,
    total: &'a str,
    slices: Vec<ShownSlice<'a>>,
    omitted: (u64, u64),
}

#[derive(Serialize)]
struct ShownSlice<'a> {
    segment: &'a str,
    value: [Option<&'a str>; 5],
    verdict: (Status, Evidence),
}

impl Scorecard {
    /// Hash over the figures and verdicts shown, as they are shown.
    ///
    /// Two pages of a report and period are the same revision exactly when it is equal: another sentence, template,
    /// run or day is no news, and neither is a change too small to be seen. That a period is whole is news, whatever
    /// its figures.
    ///
    /// # Panics
    ///
    /// Never: the figures are plain data.
    pub fn figures(&self) -> Fingerprint {
        let shown = ShownFigures {
            lines: self.lines().map(shown_line).collect(),
            breakdowns: self.breakdowns.iter().map(shown_breakdown).collect(),
            is_partial: self.data_quality.is_partial,
        };
        let text = serde_json::to_string(&shown).expect("the figures are plain data");
        Fingerprint::of(text.as_bytes())
    }
}

fn shown_line(line: &ScorecardLine) -> ShownLine<'_> {
    let display = &line.display;
    ShownLine {
        id: &line.id,
        version: line.version,
        period: &line.period.label,
        missing: line.missing.as_ref().map(|missing| missing.reason),
        value: [
            Some(&display.value),
            display.interval.as_deref(),
            Some(&display.n),
            display.previous.as_deref(),
            Some(&display.change),
            display.change_interval.as_deref(),
        ],
        target: display.target.as_deref().zip(line.target.as_ref().map(|target| target.kind)),
        verdict: (line.status, line.evidence),
        series: line.series.iter().map(|point| (&*point.period, &*point.display)).collect(),
        benchmarks: line.benchmarks.iter().map(|one| (&*one.origin, &*one.display)).collect(),
    }
}

fn shown_breakdown(table: &BreakdownTable) -> ShownBreakdown<'_> {
    ShownBreakdown {
        line: &table.line,
        by: &table.by,
        period: &table.period.label,
        total: &table.display.total,
        slices: table.slices.iter().map(shown_slice).collect(),
        omitted: (
            table.omitted.too_little_data + table.omitted.too_few_people,
            table.omitted.others,
        ),
    }
}

fn shown_slice(slice: &Slice) -> ShownSlice<'_> {
    let display = &slice.display;
    ShownSlice {
        segment: &slice.segment,
        value: [
            Some(&display.value),
            display.interval.as_deref(),
            Some(&display.n),
            Some(&display.change),
            display.target.as_deref(),
        ],
        verdict: (slice.status, slice.evidence),
    }
}
