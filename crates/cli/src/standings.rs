//! Figures and verdicts into tables, and back: `kpi.value`, `kpi.standing`, and how much of them was delivered.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use scorewright_domain::{
    Event, Fingerprint, KpiValue, Listener as _, SqlText, Standing, TableName,
};
use scorewright_kpi::{
    BadKpiRow, EarlierRows, FormerValues, Measured, Metric, MetricCoverage, MetricReach,
    coverage_to_batch, earlier_rows, judge, measure, standings_from_batches, standings_to_batch,
    targets_of_no_segment, values_from_rows, values_to_batch,
};
use scorewright_project::Project;
use scorewright_report::Report;
use scorewright_warehouse::arrow::record_batch::RecordBatch;
use scorewright_warehouse::{Parameters, Session, Snapshot, Table, Transaction, WarehouseError};

use crate::absent_columns;
use crate::console::Console;
use crate::exit::{ExitStatus, Failure};
use crate::measured_from::measured_from;
use crate::refused_figures;

/// Measures every metric and puts `kpi.value`, `kpi.standing` and `kpi.coverage` into the transaction, and which columns
/// metrics lack.
pub(crate) fn put(
    project: &Project,
    as_of: Date,
    transaction: &mut Transaction,
    console: &Console,
) -> Result<(), Failure> {
    let session = transaction.session()?;
    let coverage = metric_coverage(project, transaction.snapshot(), as_of);
    console.on_event(Event::StepStarted { step: "measure", items: project.metrics.len() as u64 });
    let most_segments = project.settings.limits.segments;
    let measured_from = measured_from(project, transaction.snapshot(), &coverage);
    let former = former_values(project, &measured_from, transaction)?;
    let measured = measure(&project.metrics, &session, &coverage, most_segments, &former)?;
    notice_held(&measured, console);
    let values = measured.values;
    notice_unmeasured(project, &session, &coverage, &values, console)?;
    for metric in &project.metrics {
        let count = values.iter().filter(|value| value.metric == metric.name).count() as u64;
        let (metric, is_unchanged) =
            (metric.name.clone(), former.unchanged.contains(&*metric.name));
        console.on_event(Event::MetricMeasured { metric, values: count, is_unchanged });
    }
    if let Some(targets) = project.files.targets() {
        for fault in targets_of_no_segment(targets, &values) {
            console.notice_fault(&fault);
        }
    }
    let standings = judged(project, &values, &coverage);
    let absent = absent_columns::by_metric(project, &session, transaction.snapshot(), as_of)?;
    transaction.set_absent_columns(absent);
    transaction.set_measured_from(measured_from);
    put_table(transaction, "value", &values_to_batch(&values))?;
    put_table(transaction, "standing", &standings_to_batch(&standings))?;
    put_table(transaction, "coverage", &coverage_to_batch(&values, &coverage))?;
    console.on_event(Event::StepFinished { step: "measure" });
    Ok(())
}

/// The values of the newest version, where some of them stay or were shown of few people, and metrics whose values stay.
fn former_values<'a>(
    project: &'a Project,
    measured_from: &BTreeMap<String, Fingerprint>,
    transaction: &Transaction,
) -> Result<FormerValues<'a>, Failure> {
    let unchanged = metrics_that_stay(project, measured_from, transaction.snapshot());
    let is_about_few = project.metrics.iter().any(|metric| metric.minimum_group.is_some());
    if !has_values(transaction.snapshot()) || unchanged.is_empty() && !is_about_few {
        return Ok(FormerValues::default());
    }
    match stored_values(&transaction.session()?) {
        Ok(values) => Ok(FormerValues { values, unchanged }),
        // What cannot be read, as another program version wrote it, is measured again. What was shown of few people
        // must be known.
        Err(_) if !is_about_few => Ok(FormerValues::default()),
        Err(failure) => Err(failure),
    }
}

/// Metrics whose values stay: those that are measured from the same things as in the version before.
pub(crate) fn metrics_that_stay<'a>(
    project: &'a Project,
    measured_from: &BTreeMap<String, Fingerprint>,
    before: &Snapshot,
) -> BTreeSet<&'a str> {
    let names = project.metrics.iter().map(|metric| metric.name.as_str());
    let stays = |name: &&str| {
        let hash = measured_from.get(*name);
        hash.is_some() && hash == before.measured_from.get(*name)
    };
    names.filter(|_| has_values(before)).filter(stays).collect()
}

fn has_values(snapshot: &Snapshot) -> bool {
    let value = TableName::new("kpi", "value").expect("words of ours");
    snapshot.tables.contains_key(&value)
}

/// Tells which figures of few people are not what they would be today.
fn notice_held(measured: &Measured, console: &Console) {
    for (metric, held) in &measured.held {
        let message = format!(
            "{metric}: {held} figures stay as they were shown, as they changed by fewer people than `minimum_group`; \
             they follow once enough have changed"
        );
        console.on_event(Event::Noticed { message });
    }
}

