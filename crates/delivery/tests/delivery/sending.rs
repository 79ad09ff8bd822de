//! Mails to a server that fails at every step, and to one that takes them.

use std::fs;
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use jiff::{SignedDuration, Timestamp};
use scorewright_delivery::{
    Decision, Delivery, DeliveryState, Issue, Outbox, OutboxEntry, Retry, Route, Secret, SmtpLogin,
    SmtpRules, SmtpSecurity, SmtpServer, decide, deliver, resend, routes_with_smtp,
};
use scorewright_durable::Readers;

use crate::fixture::{Home, header, issue, night};
use crate::smtp::cases::{CASES, Case};
use crate::smtp::certificates::Authority;
use crate::smtp::{Action, ScriptedServer, Setup, Step, base64, closed_port};

fn elapsed() -> Duration {
    static START: OnceLock<Instant> = OnceLock::new();
    START.get_or_init(Instant::now).elapsed()
}

/// A server on this machine without protection, which answers at once or not at all.
fn plain(port: u16) -> SmtpServer {
    SmtpServer {
        host: "127.0.0.1".into(),
        port,
        security: SmtpSecurity::Loopback,
        authorities: None,
        login: None,
        timeout: Duration::from_millis(400),
        elapsed,
    }
}

fn rules() -> SmtpRules {
    SmtpRules {
        domains: vec!["example.com".into()],
        expires_after: SignedDuration::from_hours(72),
        repeats_unanswered: true,
    }
}

/// A project whose mails are sent by these rules.
struct Post {
    home: Home,
    rules: SmtpRules,
}

impl Post {
    fn new() -> Self {
        Self::by(rules())
    }

    fn by(rules: SmtpRules) -> Self {
        Self { home: Home::new(), rules }
    }

    fn routes(&self, server: Option<SmtpServer>) -> Vec<Box<dyn Route>> {
        routes_with_smtp(self.home.path(), Readers::Owner, self.rules.clone(), server)
    }

    /// Queues an issue and sends nothing.
    fn queue(&self, issue: &Issue) -> Delivery {
        let issue = self.home.numbered(issue);
        deliver(&self.home.folders(), &self.routes(None), &issue, night(1)).unwrap()
    }

    fn send_at(&self, server: SmtpServer, now: Timestamp) -> Delivery {
        resend(&self.home.folders(), &self.routes(Some(server)), &[], Retry::AtOnce, now).unwrap()
    }

    fn send(&self, server: &ScriptedServer) -> Delivery {
        self.send_at(plain(server.port()), night(1))
    }

    fn entries(&self) -> Vec<OutboxEntry> {
        let mut outbox = Outbox::read(&self.home.folders()).unwrap();
        outbox.load("customer", "2026-W47").unwrap();
        let entries = outbox.entries().into_iter();
        entries.filter(|entry| entry.label.route == "smtp").cloned().collect()
    }

    fn states(&self) -> Vec<&'static str> {
        self.entries().iter().map(|entry| entry.state.words()).collect()
    }

    fn decide(&self, decision: Decision, number: usize) -> OutboxEntry {
        let key = self.entries()[number].label.key.clone();
        let folders = self.home.folders();
        decide(&folders, &self.routes(None), &[key], decision, night(2)).unwrap().pop().unwrap()
    }
}

/// An issue with one recipient.
fn for_board(figures: &str) -> Issue {
    let mut issue = issue(figures);
    issue.email.as_mut().unwrap().to.truncate(1);
    issue
}

#[test]
fn each_recipient_gets_a_message_of_their_own_over_one_connection() {
    let (post, server) = (Post::new(), ScriptedServer::start(Setup::default()));
    let queued = post.queue(&issue("csat 0.81"));
    assert_eq!(queued.receipts.len(), 1, "the pages");
    assert_eq!(post.states(), ["queued", "queued"]);
    assert_eq!(server.connections(), 0);
    let payloads = payloads(&post);

    let sent = post.send(&server);
    assert_eq!(sent.receipts.len(), 2);
    assert!(sent.outstanding.is_empty() && post.home.mails().is_empty());
    assert_eq!((post.states(), server.connections()), (vec!["accepted"; 2], 1));
    let taken = server.taken();
    let to: Vec<&[String]> = taken.iter().map(|mail| &mail.to[..]).collect();
    assert_eq!(to, [["ann@example.com"], ["board@example.com"]]);
    assert!(taken.iter().all(|mail| mail.from == "scorecards@example.com"));
    let bytes: Vec<Vec<u8>> = taken.into_iter().map(|mail| mail.bytes).collect();
    assert_eq!(bytes, payloads, "byte for byte as it was kept before");

    post.queue(&issue("csat 0.81"));
    assert!(post.send(&server).receipts.is_empty());
    assert_eq!(server.taken().len(), 2, "the same again sends nothing");
}

