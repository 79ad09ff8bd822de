//! What every route of mails has alike: recipients, and the message for each.

use scorewright_domain::Document;

use super::{file_name, message, notice as held};
use crate::entry::OutboxEntry;
use crate::issue::{BadIssue, Email, Issue};
use crate::label::Label;
use crate::mailbox::Mailbox;

/// The addresses of all recipients.
pub(super) fn destinations(issue: &Issue) -> Vec<String> {
    let recipients = issue.email.iter().flat_map(|email| &email.to);
    recipients.map(|to| to.address().to_owned()).collect()
}

/// The message for the recipient that a label names.
pub(super) fn payload(issue: &Issue, label: &Label) -> Result<Vec<Document>, BadIssue> {
    let Some((email, to)) = addressed(issue, label) else { return Ok(Vec::new()) };
    Ok(vec![mail(email, to, label)?])
}

/// The message that says that a mail is held, where the report sends one.
pub(super) fn notice(issue: &Issue, mail_held: &OutboxEntry) -> Result<Option<Document>, BadIssue> {
    let (notice, label) = (held::of(issue, mail_held), mail_held.label.of_notice());
    let addressed = addressed(issue, &mail_held.label);
    let noticed = notice.zip(addressed).map(|(notice, (_, to))| mail(&notice, to, &label));
    noticed.transpose()
}

fn mail(email: &Email, to: &Mailbox, label: &Label) -> Result<Document, BadIssue> {
    let bytes = message::write(email, to, label)?;
    Ok(Document { name: file_name::of(label, "eml"), media_type: "message/rfc822".into(), bytes })
}

/// The e-mail of an issue, and its recipient at the destination of a label.
fn addressed<'a>(issue: &'a Issue, label: &Label) -> Option<(&'a Email, &'a Mailbox)> {
    let email = issue.email.as_ref()?;
    let to = email.to.iter().find(|to| to.address() == label.destination)?;
    Some((email, to))
}