/// Tells what the figures are made without: rows before the first day that is measured, and dimensions of too many segments.
fn notice_unmeasured(
    project: &Project,
    session: &Session,
    coverage: &MetricCoverage,
    values: &[KpiValue],
    console: &Console,
) -> Result<(), Failure> {
    let calendar = coverage.calendar();
    for EarlierRows { fact, time, rows } in earlier_rows(&project.metrics, session, calendar)? {
        let message = format!(
            "{rows} rows of {fact} lie by `{time}` before {}, the first day that is measured, and count in no period; \
             `since` in `[kpi]` of `scorewright.toml` says which day that is",
            calendar.since()
        );
        console.on_event(Event::Noticed { message });
    }
    let crowded: BTreeSet<(&str, &str)> = values
        .iter()
        .filter(|value| value.segment.is_too_many())
        .map(|value| (value.metric.as_str(), value.segment.dimension.as_str()))
        .collect();
    for (metric, dimension) in crowded {
        let message = format!(
            "{metric}: `{dimension}` has more than {} values, so that none of them is stated; take it out of `by`, name some in `segments`, \
             group its values in a model, or raise `segments` in `[limits]` of `scorewright.toml`",
            project.settings.limits.segments
        );
        console.on_event(Event::Noticed { message });
    }
    for message in refused_figures::messages(values) {
        console.on_event(Event::Noticed { message });
    }
    Ok(())
}

/// Figures judged by the targets and benchmarks of a project.
pub(crate) fn judged(
    project: &Project,
    values: &[KpiValue],
    coverage: &MetricCoverage,
) -> Vec<Standing> {
    judge(values, &project.metrics, &project.targets, &project.benchmarks, coverage)
}

/// How far the sources reach that the rows of each metric come from.
pub(crate) fn metric_coverage(
    project: &Project,
    snapshot: &Snapshot,
    as_of: Date,
) -> MetricCoverage {
    let reach = |source: &String| snapshot.reaches.iter().find(|reach| reach.source == *source);
    let of_metric = |metric: &Metric| {
        let driving = project.driving_sources_of(metric);
        // Rows that no source gives, such as those of a calendar, get what is in them from tables that are looked into.
        let sources = if driving.is_empty() { project.sources_of(metric) } else { driving };
        let reaches = MetricReach {
            sources: sources.iter().filter_map(reach).cloned().collect(),
            matures_after_days: metric.matures_after_days,
        };
        (metric.name.clone(), reaches)
    };
    MetricCoverage::new(project.calendar(as_of), project.metrics.iter().map(of_metric).collect())
}

/// The figures of a version.
pub(crate) fn stored_values(session: &Session) -> Result<Vec<KpiValue>, Failure> {
    let rows = session.query("SELECT * FROM kpi.value", &Parameters::new());
    let rows = rows.map_err(|fault| Failure::new(ExitStatus::InputOutput, fault))?;
    values_from_rows(&rows).map_err(unreadable)
}

/// The verdicts of a version, as they were given when it was made.
pub(crate) fn stored_standings(session: &Session) -> Result<Vec<Standing>, Failure> {
    standings_where("true", session)
}

/// Those of them that reports may show: of their metrics, for everybody and for the segments of their breakdowns.
///
/// Which period is that of everything is said by any standing of it.
pub(crate) fn shown_standings(
    session: &Session,
    reports: &[&Report],
) -> Result<Vec<Standing>, Failure> {
    let metrics: BTreeSet<String> = reports.iter().flat_map(|report| report.metrics()).collect();
    let breakdowns = reports.iter().flat_map(|report| &report.breakdown);
    let dimensions: BTreeSet<String> =
        breakdowns.map(|breakdown| breakdown.by.clone()).chain([String::new()]).collect();
    let is_shown = format!(
        "grain = 'all' OR {} AND {}",
        is_one_of("metric", &metrics),
        is_one_of("dimension", &dimensions)
    );
    standings_where(&is_shown, session)
}

/// `metric IN ('csat', 'nps')`; a project without reports shows none.
fn is_one_of(column: &str, texts: &BTreeSet<String>) -> String {
    if texts.is_empty() {
        return "false".into();
    }
    let quoted: Vec<String> = texts.iter().map(|text| SqlText(text).to_string()).collect();
    format!("{column} IN ({})", quoted.join(", "))
}

fn standings_where(condition: &str, session: &Session) -> Result<Vec<Standing>, Failure> {
    let sql = format!("SELECT * FROM kpi.standing WHERE {condition}");
    let mut batches = Vec::new();
    let read = session.each_batch(&sql, &Parameters::new(), |batch| {
        batches.push(batch.clone());
        Ok(())
    });
    read.map_err(|fault| Failure::new(ExitStatus::InputOutput, fault))?;
    standings_from_batches(&batches).map_err(unreadable)
}

fn unreadable(bad: BadKpiRow) -> Failure {
    Failure::new(ExitStatus::InputOutput, bad)
}

fn put_table(
    transaction: &mut Transaction,
    noun: &str,
    batch: &RecordBatch,
) -> Result<(), WarehouseError> {
    let name = TableName::new("kpi", noun).expect("a word of ours");
    let mut writer = transaction.file_writer(batch.schema())?;
    writer.write(batch)?;
    let file = writer.finish()?;
    let input_hash = file.sha256.to_string();
    transaction.put(&name, Table::new(&batch.schema(), vec![file], input_hash));
    Ok(())
}
