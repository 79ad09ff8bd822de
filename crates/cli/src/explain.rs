//! `scorewright explain`: how a number came about, down to its rows and files.

use scorewright_domain::{Grain, KpiValue, Period, Segment, nearest};
use scorewright_kpi::{Explanation, Metric, Role, explain as explained};
use scorewright_warehouse::{Parameters, Session, Snapshot};

use crate::arguments::{ExplainOptions, Output, Place};
use crate::console::Console;
use crate::exit::{Failure, Status, faults};
use crate::project::Project;
use crate::query::written;
use crate::standings::stored_values;

/// Prints definition, value, rows used and left out, source files, and the first rows themselves.
pub(crate) fn explain(
    place: &Place,
    options: &ExplainOptions,
    console: &Console,
) -> Result<Status, Failure> {
    let project = Project::read(place)?;
    let warehouse = project.folders.warehouse();
    let snapshot = warehouse.newest()?;
    let Some(as_of) = snapshot.as_of else {
        return Err(Failure::usage(
            "the warehouse has no version yet",
            "run `scorewright run` first",
        ));
    };
    let metric = metric(&project, &options.metric)?;
    let segment = segment(options.segment.as_deref())?;
    let session = Session::over(&warehouse, &snapshot)?;
    let values = stored_values(&session)?;
    let period = period(&options.period, &values, metric)?;
    let calendar = project.calendar(as_of);
    let explanation = explained(metric, period, &segment, &session, &calendar).map_err(faults)?;
    let mut text = definition(&explanation);
    text += &figures(&values, metric, period, &segment, options)?;
    text += &counts(&explanation);
    text += &files(&project, metric, &snapshot);
    text += &rows(&explanation, &session, options.rows)?;
    console.answer(&text);
    Ok(Status::Done)
}

fn metric<'a>(project: &'a Project, name: &str) -> Result<&'a Metric, Failure> {
    if let Some(metric) = project.metrics.iter().find(|metric| metric.name == name) {
        return Ok(metric);
    }
    let known: Vec<&str> = project.metrics.iter().map(|metric| metric.name.as_str()).collect();
    let list = format!("there are: {}", known.join(", "));
    let help = nearest(name, &known)
        .map_or_else(|| list.clone(), |near| format!("did you mean `{near}`? {list}"));
    Err(Failure::usage(format!("there is no metric `{name}`"), help))
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

fn figures(
    values: &[KpiValue],
    metric: &Metric,
    period: Period,
    segment: &Segment,
    options: &ExplainOptions,
) -> Result<String, Failure> {
    let is_asked = |value: &&KpiValue| {
        let is_statistic =
            options.statistic.as_deref().is_none_or(|asked| value.statistic == asked);
        value.metric == metric.name
            && value.period == period
            && value.segment == *segment
            && is_statistic
    };
    let found: Vec<&KpiValue> = values.iter().filter(is_asked).collect();
    if found.is_empty() {
        let message =
            format!("`{}` has no value for {} and {segment}", metric.name, period.label());
        let sql = format!(
            "scorewright query \"SELECT DISTINCT period, dimension, segment FROM kpi.value WHERE metric = '{}'\"",
            metric.name
        );
        return Err(Failure::usage(message, format!("see what it is measured for: {sql}")));
    }
    Ok(found.iter().map(|value| figure(value)).collect())
}

fn figure(value: &KpiValue) -> String {
    let shown =
        |number: Option<f64>| number.map_or_else(|| "none".into(), |number| number.to_string());
    let mut text = format!("\n{} of {} for {}\n", value.statistic, value.period, value.segment);
    match value.null_reason {
        Some(reason) => text += &format!("  no value: {}\n", reason.words()),
        None => text += &format!("  value {}\n", shown(value.value)),
    }
    text += &format!(
        "  numerator {}, denominator {}, n {}\n",
        shown(value.numerator),
        shown(value.denominator),
        value.n
    );
    text + &format!(
        "  95 % interval {} to {} ({})\n",
        shown(value.low),
        shown(value.high),
        value.interval.name()
    )
}

fn counts(explanation: &Explanation) -> String {
    if explanation.counts.is_empty() {
        return String::new();
    }
    let line = |role: Role| match role {
        Role::All => " ",
        Role::Excluded => "-",
        Role::Used => "=",
    };
    let rows = explanation
        .counts
        .iter()
        .map(|count| format!("  {} {:>10}  {}\n", line(count.role), count.rows, count.what));
    "\nrows of the fact\n".to_owned() + &rows.collect::<String>()
}

fn files(project: &Project, metric: &Metric, snapshot: &Snapshot) -> String {
    let sources = project.sources_of(metric);
    let mut text = "\nmade from\n".to_owned();
    for landing in
        snapshot.landings.iter().filter(|landing| sources.contains(&landing.extract.source))
    {
        let extract = &landing.extract;
        text += &format!(
            "  {}  {} rows  sha256 {}\n",
            extract.file.display(),
            landing.books.accepted,
            extract.fingerprint.short(16)
        );
    }
    text
}

fn rows(explanation: &Explanation, session: &Session, limit: usize) -> Result<String, Failure> {
    let mut text = String::new();
    if let Some(sql) = &explanation.sql {
        text += &format!("\nmeasured by\n{sql}\n");
    }
    if let Some(sql) = explanation.rows_sql.as_ref().filter(|_| limit > 0) {
        let limited = format!("SELECT * FROM ({sql}) AS used LIMIT {limit}");
        let rows = session
            .query(&limited, &Parameters::new())
            .map_err(|fault| Failure::new(Status::Bug, fault))?;
        text += &format!(
            "\nthe first rows used; all of them:\n{sql}\n\n{}",
            written(&rows, Output::Table)
        );
    }
    Ok(text)
}
