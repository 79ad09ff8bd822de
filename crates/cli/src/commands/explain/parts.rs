//! The figures that a figure is computed from, each with its rows.

use std::collections::BTreeSet;

use scorewright_domain::{KpiValue, Period, Segment};
use scorewright_kpi::{Calendar, Metric, RowCount};
use scorewright_project::Project;
use scorewright_warehouse::Session;

use super::figures::figure;
use crate::exit::Failure;

/// What the parts of a metric are computed from.
pub(super) struct Parts<'a> {
    pub(super) project: &'a Project,
    pub(super) values: &'a [KpiValue],
    pub(super) session: &'a Session,
    pub(super) calendar: &'a Calendar,
}

impl Parts<'_> {
    /// Every part of a metric, parts of parts among them, with its figure of the same period and segment and the rows of
    /// its fact.
    pub(super) fn of(
        &self,
        metric: &Metric,
        period: Period,
        segment: &Segment,
    ) -> Result<String, Failure> {
        let (mut text, mut seen) = (String::new(), BTreeSet::new());
        let mut open: Vec<&str> = metric.parts().into_iter().rev().collect();
        while let Some(name) = open.pop() {
            let all = self.project.metrics.iter();
            let Some(part) = all.into_iter().find(|part| part.name == name) else { continue };
            if seen.insert(name) {
                text += &format!("\npart {name}@{}: {}\n", part.version, part.title);
                text += &self.figure_of(part, period, segment);
                text += &self.rows_of(part, period, segment)?;
                open.extend(part.parts().into_iter().rev());
            }
        }
        Ok(text)
    }

    fn figure_of(&self, part: &Metric, period: Period, segment: &Segment) -> String {
        let is_it = |value: &&KpiValue| {
            value.metric == part.name && value.period == period && value.segment == *segment
        };
        match self.values.iter().find(is_it) {
            Some(value) => {
                let text = figure(value, part, &self.project.settings.currency);
                text.lines().skip(2).map(|line| format!("{line}\n")).collect()
            }
            None => format!("  not stated for {} and {segment}\n", period.label()),
        }
    }

    /// How many rows of its fact it counts; nothing of one that is itself made of metrics.
    fn rows_of(&self, part: &Metric, period: Period, segment: &Segment) -> Result<String, Failure> {
        if part.minimum_group.is_some() {
            return Ok(String::new());
        }
        let explained =
            scorewright_kpi::explain(part, period, segment, self.session, self.calendar)?;
        let line = |count: &RowCount| {
            format!("  {} {:>10}  {}\n", super::sign(count.role), count.rows, count.what)
        };
        Ok(explained.counts.iter().map(line).collect())
    }
}
