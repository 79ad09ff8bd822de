//! What was promised and what others reach: `targets.toml` and `benchmarks.toml`.

mod file;

mod entry;

mod checks;

mod segments;

use scorewright_domain::{Benchmark, ProjectFile, Target};
use toml::Spanned;

use crate::faults::ProjectFaults;
use crate::metric::SoundMetrics;

pub(crate) use checks::parse_segment;
use entry::TomlEntry;
use file::{BenchmarksFile, TargetsFile};
pub use segments::targets_of_no_segment;

/// Reads `targets.toml`.
///
/// # Errors
///
/// [`ProjectFaults`]: an unknown metric or statistic, a share written as a percentage, a
/// `reach` goal without a day or a baseline, a line for a metric that is neither good nor bad.
///
/// Those for metrics whose files are at fault are passed over.
pub fn read_targets(
    file: &ProjectFile,
    metrics: &SoundMetrics,
) -> Result<Vec<Target>, ProjectFaults> {
    let written: TargetsFile = file.toml()?;
    let is_sound = |target: &Spanned<Target>| !metrics.broken.contains(&target.get_ref().metric);
    ProjectFaults::collect(written.target.into_iter().filter(is_sound).map(|target| {
        let entry = TomlEntry { file, span: target.span() };
        let target = target.into_inner();
        let metric = entry.metric(&target.metric, &target.statistic, &metrics.metrics)?;
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
/// [`ProjectFaults`]: an unknown metric or statistic, a share written as a percentage.
///
/// Those for metrics whose files are at fault are passed over.
pub fn read_benchmarks(
    file: &ProjectFile,
    metrics: &SoundMetrics,
) -> Result<Vec<Benchmark>, ProjectFaults> {
    let written: BenchmarksFile = file.toml()?;
    let is_sound =
        |benchmark: &Spanned<Benchmark>| !metrics.broken.contains(&benchmark.get_ref().metric);
    ProjectFaults::collect(written.benchmark.into_iter().filter(is_sound).map(|benchmark| {
        let entry = TomlEntry { file, span: benchmark.span() };
        let benchmark = benchmark.into_inner();
        let metric = entry.metric(&benchmark.metric, &benchmark.statistic, &metrics.metrics)?;
        entry.check_value("value", benchmark.value, metric)?;
        Ok(benchmark)
    }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use miette::Diagnostic;
    use scorewright_domain::{GoalKind, IntervalMethod, KpiValue, Period, Segment};

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

    fn metrics() -> SoundMetrics {
        let file = |name: &str, text: &str| {
            ProjectFile::new(format!("pipelines/metrics/{name}.toml"), text)
        };
        let neutral = METRIC.replace("higher_is_better", "neutral");
        let broken = file("tickets", "kind = 'totl'");
        SoundMetrics::read(&[file("csat_top2", METRIC), file("volume", &neutral), broken])
    }

    /// Message, help, and the text pointed at.
    fn refused(text: &str) -> (String, String, String) {
        let faults = read_targets(&ProjectFile::new("pipelines/targets.toml", text), &metrics())
            .unwrap_err();
        let label = faults.labels().unwrap().next().unwrap();
        let pointed_at = text[label.offset()..label.offset() + label.len()].to_owned();
        (
            faults.to_string(),
            faults.help().map(|help| help.to_string()).unwrap_or_default(),
            pointed_at,
        )
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
        let (message, help, pointed_at) = refused(&TARGET.replace("0.8", "80"));
        assert_eq!(message, "`value` is 80, but `csat_top2` runs from 0 to 1");
        assert_eq!(help, "write a percentage as a share: 0.8");
        assert_eq!(pointed_at, "value = 80");
    }

    #[test]
    fn the_second_of_two_entries_is_the_one_pointed_at() {
        let two = format!("{TARGET}\n{}", TARGET.replace("csat_top2", "csat_top"));
        let (message, help, pointed_at) = refused(&two);
        assert_eq!(message, "there is no metric `csat_top`");
        assert_eq!(help, "did you mean `csat_top2`?");
        assert_eq!(pointed_at, "metric = \"csat_top\"");
    }

    #[test]
    fn a_target_of_a_metric_whose_file_is_at_fault_is_not_blamed_for_it() {
        let file =
            ProjectFile::new("pipelines/targets.toml", TARGET.replace("csat_top2", "tickets"));
        assert_eq!(read_targets(&file, &metrics()), Ok(Vec::new()));
    }

    fn value(segment: Segment) -> KpiValue {
        KpiValue {
            metric: "csat_top2".into(),
            version: 1,
            statistic: "value".into(),
            period: Period::from_label("2026-W47").unwrap(),
            segment,
            numerator: None,
            denominator: None,
            n: Some(10),
            value: Some(0.8),
            low: None,
            high: None,
            interval: IntervalMethod::None,
            null_reason: None,
            tested_change: None,
        }
    }

    #[test]
    fn a_target_of_a_segment_that_never_occurred_is_told_without_naming_others() {
        let segments = [("team", "Billing"), ("team", "Returns"), ("region", "Nord=Ost")];
        let values = segments.map(|(dimension, name)| value(Segment::of(dimension, name)));
        let faults = |segment: &str| {
            let text = format!("{TARGET}segment = \"{segment}\"\n");
            targets_of_no_segment(&ProjectFile::new("pipelines/targets.toml", text), &values)
        };
        let [fault] = &faults("team=Biling")[..] else { panic!("one") };
        let text = "`csat_top2` has no figure for team=Biling, so nothing is judged by this target";
        assert_eq!(fault.message(), text);
        let help = fault.help_text().expect("it says how to see them");
        assert!(help.contains("metric = 'csat_top2' AND dimension = 'team'"), "{help}");
        assert!(!help.contains("Billing"), "a segment may be a person: {help}");
        for fine in ["team=Returns", " region = Nord=Ost", "product=Unknown yet"] {
            assert!(faults(fine).is_empty(), "{fine}");
        }
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
