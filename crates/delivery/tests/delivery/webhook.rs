//! Messages to a chat: one for each class of answer, and never twice but where an answer was lost.

use std::sync::OnceLock;
use std::time::{Duration, Instant};

use jiff::{SignedDuration, Timestamp};
use scorewright_delivery::{
    ChatMessage, Delivery, Issue, Outbox, OutboxEntry, Retry, Route, Secret, Webhook, Webhooks,
    deliver, resend, webhook_route,
};
use scorewright_domain::Document;

use crate::fixture::{Home, hold, issue, night};
use crate::smtp::closed_port;
use crate::web::{Reply, ScriptedWeb};

const MESSAGE: &str = "{\"text\":\"All 2 on track\"}";

fn elapsed() -> Duration {
    static START: OnceLock<Instant> = OnceLock::new();
    START.get_or_init(Instant::now).elapsed()
}

fn webhook(address: &str) -> Webhook {
    Webhook {
        report: "customer".into(),
        address: Ok(Secret::new(address.into())),
        authorities: None,
        timeout: Duration::from_millis(400),
        elapsed,
    }
}

/// An issue with a message and no mail.
fn posted(figures: &str, message: &str) -> Issue {
    let document = Document {
        name: "webhook.json".into(),
        media_type: "application/json".into(),
        bytes: message.into(),
    };
    let message = Some(ChatMessage { channel: "leadership".into(), document });
    Issue { email: None, message, ..issue(figures) }
}

/// A project that posts to a chat.
struct Chat {
    home: Home,
    repeats_unanswered: bool,
}

impl Chat {
    fn new() -> Self {
        Self { home: Home::new(), repeats_unanswered: true }
    }

    fn routes(&self, targets: Option<Vec<Webhook>>) -> Vec<Box<dyn Route>> {
        vec![webhook_route(Webhooks {
            expires_after: SignedDuration::from_hours(72),
            repeats_unanswered: self.repeats_unanswered,
            targets,
        })]
    }

    fn queue(&self, issue: &Issue) {
        let issue = self.home.numbered(issue);
        deliver(&self.home.folders(), &self.routes(None), &issue, night(1)).unwrap();
    }

    fn send_at(&self, address: &str, retry: Retry, now: Timestamp) -> Delivery {
        let routes = self.routes(Some(vec![webhook(address)]));
        resend(&self.home.folders(), &routes, &[], retry, now).unwrap()
    }

    fn send(&self, web: &ScriptedWeb) -> Delivery {
        self.send_at(&web.address("/services/key"), Retry::AtOnce, night(1))
    }

    fn entry(&self) -> OutboxEntry {
        let mut outbox = Outbox::read(&self.home.folders()).unwrap();
        outbox.load("customer", "2026-W47").unwrap();
        let last = outbox.entries().into_iter().max_by_key(|entry| entry.label.revision);
        last.cloned().unwrap()
    }

    fn state(&self) -> &'static str {
        self.entry().state.words()
    }
}

#[test]
fn a_message_is_posted_once_for_each_revision_and_a_later_one_says_that_it_corrects() {
    let (chat, web) = (Chat::new(), ScriptedWeb::start(&[]));
    chat.queue(&posted("csat 0.81", MESSAGE));
    assert_eq!((chat.state(), web.bodies().len()), ("queued", 0));
    for _ in 0..2 {
        chat.send(&web);
        chat.queue(&posted("csat 0.81", MESSAGE));
        assert_eq!(web.bodies(), [MESSAGE]);
    }
    assert_eq!(web.posted()[0].line, "POST /services/key HTTP/1.1");
    chat.queue(&posted("csat 0.82", MESSAGE));
    chat.send(&web);
    assert_eq!(web.bodies()[1..], ["{\"text\":\"Correction: All 2 on track\"}"]);
}

