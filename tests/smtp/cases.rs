//! Every step at which a mail server can fail, and what becomes of the mail.

use super::{Action, Step};

/// A failure, and what is expected of it.
pub(crate) struct Case {
    pub(crate) step: Step,
    pub(crate) action: Action,
    /// The state of the mail after the first try.
    pub(crate) state: &'static str,
    /// Part of its reason.
    pub(crate) reason: &'static str,
    /// Mails that the server took of the first try.
    pub(crate) taken: usize,
    /// The state after a second try with a server that works.
    pub(crate) state_then: &'static str,
    /// Mails that the server took in all.
    pub(crate) taken_in_all: usize,
}

/// A failure before the server could have the mail: sent by the next try.
const fn later(step: Step, action: Action, reason: &'static str) -> Case {
    let (state, state_then) = ("deferred", "accepted");
    Case { step, action, state, reason, taken: 0, state_then, taken_in_all: 1 }
}

/// A refusal of the mail for good.
const fn never(step: Step, action: Action, reason: &'static str) -> Case {
    let (state, state_then) = ("rejected", "rejected");
    Case { step, action, state, reason, taken: 0, state_then, taken_in_all: 0 }
}

/// A lost answer: the server may have it, and in truth took so many.
const fn unclear(step: Step, action: Action, reason: &'static str, taken: usize) -> Case {
    let (state, state_then) = ("unclear", "accepted");
    Case { step, action, state, reason, taken, state_then, taken_in_all: taken + 1 }
}

pub(crate) const CASES: [Case; 41] = [
    later(Step::Greeting, Action::Say("421 too busy"), "refused greeting: 421 too busy"),
    later(Step::Greeting, Action::Say("554 no service"), "refused greeting: 554 no service"),
    later(
        Step::Greeting,
        Action::Say("SSH-2.0-OpenSSH_9.6"),
        "failed at greeting: its answer is no",
    ),
    later(Step::Greeting, Action::Close, "failed at greeting: the connection was closed"),
    later(Step::Greeting, Action::Silence, "failed at greeting: no answer in time"),
    later(Step::Greeting, Action::Slow, "failed at greeting: no answer in time"),
    later(Step::Ehlo, Action::Say("421 closing"), "refused EHLO: 421 closing"),
    later(Step::Ehlo, Action::Say("502 what?"), "refused EHLO: 502 what?"),
    later(Step::Ehlo, Action::Close, "failed at EHLO: the connection was closed"),
    later(Step::Ehlo, Action::Silence, "failed at EHLO: no answer in time"),
    later(Step::Mail, Action::Say("421 closing"), "refused MAIL: 421 closing"),
    later(Step::Mail, Action::Say("451 later"), "refused MAIL: 451 later"),
    later(Step::Mail, Action::Say("530 login first"), "refused MAIL: 530 login first"),
    never(Step::Mail, Action::Say("550 not you"), "refused MAIL: 550 not you"),
    later(Step::Mail, Action::Say("354 go on"), "failed at MAIL: it answered 354 out of turn"),
    later(Step::Mail, Action::Close, "failed at MAIL: the connection was closed"),
    later(Step::Mail, Action::Silence, "failed at MAIL: no answer in time"),
    later(Step::Rcpt, Action::Say("421 closing"), "refused RCPT: 421 closing"),
    later(Step::Rcpt, Action::Say("450 greylisted"), "refused RCPT: 450 greylisted"),
    later(Step::Rcpt, Action::Say("452-full\r\n452 come back"), "refused RCPT: 452 full come back"),
    never(
        Step::Rcpt,
        Action::Say("550 5.1.1 no such user"),
        "refused RCPT: 550 5.1.1 no such user",
    ),
    later(Step::Rcpt, Action::Close, "failed at RCPT: the connection was closed"),
    later(Step::Rcpt, Action::Silence, "failed at RCPT: no answer in time"),
    later(Step::Data, Action::Say("421 closing"), "refused DATA: 421 closing"),
    later(Step::Data, Action::Say("451 later"), "refused DATA: 451 later"),
    never(Step::Data, Action::Say("554 no"), "refused DATA: 554 no"),
    later(Step::Data, Action::Say("250 taken"), "failed at DATA: it answered 250 out of turn"),
    later(Step::Data, Action::Close, "failed at DATA: the connection was closed"),
    later(Step::Data, Action::Silence, "failed at DATA: no answer in time"),
    later(Step::End, Action::Say("421 closing"), "refused end of the message: 421 closing"),
    later(Step::End, Action::Say("452 disk full"), "refused end of the message: 452 disk full"),
    never(Step::End, Action::Say("552 too big"), "refused end of the message: 552 too big"),
    never(Step::End, Action::Say("550 spam\u{7}\u{202E}"), "refused end of the message: 550 spam"),
    unclear(Step::End, Action::Close, "failed at end of the message: the connection was closed", 0),
    unclear(Step::End, Action::Silence, "failed at end of the message: no answer in time", 0),
    unclear(Step::End, Action::Slow, "failed at end of the message: no answer in time", 0),
    unclear(Step::End, Action::TakeAndClose, "failed at end of the message: the connection was", 1),
    unclear(
        Step::End,
        Action::TakeAndSilence,
        "failed at end of the message: no answer in time",
        1,
    ),
    unclear(Step::End, Action::TakeAndSay("354 go on"), "it answered 354 out of turn", 1),
    unclear(Step::End, Action::TakeAndSay("2"), "its answer is no SMTP", 1),
    unclear(Step::End, Action::TakeAndSay("250-half"), "no answer in time", 1),
];
