//! Definitions and run facts, in words.

use scorewright_domain::{Direction, IntervalMethod};

use super::context::PageContext;
use crate::facts::{MetricFacts, RunFacts};
use crate::format::{capital, clean, clean_text, count_words, day_words};
use crate::scorecard::{DefinitionNote, LineGroup, Run, revision_name, run_line};

const STATUS_NOTE: &str = "On track: the value meets its target; equality counts as met. At risk: it misses, but its \
    95 % interval contains the target, so chance alone could explain it. Off track: it misses and the interval \
    excludes the target. Too little data: fewer observations than the measure's minimum, so there is no verdict. \
    Partial: a source was not delivered to the end of the period, so there is neither verdict nor comparison.";

const EVIDENCE_NOTE: &str = "Likely real: the 95 % interval of the change excludes zero after allowing for the number \
    of measures looked at. Could be noise: a change worth having, but the interval contains zero. No clear change: \
    the interval contains zero and the change is small. Too little data: too few observations on either side. Not \
    comparable: what is asked, or how, was changed in between, so that the trend begins anew.";

const BENCHMARK_NOTE: &str = "A benchmark is compared only where its definition is ours. Others are shown for \
    orientation, and one that describes a year more than two years back is marked as out of date. No benchmark \
    takes part in a verdict.";

const LINE_NOTE: &str = "Below a value stands its 95 % interval. In a trend the dot is the period shown and the dashed \
    line the target; below it stand the lowest and the highest value.";

const STRIP_NOTE: &str = "A dot is a value and the bar behind it its 95 % interval; the thin line is everybody, the \
    dashed line the target.";

/// Every metric of the page, each once, in the order of the lines.
pub(super) fn definitions(groups: &[LineGroup], facts: &RunFacts) -> Vec<DefinitionNote> {
    let mut seen: Vec<&str> = Vec::new();
    for line in groups.iter().flat_map(|group| &group.lines) {
        if !seen.contains(&line.metric.as_str()) {
            seen.push(&line.metric);
        }
    }
    let known = |name: &&str| facts.metrics.iter().find(|metric| metric.metric == *name);
    seen.iter().filter_map(known).map(definition).collect()
}

fn definition(metric: &MetricFacts) -> DefinitionNote {
    DefinitionNote {
        metric: metric.metric.clone(),
        version: metric.version,
        title: clean(&metric.title),
        says: clean_text(&metric.says),
        unit: metric.unit,
        direction: metric.direction,
        formula: clean_text(&metric.formula),
        decided: metric.decided.as_deref().map(clean_text),
        interval: metric.interval.name().into(),
        minimum_sample: metric.minimum_sample,
        note: note(metric),
        display: format!("{}, version {}", metric.metric, metric.version),
    }
}

fn note(metric: &MetricFacts) -> String {
    let better = match metric.direction {
        Direction::HigherIsBetter => "higher is better",
        Direction::LowerIsBetter => "lower is better",
        Direction::Neutral => "neither way is better",
    };
    let interval = match metric.interval {
        IntervalMethod::Wilson => "95 % interval: Wilson",
        IntervalMethod::AdjustedWald => "95 % interval: adjusted Wald",
        IntervalMethod::StudentT => "95 % interval: Student’s t",
        IntervalMethod::OrderStatistics => "95 % interval: order statistics",
        IntervalMethod::Bootstrap => "95 % interval: bootstrap",
        IntervalMethod::Linearised => "95 % interval: linearised",
        IntervalMethod::Greenwood => "95 % interval: Greenwood",
        IntervalMethod::None => "no interval",
    };
    let minimum = match metric.minimum_sample {
        0 | 1 => String::new(),
        minimum => format!("; no verdict below {}", count_words(minimum, "observation")),
    };
    format!("{}; {interval}{minimum}.", capital(better))
}

/// How the page came about.
pub(super) fn run(page: &PageContext<'_>) -> Run {
    let facts = page.facts;
    let last = facts.as_of.yesterday().unwrap_or(facts.as_of);
    let (zone, revision) = (clean(&facts.time_zone), revision_name(1));
    Run {
        as_of: facts.as_of,
        data_line: format!(
            "Data up to {}; days, weeks and months are cut in {zone}.",
            day_words(last)
        ),
        run_line: run_line(&clean(&facts.run_id), &revision),
        revision,
        status_note: STATUS_NOTE.into(),
        evidence_note: EVIDENCE_NOTE.into(),
        benchmark_note: BENCHMARK_NOTE.into(),
        line_note: LINE_NOTE.into(),
        strip_note: STRIP_NOTE.into(),
    }
}
