//! The route to a mail server.

mod sender;
mod session;
mod step;
mod test_mail;
mod transparency;

use std::cell::RefCell;

use lettre::Address;
use scorewright_domain::Document;

use super::{mail, message};
use crate::entry::OutboxEntry;
use crate::issue::{BadIssue, Issue};
use crate::label::Label;
use crate::route::{HandOverError, Route, SendRules};
use crate::smtp_server::{SmtpRules, SmtpServer};
use sender::SmtpSender;

pub use test_mail::{TestMailError, send_test_mail};

/// Sends one message for each recipient, each in a transaction of its own.
pub(crate) struct SmtpRoute {
    rules: SmtpRules,
    /// `None` where mails are only queued.
    sender: Option<RefCell<SmtpSender>>,
}

impl SmtpRoute {
    pub(crate) fn new(rules: SmtpRules, server: Option<SmtpServer>) -> Self {
        Self { rules, sender: server.map(|server| RefCell::new(SmtpSender::new(server))) }
    }
}

impl Route for SmtpRoute {
    fn name(&self) -> &'static str {
        "smtp"
    }

    fn destinations(&self, issue: &Issue) -> Vec<String> {
        mail::destinations(issue)
    }

    fn payload(&self, issue: &Issue, label: &Label) -> Result<Vec<Document>, BadIssue> {
        mail::payload(issue, label)
    }

    fn notice(&self, issue: &Issue, held: &OutboxEntry) -> Result<Option<Document>, BadIssue> {
        mail::notice(issue, held)
    }

    fn hand_over(
        &self,
        label: &Label,
        payload: &[Document],
        before_end: &mut dyn FnMut() -> Result<(), HandOverError>,
    ) -> Result<(), HandOverError> {
        if !self.rules.allows(&label.destination) {
            let reason = "its domain is not among those that may be mailed: [smtp] domains";
            return Err(HandOverError::Never(reason.into()));
        }
        let Some(sender) = &self.sender else {
            return Err(HandOverError::Later("mails are not sent by this command".into()));
        };
        let unreadable = |what: &str| HandOverError::Never(format!("its kept mail has no {what}"));
        let [mail] = payload else { return Err(unreadable("message")) };
        let to: Address = label.destination.parse().map_err(|_| unreadable("recipient"))?;
        let from = message::sender(&mail.bytes).ok_or_else(|| unreadable("sender"))?;
        sender.borrow_mut().send(from, to, &mail.bytes, before_end)
    }

    fn send_rules(&self) -> Option<SendRules> {
        let SmtpRules { expires_after, repeats_unanswered, .. } = self.rules;
        Some(SendRules { expires_after, repeats_unanswered, is_sending: self.sender.is_some() })
    }
}
