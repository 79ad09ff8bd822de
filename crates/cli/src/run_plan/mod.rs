//! What the next run would do, as far as it is known before anything is built.
//!
//! ```text
//! what has landed --> tables to build --> metrics to measure --> reports to render --> mails to send --> lines, json
//! ```

mod metrics;

mod reports;

mod json;
mod lines;

use jiff::civil::Date;
use scorewright_project::Project;
use scorewright_transform::{FormerVersion, PlannedModel};
use scorewright_warehouse::{Snapshot, Transaction};

use crate::exit::Failure;
use crate::standings::metric_coverage;
use metrics::{PlannedMetric, measured_metrics};
use reports::{PlannedMail, PlannedReport, owed_reports, rendered_reports};

/// What the next run would do.
pub(crate) struct RunPlan {
    /// Models, in the order of the build.
    tables: Vec<PlannedModel>,
    /// Metrics, in the order of the project.
    metrics: Vec<PlannedMetric>,
    /// Reports that would be rendered and whose pages would be put in their place.
    reports: Vec<PlannedReport>,
    /// Mails, and messages to chats, by report and recipient.
    mails: Vec<PlannedMail>,
}

impl RunPlan {
    /// What a run would make of what has landed and deliver.
    ///
    /// - `before`: the version that the run begins from, without tables that are damaged.
    /// - `transaction`: what has landed, and how far the sources reach.
    pub(crate) fn of_landed(
        project: &Project,
        as_of: Date,
        before: &Snapshot,
        transaction: &Transaction,
    ) -> Result<Self, Failure> {
        let (landed, midnight) = (transaction.snapshot(), project.midnight(as_of));
        let day = before.as_of.map(|day| project.midnight(day));
        let former = FormerVersion { snapshot: before, as_of: day };
        let tables = project.pipeline.planned(former, landed, midnight);
        let built = project.pipeline.planned_snapshot(&tables, landed);
        let coverage = metric_coverage(project, &built, as_of);
        let metrics = measured_metrics(project, &coverage, &built, before);
        let (mut reports, mut mails) = rendered_reports(project, &coverage, as_of)?;
        let (owed, owed_mails) = owed_reports(project, before, &reports)?;
        reports.extend(owed);
        mails.extend(owed_mails);
        Ok(Self { tables, metrics, reports, mails })
    }

    /// What a run would do that finds nothing new: nothing but what earlier ones owe.
    pub(crate) fn of_nothing_new(project: &Project, newest: &Snapshot) -> Result<Self, Failure> {
        let day = newest.as_of.map(|day| project.midnight(day));
        let former = FormerVersion { snapshot: newest, as_of: day };
        let tables = project.pipeline.planned(former, newest, day.unwrap_or_default());
        let metrics = project.metrics.iter().map(PlannedMetric::kept).collect();
        let (reports, mails) = owed_reports(project, newest, &[])?;
        Ok(Self { tables, metrics, reports, mails })
    }

    /// A line for each table that is made anew, each metric that is measured, each report and each mail; what stays is
    /// counted.
    pub(crate) fn text(&self) -> String {
        let reports: String = self.reports.iter().map(lines::report).collect();
        let mails: String = self.mails.iter().map(lines::mail).collect();
        lines::tables(&self.tables) + &lines::metrics(&self.metrics) + &reports + &mails
    }

    /// One object a line: tables in the order of the build, then metrics, reports and mails.
    pub(crate) fn json(&self) -> String {
        let tables = self.tables.iter().map(json::table);
        let metrics = self.metrics.iter().map(json::metric);
        let (reports, mails) =
            (self.reports.iter().map(json::report), self.mails.iter().map(json::mail));
        let all = tables.chain(metrics).chain(reports).chain(mails);
        all.map(|object| format!("{object}\n")).collect()
    }
}
