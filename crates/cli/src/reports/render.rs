//! Standings of a version onto pages.

use scorewright_delivery::Outbox;
use scorewright_domain::{Document, Standing};
use scorewright_project::Project;
use scorewright_report::{Report, RunFacts, Scorecard, Templates, compose, documents};
use scorewright_warehouse::{Session, Snapshot};

use super::facts::run_facts;
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
) -> Result<Vec<RenderedReport<'a>>, Failure> {
    let standings = stored_standings(session)?;
    let templates = Templates::read(&project.templates)?;
    let as_of = snapshot.as_of.expect("a version was made for a day");
    let unmatched = identity::unmatched(project, snapshot, session)?;
    let facts = run_facts(project, snapshot, as_of, &unmatched);
    let outbox = Outbox::read(&project.folders.out("outbox"))
        .map_err(|bad| Failure::new(ExitStatus::Outstanding, bad))?;
    let reports =
        project.reports.iter().filter(|report| only.is_none_or(|name| report.id() == name));
    reports.map(|report| render_one(report, &standings, &facts, &outbox, &templates)).collect()
}

fn render_one<'a>(
    report: &'a Report,
    standings: &[Standing],
    facts: &RunFacts,
    outbox: &Outbox,
    templates: &Templates,
) -> Result<RenderedReport<'a>, Failure> {
    let first = compose(report, standings, facts)?;
    let revision = outbox.revision(report.id(), &first.period.label, &first.figures());
    let scorecard = first.as_revision(revision);
    let documents = documents(report, &scorecard, templates)?;
    Ok(RenderedReport { report, scorecard, documents })
}
