//! What was promised and what others reach: `targets.toml` and `benchmarks.toml`.

use scorewright_domain::{
    Benchmark, Direction, Fault, GoalKind, ProjectFile, Segment, Target, Unit, nearest,
};
use serde::Deserialize;
use toml::Spanned;

use crate::Faults;
use crate::metric::Metric;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TargetsFile {
    #[serde(default)]
    target: Vec<Spanned<Target>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct BenchmarksFile {
    #[serde(default)]
    benchmark: Vec<Spanned<Benchmark>>,
}

/// Reads `targets.toml`.
///
/// # Errors
///
/// [`Faults`]: an unknown metric or statistic, a share written as a percentage, a
/// `reach` goal without a day or a baseline, a line for a metric that is neither good nor bad.
pub fn read_targets(file: &ProjectFile, metrics: &[Metric]) -> Result<Vec<Target>, Faults> {
    let written: TargetsFile = file.toml()?;
    Faults::collect(written.target.into_iter().map(|target| {
        let entry = Entry { file, span: target.span() };
        let target = target.into_inner();
        let metric = entry.metric(&target.metric, &target.statistic, metrics)?;
        entry.check_value("value", target.value, metric)?;
        entry.check_segment(&target, metric)?;
        entry.check_goal(&target, metric)?;
        Ok(target)
    }))
}

/// Reads `benchmarks.toml`.
///
/// # Errors
///
/// [`Faults`]: an unknown metric or statistic, a share written as a percentage.
pub fn read_benchmarks(file: &ProjectFile, metrics: &[Metric]) -> Result<Vec<Benchmark>, Faults> {
    let written: BenchmarksFile = file.toml()?;
    Faults::collect(written.benchmark.into_iter().map(|benchmark| {
        let entry = Entry { file, span: benchmark.span() };
        let benchmark = benchmark.into_inner();
        let metric = entry.metric(&benchmark.metric, &benchmark.statistic, metrics)?;
        entry.check_value("value", benchmark.value, metric)?;
        Ok(benchmark)
    }))
}

/// One `[[target]]` or `[[benchmark]]` with its place in the file.
struct Entry<'a> {
    file: &'a ProjectFile,
    span: std::ops::Range<usize>,
}

