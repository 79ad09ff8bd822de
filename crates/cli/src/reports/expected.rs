//! Who would be sent a report that is not rendered yet.

use scorewright_delivery::{ChatMessage, Email, ExpectedDelivery, Issue, expected_deliveries};
use scorewright_domain::{Document, Fingerprint, Period};
use scorewright_project::Project;
use scorewright_report::{Mail, Report};

use super::folders::{delivery_folders, delivery_routes};
use super::issue::{MESSAGE, mailbox};
use crate::exit::{ExitStatus, Failure};

/// The mails and messages that a report of a period would be sent as.
pub(crate) fn expected_mails(
    project: &Project,
    report: &Report,
    period: Period,
) -> Result<Vec<ExpectedDelivery>, Failure> {
    let email = report.mail.as_ref().map(|mail| empty_email(project, mail, period));
    let message = report.webhook.as_ref().map(|webhook| ChatMessage {
        channel: webhook.name.clone(),
        document: Document {
            name: MESSAGE.into(),
            media_type: "application/json".into(),
            bytes: Vec::new(),
        },
    });
    let issue = Issue {
        report: report.id().into(),
        period,
        revision: 1,
        figures: Fingerprint::of(b""),
        documents: Vec::new(),
        email: email.transpose()?,
        message,
        hold: None,
    };
    let (folders, routes) = (delivery_folders(&project.folders), delivery_routes(&project.folders));
    expected_deliveries(&folders, &routes, &issue)
        .map_err(|bad| Failure::new(ExitStatus::InputOutput, bad))
}

/// A mail of which only the recipients are known.
fn empty_email(project: &Project, mail: &Mail, period: Period) -> Result<Email, Failure> {
    Ok(Email {
        from: mailbox(&mail.from)?,
        to: mail.to.iter().map(|address| mailbox(address)).collect::<Result<_, _>>()?,
        reply_to: None,
        attachment: None,
        subject: String::new(),
        date: project.midnight(period.until),
        text: String::new(),
        html: String::new(),
    })
}
