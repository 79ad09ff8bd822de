//! What a metric has to do with others, and with reports.

use scorewright_kpi::Metric;
use scorewright_project::Project;

/// The reports that state a metric, by line or by breakdown.
pub(super) fn reports<'a>(project: &'a Project, metric: &Metric) -> Vec<&'a str> {
    let reports = project.reports.iter();
    let stating = reports.filter(|report| report.metrics().any(|name| name == metric.name));
    stating.map(scorewright_report::Report::id).collect()
}

/// Metrics that are computed from a metric.
pub(super) fn part_of<'a>(project: &'a Project, metric: &Metric) -> Vec<&'a str> {
    others(project, metric, |other| other.parts().contains(&metric.name.as_str()))
}

/// Other metrics of the same fact and kind that give the same statistics.
pub(super) fn variants<'a>(project: &'a Project, metric: &Metric) -> Vec<&'a str> {
    let Some(fact) = metric.fact() else { return Vec::new() };
    others(project, metric, |other| {
        other.fact().as_ref() == Some(&fact)
            && other.kind.name() == metric.kind.name()
            && other.statistics() == metric.statistics()
    })
}

fn others<'a>(
    project: &'a Project,
    metric: &Metric,
    is_one: impl Fn(&Metric) -> bool,
) -> Vec<&'a str> {
    let others = project.metrics.iter().filter(|other| other.name != metric.name);
    let mut names: Vec<&str> =
        others.filter(|other| is_one(other)).map(|other| other.name.as_str()).collect();
    names.sort_unstable();
    names
}