/// The kept messages, in the order of their entries.
fn payloads(post: &Post) -> Vec<Vec<u8>> {
    let outbox = Outbox::read(&post.home.folders()).unwrap();
    let entries = post.entries();
    let kept = entries.iter().map(|entry| outbox.payload(entry).unwrap().remove(0).bytes);
    kept.collect()
}

#[test]
fn every_failure_has_its_state_its_reason_and_its_number_of_copies() {
    std::thread::scope(|scope| {
        for case in &CASES {
            scope.spawn(|| ends_as_it_should(case));
        }
    });
}

fn ends_as_it_should(case: &Case) {
    let Case { step, action, .. } = case;
    let name = format!("{step:?} {action:?}");
    let post = Post::new();
    let server = ScriptedServer::start(Setup::plain(&[Some((*step, *action))]));
    post.queue(&for_board("csat 0.81"));
    let payload = payloads(&post).remove(0);
    let first = post.send(&server);
    let entry = post.entries().remove(0);
    let reason = entry.reason.clone().unwrap_or_default();
    assert_eq!(entry.state.words(), case.state, "{name}: {reason}");
    assert!(reason.contains(case.reason), "{name}: {reason}");
    assert!(!reason.contains(['\u{7}', '\u{202E}', '\n']), "{name}: {reason:?}");
    assert_eq!(first.outstanding.len(), 1, "{name}: it is told");
    assert_eq!(server.taken().len(), case.taken, "{name}");

    let second = post.send(&server);
    let entry = post.entries().remove(0);
    assert_eq!(entry.state.words(), case.state_then, "{name}: {:?}", entry.reason);
    assert!(second.outstanding.is_empty(), "{name}: {:?}", second.outstanding);
    post.send(&server);
    let taken = server.taken();
    assert_eq!(taken.len(), case.taken_in_all, "{name}");
    let is_kept = |mail: &crate::smtp::TakenMail| mail.bytes == payload;
    assert!(taken.iter().all(is_kept), "{name}: each copy has the same bytes and Message-ID");
}

#[test]
fn a_connection_that_is_lost_in_the_middle_of_a_mail_leaves_no_doubt() {
    let post = Post::new();
    let mut long = for_board("csat 0.81");
    // More than the buffers of a connection hold, so that the end of the mail cannot be on its way.
    long.email.as_mut().unwrap().text = "All on track. ".repeat(1 << 20);
    let script = [(Action::Close), (Action::Say("421 closing")), (Action::Stall)];
    let script = script.map(|action| Some((Step::Body, action)));
    let server = ScriptedServer::start(Setup::plain(&script));
    post.queue(&long);
    for _ in script {
        post.send(&server);
        let entry = post.entries().remove(0);
        let reason = entry.reason.unwrap();
        assert_eq!(entry.state, DeliveryState::Deferred, "{reason}");
        assert!(reason.starts_with("127.0.0.1 failed at body: "), "{reason}");
    }
    post.send(&server);
    assert_eq!((post.states(), server.taken().len()), (vec!["accepted"], 1));
}

#[test]
fn a_server_that_is_away_is_asked_once_and_all_mails_wait() {
    let post = Post::new();
    post.queue(&issue("csat 0.81"));
    let sent = post.send_at(plain(closed_port()), night(1));
    assert_eq!(post.states(), ["deferred"; 2]);
    let reasons: Vec<&str> =
        sent.outstanding.iter().map(|entry| entry.reason.as_deref().unwrap()).collect();
    assert_eq!(reasons[0], reasons[1]);
    assert!(reasons[0].starts_with("127.0.0.1 failed at connect: "), "{reasons:?}");

    let server = ScriptedServer::start(Setup::plain(&[Some((Step::Ehlo, Action::Close))]));
    post.send(&server);
    assert_eq!((post.states(), server.connections()), (vec!["deferred"; 2], 1));
}

