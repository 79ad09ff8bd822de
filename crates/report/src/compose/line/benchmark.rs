//! What others reach, beside a line.

use jiff::civil::Date;
use scorewright_domain::{Benchmark, Comparability, Direction, Standing};

use crate::compose::context::PageContext;
use crate::format::{NumberFormat, capital, clean, clean_text, day_words, finite};
use crate::line_name::LineName;
use crate::scorecard::{BenchmarkDisplay, LineBenchmark, ScorecardLine};

/// Years after which a figure no longer describes today.
const YEARS_VALID: i16 = 2;

/// One benchmark of a standing; a gap is stated only where the definitions agree and the figure is fresh.
pub(super) fn line_benchmark(
    page: &PageContext<'_>,
    standing: &Standing,
    benchmark: &Benchmark,
) -> LineBenchmark {
    let current = &standing.current;
    let name = LineName { metric: current.metric.clone(), statistic: current.statistic.clone() };
    let is_expired = is_expired(benchmark.year, page.facts.as_of);
    let is_same = benchmark.comparability == Comparability::Same;
    let gap = current
        .value
        .and_then(finite)
        .map(|value| value - benchmark.value)
        .filter(|_| is_same && !is_expired && !standing.coverage.state.is_late());
    LineBenchmark {
        line: name.to_string(),
        value: benchmark.value,
        publisher: clean(&benchmark.publisher),
        source: clean(&benchmark.source),
        year: benchmark.year,
        population: clean_text(&benchmark.population),
        retrieved: benchmark.retrieved,
        comparability: benchmark.comparability,
        notes: benchmark.notes.as_deref().map(clean_text),
        is_expired,
        gap,
        display: page.numbers.value(standing.unit, benchmark.value),
        origin: format!("{} {}", clean(&benchmark.publisher), benchmark.year),
        comparison: comparison(page, standing, gap, benchmark.value, is_expired),
        note: note(benchmark),
    }
}

/// How the benchmarks of a line are shown. Figures of one origin that are not compared become one range.
pub(super) fn displays(numbers: NumberFormat<'_>, line: &ScorecardLine) -> Vec<BenchmarkDisplay> {
    let mut displays: Vec<BenchmarkDisplay> = Vec::new();
    for benchmark in &line.benchmarks {
        let is_compared = benchmark.gap.is_some();
        let (low, high) =
            if is_compared { (benchmark.value, benchmark.value) } else { span(line, benchmark) };
        let value = if low < high {
            numbers.range(line.unit, low, high)
        } else {
            benchmark.display.clone()
        };
        let text = format!("{}: {value}, {}", benchmark.origin, benchmark.comparison);
        let display = BenchmarkDisplay { is_compared, text };
        if !displays.contains(&display) {
            displays.push(display);
        }
    }
    displays
}

/// Lowest and highest of the figures that share origin and standing with this one.
fn span(line: &ScorecardLine, benchmark: &LineBenchmark) -> (f64, f64) {
    let is_alike = |other: &&LineBenchmark| {
        other.gap.is_none()
            && other.origin == benchmark.origin
            && other.comparison == benchmark.comparison
    };
    let values = || line.benchmarks.iter().filter(is_alike).map(|other| other.value);
    (values().fold(benchmark.value, f64::min), values().fold(benchmark.value, f64::max))
}

fn is_expired(year: i16, as_of: Date) -> bool {
    as_of.year() > year + YEARS_VALID
}

fn comparison(
    page: &PageContext<'_>,
    standing: &Standing,
    gap: Option<f64>,
    benchmark: f64,
    is_expired: bool,
) -> String {
    let Some(gap) = gap else {
        return if is_expired { "out of date".into() } else { "for orientation".into() };
    };
    if page.numbers.change(standing.unit, gap, benchmark) == "unchanged" {
        return "level with it".into();
    }
    let side = match standing.direction {
        Direction::HigherIsBetter if gap > 0.0 => "ahead",
        Direction::HigherIsBetter => "behind",
        Direction::LowerIsBetter | Direction::Neutral if gap > 0.0 => "above",
        Direction::LowerIsBetter | Direction::Neutral => "below",
    };
    format!("{} {side}", page.numbers.step(standing.unit, gap, benchmark))
}

fn note(benchmark: &Benchmark) -> String {
    let definition = match benchmark.comparability {
        Comparability::Same => "Same definition as ours",
        Comparability::Context => "Other definition than ours: for orientation, never compared",
    };
    let mut parts = vec![capital(&clean_text(&benchmark.population)), definition.to_owned()];
    parts.extend(benchmark.notes.as_deref().map(clean_text));
    parts.push(format!("Read on {}", day_words(benchmark.retrieved)));
    parts
        .iter()
        .map(|part| format!("{}.", part.trim_end_matches('.')))
        .collect::<Vec<_>>()
        .join(" ")
}
