//! `scorewright explain`: how a number came about, down to its rows and files.

mod figures;
mod parts;

use scorewright_domain::{Fingerprint, Grain, KpiValue, Landing, Period, ProjectFile, Segment};
use scorewright_kpi::{Explanation, Metric, Role};
use scorewright_project::{Project, ProjectLocation};
use scorewright_warehouse::{Parameters, Session, Snapshot};

use crate::arguments::{ExplainOptions, ListedRows, OutputFormat};
use crate::console::Console;
use crate::console::rows::format_rows;
use crate::exit::{ExitStatus, Failure};
use crate::standings::{stored_standings, stored_values};
use crate::version::PublishedVersion;
use figures::{figures, verdicts};
use parts::Parts;

/// Prints definition, value, rows used and left out, source files, and the first rows themselves.
pub(crate) fn explain(
    location: &ProjectLocation,
    options: &ExplainOptions,
    console: &Console,
) -> Result<ExitStatus, Failure> {
    let version = PublishedVersion::newest(location, console)?;
    let PublishedVersion { project, snapshot, .. } = &version;
    let metric = metric(project, &options.metric)?;
    let segment = segment(options.segment.as_deref())?;
    let session = version.session()?;
    let values = stored_values(&session)?;
    let period = period(&options.period, &values, metric)?;
    let calendar = project.calendar(snapshot.as_of.expect("a version was made for a day"));
    let explanation = scorewright_kpi::explain(metric, period, &segment, &session, &calendar)?;
    let mut text = definition(&explanation);
    let currency = &project.settings.currency;
    text += &figures(&values, metric, period, &segment, options, currency)?;
    text += &verdicts(&stored_standings(&session)?, metric, period, &segment, options);
    text += &metric.minimum_group.map_or_else(|| counts(&explanation), withheld_rows);
    let parts = Parts { project, values: &values, session: &session, calendar: &calendar };
    text += &parts.of(metric, period, &segment)?;
    text += &files(project, metric, snapshot);
    text += &seeds(project, metric);
    text += &measured_by(&explanation);
    text += &match options.rows {
        _ if metric.minimum_group.is_some() => String::new(),
        ListedRows::Used(limit) => used_rows(&explanation, &session, limit)?,
        ListedRows::Excluded => left_out_rows(&explanation, &session)?,
    };
    console.answer(&text);
    Ok(ExitStatus::Done)
}

fn metric<'a>(project: &'a Project, name: &str) -> Result<&'a Metric, Failure> {
    if let Some(metric) = project.metrics.iter().find(|metric| metric.name == name) {
        return Ok(metric);
    }
    let known: Vec<&str> = project.metrics.iter().map(|metric| metric.name.as_str()).collect();
    Err(Failure::unknown("metric", name, &known))
}

fn segment(text: Option<&str>) -> Result<Segment, Failure> {
    let Some(text) = text else { return Ok(Segment::total()) };
    let split = text
        .split_once('=')
        .filter(|(dimension, value)| !dimension.is_empty() && !value.is_empty());
    let (dimension, value) = split.ok_or_else(|| {
        Failure::usage(
            format!("`{text}` is not a segment"),
            "write it as dimension=value: team=Billing",
        )
    })?;
    Ok(Segment::of(dimension, value))
}

/// Reads a label; `all` means the days that the newest version measured.
fn period(label: &str, values: &[KpiValue], metric: &Metric) -> Result<Period, Failure> {
    if label == "all" {
        let is_all =
            |value: &&KpiValue| value.metric == metric.name && value.period.grain == Grain::All;
        let found = values.iter().find(is_all).map(|value| value.period);
        let help = format!("add `all` to the `grains` of {}", metric.path());
        return found.ok_or_else(|| {
            Failure::usage(format!("`{}` is not measured over all days", metric.name), help)
        });
    }
    Period::from_label(label)
        .map_err(|bad| Failure::usage(bad.to_string(), "for everything: --period all"))
}

