//! Standings onto pages, and pages to their readers.

use std::collections::BTreeMap;
use std::path::PathBuf;

use jiff::civil::Date;
use scorewright_delivery::{
    Delivery, DeliveryError, Eml, Issue, Letter, Mailbox, Outbox, Pages, Route, deliver,
};
use scorewright_domain::{
    Document, Event, KpiValue, Landing, Listener as _, Receipt, Severity, Standing,
};
use scorewright_kpi::Metric;
use scorewright_report::{
    CheckWarning, Concern, MetricFacts, Report, RunFacts, Scorecard, SourceFacts, Templates,
    UnmatchedRows, compose, documents,
};
use scorewright_warehouse::{Lock, Session, Snapshot};

use crate::console::Console;
use crate::exit::{Failure, Status};
use crate::identity;
use crate::project::Project;
use crate::standings::{judged, stored_values};

/// What became of the reports of a version.
#[derive(Default)]
pub(crate) struct Published {
    /// Done, or outstanding.
    pub(crate) outstanding: Vec<String>,
    pub(crate) receipts: Vec<Receipt>,
    /// Verdict of each report, and where its page lies.
    pub(crate) pages: Vec<(String, PathBuf)>,
}

impl Published {
    pub(crate) fn status(&self) -> Status {
        if self.outstanding.is_empty() { Status::Done } else { Status::Outstanding }
    }

    fn add(&mut self, delivery: Delivery) {
        self.receipts.extend(delivery.receipts);
        for entry in delivery.outstanding {
            let why = entry.reason.unwrap_or_else(|| "not tried yet".into());
            self.outstanding
                .push(format!("{} to {}: {why}", entry.label.route, entry.label.destination));
        }
        let damaged = delivery
            .damaged
            .iter()
            .map(|name| format!("outbox entry {name} is damaged and was set aside"));
        self.outstanding.extend(damaged);
    }
}

/// A report of a version, composed and rendered.
pub(crate) struct Rendered<'a> {
    pub(crate) report: &'a Report,
    pub(crate) scorecard: Scorecard,
    pub(crate) documents: Vec<Document>,
    figures: String,
}

/// Renders every report of a version, or the one asked for.
pub(crate) fn render<'a>(
    project: &'a Project,
    snapshot: &Snapshot,
    only: Option<&str>,
) -> Result<Vec<Rendered<'a>>, Failure> {
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
) -> Result<Rendered<'a>, Failure> {
    let standings = judged(project, values, report.grain, facts.as_of, report.history);
    let figures = figures(&standings);
    let draft = compose(report, &standings, &facts)?;
    let outbox = Outbox::read(&project.folders.out("outbox"))
        .map_err(|bad| Failure::new(Status::Outstanding, bad))?;
    facts.revision = outbox.revision(report.id(), &draft.period.label, &figures) - 1;
    let scorecard = compose(report, &standings, &facts)?;
    let documents = documents(report, &scorecard, templates)?;
    Ok(Rendered { report, scorecard, documents, figures })
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

fn run_facts(
    project: &Project,
    snapshot: &Snapshot,
    as_of: Date,
    unmatched: &BTreeMap<String, UnmatchedRows>,
) -> RunFacts {
    RunFacts {
        run_id: snapshot.run.clone(),
        revision: 0,
        generated_at: project.midnight(as_of).to_string(),
        as_of,
        project: project.settings.name.clone(),
        time_zone: project.settings.time_zone.clone(),
        currency: project.settings.currency.clone(),
        sources: project
            .sources
            .iter()
            .map(|source| SourceFacts {
                unmatched: unmatched.get(&source.name).copied(),
                ..source_facts(&source.name, &source.title, &snapshot.landings)
            })
            .collect(),
        warnings: warnings(snapshot),
        metrics: project.metrics.iter().map(|metric| metric_facts(project, metric)).collect(),
    }
}

fn source_facts(name: &str, title: &str, landings: &[Landing]) -> SourceFacts {
    let landings =
        landings.iter().filter(|landing| landing.extract.source == name).cloned().collect();
    SourceFacts {
        source: name.into(),
        title: title.into(),
        landings,
        refused: Vec::new(),
        is_missing: false,
        unmatched: None,
    }
}

fn warnings(snapshot: &Snapshot) -> Vec<CheckWarning> {
    let failed = snapshot.built.iter().flat_map(|built| {
        let failed = built
            .checks
            .iter()
            .filter(|check| !check.is_passed() && check.severity == Severity::Warn);
        // Rows of nobody are a matter of their source.
        let failed = failed.filter(|_| built.table.to_string() != identity::MATCH);
        failed.map(|check| CheckWarning {
            table: built.table.to_string(),
            check: check.check.clone(),
            offending: check.offending,
            looked_at: check.looked_at,
            concern: if identity::counts_contested(&built.table, check) {
                Concern::ContestedNames
            } else {
                Concern::Rows
            },
        })
    });
    let own = snapshot.checks.iter().filter(|check| !check.is_passed()).map(|check| CheckWarning {
        table: String::new(),
        check: check.check.clone(),
        offending: check.offending,
        looked_at: check.looked_at,
        concern: Concern::Rows,
    });
    failed.chain(own).collect()
}

