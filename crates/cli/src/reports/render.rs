//! Standings onto pages.

use scorewright_delivery::Outbox;
use scorewright_domain::{Document, KpiValue, Standing};
use scorewright_project::Project;
use scorewright_report::{Report, RunFacts, Scorecard, Templates, compose, documents};
use scorewright_warehouse::{Session, Snapshot};

use super::facts::run_facts;
use super::identity;
use crate::exit::{ExitStatus, Failure};
use crate::standings::{judged, stored_values};

/// A report of a version, composed and rendered.
pub(crate) struct RenderedReport<'a> {
    pub(crate) report: &'a Report,
    pub(crate) scorecard: Scorecard,
    pub(crate) documents: Vec<Document>,
    /// What its pages say, as text.
    pub(crate) figures: String,
}

/// Renders every report of a version, or the one asked for.
pub(crate) fn rendered_reports<'a>(
    project: &'a Project,
    snapshot: &Snapshot,
    only: Option<&str>,
) -> Result<Vec<RenderedReport<'a>>, Failure> {
    let session = Session::over(&project.folders.warehouse(), snapshot)?;
    let values = stored_values(&session)?;
    let templates = Templates::read(&project.templates)?;
    let as_of = snapshot.as_of.expect("a version was made for a day");
    let unmatched = identity::unmatched(project, snapshot, &session)?;
    let facts = run_facts(project, snapshot, as_of, &unmatched);
    let reports =
        project.reports.iter().filter(|report| only.is_none_or(|name| report.id() == name));
    reports.map(|report| render_one(project, report, &values, facts.clone(), &templates)).collect()
}

fn render_one<'a>(
    project: &Project,
    report: &'a Report,
    values: &[KpiValue],
    mut facts: RunFacts,
    templates: &Templates,
) -> Result<RenderedReport<'a>, Failure> {
    let standings = judged(project, values, report.grain, facts.as_of, report.history);
    let figures = figures(&standings);
    let draft = compose(report, &standings, &facts)?;
    let outbox = Outbox::read(&project.folders.out("outbox"))
        .map_err(|bad| Failure::new(ExitStatus::Outstanding, bad))?;
    facts.revision = outbox.revision(report.id(), &draft.period.label, &figures) - 1;
    let scorecard = compose(report, &standings, &facts)?;
    let documents = documents(report, &scorecard, templates)?;
    Ok(RenderedReport { report, scorecard, documents, figures })
}

/// What a page says, as text: equal figures are the same revision.
fn figures(standings: &[Standing]) -> String {
    let line = |standing: &Standing| {
        let KpiValue { metric, statistic, segment, period, value, n, .. } = &standing.current;
        format!(
            "{metric}:{statistic} {segment} {period} {value:?} {n} {:?} {:?}\n",
            standing.status,
            standing.previous.as_ref().map(|value| value.value)
        )
    };
    standings.iter().map(line).collect()
}