fn definition(explanation: &Explanation) -> String {
    let Explanation { metric, version, title, says, kind, .. } = explanation;
    let mut text = format!("{title}\n{says}\n\ndefinition  {metric}@{version} ({kind})\n");
    for (key, value) in &explanation.definition {
        text += &format!("  {key}: {value}\n");
    }
    if let Some(decided) = &explanation.decided {
        text += &format!("  decided: {decided}\n");
    }
    if !explanation.parts.is_empty() {
        text += &format!("  computed from: {}\n", explanation.parts.join(", "));
    }
    text
}

fn counts(explanation: &Explanation) -> String {
    if explanation.counts.is_empty() {
        return String::new();
    }
    let rows = explanation
        .counts
        .iter()
        .map(|count| format!("  {} {:>10}  {}\n", sign(count.role), count.rows, count.what));
    "\nrows of the fact\n".to_owned() + &rows.collect::<String>()
}

fn sign(role: Role) -> &'static str {
    match role {
        Role::All => " ",
        Role::Excluded => "-",
        Role::Used => "=",
    }
}

/// What stands in place of the rows of a metric about few people.
fn withheld_rows(smallest: u64) -> String {
    format!(
        "\nrows of the fact\n  not counted and not listed: nothing is shown of fewer than {smallest} people\n"
    )
}

fn files(project: &Project, metric: &Metric, snapshot: &Snapshot) -> String {
    let (all, mut driving) = (project.sources_of(metric), project.driving_sources_of(metric));
    if driving.is_empty() {
        driving.clone_from(&all);
    }
    let others: Vec<String> = all.into_iter().filter(|source| !driving.contains(source)).collect();
    let looked_into = files_of(&others, snapshot);
    let mut text = format!("\nmade from\n{}", files_of(&driving, snapshot));
    if !looked_into.is_empty() {
        text += &format!("\nwhat its rows are joined to\n{looked_into}");
    }
    text
}

fn files_of(sources: &[String], snapshot: &Snapshot) -> String {
    let landings = snapshot.landings.iter();
    let of_sources = landings.filter(|landing| sources.contains(&landing.extract.source));
    let line = |landing: &Landing| {
        let extract = &landing.extract;
        let hash = extract.fingerprint.short(16);
        format!("  {}  {} rows  sha256 {hash}\n", extract.file.display(), landing.books.accepted)
    };
    of_sources.map(line).collect()
}

/// The files of the project whose rows it is made from.
fn seeds(project: &Project, metric: &Metric) -> String {
    let tables = project.seeds_of(metric);
    let models = project.pipeline.models.iter().filter(|model| tables.contains(&model.name));
    let line = |file: &ProjectFile| {
        let hash = Fingerprint::of(file.text.as_bytes());
        format!("  {}  seed  sha256 {}\n", file.path, hash.short(16))
    };
    models.map(|model| line(&model.sql)).collect()
}

fn measured_by(explanation: &Explanation) -> String {
    explanation.sql.as_ref().map_or_else(String::new, |sql| format!("\nmeasured by\n{sql}\n"))
}

fn used_rows(
    explanation: &Explanation,
    session: &Session,
    limit: usize,
) -> Result<String, Failure> {
    let Some(sql) = explanation.rows_sql.as_ref().filter(|_| limit > 0) else {
        return Ok(String::new());
    };
    listed("the first rows used", sql, limit, session)
}

/// The rows of the period that the fact marks as left out.
fn left_out_rows(explanation: &Explanation, session: &Session) -> Result<String, Failure> {
    match &explanation.left_out_sql {
        Some(sql) => listed("the first rows left out", sql, ListedRows::FEW, session),
        None => {
            Ok("\nno row of the fact is marked as left out: it has no column `left_out`\n".into())
        }
    }
}

fn listed(what: &str, sql: &str, limit: usize, session: &Session) -> Result<String, Failure> {
    let limited = format!("SELECT * FROM ({sql}) AS listed LIMIT {limit}");
    let rows = session
        .query(&limited, &Parameters::new())
        .map_err(|fault| Failure::new(ExitStatus::Bug, fault))?;
    let table = format_rows(&rows, OutputFormat::Table);
    Ok(format!("\n{what}; all of them:\n{sql}\n\n{table}"))
}
