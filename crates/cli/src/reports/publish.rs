//! Pages and mails to their readers.

use std::path::PathBuf;

use jiff::Timestamp;
use scorewright_delivery::{
    Delivery, DeliveryError, DeliveryState, Issue, Label, Outbox, OutboxEntry, Retry, deliver_all,
    deliveries_of, resend,
};
use scorewright_domain::{Event, Listener as _, OwedDelivery, OwedIssue, Receipt};
use scorewright_project::{Folders, Project};
use scorewright_warehouse::{Session, Snapshot};

use super::folders::{delivery_folders, delivery_routes, sending_routes};
use super::issue::issue;
use super::mail_server::server_to_send_to;
use super::render::{RenderedReport, Revisions, rendered_reports};
use crate::console::Console;
use crate::console::lines::counted;
use crate::exit::{ExitStatus, Failure};

/// A report of a version, ready to be handed over.
pub(crate) struct PreparedReport {
    pub(crate) issue: Issue,
    /// What its page says in one sentence.
    pub(crate) verdict: String,
    /// Where it goes.
    deliveries: Vec<OwedDelivery>,
}

/// Renders the reports of a version, those asked for or all of them.
///
/// Done before the version is committed: a report that cannot be rendered, or sent, publishes nothing.
pub(crate) fn prepared_reports(
    project: &Project,
    snapshot: &Snapshot,
    session: &Session,
    only: Option<&[&str]>,
) -> Result<Vec<PreparedReport>, Failure> {
    let routes = delivery_routes(&project.folders);
    let prepare = |rendered: RenderedReport<'_>| {
        let issue = issue(project, &rendered)?;
        let deliveries = deliveries_of(&issue, &routes)
            .map_err(|bad| Failure::new(ExitStatus::Configuration, bad))?;
        Ok(PreparedReport { issue, verdict: rendered.scorecard.verdict.sentence, deliveries })
    };
    let revisions = Revisions::read(project, snapshot)?;
    let rendered = rendered_reports(project, snapshot, session, only, revisions, Ok)?;
    rendered.into_iter().map(prepare).collect()
}

impl PreparedReport {
    /// The same report as another revision of its period.
    pub(crate) fn of_revision(self, revision: u32) -> Self {
        Self { issue: Issue { revision, ..self.issue }, ..self }
    }

    /// The same report as pages alone: nobody is sent anything.
    pub(crate) fn without_mail(self) -> Self {
        let mut deliveries = self.deliveries;
        deliveries.retain(|delivery| !delivery.is_sent_once());
        let issue = Issue { email: None, message: None, hold: None, ..self.issue };
        Self { issue, deliveries, ..self }
    }

    /// What the version that it belongs to owes.
    pub(crate) fn owed(&self, version: u64) -> OwedIssue {
        OwedIssue {
            report: self.issue.report.clone(),
            period: self.issue.period.label(),
            revision: self.issue.revision,
            figures: self.issue.figures.clone(),
            version,
            deliveries: self.deliveries.clone(),
            is_delivered: false,
        }
    }
}

/// What waits in the outbox, each with its reason.
#[derive(Default)]
pub(crate) struct Waiting {
    /// What should have reached its readers.
    pub(crate) outstanding: Vec<String>,
    /// Mails that wait for their deadline: the first run after it sends them.
    pub(crate) held: Vec<String>,
    /// Mails, and messages to chats, that are queued and were not tried yet.
    queued: [u64; 2],
}

