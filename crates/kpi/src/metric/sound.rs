//! The metrics of a project: those that can be measured, and what is wrong with the others.

use std::collections::BTreeSet;

use scorewright_domain::{Fault, ProjectFile, TableName};

use super::cross_checks::MetricSet;
use super::definition::Metric;
use super::read::read_metric;
use crate::faults::ProjectFaults;

/// The metrics of a project that have no fault, and those that have.
#[derive(Debug, Clone, Default)]
pub struct SoundMetrics {
    /// Metrics without fault, each behind those it is computed from, and by name otherwise.
    pub metrics: Vec<Metric>,
    /// Names of the others: their own file is at fault, or that of one they are computed from.
    pub broken: BTreeSet<String>,
    /// Every fault of every file.
    pub faults: Vec<Fault>,
}

/// Reads all metric files of a project.
///
/// Answers sorted so that a metric comes after those it is computed from, and
/// by name otherwise.
///
/// # Errors
///
/// [`ProjectFaults`] with every slip of every file: an unknown key, a missing top or
/// bottom, a CES metric without orientation, a formula over an unknown metric.
///
/// ```
/// use scorewright_domain::ProjectFile;
/// let file = ProjectFile::new("pipelines/metrics/tickets.toml", r#"
/// title = "Tickets opened"
/// says = "How many tickets customers opened"
/// unit = "count"
/// direction = "neutral"
/// kind = "total"
/// fact = "fact.ticket"
/// time = "opened_at"
/// numerator = "count(*)"
/// "#);
/// let metrics = scorewright_kpi::read_metrics(&[file])?;
/// assert_eq!(metrics[0].name, "tickets");
/// # Ok::<(), scorewright_kpi::ProjectFaults>(())
/// ```
pub fn read_metrics(files: &[ProjectFile]) -> Result<Vec<Metric>, ProjectFaults> {
    let SoundMetrics { metrics, faults, .. } = SoundMetrics::read(files);
    ProjectFaults::none_of(faults).map(|()| metrics)
}

impl SoundMetrics {
    /// Reads all metric files of a project, and goes on with those that have no fault.
    pub fn read(files: &[ProjectFile]) -> Self {
        let mut sound = Self::default();
        for file in files {
            match read_metric(file) {
                Ok(metric) => sound.metrics.push(metric),
                Err(fault) => sound.refuse(stem(&file.path), fault),
            }
        }
        sound.metrics.sort_by(|one, other| one.name.cmp(&other.name));
        sound.leave_out_broken();
        sound.check();
        sound.order();
        sound
    }

    /// The metrics that read none of some tables, and are computed from no metric that does.
    ///
    /// - `tables`: those that cannot be made.
    #[must_use]
    pub fn without_tables(mut self, tables: &BTreeSet<TableName>) -> Self {
        let reads_one = |metric: &&Metric| metric.fact().is_some_and(|fact| tables.contains(&fact));
        let names = self.metrics.iter().filter(reads_one).map(|metric| metric.name.clone());
        let names: Vec<String> = names.collect();
        self.broken.extend(names);
        self.leave_out_broken();
        self
    }

    fn refuse(&mut self, name: &str, fault: Fault) {
        self.broken.insert(name.to_owned());
        self.faults.push(fault);
    }

    /// Checks the metrics against each other.
    fn check(&mut self) {
        let all = MetricSet { metrics: &self.metrics };
        let checked = self.metrics.iter().map(|metric| (metric.name.clone(), all.check(metric)));
        let refused: Vec<(String, Fault)> =
            checked.filter_map(|(name, checked)| Some((name, checked.err()?))).collect();
        for (name, fault) in refused {
            self.refuse(&name, fault);
        }
        self.leave_out_broken();
    }

    /// Puts parts before what is computed from them.
    fn order(&mut self) {
        match (MetricSet { metrics: &self.metrics }).order() {
            Ok(order) => {
                self.metrics = order.into_iter().map(|at| self.metrics[at].clone()).collect();
            }
            Err(circle) => {
                self.broken.extend(self.metrics.drain(..).map(|metric| metric.name));
                self.faults.push(circle);
            }
        }
    }

    /// Leaves out what is broken, and what is computed from it.
    fn leave_out_broken(&mut self) {
        while let Some(at) = self.metrics.iter().position(|metric| {
            let parts = metric.parts();
            self.broken.contains(&metric.name)
                || parts.into_iter().any(|part| self.broken.contains(part))
        }) {
            self.broken.insert(self.metrics.remove(at).name);
        }
    }
}

/// The name of a metric as its file has it.
fn stem(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or_default().trim_end_matches(".toml")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(name: &str, text: &str) -> ProjectFile {
        let head = "title = 'A'\nsays = 'A'\nunit = 'count'\ndirection = 'neutral'\n";
        ProjectFile::new(format!("pipelines/metrics/{name}.toml"), format!("{head}{text}"))
    }

    fn total(fact: &str) -> String {
        format!("kind = 'total'\nfact = '{fact}'\ntime = 'at'\nnumerator = 'count(*)'\n")
    }

    fn derived(formula: &str) -> String {
        format!("kind = 'derived'\nformula = '{formula}'\n")
    }

    fn names(sound: &SoundMetrics) -> Vec<&str> {
        sound.metrics.iter().map(|metric| metric.name.as_str()).collect()
    }

    #[test]
    fn what_is_computed_from_a_broken_metric_is_left_out_and_not_blamed() {
        let sound = SoundMetrics::read(&[
            file("orders", &total("fact.order")),
            file("tickets", "kind = 'totl'\n"),
            file("per_ticket", &derived("orders / tickets")),
            file("twice", &derived("2 * per_ticket")),
            file("half", &derived("orders / 2")),
            file("slip", &derived("ordesr / 2")),
        ]);
        assert_eq!(names(&sound), ["orders", "half"]);
        let messages: Vec<&str> = sound.faults.iter().map(Fault::message).collect();
        assert_eq!(messages, ["`totl` is not accepted here", "there is no metric `ordesr`"]);
    }

    #[test]
    fn what_reads_a_table_that_cannot_be_made_is_left_out() {
        let sound = SoundMetrics::read(&[
            file("orders", &total("fact.order")),
            file("tickets", &total("fact.ticket")),
            file("per_ticket", &derived("orders / tickets")),
        ]);
        let tables = [TableName::new("fact", "ticket").unwrap()].into();
        assert_eq!(names(&sound.without_tables(&tables)), ["orders"]);
    }
}
