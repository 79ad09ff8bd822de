//! What a survey question means in its source, and in the metrics made from it.

use scorewright_domain::Fault;
use scorewright_extract::{Column, Orientation, Question};
use scorewright_kpi::{Metric, MetricOrientation};

use crate::project::Project;

impl Project {
    /// Metrics of customer effort whose questions mean the other end: a figure of them would be turned round.
    pub(crate) fn misread_questions(&self) -> Vec<Fault> {
        self.metrics.iter().flat_map(|metric| self.misread_by(metric)).collect()
    }

    fn misread_by(&self, metric: &Metric) -> Vec<Fault> {
        let Some(meant) = metric.orientation else { return Vec::new() };
        let below = self.sources_of(metric);
        let mut faults = Vec::new();
        for source in self.sources.iter().filter(|source| below.contains(&source.name)) {
            let misread = source.columns.iter().find(|(_, column)| is_other_end(column, meant));
            let path = format!("pipelines/sources/{}.toml", source.name);
            faults.extend(misread.map(|(name, _)| metric.misread_question(name, &path)));
        }
        faults
    }
}

fn is_other_end(column: &Column, meant: MetricOrientation) -> bool {
    let meant = match meant {
        MetricOrientation::Ease => Orientation::Ease,
        MetricOrientation::Effort => Orientation::Effort,
    };
    let is_asked = column.question == Some(Question::Ces);
    is_asked && column.used_orientation().is_some_and(|used| used != meant)
}
