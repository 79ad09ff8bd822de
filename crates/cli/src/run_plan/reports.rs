//! Reports that would be rendered, and who would be sent them.

use std::collections::BTreeSet;

use jiff::civil::Date;
use jiff::{Timestamp, ToSpan as _};
use scorewright_delivery::{ExpectedDelivery, FormerDelivery};
use scorewright_domain::Period;
use scorewright_kpi::{Metric, MetricCoverage};
use scorewright_project::Project;
use scorewright_report::Report;
use scorewright_warehouse::Snapshot;

use crate::clock;
use crate::exit::Failure;
use crate::reports::expected::expected_mails;
use crate::reports::owed::{OpenIssue, open_issues};
use crate::reports::stale::is_stale;

/// A report that the next run would render.
pub(super) struct PlannedReport {
    pub(super) report: String,
    /// Label of its period.
    pub(super) period: String,
    /// Sources of its figures that do not reach the end of their period.
    pub(super) late: Vec<String>,
    /// The version that owes it, where an earlier one does.
    pub(super) owed_by: Option<u64>,
}

/// A mail, or a message to a chat, of the next run.
pub(super) struct PlannedMail {
    pub(super) report: String,
    /// Label of its period.
    pub(super) period: String,
    /// Name of the route: `eml`.
    pub(super) route: String,
    /// Recipient, or chat.
    pub(super) to: String,
    pub(super) state: MailState,
}

/// What would become of a mail, if the run publishes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum MailState {
    /// It is sent.
    Due,
    /// It is held: its period is not whole, and its deadline is not over.
    Held,
    /// Its recipient has one of this period: another is sent where its figures are others.
    IfChanged,
    /// It is not sent: its period ended too long ago.
    Withheld,
    /// An earlier version owes it, and it is sent.
    Owed,
}

impl MailState {
    /// Its name in answers.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Due => "due",
            Self::Held => "held",
            Self::IfChanged => "if_changed",
            Self::Withheld => "withheld",
            Self::Owed => "owed",
        }
    }
}

/// The reports of a version that would be made, and who would be sent them.
pub(super) fn rendered_reports(
    project: &Project,
    coverage: &MetricCoverage,
    as_of: Date,
) -> Result<(Vec<PlannedReport>, Vec<PlannedMail>), Failure> {
    let (mut reports, mut mails) = (Vec::new(), Vec::new());
    for report in &project.reports {
        let period = Period::last_complete(report.grain, as_of);
        let late = late_sources(project, report, coverage, as_of);
        let is_held = !late.is_empty() && report.held_for().is_positive();
        mails.extend(mails_of(project, report, period, is_held)?);
        let (report, period) = (report.id().to_owned(), period.label());
        reports.push(PlannedReport { report, period, late, owed_by: None });
    }
    Ok((reports, mails))
}

/// Sources that do not reach the end of the periods that the lines of a report are stated for.
fn late_sources(
    project: &Project,
    report: &Report,
    coverage: &MetricCoverage,
    as_of: Date,
) -> Vec<String> {
    let lines = report.group.iter().flat_map(|group| &group.lines);
    let names: BTreeSet<&str> = lines.filter_map(|line| line.split(':').next()).collect();
    let shown = project.metrics.iter().filter(|metric| names.contains(metric.name.as_str()));
    let late = shown.flat_map(|metric| {
        let coverage = coverage.of(&metric.name, stated_period(report, metric, as_of));
        if coverage.state.is_late() { coverage.sources } else { Vec::new() }
    });
    late.collect::<BTreeSet<String>>().into_iter().collect()
}

/// The period that a line is stated for: the last one that is over and old enough to judge.
fn stated_period(report: &Report, metric: &Metric, as_of: Date) -> Period {
    let grains = metric.grains.iter().copied().filter(|grain| *grain >= report.grain);
    let grain = grains.min().unwrap_or(report.grain);
    Period::last_complete(grain, as_of - i64::from(metric.matures_after_days).days())
}

fn mails_of(
    project: &Project,
    report: &Report,
    period: Period,
    is_held: bool,
) -> Result<Vec<PlannedMail>, Failure> {
    let expected = expected_mails(project, report, period)?;
    let is_open = expected.iter().any(|mail| mail.former != FormerDelivery::Something);
    let is_withheld = is_open && is_stale(report, period, clock::today(&project.zone));
    let now = clock::now();
    let mail = |expected: ExpectedDelivery| PlannedMail {
        report: report.id().to_owned(),
        period: period.label(),
        route: expected.route.to_owned(),
        to: expected.destination,
        state: match expected.former {
            _ if is_withheld => MailState::Withheld,
            FormerDelivery::Something => MailState::IfChanged,
            FormerDelivery::Held(until) if is_held && until > now => MailState::Held,
            FormerDelivery::Nothing if is_held => MailState::Held,
            FormerDelivery::Held(_) | FormerDelivery::Nothing => MailState::Due,
        },
    };
    Ok(expected.into_iter().map(mail).collect())
}

/// What versions before owe for periods that are not rendered anew.
pub(super) fn owed_reports(
    project: &Project,
    before: &Snapshot,
    rendered: &[PlannedReport],
) -> Result<(Vec<PlannedReport>, Vec<PlannedMail>), Failure> {
    let is_replaced = |open: &OpenIssue| {
        let of =
            |it: &PlannedReport| it.report == open.issue.report && it.period == open.issue.period;
        rendered.iter().any(of)
    };
    let open = open_issues(&project.folders, before)?.into_iter();
    let open: Vec<OpenIssue> = open.filter(|open| !is_replaced(open)).collect();
    let report = |open: &OpenIssue| PlannedReport {
        report: open.issue.report.clone(),
        period: open.issue.period.clone(),
        late: Vec::new(),
        owed_by: Some(open.issue.version),
    };
    let taken_up = open.iter().filter(|open| open.is_to_deliver()).map(report);
    let now = clock::now();
    Ok((taken_up.collect(), open.iter().flat_map(|open| owed_mails(open, now)).collect()))
}

fn owed_mails(open: &OpenIssue, now: Timestamp) -> Vec<PlannedMail> {
    let mails = open.mails().map(|mail| PlannedMail {
        report: open.issue.report.clone(),
        period: open.issue.period.clone(),
        route: mail.label.route.clone(),
        to: mail.label.destination.clone(),
        state: match mail.waits_until {
            Some(until) if until > now => MailState::Held,
            _ => MailState::Owed,
        },
    });
    mails.collect()
}
