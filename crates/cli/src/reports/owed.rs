//! What versions owe their readers: told, and delivered from the versions that owe it.

use std::collections::BTreeMap;

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

/// Renders what versions owe once more, each version once from itself, and hands it over. The caller holds the lock.
///
/// What cannot be made again hinders nothing else: it stays outstanding. What is only held is left as it is.
pub(crate) fn deliver_owed(
    location: &ProjectLocation,
    open: &[OpenIssue],
    now: Timestamp,
    console: &Console,
) -> Published {
    let mut published = Published::default();
    let mut by_version: BTreeMap<u64, Vec<&OwedIssue>> = BTreeMap::new();
    for OpenIssue { issue, .. } in open.iter().filter(|open| open.is_to_deliver()) {
        by_version.entry(issue.version).or_default().push(issue);
    }
    for (version, issues) in by_version {
        let owed = VersionOwed { location, version, now, console };
        match owed.deliver(&issues) {
            Ok(delivered) => published.extend(delivered),
            // One that cannot be made again hinders no other.
            Err(_) => {
                for issue in issues {
                    owed.deliver_alone(issue, &mut published);
                }
            }
        }
    }
    published
}

/// What one version owes.
struct VersionOwed<'a> {
    location: &'a ProjectLocation,
    version: u64,
    now: Timestamp,
    console: &'a Console,
}

impl VersionOwed<'_> {
    /// Delivers one issue, or says why it cannot be made again.
    fn deliver_alone(&self, issue: &OwedIssue, published: &mut Published) {
        match self.deliver(&[issue]) {
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

    /// Delivers issues, all or none of them.
    fn deliver(&self, issues: &[&OwedIssue]) -> Result<Published, Failure> {
        let Self { location, version: number, now, console } = *self;
        let version = PublishedVersion::as_made(location, number)?;
        let (project, session) = (&version.project, version.session()?);
        let names: Vec<&str> = issues.iter().map(|issue| issue.report.as_str()).collect();
        let mut reports = within_memory(&project.folders.sql_limits, console, || {
            prepared_reports(project, &version.snapshot, &session, Some(&names))
        })?;
        let owed = issues.iter().map(|issue| take_issue(&mut reports, issue));
        let owed: Vec<PreparedReport> = owed.collect::<Option<_>>().ok_or_else(|| {
            let message = format!("version {number} gives no such report any more");
            Failure::usage(message, "a run makes the next version")
        })?;
        deliver_reports(&project.folders, &owed, now, console)
    }
}

/// What makes an issue anew that its own version cannot give any more.
fn made_anew_by(issue: &OwedIssue) -> String {
    let period = Period::from_label(&issue.period);
    period.map_or_else(
        |_| String::new(),
        |period| format!("; `scorewright run --as-of {}` makes it anew", period.until),
    )
}

/// The report that is owed, as the revision that is owed, and as pages alone where no mail is owed.
fn take_issue(reports: &mut Vec<PreparedReport>, owed: &OwedIssue) -> Option<PreparedReport> {
    let is_owed = |report: &PreparedReport| {
        report.issue.report == owed.report && report.issue.period.label() == owed.period
    };
    let report = reports.remove(reports.iter().position(is_owed)?).of_revision(owed.revision);
    Some(if owed.is_mailed() { report } else { report.without_mail() })
}
