//! What a run that publishes nothing would hand over, and what of it would wait.

use jiff::Timestamp;
use scorewright_delivery::{OpenDelivery, Outbox, OutboxEntry, Route, undelivered};
use scorewright_project::Folders;

use super::folders::{delivery_folders, delivery_routes};
use super::publish::{PreparedReport, delivery};
use crate::clock;
use crate::console::lines::labelled;
use crate::exit::{ExitStatus, Failure};

/// What would be handed over.
pub(crate) struct Rehearsal {
    /// Each report, with its verdict.
    reports: Vec<String>,
    /// Mails and messages, each with what would become of it.
    mails: Vec<String>,
    /// Whether something would wait that should have reached its readers.
    pub(crate) is_outstanding: bool,
}

impl Rehearsal {
    /// What would be handed over of the reports of a version.
    ///
    /// - `version`: the number that it would have.
    pub(crate) fn of(
        folders: &Folders,
        reports: &[PreparedReport],
        version: u64,
    ) -> Result<Self, Failure> {
        let is_outstanding = is_any_outstanding(folders)?;
        let mut rehearsal = Self { reports: Vec::new(), mails: Vec::new(), is_outstanding };
        let (routes, now) = (delivery_routes(folders), clock::now());
        for report in reports {
            rehearsal.reports.push(in_words(report));
            let open = undelivered(&delivery_folders(folders), &routes, &[&report.owed(version)]);
            for open in open.map_err(unreadable)? {
                rehearsal.add(report, &open, &routes, now);
            }
        }
        Ok(rehearsal)
    }

    fn add(
        &mut self,
        report: &PreparedReport,
        open: &OpenDelivery,
        routes: &[Box<dyn Route>],
        now: Timestamp,
    ) {
        let route = routes.iter().find(|route| route.name() == open.label.route);
        let Some(route) = route.filter(|route| !route.is_replaceable()) else { return };
        let is_held = report.issue.hold.as_ref().is_some_and(|hold| hold.span.is_positive())
            && open.waits_until.is_none_or(|until| until > now);
        let what = match (is_held, route.send_rules().is_some()) {
            (true, _) => "would be held",
            (false, true) => "would wait for `scorewright send`",
            (false, false) => "would be sent",
        };
        self.is_outstanding |= !is_held && route.send_rules().is_some();
        self.mails.push(format!("{}: {what}", delivery(&open.label)));
    }

    /// The reports and mails, in lines.
    pub(crate) fn text(&self) -> String {
        let nothing = vec!["nothing new".to_owned()];
        let mails = if self.mails.is_empty() { &nothing } else { &self.mails };
        labelled("reports", &self.reports) + &labelled("mails", mails)
    }
}

fn in_words(report: &PreparedReport) -> String {
    let issue = &report.issue;
    format!("{} {} r{}: {}", issue.report, issue.period, issue.revision, report.verdict)
}

/// Whether something waits in the outbox that a run without a server does not hand over.
pub(crate) fn is_any_outstanding(folders: &Folders) -> Result<bool, Failure> {
    let outbox = Outbox::read(&delivery_folders(folders)).map_err(unreadable)?;
    let waits =
        |entry: &&OutboxEntry| entry.is_sendable() || entry.is_stopped && entry.is_outstanding();
    Ok(outbox.entries().iter().any(waits) || !outbox.damaged().is_empty())
}

fn unreadable(bad: scorewright_durable::DurableError) -> Failure {
    Failure::new(ExitStatus::InputOutput, bad)
}