impl Entry<'_> {
    /// A fault at the line of a key, or at the head of the entry when the key is absent.
    fn fault(&self, key: &str, message: impl Into<String>) -> Fault {
        self.file.fault(Some(self.line(key).unwrap_or_else(|| self.head())), message)
    }

    fn line(&self, key: &str) -> Option<std::ops::Range<usize>> {
        let mut start = self.span.start;
        for line in self.body().split_inclusive('\n') {
            let is_it = line
                .trim_start()
                .strip_prefix(key)
                .is_some_and(|rest| rest.trim_start().starts_with('='));
            if is_it {
                return Some(start..start + line.trim_end().len());
            }
            start += line.len();
        }
        None
    }

    /// The text of the entry: the parser's span may end with its header.
    fn body(&self) -> &str {
        let rest = &self.file.text[self.span.start..];
        let end =
            rest.get(1..).and_then(|after| after.find("\n[[")).map_or(rest.len(), |end| end + 1);
        &rest[..end]
    }

    fn head(&self) -> std::ops::Range<usize> {
        let line = self.body().lines().next().map_or(0, str::len);
        self.span.start..self.span.start + line
    }

    fn metric<'m>(
        &self,
        name: &str,
        statistic: &str,
        metrics: &'m [Metric],
    ) -> Result<&'m Metric, Fault> {
        let Some(metric) = metrics.iter().find(|metric| metric.name == name) else {
            let known: Vec<&str> = metrics.iter().map(|metric| metric.name.as_str()).collect();
            let help = match nearest(name, &known) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("metrics: {}", known.join(", ")),
            };
            return Err(self.fault("metric", format!("there is no metric `{name}`")).help(help));
        };
        let figures = metric.statistics();
        if figures.contains(&statistic) {
            return Ok(metric);
        }
        let message = format!("metric `{name}` has no statistic `{statistic}`");
        Err(self
            .fault("statistic", message)
            .help(format!("add `statistic = ...`, one of: {}", figures.join(", "))))
    }

    fn check_value(&self, key: &str, value: f64, metric: &Metric) -> Result<(), Fault> {
        let (range, help) = match metric.unit {
            Unit::Share => {
                let share = if value > 1.0 { value / 100.0 } else { 0.8 };
                ("from 0 to 1", format!("write a percentage as a share: {share}"))
            }
            Unit::Points => ("from -100 to 100", "points have no percent sign and no share".into()),
            Unit::Duration => ("from 0 up", "durations are seconds".into()),
            Unit::Count | Unit::PerYear => ("from 0 up", "nothing is counted below zero".into()),
            Unit::Score | Unit::Money | Unit::Growth => {
                ("over all numbers", "write a number".into())
            }
        };
        let is_within = match metric.unit {
            Unit::Share => (0.0..=1.0).contains(&value),
            Unit::Points => (-100.0..=100.0).contains(&value),
            Unit::Duration | Unit::Count | Unit::PerYear => value >= 0.0,
            Unit::Score | Unit::Money | Unit::Growth => true,
        };
        if is_within && value.is_finite() {
            return Ok(());
        }
        let message = format!("`{key}` is {value}, but `{}` runs {range}", metric.name);
        Err(self.fault(key, message).help(help))
    }

    fn check_segment(&self, target: &Target, metric: &Metric) -> Result<(), Fault> {
        let Some(written) = &target.segment else { return Ok(()) };
        let names: Vec<&str> = metric.by.iter().map(|dimension| dimension.text.as_str()).collect();
        let Some(segment) = parse_segment(written) else {
            let message = format!("`{written}` is not a segment");
            return Err(self
                .fault("segment", message)
                .help("write dimension and value, as in `team=Billing`"));
        };
        if names.contains(&segment.dimension.as_str()) {
            return Ok(());
        }
        let message = format!("`{}` is not stated by `{}`", metric.name, segment.dimension);
        let help = match nearest(&segment.dimension, &names) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("its dimensions: {}", names.join(", ")),
        };
        Err(self.fault("segment", message).help(help))
    }

    fn check_goal(&self, target: &Target, metric: &Metric) -> Result<(), Fault> {
        if metric.direction == Direction::Neutral {
            let message =
                format!("`{}` is neutral: no value of it is better than another", metric.name);
            return Err(self
                .fault("metric", message)
                .help("give the metric a direction, or drop the target"));
        }
        if target.kind == GoalKind::Keep {
            return Ok(());
        }
        let Some(due) = target.due else {
            let message = "a `reach` goal needs the day it is due";
            return Err(self
                .fault("kind", message)
                .help("add `due = \"2027-06-30\"`, or write `kind = \"keep\"`"));
        };
        let Some(baseline) = target.baseline else {
            let message = "a `reach` goal needs the value it starts from";
            return Err(self
                .fault("kind", message)
                .help("add `baseline = ...`, the value on the first day"));
        };
        if due <= target.from {
            return Err(self.fault("due", "the goal is due before it begins"));
        }
        self.check_value("baseline", baseline, metric)
    }
}

