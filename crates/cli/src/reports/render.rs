//! Standings of a version onto pages.

use std::io::ErrorKind;
use std::sync::Mutex;

use scorewright_delivery::Outbox;
use scorewright_domain::{Document, Fingerprint, OwedIssue, in_parallel};
use scorewright_durable::{DurableError, folder_names};
use scorewright_project::Project;
use scorewright_report::{
    Report, RunFacts, Scorecard, StandingIndex, Templates, compose, documents,
};
use scorewright_warehouse::{Session, Snapshot};

use super::facts::run_facts;
use super::folders::delivery_folders;
use super::identity;
use crate::exit::{ExitStatus, Failure};
use crate::standings::shown_standings;

/// A report of a version, composed and rendered.
pub(crate) struct RenderedReport<'a> {
    pub(crate) report: &'a Report,
    pub(crate) scorecard: Scorecard,
    pub(crate) documents: Vec<Document>,
}

/// Reports that are rendered at the same time: more than there are processors, as each may wait for the disk.
pub(crate) const AT_ONCE: usize = 16;

/// Renders every report of a version, or those asked for, several at the same time; `take` gets each of them.
///
/// - `project`: the one the version was made from; its templates may be others.
/// - Answers come in the order of the reports, and so does the failure: that of the first report that has one.
pub(crate) fn rendered_reports<'a, T: Send>(
    project: &'a Project,
    snapshot: &Snapshot,
    session: &Session,
    only: Option<&[&str]>,
    revisions: Revisions<'_>,
    take: impl Fn(RenderedReport<'a>) -> Result<T, Failure> + Sync,
) -> Result<Vec<T>, Failure> {
    let reports = project.reports.iter();
    let reports: Vec<&Report> =
        reports.filter(|report| only.is_none_or(|names| names.contains(&report.id()))).collect();
    let standings = shown_standings(session, &reports)?;
    let as_of = snapshot.as_of.expect("a version was made for a day");
    let unmatched = identity::unmatched(project, snapshot, session)?;
    let renderer = ReportRenderer {
        standings: StandingIndex::of(&standings),
        facts: run_facts(project, snapshot, as_of, &unmatched),
        templates: Templates::read(&project.templates)?,
        revisions: Mutex::new(revisions),
    };
    let render = |report: &&'a Report| take(renderer.render(report)?);
    in_parallel(&reports, AT_ONCE, |_| 1, render).into_iter().collect()
}

/// What the reports of a version have alike.
struct ReportRenderer<'a> {
    standings: StandingIndex<'a>,
    facts: RunFacts,
    templates: Templates,
    revisions: Mutex<Revisions<'a>>,
}

impl ReportRenderer<'_> {
    fn render<'a>(&self, report: &'a Report) -> Result<RenderedReport<'a>, Failure> {
        let scorecard = compose(report, &self.standings, &self.facts)?;
        let figures = scorecard.figures();
        let period = &scorecard.period.label;
        let revision = {
            let mut revisions = self.revisions.lock().expect("no holder panics");
            revisions.number(report.id(), period, &figures)?
        };
        let scorecard = scorecard.as_revision(revision);
        let documents = documents(report, &scorecard, &self.templates)?;
        Ok(RenderedReport { report, scorecard, documents })
    }
}

/// Which revisions of reports there are: by what commits owe, and by what was delivered, which may be more where the
/// newest commit was lost.
pub(crate) struct Revisions<'a> {
    issues: &'a [OwedIssue],
    /// `None` for a user who may not read it.
    outbox: Option<Outbox>,
}

impl<'a> Revisions<'a> {
    /// By both.
    pub(crate) fn read(project: &Project, snapshot: &'a Snapshot) -> Result<Self, Failure> {
        let outbox = Outbox::read(&delivery_folders(&project.folders)).map_err(unreadable)?;
        Ok(Self { issues: &snapshot.issues, outbox: Some(outbox) })
    }

    /// By what commits owe, where this user may not read what was delivered.
    pub(crate) fn as_far_as_readable(
        project: &Project,
        snapshot: &'a Snapshot,
    ) -> Result<Self, Failure> {
        let folders = delivery_folders(&project.folders);
        let is_closed = [&folders.outbox, &folders.ledger].into_iter().any(|folder| {
            folder_names(folder).is_err_and(|bad| bad.cause.kind() == ErrorKind::PermissionDenied)
        });
        if is_closed {
            return Ok(Self { issues: &snapshot.issues, outbox: None });
        }
        Self::read(project, snapshot)
    }

    /// Whether what was delivered is known.
    pub(crate) fn is_whole(&self) -> bool {
        self.outbox.is_some()
    }

    /// Which revision of its report and period a page of some figures is.
    fn number(
        &mut self,
        report: &str,
        period: &str,
        figures: &Fingerprint,
    ) -> Result<u32, Failure> {
        let owed = OwedIssue::newest(self.issues, report, period);
        let owed = owed.map_or(1, |issue| issue.revision_of(figures));
        let Some(outbox) = &mut self.outbox else { return Ok(owed) };
        outbox.load(report, period).map_err(unreadable)?;
        Ok(owed.max(outbox.revision(report, period, figures)))
    }
}

fn unreadable(bad: DurableError) -> Failure {
    Failure::new(ExitStatus::InputOutput, bad)
}