impl Waiting {
    /// What of these entries waits.
    pub(crate) fn of<'a>(entries: impl Iterator<Item = &'a OutboxEntry>) -> Self {
        let (held, outstanding): (Vec<_>, Vec<_>) =
            entries.partition(|entry| entry.waits_until().is_some());
        let (queued, outstanding): (Vec<_>, Vec<_>) =
            outstanding.into_iter().partition(|entry| is_untried(entry));
        let messages = queued.iter().filter(|entry| entry.label.route == WEBHOOK).count();
        let queued = [queued.len() - messages, messages].map(|count| count as u64);
        Self { outstanding: in_words(&outstanding), held: in_words(&held), queued }
    }

    /// Whether something should have reached its readers, each in words.
    pub(crate) fn outstanding(&self) -> impl Iterator<Item = String> {
        let [mails, messages] = self.queued;
        let wait = if mails + messages == 1 { "waits" } else { "wait" };
        let queued = mails_and_messages(mails, messages);
        let queued = queued.map(|what| format!("{what} {wait} for `scorewright send`"));
        self.outstanding.iter().cloned().chain(queued)
    }
}

/// The route of messages to chats.
const WEBHOOK: &str = "webhook";

/// `2 mails and 1 message`; `None` when there are none.
pub(crate) fn mails_and_messages(mails: u64, messages: u64) -> Option<String> {
    let of = |count, one, several| (count > 0).then(|| counted(count, one, several));
    let what: Vec<String> =
        of(mails, "mail", "mails").into_iter().chain(of(messages, "message", "messages")).collect();
    (!what.is_empty()).then(|| what.join(" and "))
}

/// Whether a mail waits for nothing but to be sent: of many there is no more to say than how many.
fn is_untried(entry: &OutboxEntry) -> bool {
    entry.is_sendable() && entry.state == DeliveryState::Queued
}

/// What became of the reports of a version.
#[derive(Default)]
pub(crate) struct Published {
    /// What waits in the outbox after the last delivery, and why; `None` when nothing was handed to it.
    waiting: Option<Waiting>,
    /// What came to an end without being delivered, by this run: nothing waits for it any more.
    ended: Vec<String>,
    /// Sources that end before what is expected of them.
    pub(crate) overdue: Vec<String>,
    /// Mails that are not sent because their periods ended long ago.
    pub(crate) withheld: Vec<String>,
    /// What could not be rendered or offered at all, and why.
    pub(crate) failed: Vec<String>,
    pub(crate) receipts: Vec<Receipt>,
    /// Verdict of each report, and where its page lies.
    pub(crate) pages: Vec<(String, PathBuf)>,
}

impl Published {
    /// What a run ends with that published a version, or found everything in it.
    pub(crate) fn status(&self, snapshot: &Snapshot) -> ExitStatus {
        let is_whole = snapshot.left_out.is_empty() && snapshot.behind.is_empty();
        let is_done = is_whole && self.outstanding().next().is_none();
        if is_done { ExitStatus::Done } else { ExitStatus::Outstanding }
    }

    /// How many deliveries of a route this run made.
    pub(crate) fn new_receipts(&self, route: &str) -> u64 {
        let is_new = |receipt: &&Receipt| receipt.is_new && receipt.route == route;
        self.receipts.iter().filter(is_new).count() as u64
    }

    /// What of mails and messages was sent to servers, in words.
    pub(crate) fn sent(&self) -> Option<String> {
        mails_and_messages(self.new_receipts("smtp"), self.new_receipts(WEBHOOK))
    }

    /// Whether nothing was handed over and nothing waits.
    pub(crate) fn is_nothing(&self) -> bool {
        let is_new = self.receipts.iter().any(|receipt| receipt.is_new);
        !is_new && self.held().next().is_none() && self.outstanding().next().is_none()
    }

    /// Tells each delivery that this run made.
    pub(crate) fn emit(&self, console: &Console) {
        for receipt in self.receipts.iter().filter(|receipt| receipt.is_new) {
            console.on_event(Event::Delivered { route: receipt.route.clone() });
        }
    }

    /// What has not reached its readers, and why.
    pub(crate) fn outstanding(&self) -> impl Iterator<Item = String> {
        let waiting = self.waiting.iter().flat_map(Waiting::outstanding);
        let waiting = waiting.chain(self.ended.iter().cloned());
        waiting.chain(self.failed.iter().chain(&self.overdue).cloned())
    }

