//! Standings of a version onto pages.

use std::io::ErrorKind;

use scorewright_delivery::Outbox;
use scorewright_domain::{Document, OwedIssue, Standing};
use scorewright_durable::{DurableError, folder_names};
use scorewright_project::Project;
use scorewright_report::{Report, RunFacts, Scorecard, Templates, compose, documents};
use scorewright_warehouse::{Session, Snapshot};

use super::facts::run_facts;
use super::folders::delivery_folders;
use super::identity;
use crate::exit::{ExitStatus, Failure};
use crate::standings::stored_standings;

/// A report of a version, composed and rendered.
pub(crate) struct RenderedReport<'a> {
    pub(crate) report: &'a Report,
    pub(crate) scorecard: Scorecard,
    pub(crate) documents: Vec<Document>,
}

/// Renders every report of a version, or the one asked for.
///
/// - `project`: the one the version was made from; its templates may be others.
pub(crate) fn rendered_reports<'a>(
    project: &'a Project,
    snapshot: &Snapshot,
    session: &Session,
    only: Option<&str>,
    mut revisions: Revisions<'_>,
) -> Result<Vec<RenderedReport<'a>>, Failure> {
    let standings = stored_standings(session)?;
    let templates = Templates::read(&project.templates)?;
    let as_of = snapshot.as_of.expect("a version was made for a day");
    let unmatched = identity::unmatched(project, snapshot, session)?;
    let facts = run_facts(project, snapshot, as_of, &unmatched);
    let reports =
        project.reports.iter().filter(|report| only.is_none_or(|name| report.id() == name));
    reports
        .map(|report| render_one(report, &standings, &facts, &mut revisions, &templates))
        .collect()
}

fn render_one<'a>(
    report: &'a Report,
    standings: &[Standing],
    facts: &RunFacts,
    revisions: &mut Revisions<'_>,
    templates: &Templates,
) -> Result<RenderedReport<'a>, Failure> {
    let scorecard = compose(report, standings, facts)?;
    let scorecard = revisions.numbered(report, scorecard)?;
    let documents = documents(report, &scorecard, templates)?;
    Ok(RenderedReport { report, scorecard, documents })
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

    /// The page as the revision it is.
    fn numbered(&mut self, report: &Report, page: Scorecard) -> Result<Scorecard, Failure> {
        let (figures, period) = (page.figures(), page.period.label.clone());
        let owed = OwedIssue::newest(self.issues, report.id(), &period);
        let owed = owed.map_or(1, |issue| issue.revision_of(&figures));
        let Some(outbox) = &mut self.outbox else { return Ok(page.as_revision(owed)) };
        outbox.load(report.id(), &period).map_err(unreadable)?;
        let delivered = outbox.revision(report.id(), &period, &figures);
        Ok(page.as_revision(owed.max(delivered)))
    }
}

fn unreadable(bad: DurableError) -> Failure {
    Failure::new(ExitStatus::InputOutput, bad)
}