/// The definition of a metric as a page states it.
pub(crate) fn metric_facts(project: &Project, metric: &Metric) -> MetricFacts {
    let formula =
        metric.kind.expressions().into_iter().map(|part| format!("{}: {}", part.key, part.text));
    MetricFacts {
        metric: metric.name.clone(),
        version: metric.version,
        title: metric.title.clone(),
        says: metric.says.clone(),
        unit: metric.unit,
        direction: metric.direction,
        statistics: metric.statistics().into_iter().map(String::from).collect(),
        by: metric.by.iter().map(|dimension| dimension.text.clone()).collect(),
        grains: metric.grains.clone(),
        formula: formula.collect::<Vec<_>>().join("; "),
        decided: metric.decided.clone(),
        interval: metric.interval.method(),
        minimum_sample: metric.minimum_sample,
        sources: project.sources_of(metric),
    }
}

/// Renders and hands over every report of a version. A report that fails leaves the version published.
pub(crate) fn publish(
    project: &Project,
    snapshot: &Snapshot,
    console: &Console,
) -> Result<Published, Failure> {
    let outstanding = |failure: Failure| Failure { status: Status::Outstanding, ..failure };
    let mut published = Published::default();
    for rendered in render(project, snapshot, None).map_err(outstanding)? {
        let issue = issue(project, &rendered).map_err(outstanding)?;
        let delivery = offer(project, &issue).map_err(outstanding)?;
        let folder = project.folders.out("pages").join(&issue.report).join(issue.period.label());
        for document in &issue.documents {
            let path = folder.join(&document.name).display().to_string();
            console.on_event(Event::DocumentWritten { path, bytes: document.bytes.len() as u64 });
        }
        published.pages.push((rendered.scorecard.verdict.sentence.clone(), folder));
        published.add(delivery);
    }
    Ok(published)
}

/// Hands over what earlier runs could not.
pub(crate) fn resend(project: &Project) -> Result<Published, Failure> {
    let mut published = Published::default();
    if is_any_waiting(project)? {
        let _lock = Lock::take(project.folders.warehouse().root())?;
        let (pages, mails) = routes(project);
        let delivery =
            scorewright_delivery::resend(&project.folders.out("outbox"), &[&pages, &mails]);
        published.add(delivery.map_err(undelivered)?);
    }
    Ok(published)
}

/// Whether the outbox holds anything but what was delivered; without it, no lock is needed.
fn is_any_waiting(project: &Project) -> Result<bool, Failure> {
    let outbox = Outbox::read(&project.folders.out("outbox"))
        .map_err(|bad| Failure::new(Status::Outstanding, bad))?;
    Ok(!outbox.damaged().is_empty() || outbox.entries().iter().any(|entry| entry.is_outstanding()))
}

fn routes(project: &Project) -> (Pages, Eml) {
    (Pages::new(project.folders.out("pages")), Eml::new(project.folders.out("mail")))
}

fn offer(project: &Project, issue: &Issue) -> Result<Delivery, Failure> {
    let (pages, mails) = routes(project);
    let routes: [&dyn Route; 2] = [&pages, &mails];
    deliver(&project.folders.out("outbox"), &routes, issue).map_err(undelivered)
}

fn undelivered(error: DeliveryError) -> Failure {
    Failure::new(Status::Outstanding, error)
}

fn issue(project: &Project, rendered: &Rendered<'_>) -> Result<Issue, Failure> {
    let is_page = |document: &&Document| !document.name.starts_with("mail.");
    let period = scorewright_domain::Period::from_label(&rendered.scorecard.period.label);
    Ok(Issue {
        report: rendered.report.id().into(),
        period: period.map_err(|bad| {
            Failure::usage(bad.to_string(), "a report shows weeks, months, quarters or years")
        })?,
        figures: rendered.figures.clone(),
        documents: rendered.documents.iter().filter(is_page).cloned().collect(),
        letter: letter(project, rendered)?,
        hold: None,
    })
}

fn letter(project: &Project, rendered: &Rendered<'_>) -> Result<Option<Letter>, Failure> {
    let Some(mail) = &rendered.report.mail else { return Ok(None) };
    let mailbox = |text: &String| {
        text.parse::<Mailbox>().map_err(|bad| Failure::new(Status::Configuration, bad))
    };
    let part = |name: &str| {
        let found = rendered.documents.iter().find(|document| document.name == name);
        found
            .map(|document| String::from_utf8_lossy(&document.bytes).into_owned())
            .unwrap_or_default()
    };
    Ok(Some(Letter {
        from: mailbox(&mail.from)?,
        to: mail.to.iter().map(mailbox).collect::<Result<_, _>>()?,
        subject: rendered.scorecard.verdict.subject.clone(),
        date: project.midnight(rendered.scorecard.run.as_of),
        text: part("mail.txt"),
        html: part("mail.html"),
    }))
}
