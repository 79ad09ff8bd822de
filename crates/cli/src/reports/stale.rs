//! Mails of periods that ended long ago: sent only when they are asked for.

use jiff::civil::Date;
use scorewright_delivery::undelivered;
use scorewright_domain::{OwedDelivery, Period};
use scorewright_project::{Folders, Project};
use scorewright_report::Report;
use scorewright_warehouse::Snapshot;

use super::folders::{delivery_folders, delivery_routes};
use super::publish::PreparedReport;
use crate::exit::{ExitStatus, Failure};

/// The reports without the mails of periods that ended too long before today, and what is left out so, in words.
///
/// - What all recipients were given already is left as it is: nothing would be sent for it.
pub(crate) fn withhold_stale(
    project: &Project,
    as_of: Date,
    today: Date,
    reports: Vec<PreparedReport>,
) -> Result<(Vec<PreparedReport>, Vec<String>), Failure> {
    let (mut kept, mut withheld) = (Vec::new(), Vec::new());
    for report in reports {
        let period = report.issue.period;
        let is_stale = definition(project, &report.issue.report)
            .is_some_and(|definition| is_stale(definition, period, today));
        if is_stale && is_mail_open(&project.folders, &report)? {
            withheld.push(in_words(&report, days_since_end(period, today), as_of));
            kept.push(report.without_mail());
        } else {
            kept.push(report);
        }
    }
    Ok((kept, withheld))
}

/// Whether the newest version has a report whose mail was left out, so that it can be asked for.
pub(crate) fn has_withheld(project: &Project, newest: &Snapshot) -> bool {
    let of_newest = newest.issues.iter().filter(|issue| issue.version == newest.number);
    of_newest
        .filter(|issue| !issue.is_mailed())
        .any(|issue| definition(project, &issue.report).is_some_and(Report::is_sent))
}

fn definition<'a>(project: &'a Project, name: &str) -> Option<&'a Report> {
    project.reports.iter().find(|report| report.id() == name)
}

/// Whether a period ended too long before today for its mail to be sent without being asked for.
pub(crate) fn is_stale(report: &Report, period: Period, today: Date) -> bool {
    days_since_end(period, today) > report.stale_after_days()
}

fn days_since_end(period: Period, today: Date) -> i64 {
    i64::from((today - period.until).get_days())
}

/// Whether somebody has not been given the mail of a report.
fn is_mail_open(folders: &Folders, report: &PreparedReport) -> Result<bool, Failure> {
    let mut owed = report.owed(0);
    owed.deliveries.retain(OwedDelivery::is_sent_once);
    let open = undelivered(&delivery_folders(folders), &delivery_routes(folders), &[&owed]);
    Ok(!open.map_err(|bad| Failure::new(ExitStatus::InputOutput, bad))?.is_empty())
}

fn in_words(report: &PreparedReport, ended: i64, as_of: Date) -> String {
    let (name, period) = (&report.issue.report, report.issue.period);
    format!(
        "mail of {name} {period} is not sent: the period ended {ended} days ago; `scorewright run --as-of {as_of} --mail` sends it"
    )
}
