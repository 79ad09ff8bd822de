//! Frozen mails to a mail server, over one connection as long as it holds.

use lettre::Address;

use super::session::SmtpSession;
use super::step::{END, FailedStep, StepCause};
use crate::mailbox::is_unprintable;
use crate::route::HandOverError;
use crate::smtp_server::SmtpServer;

/// Connections that broke one after the other, after which no more are tried.
const BROKEN_IN_A_ROW: u32 = 3;

/// Characters of what a server says that a reason repeats.
const QUOTED: usize = 200;

/// Codes that are about who sends and not about the mail: a login is wanted, or TLS.
const ABOUT_THE_SENDER: [u16; 4] = [530, 534, 535, 538];

/// Sends mails to a server.
pub(super) struct SmtpSender {
    server: SmtpServer,
    session: Option<SmtpSession>,
    broken_in_a_row: u32,
    /// Why nothing more is sent by this sender.
    closed: Option<String>,
}

/// Why a message was not sent, or may not have been.
enum Unsent {
    Step(FailedStep),
    Record(HandOverError),
}

impl From<FailedStep> for Unsent {
    fn from(failed: FailedStep) -> Self {
        Self::Step(failed)
    }
}

impl SmtpSender {
    pub(super) fn new(server: SmtpServer) -> Self {
        Self { server, session: None, broken_in_a_row: 0, closed: None }
    }

    /// Sends a message to one recipient. `before_end` records that from then on it may have arrived.
    pub(super) fn send(
        &mut self,
        from: Address,
        to: Address,
        message: &[u8],
        before_end: &mut dyn FnMut() -> Result<(), HandOverError>,
    ) -> Result<(), HandOverError> {
        if let Some(reason) = &self.closed {
            return Err(HandOverError::Later(reason.clone()));
        }
        let mut record = || before_end().map_err(Unsent::Record);
        let was_open = self.session.is_some();
        let mut session = self.open()?;
        let mut sent = session.send(from.clone(), to.clone(), message, &mut record);
        // A server closes a connection that it finds old; the next one is as good.
        if was_open && sent.as_ref().is_err_and(is_closed_before_it_began) {
            session = self.open()?;
            sent = session.send(from, to, message, &mut record);
        }
        match sent {
            Ok(()) => {
                self.broken_in_a_row = 0;
                self.session = Some(session);
                Ok(())
            }
            Err(Unsent::Record(error)) => Err(error),
            Err(Unsent::Step(failed)) => {
                self.keep_after(session, &failed);
                Err(self.outcome(&failed))
            }
        }
    }

    /// The open connection, or another one. What stands in its way stands in the way of every mail.
    fn open(&mut self) -> Result<SmtpSession, HandOverError> {
        if let Some(session) = self.session.take() {
            return Ok(session);
        }
        SmtpSession::open(&self.server).map_err(|failed| {
            let reason = self.reason(&failed);
            self.closed = Some(reason.clone());
            HandOverError::Later(reason)
        })
    }

    /// Keeps the connection where the server refused one mail and is ready for the next.
    fn keep_after(&mut self, mut session: SmtpSession, failed: &FailedStep) {
        if is_broken(failed) {
            self.broken_in_a_row += 1;
            if self.broken_in_a_row >= BROKEN_IN_A_ROW {
                self.closed = Some(self.reason(failed));
            }
            return;
        }
        self.broken_in_a_row = 0;
        self.session = session.reset().is_ok().then_some(session);
    }

    fn outcome(&self, failed: &FailedStep) -> HandOverError {
        let reason = self.reason(failed);
        match failed.cause {
            StepCause::Broken(_) if failed.step == END => HandOverError::Unclear(reason),
            StepCause::Refused { code, .. } if code >= 500 && !ABOUT_THE_SENDER.contains(&code) => {
                HandOverError::Never(reason)
            }
            _ => HandOverError::Later(reason),
        }
    }

    /// What happened, in words: `mail.example.com refused RCPT: 550 no such user`.
    fn reason(&self, failed: &FailedStep) -> String {
        let (host, step) = (&self.server.host, failed.step);
        match &failed.cause {
            StepCause::Refused { code, text } => {
                format!("{host} refused {step}: {code} {}", self.quoted(text)).trim_end().to_owned()
            }
            StepCause::Broken(why) => format!("{host} failed at {step}: {}", self.quoted(why)),
        }
    }

    /// What somebody else wrote: on one line, not long, and without the password.
    fn quoted(&self, text: &str) -> String {
        let login = self.server.login.as_ref();
        let text = login.map_or_else(|| text.to_owned(), |login| login.password.hide_in(text));
        let spaced = text.chars().map(|letter| if is_unprintable(letter) { ' ' } else { letter });
        let words: String = spaced.take(QUOTED).collect();
        words.split_whitespace().collect::<Vec<_>>().join(" ")
    }
}

/// Whether the connection is of no use any more: 421 says that the server closes it.
fn is_broken(failed: &FailedStep) -> bool {
    matches!(failed.cause, StepCause::Broken(_) | StepCause::Refused { code: 421, .. })
}

fn is_closed_before_it_began(unsent: &Unsent) -> bool {
    matches!(unsent, Unsent::Step(failed) if failed.step == "MAIL" && is_broken(failed))
}

impl Drop for SmtpSender {
    fn drop(&mut self) {
        if let Some(session) = self.session.take() {
            session.close();
        }
    }
}
