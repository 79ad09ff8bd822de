//! What versions owe their readers: told, and delivered from the versions that owe it.

use jiff::Timestamp;
use scorewright_delivery::{Label, OpenDelivery, undelivered};
use scorewright_domain::{OwedDelivery, OwedIssue, Period};
use scorewright_project::{Folders, ProjectLocation};
use scorewright_warehouse::Snapshot;

use super::folders::{delivery_folders, delivery_routes};
use super::publish::{PreparedReport, Published, deliver_reports, prepared_reports};
use super::within_memory;
use crate::console::Console;
use crate::exit::{ExitStatus, Failure};
use crate::version::PublishedVersion;

/// An issue with a delivery that has not come to an end.
pub(crate) struct OpenIssue {
    pub(crate) issue: OwedIssue,
    /// What is open.
    deliveries: Vec<OpenDelivery>,
}

impl OpenIssue {
    /// What is open: `eml to board@example.com`.
    pub(crate) fn deliveries(&self) -> impl Iterator<Item = String> {
        self.labels().map(|label| format!("{} to {}", label.route, label.destination))
    }

    /// The deliveries that are open.
    pub(crate) fn labels(&self) -> impl Iterator<Item = &Label> {
        self.deliveries.iter().map(|open| &open.label)
    }

    /// The mails and messages that are open, and until when each is held.
    pub(crate) fn mails(&self) -> impl Iterator<Item = &OpenDelivery> {
        let is_sent_once = |open: &&OpenDelivery| {
            let Label { route, destination, .. } = &open.label;
            let mut owed = self.issue.deliveries.iter();
            let owed = owed.find(|it| (&it.route, &it.destination) == (route, destination));
            owed.is_some_and(OwedDelivery::is_sent_once)
        };
        self.deliveries.iter().filter(is_sent_once)
    }

    /// Whether there is something to do for it: what is held for its deadline goes out by itself, and what waits for the
    /// mail server is made.
    pub(crate) fn is_to_deliver(&self) -> bool {
        self.deliveries.iter().any(|open| open.waits_until.is_none() && !open.is_sendable)
    }
}

/// The issues of a version and those before it that are not delivered as a whole.
pub(crate) fn open_issues(
    folders: &Folders,
    snapshot: &Snapshot,
) -> Result<Vec<OpenIssue>, Failure> {
    let routes = delivery_routes(folders);
    let mut open = Vec::new();
    for issue in snapshot.issues.iter().filter(|issue| !issue.is_delivered) {
        let deliveries = undelivered(&delivery_folders(folders), &routes, &[issue])
            .map_err(|bad| Failure::new(ExitStatus::InputOutput, bad))?;
        if !deliveries.is_empty() {
            open.push(OpenIssue { issue: issue.clone(), deliveries });
        }
    }
    Ok(open)
}

/// The ledger of the next version: its own issues, and the newest of every other report and period.
///
/// - `open`: the issues before it that are not delivered as a whole.
pub(crate) fn next_ledger(
    before: &[OwedIssue],
    open: &[OpenIssue],
    own: Vec<OwedIssue>,
) -> Vec<OwedIssue> {
    let is_open = |issue: &OwedIssue| open.iter().any(|open| open.issue == *issue);
    let is_replaced =
        |issue: &&OwedIssue| OwedIssue::newest(&own, &issue.report, &issue.period).is_some();
    let kept = before.iter().filter(|issue| !is_replaced(issue)).cloned();
    let kept = kept.map(|issue| if is_open(&issue) { issue } else { issue.delivered() });
    let mut all: Vec<OwedIssue> = kept.collect();
    all.extend(own);
    all.sort_by(|one, other| (&one.report, &one.period).cmp(&(&other.report, &other.period)));
    all
}

/// Renders what versions owe once more, each from itself, and hands it over. The caller holds the lock.
///
/// What cannot be made again hinders nothing else: it stays outstanding. What is only held is left as it is.
pub(crate) fn deliver_owed(
    location: &ProjectLocation,
    open: &[OpenIssue],
    now: Timestamp,
    console: &Console,
) -> Published {
    let mut published = Published::default();
    for OpenIssue { issue, .. } in open.iter().filter(|open| open.is_to_deliver()) {
        match deliver_one(location, issue, now, console) {
            Ok(delivered) => published.extend(delivered),
            Err(failure) => {
                let reasons: Vec<String> =
                    failure.reports.iter().map(ToString::to_string).collect();
                let of = format!("{} {} r{}", issue.report, issue.period, issue.revision);
                let reasons = reasons.join("; ");
                published.failed.push(format!("{of}: {reasons}{}", made_anew_by(issue)));
            }
        }
    }
    published
}

/// What makes an issue anew that its own version cannot give any more.
fn made_anew_by(issue: &OwedIssue) -> String {
    let period = Period::from_label(&issue.period);
    period.map_or_else(
        |_| String::new(),
        |period| format!("; `scorewright run --as-of {}` makes it anew", period.until),
    )
}

fn deliver_one(
    location: &ProjectLocation,
    owed: &OwedIssue,
    now: Timestamp,
    console: &Console,
) -> Result<Published, Failure> {
    let version = PublishedVersion::as_made(location, owed.version)?;
    let (project, session) = (&version.project, version.session()?);
    let reports = within_memory(&project.folders.sql_limits, console, || {
        prepared_reports(project, &version.snapshot, &session, Some(&owed.report))
    })?;
    let reports = of_issue(reports, owed);
    if reports.is_empty() {
        let message = format!("version {} gives no such report any more", owed.version);
        return Err(Failure::usage(message, "a run makes the next version"));
    }
    deliver_reports(&project.folders, &reports, now, console)
}

/// The report that is owed, as the revision that is owed, and as pages alone where no mail is owed.
fn of_issue(reports: Vec<PreparedReport>, owed: &OwedIssue) -> Vec<PreparedReport> {
    let is_owed = |report: &PreparedReport| report.issue.period.label() == owed.period;
    let owed_ones = reports.into_iter().filter(is_owed);
    let revised = owed_ones.map(|report| report.of_revision(owed.revision));
    revised.map(|report| if owed.is_mailed() { report } else { report.without_mail() }).collect()
}