    /// What waits for its deadline.
    pub(crate) fn held(&self) -> impl Iterator<Item = &String> {
        self.waiting.iter().flat_map(|waiting| &waiting.held)
    }

    /// Adds what became of more reports. The outbox is as the later delivery left it, if there was one.
    pub(crate) fn extend(&mut self, later: Self) {
        self.waiting = later.waiting.or(self.waiting.take());
        self.add_ended(later.ended);
        self.receipts.extend(later.receipts);
        self.pages.extend(later.pages);
        self.withheld.extend(later.withheld);
        self.failed.extend(later.failed);
    }

    /// Adds what ended, each once: every call for its report tells it.
    fn add_ended(&mut self, ended: Vec<String>) {
        let new: Vec<String> = ended.into_iter().filter(|it| !self.ended.contains(it)).collect();
        self.ended.extend(new);
    }

    fn add(&mut self, delivery: Delivery) {
        self.receipts.extend(delivery.receipts);
        let (open, ended): (Vec<_>, Vec<_>) =
            delivery.outstanding.iter().partition(|entry| entry.is_outstanding());
        self.add_ended(in_words(&ended));
        let mut waiting = Waiting::of(open.into_iter());
        let damaged = delivery
            .damaged
            .iter()
            .map(|name| format!("outbox entry {name} is damaged and was set aside"));
        waiting.outstanding.extend(damaged);
        self.waiting = Some(waiting);
    }
}

/// Mails of one report that wait for one reason, beyond which only their number is told.
const TOLD_ONE_BY_ONE: usize = 5;

/// What has not reached its readers, each with its reason; many of one report and reason in one line.
fn in_words(entries: &[&OutboxEntry]) -> Vec<String> {
    let is_alike = |one: &&OutboxEntry, other: &&OutboxEntry| {
        let of = |label: &Label| {
            (label.report.clone(), label.period.clone(), label.revision, label.route.clone())
        };
        of(&one.label) == of(&other.label) && one.state == other.state && one.why() == other.why()
    };
    let words = |alike: &[&OutboxEntry]| match alike {
        [first, ..] if alike.len() > TOLD_ONE_BY_ONE => {
            let label = Label { destination: recipients(alike.len()), ..first.label.clone() };
            vec![format!("{}: {}", delivery(&label), first.why())]
        }
        _ => alike.iter().map(|entry| waiting_delivery(entry)).collect(),
    };
    entries.chunk_by(is_alike).flat_map(words).collect()
}

fn recipients(count: usize) -> String {
    counted(count as u64, "recipient", "recipients")
}

/// What has not reached its readers, and why: `customer 2026-W47 r1: eml to board@example.com: held until …`.
fn waiting_delivery(entry: &OutboxEntry) -> String {
    format!("{}: {}", delivery(&entry.label), entry.why())
}

/// A delivery by name: `customer 2026-W47 r1: eml to board@example.com`.
pub(crate) fn delivery(label: &Label) -> String {
    let Label { report, period, revision, route, destination, .. } = label;
    let what = if label.is_notice() { "notice".into() } else { format!("r{revision}") };
    format!("{report} {period} {what}: {route} to {destination}")
}

/// Reports that are delivered together: they wait for the disk at the same time, and all their mails are in memory.
const DELIVERED_AT_ONCE: usize = 64;

/// Hands over the reports of a version. What cannot be handed over leaves it published.
pub(crate) fn deliver_reports(
    folders: &Folders,
    reports: &[PreparedReport],
    now: Timestamp,
    console: &Console,
) -> Result<Published, Failure> {
    let mut published = Published::default();
    for some in reports.chunks(DELIVERED_AT_ONCE) {
        published.add(offer(folders, some, now)?);
        published.pages.extend(some.iter().map(|report| written(folders, report, console)));
    }
    Ok(published)
}

