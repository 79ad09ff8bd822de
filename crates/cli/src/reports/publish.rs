//! Pages and mails to their readers.

use std::path::PathBuf;

use scorewright_delivery::{Delivery, DeliveryError, Issue, Outbox, deliver, resend, routes};
use scorewright_domain::{Event, Listener as _, Receipt};
use scorewright_project::Project;
use scorewright_warehouse::{Lock, Session, Snapshot};

use super::issue::issue;
use super::render::rendered_reports;
use crate::console::Console;
use crate::exit::{ExitStatus, Failure};

/// What became of the reports of a version.
#[derive(Default)]
pub(crate) struct Published {
    /// What has not reached its readers, and why.
    pub(crate) outstanding: Vec<String>,
    pub(crate) receipts: Vec<Receipt>,
    /// Verdict of each report, and where its page lies.
    pub(crate) pages: Vec<(String, PathBuf)>,
}

impl Published {
    pub(crate) fn status(&self) -> ExitStatus {
        if self.outstanding.is_empty() { ExitStatus::Done } else { ExitStatus::Outstanding }
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

/// Renders and hands over every report of a version. A report that fails leaves the version published.
pub(crate) fn publish_reports(
    project: &Project,
    snapshot: &Snapshot,
    console: &Console,
) -> Result<Published, Failure> {
    let outstanding = |failure: Failure| Failure { status: ExitStatus::Outstanding, ..failure };
    let mut published = Published::default();
    let session = Session::over(&project.folders.warehouse(), snapshot)?;
    for rendered in rendered_reports(project, snapshot, &session, None).map_err(outstanding)? {
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
pub(crate) fn resend_reports(project: &Project) -> Result<Published, Failure> {
    let mut published = Published::default();
    if is_any_waiting(project)? {
        let _lock = Lock::take(project.folders.warehouse().root())?;
        let routes = routes(&project.folders.out_root());
        let delivery = resend(&project.folders.out("outbox"), &routes);
        published.add(delivery.map_err(undelivered)?);
    }
    Ok(published)
}

/// Whether the outbox holds anything but what was delivered; without it, no lock is needed.
fn is_any_waiting(project: &Project) -> Result<bool, Failure> {
    let outbox = Outbox::read(&project.folders.out("outbox"))
        .map_err(|bad| Failure::new(ExitStatus::Outstanding, bad))?;
    Ok(!outbox.damaged().is_empty() || outbox.entries().iter().any(|entry| entry.is_outstanding()))
}

fn offer(project: &Project, issue: &Issue) -> Result<Delivery, Failure> {
    let routes = routes(&project.folders.out_root());
    deliver(&project.folders.out("outbox"), &routes, issue).map_err(undelivered)
}

fn undelivered(error: DeliveryError) -> Failure {
    Failure::new(ExitStatus::Outstanding, error)
}
