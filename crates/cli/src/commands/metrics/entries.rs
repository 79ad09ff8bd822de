//! What is said of a metric: names of columns, each with its cell.

use scorewright_domain::Grain;
use scorewright_kpi::Metric;
use scorewright_project::Project;
use scorewright_warehouse::Cell;

use super::related::{part_of, reports, variants};

/// A column with its cell; lists are separated by commas.
pub(super) type MetricEntry = (&'static str, Cell);

/// The columns of the list.
pub(super) const LISTED: [&str; 13] = [
    "metric",
    "version",
    "title",
    "kind",
    "unit",
    "direction",
    "fact",
    "interval",
    "dimensions",
    "grains",
    "reports",
    "has_target",
    "has_benchmark",
];

/// What one line of the list says.
pub(super) fn listing(project: &Project, metric: &Metric) -> Vec<MetricEntry> {
    let dimensions = metric.by.iter().map(|by| by.text.as_str());
    let is_target = |name: &String| *name == metric.name;
    let cells = [
        text(&metric.name),
        Cell::Integer(i64::from(metric.version)),
        text(&metric.title),
        text(metric.kind.name()),
        text(metric.unit.name()),
        text(metric.direction.name()),
        some(metric.fact().map(|fact| fact.to_string())),
        text(metric.interval.method().name()),
        list(dimensions),
        list(metric.grains.iter().map(|grain| Grain::name(*grain))),
        list(reports(project, metric)),
        Cell::Boolean(project.targets.iter().map(|target| &target.metric).any(is_target)),
        Cell::Boolean(project.benchmarks.iter().map(|one| &one.metric).any(is_target)),
    ];
    LISTED.into_iter().zip(cells).collect()
}

/// What its whole definition says beside the list.
pub(super) fn definition(project: &Project, metric: &Metric) -> Vec<MetricEntry> {
    let parts = metric.definition_parts();
    let part =
        |key: &str| some(parts.iter().find(|(name, _)| *name == key).map(|(_, sql)| sql.clone()));
    let segments = metric.segments.iter().map(|(by, names)| format!("{by}: {}", names.join(", ")));
    let segments: Vec<String> = segments.collect();
    vec![
        ("says", text(&metric.says)),
        ("decided", some(metric.decided.clone())),
        ("filter", part("filter")),
        ("numerator", part("numerator")),
        ("denominator", part("denominator")),
        ("sample", part("sample")),
        ("definition", text(metric.definition())),
        ("statistics", list(metric.statistics())),
        ("population", some(metric.population.clone())),
        ("segments", some((!segments.is_empty()).then(|| segments.join("; ")))),
        ("minimum_sample", count(Some(metric.minimum_sample).filter(|least| *least > 0))),
        ("minimum_group", count(metric.minimum_group)),
        (
            "matures_after_days",
            count(Some(metric.matures_after_days.into()).filter(|days| *days > 0)),
        ),
        ("made_of", list(metric.parts())),
        ("part_of", list(part_of(project, metric))),
        ("variants", list(variants(project, metric))),
        ("file", text(metric.path())),
    ]
}

/// A metric for people: its name and title, what it says, and a line for each thing that is known, its SQL last.
pub(super) fn text_block(metric: &Metric, entries: &[MetricEntry]) -> String {
    const IN_THE_HEAD: [&str; 4] = ["metric", "version", "title", "says"];
    const IN_PARTS: [&str; 6] =
        ["fact", "filter", "numerator", "denominator", "sample", "definition"];
    let mut text =
        format!("{}@{}: {}\n{}\n", metric.name, metric.version, metric.title, metric.says);
    for (key, sql) in metric.definition_parts() {
        text += &line(key, &sql);
    }
    let others = entries.iter().filter(|(name, cell)| {
        let is_told = IN_THE_HEAD.contains(name) || IN_PARTS.contains(name) || *name == "sql";
        !is_told && *cell != Cell::Null
    });
    text.extend(others.map(|(name, cell)| line(name, &in_words(cell))));
    if let Some((_, sql)) = entries.iter().find(|(name, _)| *name == "sql") {
        text += &match sql {
            Cell::Null => {
                "\nmeasured by no SQL: it is computed from the metrics it is made of\n".to_owned()
            }
            sql => format!("\nmeasured by\n{sql}\n"),
        };
    }
    text
}

fn line(key: &str, value: &str) -> String {
    format!("  {key:<18}  {value}\n")
}

fn in_words(cell: &Cell) -> String {
    match cell {
        Cell::Boolean(true) => "yes".into(),
        Cell::Boolean(false) => "no".into(),
        other => other.to_string(),
    }
}

fn text(text: impl Into<String>) -> Cell {
    Cell::Text(text.into())
}

fn some(text: Option<String>) -> Cell {
    text.map_or(Cell::Null, Cell::Text)
}

fn count(number: Option<u64>) -> Cell {
    number.map_or(Cell::Null, |number| Cell::Integer(i64::try_from(number).unwrap_or(i64::MAX)))
}

/// Names separated by commas; no value without any.
fn list<'a>(names: impl IntoIterator<Item = &'a str>) -> Cell {
    let names: Vec<&str> = names.into_iter().collect();
    some((!names.is_empty()).then(|| names.join(", ")))
}