/// Says which documents of a report were written; its verdict, and their folder.
fn written(folders: &Folders, report: &PreparedReport, console: &Console) -> (String, PathBuf) {
    let PreparedReport { issue, verdict, .. } = report;
    let folder = folders.out("pages").join(&issue.report).join(issue.period.label());
    for document in &issue.documents {
        let path = folder.join(&document.name).display().to_string();
        console.on_event(Event::DocumentWritten { path, bytes: document.bytes.len() as u64 });
    }
    (verdict.clone(), folder)
}

/// Hands over what earlier runs could not, and what is held no longer. The caller holds the lock.
///
/// - `newest`: the version whose revisions take the place of what is held of earlier ones.
pub(crate) fn resend_reports(
    folders: &Folders,
    newest: &Snapshot,
    now: Timestamp,
) -> Result<Published, Failure> {
    let mut published = Published::default();
    let routes = delivery_routes(folders);
    let waits = Retry::WhenDue;
    let delivery = resend(&delivery_folders(folders), &routes, &newest.issues, waits, now);
    published.add(delivery.map_err(undelivered)?);
    Ok(published)
}

/// Sends what is queued to the mail server and to chats, and hands over all else that waits. The caller holds the lock.
///
/// - `newest`: the version whose revisions take the place of what is held of earlier ones.
/// - `retry`: whether what a server did not take waits for its back-off.
///
/// # Errors
///
/// When there is neither a mail server nor a webhook, or the outbox cannot be read or written.
pub(crate) fn send_mails(
    folders: &Folders,
    newest: &Snapshot,
    retry: Retry,
    now: Timestamp,
) -> Result<Published, Failure> {
    let routes = sending_routes(folders, server_to_send_to(folders)?);
    let mut published = Published::default();
    let delivery = resend(&delivery_folders(folders), &routes, &newest.issues, retry, now);
    published.add(delivery.map_err(undelivered)?);
    Ok(published)
}

/// The same at the end of a run: mails that cannot be sent leave it published.
pub(crate) fn send_after_run(folders: &Folders, newest: &Snapshot, now: Timestamp) -> Published {
    if folders.smtp.is_none() && folders.webhooks.is_empty() {
        return Published::default();
    }
    send_mails(folders, newest, Retry::WhenDue, now).unwrap_or_else(|failure| {
        let failed = failure.reports.iter().map(|report| format!("mails: {report}")).collect();
        Published { failed, ..Published::default() }
    })
}

/// The same, where a mail is held: without one, the deliveries of a run leave nothing to do.
pub(crate) fn release_reports(
    folders: &Folders,
    newest: &Snapshot,
    now: Timestamp,
) -> Result<Published, Failure> {
    let outbox = read_outbox(folders)?;
    let is_any_held = outbox.entries().iter().any(|entry| entry.waits_until().is_some());
    if is_any_held { resend_reports(folders, newest, now) } else { Ok(Published::default()) }
}

/// Whether the outbox holds anything; without it, no lock is needed.
pub(crate) fn is_any_waiting(folders: &Folders) -> Result<bool, Failure> {
    let outbox = read_outbox(folders)?;
    let is_settled = outbox.is_settled(crate::clock::now());
    is_settled.map(|is| !is).map_err(|bad| Failure::new(ExitStatus::Outstanding, bad))
}

fn read_outbox(folders: &Folders) -> Result<Outbox, Failure> {
    Outbox::read(&delivery_folders(folders))
        .map_err(|bad| Failure::new(ExitStatus::Outstanding, bad))
}

fn offer(
    folders: &Folders,
    reports: &[PreparedReport],
    now: Timestamp,
) -> Result<Delivery, Failure> {
    let routes = delivery_routes(folders);
    let issues: Vec<&Issue> = reports.iter().map(|report| &report.issue).collect();
    deliver_all(&delivery_folders(folders), &routes, &issues, now).map_err(undelivered)
}

fn undelivered(error: DeliveryError) -> Failure {
    Failure::new(ExitStatus::Outstanding, error)
}