/// Reads `team=Billing`.
pub(crate) fn parse_segment(written: &str) -> Option<Segment> {
    let (dimension, value) = written.split_once('=')?;
    let (dimension, value) = (dimension.trim(), value.trim());
    (!dimension.is_empty() && !value.is_empty()).then(|| Segment::of(dimension, value))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metric::read_metrics;
    use miette::Diagnostic;

    const METRIC: &str = r#"title = "CSAT"
says = "CSAT"
unit = "share"
direction = "higher_is_better"
kind = "ratio"
fact = "fact.survey_answer"
time = "answered_at"
numerator = "count(*)"
denominator = "count(*)"
by = ["team"]
"#;

    const TARGET: &str = r#"[[target]]
metric = "csat_top2"
kind = "keep"
value = 0.8
from = "2026-01-01"
owner = "Head of Support"
"#;

    fn metrics() -> Vec<Metric> {
        let file = |name: &str, text: &str| {
            ProjectFile::new(format!("pipelines/metrics/{name}.toml"), text)
        };
        let neutral = METRIC.replace("higher_is_better", "neutral");
        read_metrics(&[file("csat_top2", METRIC), file("volume", &neutral)]).unwrap()
    }

    /// Message, help, and the text pointed at.
    fn refused(text: &str) -> (String, String, String) {
        let faults = read_targets(&ProjectFile::new("pipelines/targets.toml", text), &metrics())
            .unwrap_err();
        let label = faults.labels().unwrap().next().unwrap();
        let place = text[label.offset()..label.offset() + label.len()].to_owned();
        (faults.to_string(), faults.help().map(|help| help.to_string()).unwrap_or_default(), place)
    }

    #[test]
    fn a_target_is_read_with_its_defaults() {
        let file = ProjectFile::new("pipelines/targets.toml", TARGET);
        let targets = read_targets(&file, &metrics()).unwrap();
        assert_eq!((targets[0].statistic.as_str(), targets[0].kind), ("value", GoalKind::Keep));
        assert_eq!(
            read_targets(&ProjectFile::new("pipelines/targets.toml", ""), &metrics()),
            Ok(Vec::new())
        );
    }

    #[test]
    fn a_percentage_is_refused_where_a_share_is_meant() {
        let (message, help, place) = refused(&TARGET.replace("0.8", "80"));
        assert_eq!(message, "`value` is 80, but `csat_top2` runs from 0 to 1");
        assert_eq!(help, "write a percentage as a share: 0.8");
        assert_eq!(place, "value = 80");
    }

    #[test]
    fn the_second_of_two_entries_is_the_one_pointed_at() {
        let two = format!("{TARGET}\n{}", TARGET.replace("csat_top2", "csat_top"));
        let (message, help, place) = refused(&two);
        assert_eq!(message, "there is no metric `csat_top`");
        assert_eq!(help, "did you mean `csat_top2`?");
        assert_eq!(place, "metric = \"csat_top\"");
    }

    #[test]
    fn a_goal_to_reach_needs_its_day_and_its_start() {
        let reach = TARGET.replace("keep", "reach");
        assert_eq!(refused(&reach).0, "a `reach` goal needs the day it is due");
        let due = format!("{reach}due = \"2026-06-30\"\n");
        assert_eq!(refused(&due).0, "a `reach` goal needs the value it starts from");
        let whole = format!("{due}baseline = 0.7\n");
        assert!(
            read_targets(&ProjectFile::new("pipelines/targets.toml", whole.clone()), &metrics())
                .is_ok()
        );
        let early = whole.replace("2026-06-30", "2025-06-30");
        assert_eq!(refused(&early).0, "the goal is due before it begins");
    }

    #[test]
    fn a_segment_is_a_dimension_of_the_metric_and_a_value() {
        let with = |segment: &str| format!("{TARGET}segment = \"{segment}\"\n");
        assert_eq!(refused(&with("Billing")).0, "`Billing` is not a segment");
        let (message, help, _) = refused(&with("teem=Billing"));
        assert_eq!(message, "`csat_top2` is not stated by `teem`");
        assert_eq!(help, "did you mean `team`?");
    }

    #[test]
    fn a_neutral_metric_has_no_good_side() {
        let (message, ..) = refused(&TARGET.replace("csat_top2", "volume"));
        assert_eq!(message, "`volume` is neutral: no value of it is better than another");
    }

    #[test]
    fn a_benchmark_is_a_record_with_its_source() {
        let text = r#"[[benchmark]]
metric = "csat_top2"
value = 0.86
publisher = "Example Institute"
source = "Support benchmark"
year = 2025
population = "15,000 companies"
retrieved = "2026-03-02"
comparability = "context"
notes = "good or bad, two answers"
"#;
        let file = ProjectFile::new("pipelines/benchmarks.toml", text);
        assert_eq!(read_benchmarks(&file, &metrics()).unwrap()[0].year, 2025);
        let faults = read_benchmarks(
            &ProjectFile::new("b.toml", text.replace("\"csat_top2\"", "\"zebra\"")),
            &metrics(),
        );
        assert_eq!(faults.unwrap_err().to_string(), "there is no metric `zebra`");
    }
}