#[test]
fn what_befalls_one_mail_does_not_hinder_the_next() {
    for (action, state) in [
        (Action::Say("550 no such user"), "rejected"),
        (Action::Say("450 later"), "deferred"),
        (Action::Close, "deferred"),
        (Action::Say("421 closing"), "deferred"),
    ] {
        let (post, script) = (Post::new(), [Some((Step::Rcpt, action))]);
        let server = ScriptedServer::start(Setup::plain(&script));
        post.queue(&issue("csat 0.81"));
        post.send(&server);
        let closes = matches!(action, Action::Close | Action::Say("421 closing"));
        // Without a closed connection the script goes on, so the second recipient is refused alike.
        let second = if closes { "accepted" } else { state };
        assert_eq!(post.states(), [state, second], "{action:?}");
        let resets = server.lines().iter().filter(|line| *line == "RSET").count();
        assert_eq!(resets, if closes { 0 } else { 2 }, "{action:?}");
    }
}

#[test]
fn a_connection_that_the_server_closed_between_two_mails_is_no_failure() {
    let (post, server) = (Post::new(), ScriptedServer::start(Setup::closing_after_one()));
    post.queue(&issue("csat 0.81"));
    assert!(post.send(&server).outstanding.is_empty());
    assert_eq!((server.taken().len(), server.connections()), (2, 2));
}

#[test]
fn connections_that_break_one_after_the_other_end_the_call() {
    let post = Post::new();
    let mut many = issue("csat 0.81");
    let to = (0..6).map(|number| format!("reader{number}@example.com").parse().unwrap());
    many.email.as_mut().unwrap().to = to.collect();
    let server = ScriptedServer::start(Setup::plain(&[Some((Step::Data, Action::Close)); 9]));
    post.queue(&many);
    let sent = post.send(&server);
    assert_eq!((sent.outstanding.len(), server.connections()), (6, 3));
    assert!(post.entries().iter().all(|entry| entry.state == DeliveryState::Deferred));
}

#[test]
fn what_may_have_arrived_is_sent_once_more_and_never_a_third_time() {
    let post = Post::new();
    let lost = Some((Step::End, Action::TakeAndClose));
    let server = ScriptedServer::start(Setup::plain(&[lost; 2]));
    post.queue(&for_board("csat 0.81"));
    for (call, taken) in [(1, 1), (2, 2), (3, 2), (4, 2)] {
        let sent = post.send(&server);
        assert_eq!((post.states(), server.taken().len()), (vec!["unclear"], taken), "{call}");
        assert_eq!(sent.outstanding.len(), 1, "it is told by each call");
    }
    assert_eq!(server.taken()[0].bytes, server.taken()[1].bytes);
    assert_eq!(post.decide(Decision::Resend, 0).state, DeliveryState::Queued);
    post.send(&server);
    assert_eq!((post.states(), server.taken().len()), (vec!["accepted"], 3), "a person decided");
}

#[test]
fn where_the_rules_hold_it_what_may_have_arrived_waits_for_a_person() {
    let post = Post::by(SmtpRules { repeats_unanswered: false, ..rules() });
    let lost = Some((Step::End, Action::TakeAndClose));
    let server = ScriptedServer::start(Setup::plain(&[lost]));
    post.queue(&for_board("csat 0.81"));
    for _ in 0..3 {
        post.send(&server);
        assert_eq!((post.states(), server.taken().len()), (vec!["unclear"], 1));
    }
    let corrected = for_board("csat 0.82");
    post.queue(&corrected);
    post.send(&server);
    let subject = header(std::str::from_utf8(&server.taken()[1].bytes).unwrap(), "Subject");
    assert!(subject.starts_with("Correction: "), "its reader may have the first: {subject}");
    assert_eq!(post.decide(Decision::Cancel, 0).state, DeliveryState::Cancelled);
}

