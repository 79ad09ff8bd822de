//! What versions owe their readers: told, and delivered from the versions that owe it.

use std::collections::BTreeMap;

use scorewright_delivery::{Issue, routes, undelivered};
use scorewright_domain::OwedIssue;
use scorewright_project::{Folders, ProjectLocation};
use scorewright_warehouse::Snapshot;

use super::folders::delivery_folders;
use super::publish::{PreparedReport, Published, deliver_reports, prepared_reports};
use crate::console::Console;
use crate::exit::{ExitStatus, Failure};
use crate::version::PublishedVersion;

/// An issue with a delivery that has not come to an end.
pub(crate) struct OpenIssue {
    pub(crate) issue: OwedIssue,
    /// What is open: `eml to board@example.com`.
    pub(crate) deliveries: Vec<String>,
}

/// The issues of a version and those before it that are not delivered as a whole.
pub(crate) fn open_issues(
    folders: &Folders,
    snapshot: &Snapshot,
) -> Result<Vec<OpenIssue>, Failure> {
    let routes = routes(&folders.out_root());
    let mut open = Vec::new();
    for issue in snapshot.issues.iter().filter(|issue| !issue.is_delivered) {
        let labels = undelivered(&delivery_folders(folders), &routes, &[issue])
            .map_err(|bad| Failure::new(ExitStatus::InputOutput, bad))?;
        let deliveries: Vec<String> = labels
            .iter()
            .map(|label| format!("{} to {}", label.route, label.destination))
            .collect();
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
    let kept = before.iter().filter(|issue| !is_replaced(issue)).map(|issue| OwedIssue {
        is_delivered: issue.is_delivered || !is_open(issue),
        ..issue.clone()
    });
    let mut all: Vec<OwedIssue> = kept.collect();
    all.extend(own);
    all.sort_by(|one, other| (&one.report, &one.period).cmp(&(&other.report, &other.period)));
    all
}

/// Renders what versions owe once more, each from itself, and hands it over. The caller holds the lock.
pub(crate) fn deliver_owed(
    location: &ProjectLocation,
    open: &[OpenIssue],
    console: &Console,
) -> Result<Published, Failure> {
    let mut by_version: BTreeMap<u64, Vec<&OwedIssue>> = BTreeMap::new();
    for OpenIssue { issue, .. } in open {
        by_version.entry(issue.version).or_default().push(issue);
    }
    let mut published = Published::default();
    for (number, issues) in by_version {
        let version = PublishedVersion::as_made(location, number)?;
        let session = version.session()?;
        for issue in issues {
            let (project, snapshot) = (&version.project, &version.snapshot);
            let reports = prepared_reports(project, snapshot, &session, Some(&issue.report))?;
            published.extend(deliver_reports(
                &project.folders,
                &of_issue(reports, issue),
                console,
            )?);
        }
    }
    Ok(published)
}

/// The report that is owed, as the revision that is owed.
fn of_issue(reports: Vec<PreparedReport>, owed: &OwedIssue) -> Vec<PreparedReport> {
    let is_owed = |report: &PreparedReport| report.issue.period.label() == owed.period;
    let as_owed = |report: PreparedReport| PreparedReport {
        issue: Issue { revision: owed.revision, ..report.issue },
        ..report
    };
    reports.into_iter().filter(is_owed).map(as_owed).collect()
}
