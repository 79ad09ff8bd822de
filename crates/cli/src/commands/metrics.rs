//! `scorewright metrics`: the metrics of the project, without data.

mod entries;
mod related;

use scorewright_domain::{Event, Listener as _};
use scorewright_kpi::Metric;
use scorewright_project::{ProjectDraft, ProjectFiles, ProjectLocation};
use scorewright_warehouse::{Cell, QueryResult};

use crate::arguments::{MetricsOptions, OutputFormat};
use crate::clock;
use crate::console::Console;
use crate::console::rows::format_rows;
use crate::declared_tables::DeclaredTables;
use crate::exit::{ExitStatus, Failure};
use entries::{MetricEntry, definition, listing, text_block};

/// Lists all metrics, a line each, or defines those that are named.
pub(crate) fn metrics(
    location: &ProjectLocation,
    options: &MetricsOptions,
    console: &Console,
) -> Result<ExitStatus, Failure> {
    let files = ProjectFiles::read(&location.project)?;
    let draft = ProjectDraft::of(files, &location.lenient());
    let chosen = chosen(&draft, &options.names)?;
    let is_whole = options.sql || !options.names.is_empty();
    if options.names.is_empty() {
        notice_broken(&draft, console);
    }
    let queries = if options.sql {
        queries(&draft, &chosen, options)?
    } else {
        chosen.iter().map(|_| None).collect()
    };
    let project = &draft.project;
    let entries = chosen.iter().zip(queries).map(|(metric, sql)| {
        let mut entries = listing(project, metric);
        entries.extend(if is_whole { definition(project, metric) } else { Vec::new() });
        entries.extend(options.sql.then(|| ("sql", sql.map_or(Cell::Null, Cell::Text))));
        entries
    });
    let entries: Vec<Vec<MetricEntry>> = entries.collect();
    console.answer(&match options.output {
        OutputFormat::Table if is_whole => {
            let blocks = chosen.iter().zip(&entries);
            let blocks: Vec<String> =
                blocks.map(|(metric, entries)| text_block(metric, entries)).collect();
            blocks.join("\n")
        }
        output => format_rows(&rows(&entries), output),
    });
    Ok(ExitStatus::Done)
}

/// The metrics that are named, in the order of their names on the command line; all of them, by name, without any.
fn chosen<'a>(draft: &'a ProjectDraft, names: &[String]) -> Result<Vec<&'a Metric>, Failure> {
    let all = &draft.project.metrics;
    if names.is_empty() {
        let mut all: Vec<&Metric> = all.iter().collect();
        all.sort_by(|one, other| one.name.cmp(&other.name));
        return Ok(all);
    }
    let (mut found, mut unknown) = (Vec::new(), Vec::new());
    for name in names {
        match all.iter().find(|metric| metric.name == *name) {
            Some(metric) => found.push(metric),
            None => unknown.extend(not_found(draft, name).reports),
        }
    }
    if unknown.is_empty() {
        return Ok(found);
    }
    Err(Failure { status: ExitStatus::Configuration, reports: unknown })
}

fn not_found(draft: &ProjectDraft, name: &str) -> Failure {
    if draft.broken_metrics.contains(name) {
        return Failure::usage(
            format!("the file of metric `{name}` is at fault, or that of one it is made of"),
            "`scorewright check` names every fault with its line",
        );
    }
    let mut known: Vec<&str> =
        draft.project.metrics.iter().map(|metric| metric.name.as_str()).collect();
    known.sort_unstable();
    Failure::unknown("metric", name, &known)
}

fn notice_broken(draft: &ProjectDraft, console: &Console) {
    if draft.broken_metrics.is_empty() {
        return;
    }
    let names: Vec<String> = draft.broken_metrics.iter().map(|name| format!("`{name}`")).collect();
    let message = format!(
        "not listed, as files of theirs are at fault: {}; `scorewright check` names every fault",
        names.join(", ")
    );
    console.on_event(Event::Noticed { message });
}

/// The query that measures each metric; none for one that is made of metrics.
fn queries(
    draft: &ProjectDraft,
    metrics: &[&Metric],
    options: &MetricsOptions,
) -> Result<Vec<Option<String>>, Failure> {
    let as_of = clock::day_or_today(options.as_of, &draft.project.zone);
    let tables = DeclaredTables::of(draft, as_of)?;
    let calendar = draft.project.calendar(as_of);
    let query = |metric: &&Metric| match metric.fact().filter(|fact| tables.broken.contains(fact)) {
        Some(fact) => Err(Failure::usage(
            format!("the SQL of `{}` is not known, as `{fact}` cannot be planned", metric.name),
            "`scorewright check` names what is wrong with it",
        )),
        None => Ok(scorewright_kpi::measuring_sql(metric, &tables.session, &calendar)?),
    };
    metrics.iter().map(query).collect()
}

fn rows(entries: &[Vec<MetricEntry>]) -> QueryResult {
    let columns = entries.first().map(|first| first.iter().map(|(name, _)| (*name).to_owned()));
    let cells = |entries: &Vec<MetricEntry>| entries.iter().map(|(_, cell)| cell.clone()).collect();
    QueryResult {
        columns: columns
            .map_or_else(|| entries::LISTED.map(str::to_owned).to_vec(), Iterator::collect),
        rows: entries.iter().map(cells).collect(),
    }
}