#[test]
fn what_nobody_was_sent_yet_is_replaced_and_needs_no_correction() {
    let (post, server) = (Post::new(), ScriptedServer::start(Setup::default()));
    post.queue(&for_board("csat 0.81"));
    post.queue(&for_board("csat 0.82"));
    assert_eq!(post.states(), ["cancelled", "queued"]);
    post.send(&server);
    assert_eq!((post.states(), server.taken().len()), (vec!["cancelled", "accepted"], 1));
    let subject = header(std::str::from_utf8(&server.taken()[0].bytes).unwrap(), "Subject");
    assert_eq!(subject, "All 2 on track - w/e 22 Nov");
}

#[test]
fn a_mail_that_is_too_old_is_not_sent_and_told_once() {
    let (post, server) = (Post::new(), ScriptedServer::start(Setup::default()));
    post.queue(&for_board("csat 0.81"));
    post.send_at(plain(closed_port()), night(3));
    assert_eq!(post.states(), ["deferred"]);
    let told = post.send_at(plain(server.port()), night(4));
    let reason = told.outstanding[0].reason.clone().unwrap();
    assert!(reason.starts_with("not sent by 2026-11-26 03:30 UTC; last: 127.0.0.1 failed at"));
    assert_eq!((post.states(), server.taken().len()), (vec!["expired"], 0));
    assert!(post.send_at(plain(server.port()), night(5)).outstanding.is_empty(), "told once");
    assert_eq!(post.home.names("outbox/payload").len(), 1, "a person may still have it sent");

    let issue = post.home.numbered(&for_board("csat 0.81"));
    deliver(&post.home.folders(), &post.routes(None), &issue, night(5)).unwrap();
    assert_eq!(post.states(), ["expired"], "the same issue again does not change that");
    let key = post.entries()[0].label.key.clone();
    let folders = post.home.folders();
    decide(&folders, &post.routes(None), &[key], Decision::Resend, night(5)).unwrap();
    post.send_at(plain(server.port()), night(6));
    assert_eq!((post.states(), server.taken().len()), (vec!["accepted"], 1));
}

#[test]
fn what_was_not_sent_is_kept_for_thirty_days_and_then_folded() {
    let (post, server) = (Post::new(), ScriptedServer::start(Setup::default()));
    post.queue(&for_board("csat 0.81"));
    post.decide(Decision::Cancel, 0);
    post.send_at(plain(server.port()), night(30));
    assert_eq!(post.home.names("outbox/payload").len(), 1);
    post.send_at(plain(server.port()), night(31));
    assert_eq!(post.home.names("outbox"), ["payload"], "it is in the ledger");
    assert!(post.home.names("outbox/payload").is_empty());
    assert_eq!((post.states(), server.taken().len()), (vec!["cancelled"], 0));
}

#[test]
fn a_person_holds_and_releases_a_mail_and_nothing_else_does() {
    let (post, server) = (Post::new(), ScriptedServer::start(Setup::default()));
    post.queue(&issue("csat 0.81"));
    assert_eq!(post.decide(Decision::Hold, 0).reason.as_deref(), Some("held by a person"));
    post.queue(&issue("csat 0.81"));
    post.send(&server);
    assert_eq!((post.states(), server.taken().len()), (vec!["held", "accepted"], 1));
    post.decide(Decision::Resend, 0);
    post.send_at(plain(server.port()), night(2));
    assert_eq!((post.states(), server.taken().len()), (vec!["accepted", "accepted"], 2));
    let folders = post.home.folders();
    let key = post.entries()[0].label.key.clone();
    let refused = decide(&folders, &post.routes(None), &[key], Decision::Resend, night(2));
    assert!(refused.is_err(), "what was sent is not sent again");
}

#[test]
fn only_domains_of_the_list_are_mailed() {
    let post = Post::by(SmtpRules { domains: vec!["example.org".into()], ..rules() });
    let server = ScriptedServer::start(Setup::default());
    post.queue(&for_board("csat 0.81"));
    let sent = post.send(&server);
    assert_eq!((post.states(), server.connections()), (vec!["rejected"], 0));
    assert!(sent.outstanding[0].reason.as_ref().unwrap().contains("[smtp] domains"));
}

