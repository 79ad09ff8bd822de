//! The mail of a report to one person, to see how it looks and whether the server takes it.

use jiff::Timestamp;
use lettre::Address;

use super::sender::SmtpSender;
use crate::issue::{BadIssue, Email, Issue};
use crate::label::Label;
use crate::mailbox::Mailbox;
use crate::route::HandOverError;
use crate::routes::message;
use crate::smtp_server::{SmtpRules, SmtpServer};

/// Why a mail for trying was not sent.
#[derive(Debug, thiserror::Error, miette::Diagnostic)]
pub enum TestMailError {
    /// The address may not be mailed.
    #[error("mail to `{0}` is not allowed")]
    #[diagnostic(help("add its domain to `domains` of [smtp]"))]
    Domain(String),
    /// The mail cannot be written.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Issue(#[from] BadIssue),
    /// The server did not take it, or its answer was lost.
    #[error("{0}")]
    NotTaken(HandOverError),
}

/// Sends the mail of an issue to one person, marked as a test. The outbox knows nothing of it, so it delivers nothing;
/// at another moment it is another mail.
///
/// # Errors
///
/// When it is not allowed, cannot be written, or is not taken.
pub fn send_test_mail(
    issue: &Issue,
    to: &Mailbox,
    rules: &SmtpRules,
    server: SmtpServer,
    now: Timestamp,
) -> Result<(), TestMailError> {
    if !rules.allows(to.address()) {
        return Err(TestMailError::Domain(to.address().into()));
    }
    let Some(email) = &issue.email else { return Ok(()) };
    let destination = format!("{} at {now}", to.address());
    let label =
        Label::new(&issue.report, &issue.period.label(), issue.revision, "test", &destination);
    let email = Email { subject: format!("[Test] {}", email.subject), ..email.clone() };
    let message = message::write(&email, to, &label)?;
    let address = |text: &str| -> Result<Address, TestMailError> {
        text.parse().map_err(|_| TestMailError::Domain(text.into()))
    };
    let (from, to) = (address(email.from.address())?, address(to.address())?);
    let sent = SmtpSender::new(server).send(from, to, &message, &mut || Ok(()));
    sent.map_err(TestMailError::NotTaken)
}