#[test]
fn each_class_of_answer_has_its_state_and_its_number_of_copies() {
    let status = |status| Reply::Status(status, "X-So: so");
    let moved = Reply::Status(302, "Location: http://127.0.0.1:1/elsewhere");
    for (reply, state, reason, copies) in [
        (status(204), "accepted", "", 1),
        (status(408), "deferred", "answered with status 408", 2),
        (status(429), "deferred", "answered with status 429", 2),
        (status(503), "deferred", "answered with status 503", 2),
        (status(400), "rejected", "answered with status 400", 1),
        (status(404), "rejected", "answered with status 404", 1),
        (moved, "rejected", "no redirect is followed", 1),
        (Reply::Say("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n\r\n"), "accepted", "", 1),
        (Reply::Close, "unclear", "did not answer: it closed without an answer", 2),
        (Reply::Silence, "unclear", "did not answer: it gave no answer in time", 2),
        (Reply::Say("+OK ready\r\n"), "unclear", "did not answer: its answer is no HTTP", 2),
    ] {
        let (chat, web) = (Chat::new(), ScriptedWeb::start(&[reply]));
        chat.queue(&posted("csat 0.81", MESSAGE));
        chat.send(&web);
        let entry = chat.entry();
        let told = entry.reason.clone().unwrap_or_default();
        assert_eq!(entry.state.words(), state, "{reply:?}: {told}");
        assert!(told.contains(reason) && !told.contains("key"), "{reply:?}: {told}");
        chat.send(&web);
        chat.send(&web);
        assert_eq!(web.bodies(), vec![MESSAGE; copies], "{reply:?}");
    }
}

#[test]
fn what_did_not_leave_as_a_whole_cannot_have_arrived() {
    let chat = Chat::new();
    // More than the buffers of a connection hold, so that its end cannot be on its way.
    let long = format!("{{\"text\":\"{}\"}}", "On track. ".repeat(1 << 20));
    let web = ScriptedWeb::start(&[Reply::Cut]);
    chat.queue(&posted("csat 0.81", &long));
    chat.send_at(&format!("http://127.0.0.1:{}/key", closed_port()), Retry::AtOnce, night(1));
    let reason = "the webhook was not reached: nobody listens there";
    assert_eq!((chat.state(), chat.entry().reason.as_deref()), ("deferred", Some(reason)));
    chat.send(&web);
    assert_eq!((chat.state(), web.posted().len()), ("deferred", 0));
    chat.send(&web);
    assert_eq!((chat.state(), web.bodies() == [long]), ("accepted", true));
}

#[test]
fn where_the_rules_hold_it_what_may_have_arrived_waits_for_a_person() {
    let chat = Chat { repeats_unanswered: false, ..Chat::new() };
    let web = ScriptedWeb::start(&[Reply::Close]);
    chat.queue(&posted("csat 0.81", MESSAGE));
    for _ in 0..3 {
        chat.send(&web);
        assert_eq!((chat.state(), web.bodies().len()), ("unclear", 1));
    }
}

#[test]
fn runs_leave_a_chat_alone_for_as_long_as_it_asks_and_a_person_does_not_wait() {
    let web = ScriptedWeb::start(&[Reply::Status(429, "Retry-After: 3600"); 2]);
    let (chat, address) = (Chat::new(), web.address("/key"));
    chat.queue(&posted("csat 0.81", MESSAGE));
    let at = |minutes: i64| night(1) + SignedDuration::from_mins(minutes);
    chat.send_at(&address, Retry::WhenDue, at(0));
    assert_eq!(chat.entry().retry_at, Some(at(60)));
    let told = chat.send_at(&address, Retry::WhenDue, at(59));
    let why = "the webhook answered with status 429; next try from 2026-11-23 04:30 UTC";
    assert_eq!((told.outstanding[0].why().as_str(), web.bodies().len()), (why, 1));
    chat.send_at(&address, Retry::WhenDue, at(60));
    assert_eq!((chat.state(), web.bodies().len()), ("deferred", 2));
    chat.send_at(&address, Retry::AtOnce, at(61));
    assert_eq!((chat.state(), web.bodies().len()), ("accepted", 3));
}

#[test]
fn a_message_is_held_as_a_mail_is_and_ages_as_one() {
    let (chat, web) = (Chat::new(), ScriptedWeb::start(&[]));
    let held = Issue { hold: Some(hold()), ..posted("csat 0.81", MESSAGE) };
    chat.queue(&held);
    chat.send(&web);
    assert_eq!((chat.state(), web.bodies().len()), ("held", 0));
    chat.send_at(&web.address("/key"), Retry::WhenDue, night(2));
    assert_eq!((chat.state(), web.bodies().len()), ("accepted", 1));
    let late = Chat::new();
    late.queue(&posted("csat 0.81", MESSAGE));
    late.send_at(&web.address("/key"), Retry::AtOnce, night(4));
    assert_eq!((late.state(), web.bodies().len()), ("expired", 1));
}