/// A server with TLS, and how it is reached by its name.
fn through_tls(setup: Setup, security: SmtpSecurity) -> (ScriptedServer, SmtpServer) {
    let is_implicit = security == SmtpSecurity::Implicit;
    let server = ScriptedServer::start(Setup { is_implicit, offers_starttls: true, ..setup });
    let reached = SmtpServer { host: "localhost".into(), security, ..plain(server.port()) };
    (server, reached)
}

fn login() -> SmtpLogin {
    SmtpLogin { user: "scorecards".into(), password: Secret::new("hunter2".into()) }
}

#[test]
fn tls_of_a_private_authority_is_trusted_where_it_is_named_and_nowhere_else() {
    let (own, other) = (Authority::new(), Authority::new());
    let pem = |authority: &Authority| Some(authority.pem().into_bytes());
    for security in [SmtpSecurity::Implicit, SmtpSecurity::StartTls] {
        let right = Setup { tls: Some(own.server("localhost")), ..Setup::default() };
        let elsewhere = Setup { tls: Some(own.server("mail.example.com")), ..Setup::default() };
        for (setup, authorities, state, reason) in [
            (right.clone(), pem(&own), "accepted", ""),
            (
                right.clone(),
                None,
                "deferred",
                "localhost failed at TLS: invalid peer certificate: UnknownIssuer",
            ),
            (right, pem(&other), "deferred", "localhost failed at TLS: invalid peer certificate: "),
            (
                elsewhere,
                pem(&own),
                "deferred",
                "localhost failed at TLS: invalid peer certificate: ",
            ),
        ] {
            let post = Post::new();
            let (server, reached) = through_tls(setup, security);
            post.queue(&for_board("csat 0.81"));
            post.send_at(SmtpServer { authorities, ..reached }, night(1));
            let entry = post.entries().remove(0);
            let told = entry.reason.unwrap_or_default();
            assert_eq!(entry.state.words(), state, "{security:?}: {told}");
            assert!(told.starts_with(reason), "{told}");
            assert!(server.taken().iter().all(|mail| mail.was_encrypted));
        }
    }
}

#[test]
fn nothing_is_said_to_a_server_without_the_tls_that_is_asked_for() {
    let authority = Authority::new();
    let tls = Some(authority.server("localhost"));
    let stripped =
        Setup { login: Some(("scorecards", "hunter2")), mechanisms: "PLAIN", ..Setup::default() };
    let server = ScriptedServer::start(stripped);
    let reached = SmtpServer {
        host: "localhost".into(),
        security: SmtpSecurity::StartTls,
        login: Some(login()),
        authorities: Some(authority.pem().into_bytes()),
        ..plain(server.port())
    };
    let post = Post::new();
    post.queue(&for_board("csat 0.81"));
    post.send_at(reached, night(1));
    assert_eq!(post.states(), ["deferred"]);
    let reason = post.entries()[0].reason.clone().unwrap();
    assert_eq!(reason, "localhost failed at STARTTLS: the server does not offer it");
    assert!(server.lines().iter().all(|line| line.starts_with("EHLO ")), "{:?}", server.lines());

    for (step, action, reason) in [
        (Step::StartTls, Action::Say("454 not now"), "localhost refused STARTTLS: 454 not now"),
        (Step::StartTls, Action::Say("220 go ahead"), "localhost failed at TLS: "),
        (
            Step::StartTls,
            Action::Inject,
            "localhost failed at STARTTLS: somebody went on in plain text",
        ),
        (Step::StartTls, Action::Close, "localhost failed at STARTTLS: the connection was closed"),
        (Step::StartTls, Action::Silence, "localhost failed at STARTTLS: no answer in time"),
    ] {
        let post = Post::new();
        let setup =
            Setup { script: vec![Some((step, action))], tls: tls.clone(), ..Setup::default() };
        let (server, reached) = through_tls(setup, SmtpSecurity::StartTls);
        // A server that means something else by its certificate than we trust fails at TLS.
        let is_trusted = !matches!(action, Action::Say("220 go ahead"));
        let authorities = is_trusted.then(|| authority.pem().into_bytes());
        post.queue(&for_board("csat 0.81"));
        post.send_at(SmtpServer { authorities, login: Some(login()), ..reached }, night(1));
        let told = post.entries()[0].reason.clone().unwrap();
        assert!(told.starts_with(reason), "{told}");
        assert!(server.taken().is_empty());
        assert!(!server.lines().iter().any(|line| line.starts_with("AUTH")), "{told}");
    }
}

