//! The steps of the dialogue with a mail server, and how one can fail.

use std::io::{self, ErrorKind};

use lettre::transport::smtp::response::{Response, Severity};

/// A step of the dialogue that did not go as it should.
#[derive(Debug)]
pub(super) struct FailedStep {
    /// The step, as a reason names it: `RCPT`.
    pub(super) step: &'static str,
    pub(super) cause: StepCause,
}

#[derive(Debug)]
pub(super) enum StepCause {
    /// The server said no, by a code from 400 to 599.
    Refused { code: u16, text: String },
    /// It said nothing that can be understood, or nothing at all.
    Broken(String),
}

/// The step after which the server may have the message.
pub(super) const END: &str = "end of the message";

pub(super) fn expect(
    step: &'static str,
    answer: Response,
    expected: Severity,
) -> Result<Response, FailedStep> {
    let severity = answer.code().severity;
    if severity == expected {
        return Ok(answer);
    }
    let is_refusal = matches!(
        severity,
        Severity::TransientNegativeCompletion | Severity::PermanentNegativeCompletion
    );
    let code = u16::from(answer.code());
    if is_refusal {
        let text = answer.message().collect::<Vec<_>>().join(" ");
        return Err(FailedStep { step, cause: StepCause::Refused { code, text } });
    }
    Err(broken(step)(malformed(&format!("it answered {code} out of turn"))))
}

/// A failed login without what the server said: it may repeat what it was given.
pub(super) fn without_text(failed: FailedStep) -> FailedStep {
    let cause = match failed.cause {
        StepCause::Refused { code, .. } => StepCause::Refused { code, text: String::new() },
        broken @ StepCause::Broken(_) => broken,
    };
    FailedStep { cause, ..failed }
}

pub(super) fn malformed(why: &str) -> io::Error {
    io::Error::new(ErrorKind::InvalidData, why)
}

pub(super) fn broken(step: &'static str) -> impl FnOnce(io::Error) -> FailedStep {
    move |cause| {
        let is_late = matches!(cause.kind(), ErrorKind::TimedOut | ErrorKind::WouldBlock);
        let why = if is_late { "no answer in time".into() } else { cause.to_string() };
        FailedStep { step, cause: StepCause::Broken(why) }
    }
}