#[test]
fn a_login_is_said_through_tls_and_shown_nowhere() {
    let authority = Authority::new();
    for (mechanisms, password, state, reason) in [
        ("PLAIN LOGIN", "hunter2", "accepted", ""),
        ("LOGIN", "hunter2", "accepted", ""),
        ("PLAIN", "another", "deferred", "localhost refused AUTH: 535"),
        ("LOGIN", "another", "deferred", "localhost refused AUTH: 535"),
        (
            "CRAM-MD5",
            "hunter2",
            "deferred",
            "localhost failed at AUTH: the server offers no login by PLAIN or LOGIN",
        ),
    ] {
        let setup = Setup {
            tls: Some(authority.server("localhost")),
            login: Some(("scorecards", password)),
            mechanisms,
            ..Setup::default()
        };
        let (server, reached) = through_tls(setup, SmtpSecurity::StartTls);
        let authorities = Some(authority.pem().into_bytes());
        let post = Post::new();
        post.queue(&for_board("csat 0.81"));
        post.send_at(SmtpServer { authorities, login: Some(login()), ..reached }, night(1));
        let entry = post.entries().remove(0);
        assert_eq!(entry.state.words(), state, "{mechanisms} {:?}", entry.reason);
        assert_eq!(entry.reason.unwrap_or_default(), reason);
        assert!(server.taken().iter().all(|mail| mail.was_encrypted));
        assert_nowhere(&post, &["hunter2", &base64("hunter2"), &base64("\0scorecards\0hunter2")]);
    }
}

#[test]
fn a_server_that_repeats_the_password_is_not_quoted_with_it() {
    let authority = Authority::new();
    for (step, shown) in
        [(Step::Auth, "refused AUTH: 535"), (Step::Mail, "refused MAIL: 550 no *** here")]
    {
        let answer =
            if step == Step::Auth { "535 hunter2 is wrong" } else { "550 no hunter2 here" };
        let setup = Setup {
            script: vec![Some((step, Action::Say(answer)))],
            tls: Some(authority.server("localhost")),
            login: Some(("scorecards", "hunter2")),
            mechanisms: "PLAIN",
            ..Setup::default()
        };
        let (_server, reached) = through_tls(setup, SmtpSecurity::StartTls);
        let authorities = Some(authority.pem().into_bytes());
        let post = Post::new();
        post.queue(&for_board("csat 0.81"));
        post.send_at(SmtpServer { authorities, login: Some(login()), ..reached }, night(1));
        assert_eq!(post.entries()[0].reason.clone().unwrap(), format!("localhost {shown}"));
        assert_nowhere(&post, &["hunter2"]);
    }
}

fn assert_nowhere(post: &Post, words: &[&str]) {
    for (path, text) in crate::fixture::files(post.home.path()) {
        for word in words {
            assert!(!text.contains(word), "{} has {word}", path.display());
        }
    }
}

#[test]
fn without_protection_only_this_machine_is_sent_to() {
    let post = Post::new();
    post.queue(&for_board("csat 0.81"));
    // An address of documentation: nobody has it, and nobody is asked.
    let away = SmtpServer { host: "192.0.2.1".into(), ..plain(25) };
    post.send_at(away, night(1));
    let reason = post.entries()[0].reason.clone().unwrap();
    assert_eq!(reason, "192.0.2.1 failed at connect: its name has no address");
}

#[test]
fn a_process_that_dies_in_the_answer_window_leaves_the_mail_unclear() {
    let post = Post::new();
    post.queue(&for_board("csat 0.81"));
    let key = post.entries()[0].label.key.clone();
    let path = post.home.outbox().join(format!("{key}.json"));
    let before = fs::read_to_string(&path).unwrap();
    let server = ScriptedServer::start(Setup::watching(&path));
    post.send(&server);
    let seen = server.watched();
    assert!(before.contains("\"queued\""));
    assert!(seen.contains("\"unclear\"") && seen.contains("when the process ended"), "{seen}");
    assert_eq!(post.states(), ["accepted"]);
}
