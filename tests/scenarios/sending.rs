//! Mails from a run to a mail server, through the program: what is sent, what is told, and with which status.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex};

use crate::binary::{Ended, copy, files_below, root, scorewright_at};
use crate::smtp::cases::{CASES, Case};
use crate::smtp::certificates::Authority;
use crate::smtp::{Action, ScriptedServer, Setup, Step, closed_port};

const DAY: &str = "2026-11-23";
const MAIL: &str = "\n[mail]\nfrom = \"Scorewright <scorecards@example.com>\"\n\
    to = [\"board@example.com\", \"ann@example.com\"]\n";
const ONE_MAIL: &str =
    "\n[mail]\nfrom = \"scorecards@example.com\"\nto = [\"board@example.com\"]\n";

/// The small project with a mail, which a server takes.
struct Acme {
    folder: tempfile::TempDir,
    password: Option<&'static str>,
}

impl Acme {
    fn new(mail: &str) -> Self {
        let acme = Self { folder: tempfile::tempdir().unwrap(), password: None };
        copy(&root().join("tests/scenarios/base"), acme.path());
        acme.append("reports/scorecard/report.toml", mail);
        acme
    }

    fn path(&self) -> &Path {
        self.folder.path()
    }

    fn append(&self, file: &str, more: &str) {
        let path = self.path().join(file);
        let text = fs::read_to_string(&path).unwrap();
        fs::write(path, text + more).unwrap();
    }

    /// Names the mail server: these lines below `[smtp]`, instead of those before.
    fn smtp(&self, lines: &str) {
        let path = self.path().join("scorewright.toml");
        let text = fs::read_to_string(&path).unwrap();
        let before = text.split("\n[smtp]").next().unwrap();
        fs::write(path, format!("{before}\n[smtp]\n{lines}")).unwrap();
    }

    /// Names a server on this machine without protection.
    fn plain_smtp(&self, port: u16) {
        self.smtp(&plain_lines(port));
    }

    fn says(&self, status: i32, arguments: &[&str]) -> String {
        let ended = self.ended(arguments);
        let said = ended.answer + &ended.said;
        assert_eq!(ended.status, status, "{arguments:?}\n{said}");
        said
    }

    fn ended(&self, arguments: &[&str]) -> Ended {
        let mut asked = Command::new(env!("CARGO_BIN_EXE_scorewright"));
        asked.args(["--log-format", "text"]).args(arguments).current_dir(self.path()).env_clear();
        let ended = asked.envs(self.password.map(|word| ("SMTP_PASSWORD", word))).output().unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        let status = ended.status.code().expect("no signal ends it");
        Ended { status, answer: text(ended.stdout), said: text(ended.stderr) }
    }

    fn run(&self, status: i32, more: &[&str]) -> String {
        self.says(status, &[&["run", "--as-of", DAY, "--mail"], more].concat())
    }

    /// Key and state of every mail in the outbox.
    fn outbox(&self) -> Vec<(String, String)> {
        let listed = self.says(0, &["outbox", "list", "--output", "json"]);
        let listed: serde_json::Value = serde_json::from_str(&listed).unwrap();
        let entries = listed["entries"].as_array().unwrap().iter();
        let text = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
        entries.map(|entry| (text(&entry["key"]), text(&entry["state"]))).collect()
    }

    fn states(&self) -> Vec<String> {
        self.outbox().into_iter().map(|(_, state)| state).collect()
    }
}

fn plain_lines(port: u16) -> String {
    format!(
        "host = \"127.0.0.1\"\nport = {port}\nsecurity = \"none\"\ndomains = [\"example.com\"]\ntimeout = \"400ms\"\n"
    )
}

#[test]
fn a_run_queues_and_send_sends() {
    let server = ScriptedServer::start(Setup::default());
    let acme = Acme::new(MAIL);
    acme.plain_smtp(server.port());
    let told = acme.run(5, &[]);
    assert!(told.contains("2 mails wait for `scorewright send`"), "{told}");
    assert!(told.contains("delivered  1 page\n"), "{told}");
    let again = acme.run(5, &[]);
    assert!(again.starts_with("nothing new: version 1"), "nothing is to be made again: {again}");
    assert!(acme.says(5, &["status"]).contains("2 mails wait for `scorewright send`"));
    assert_eq!(acme.states(), ["queued", "queued"]);

    let dry = acme.says(0, &["send", "--dry-run"]);
    assert!(dry.ends_with("2 mails would be sent\n"), "{dry}");
    assert_eq!(server.connections(), 0);
    let would_be: Vec<Vec<u8>> = files_below(&acme.path().join("out/rendered/mail"))
        .into_iter()
        .map(|(_, bytes)| bytes)
        .collect();

    let told = acme.says(0, &["send"]);
    assert_eq!(told, "sent       2 mails\nowed       nothing\n");
    let sent: Vec<Vec<u8>> = server.taken().into_iter().map(|mail| mail.bytes).collect();
    assert_eq!(sent, would_be, "byte for byte");
    assert_eq!(acme.says(0, &["send"]), "sent       nothing\nowed       nothing\n");
    assert_eq!(acme.says(0, &["outbox", "list"]), "nothing waits\n");
    assert!(acme.run(0, &["--send"]).starts_with("nothing new"));
    assert_eq!(server.taken().len(), 2);
    assert!(!acme.path().join("out/mail").exists(), "no file stands for a mail that is sent");
}

#[test]
fn a_run_that_sends_does_so_and_mails_that_cannot_leave_it_published() {
    let server = ScriptedServer::start(Setup::default());
    let acme = Acme::new(MAIL);
    acme.plain_smtp(closed_port());
    let told = acme.run(5, &["--send"]);
    assert!(told.contains("127.0.0.1 failed at connect"), "{told}");
    assert!(acme.says(5, &["status"]).contains("version    1,"));
    acme.plain_smtp(server.port());
    let told = acme.run(5, &["--send"]);
    assert!(told.contains("next try from") && server.connections() == 0, "{told}");
    let told = acme.says(0, &["send"]);
    assert_eq!(told, "sent       2 mails\nowed       nothing\n", "a person does not wait");
    assert_eq!(server.taken().len(), 2);
}

#[test]
fn of_many_mails_that_wait_for_one_reason_their_number_is_told() {
    let to: Vec<String> = (0..12).map(|number| format!("\"r{number:02}@example.com\"")).collect();
    let to = to.join(", ");
    let acme = Acme::new(&format!("\n[mail]\nfrom = \"a@example.com\"\nto = [{to}]\n"));
    acme.plain_smtp(closed_port());
    let told = unwrapped(&acme.run(5, &["--send"]));
    let line =
        "outstanding: scorecard 2026-W47 r1: smtp to 12 recipients: 127.0.0.1 failed at connect";
    assert!(told.contains(line), "{told}");
    assert_eq!(told.matches("r1: smtp to").count(), 1, "{told}");
}

#[test]
fn every_failure_of_the_server_ends_with_its_status_and_is_told() {
    let server = ScriptedServer::start(Setup::default());
    let acme = Acme::new(ONE_MAIL);
    acme.plain_smtp(server.port());
    acme.run(5, &[]);
    std::thread::scope(|scope| {
        for half in CASES.chunks(CASES.len().div_ceil(2)) {
            scope.spawn(|| half.iter().for_each(|case| is_told(&acme, case)));
        }
    });
    assert_eq!(server.connections(), 0);
}

fn is_told(queued: &Acme, case: &Case) {
    let name = format!("{:?} {:?}", case.step, case.action);
    let server = ScriptedServer::start(Setup::plain(&[Some((case.step, case.action))]));
    let acme = Acme { folder: tempfile::tempdir().unwrap(), password: None };
    copy(queued.path(), acme.path());
    acme.plain_smtp(server.port());
    let told = unwrapped(&acme.says(5, &["send"]));
    assert!(told.contains(case.reason), "{name}: {told}");
    assert_eq!(acme.states(), [case.state], "{name}");
    assert_eq!(server.taken().len(), case.taken, "{name}");
    acme.says(0, &["send"]);
    acme.says(0, &["send"]);
    assert_eq!(server.taken().len(), case.taken_in_all, "{name}");
}

/// What was said, on one line.
fn unwrapped(said: &str) -> String {
    said.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn a_person_decides_of_single_mails() {
    let server = ScriptedServer::start(Setup::default());
    let acme = Acme::new(MAIL);
    acme.plain_smtp(server.port());
    acme.run(5, &[]);
    let keys: Vec<String> = acme.outbox().into_iter().map(|(key, _)| key).collect();
    let [ann, board] = [&keys[0][..12], &keys[1][..12]];
    let told = acme.says(0, &["outbox", "hold", ann]);
    assert_eq!(
        told,
        format!(
            "{ann}  held      scorecard 2026-W47 r1: smtp to ann@example.com: held by a person\n"
        )
    );
    let told = acme.says(0, &["outbox", "cancel", board]);
    assert!(told.contains("cancelled scorecard 2026-W47 r1: smtp to board@example.com"), "{told}");
    let shown = acme.says(0, &["outbox", "show", ann]);
    assert!(shown.contains("state      held\n") && shown.contains("message-id <"), "{shown}");
    let message = acme.says(0, &["outbox", "show", ann, "--message"]);
    assert!(message.contains("To: ann@example.com\r\n"), "{message}");
    acme.says(5, &["send"]);
    assert_eq!(server.connections(), 0, "one is held, one cancelled");

    acme.says(0, &["outbox", "resend", ann, board]);
    acme.says(0, &["send"]);
    assert_eq!(server.taken().len(), 2);
    let refused = acme.says(2, &["outbox", "resend", "ffffffffffff"]);
    assert!(refused.contains("no mail in the outbox has a key that begins with"), "{refused}");
}

#[test]
fn the_newest_reports_are_sent_to_who_asks_and_to_nobody_else() {
    let server = ScriptedServer::start(Setup::default());
    let acme = Acme::new(MAIL);
    acme.plain_smtp(server.port());
    acme.run(5, &[]);
    let told = acme.says(0, &["send", "--to", "me@example.com"]);
    assert_eq!(told, "sent scorecard 2026-W47 r1 to me@example.com\n");
    let taken = server.taken();
    assert_eq!(taken.len(), 1);
    assert_eq!(taken[0].to, ["me@example.com"]);
    let message = String::from_utf8(taken[0].bytes.clone()).unwrap();
    assert!(message.contains("\r\nSubject: [Test] "), "{message}");
    assert_eq!(acme.states(), ["queued", "queued"]);
    let refused = acme.says(2, &["send", "--to", "me@elsewhere.example"]);
    assert!(refused.contains("mail to `me@elsewhere.example` is not allowed"), "{refused}");
    assert_eq!(server.taken().len(), 1);
}

#[test]
fn a_recipient_outside_the_allowed_domains_stops_the_run_and_is_shown() {
    let acme = Acme::new(MAIL);
    acme.smtp(&plain_lines(1).replace("example.com", "example.org"));
    for command in [&["check"][..], &["run", "--as-of", DAY]] {
        let told = acme.says(2, command);
        assert!(told.contains("mail to `example.com` is not allowed"), "{told}");
        assert!(told.contains("reports/scorecard/report.toml"), "{told}");
    }
    acme.smtp("host = \"127.0.0.1\"\nsecurity = \"none\"\n");
    assert!(acme.says(2, &["check"]).contains("no domain may be mailed"));
}

#[test]
fn without_a_server_mails_are_files_and_send_says_so() {
    let acme = Acme::new(MAIL);
    acme.run(0, &["--send"]);
    assert_eq!(files_below(&acme.path().join("out/mail")).len(), 2);
    let told = acme.says(2, &["send"]);
    assert!(told.contains("there is no mail server"), "{told}");
}

#[test]
fn a_profile_writes_files_whatever_the_project_does() {
    let server = ScriptedServer::start(Setup::default());
    let acme = Acme::new(MAIL);
    acme.append("scorewright.toml", "\n[profiles.dev]\nstate = \"dev\"\n");
    acme.plain_smtp(server.port());
    acme.run(0, &["--profile", "dev", "--send"]);
    assert_eq!(files_below(&acme.path().join("dev/out/mail")).len(), 2);
    assert_eq!(server.connections(), 0);
}

#[test]
fn a_password_comes_from_where_the_settings_say_and_is_kept_nowhere() {
    let authority = Authority::new();
    let setup = Setup {
        tls: Some(authority.server("localhost")),
        offers_starttls: true,
        login: Some(("scorecards", "Kanarienvogel")),
        mechanisms: "PLAIN LOGIN",
        ..Setup::default()
    };
    let server = ScriptedServer::start(setup);
    let mut acme = Acme::new(ONE_MAIL);
    fs::write(acme.path().join("ca.pem"), authority.pem()).unwrap();
    let lines = |place: &str| {
        format!(
            "host = \"localhost\"\nport = {}\nca_file = \"ca.pem\"\nuser = \"scorecards\"\ndomains = [\"example.com\"]\npassword = {{ {place} }}\n",
            server.port()
        )
    };
    acme.smtp(&lines("env = \"SMTP_PASSWORD\""));
    acme.run(5, &[]);
    let told = acme.says(2, &["send"]);
    assert!(told.contains("the environment variable `SMTP_PASSWORD`"), "{told}");
    assert!(acme.run(5, &["--send"]).contains("SMTP_PASSWORD"));
    acme.password = Some("wrong Kanarienvogel");
    let told = acme.says(5, &["send"]);
    assert!(told.contains("localhost refused AUTH: 535"), "{told}");
    assert!(!told.contains("Kanarienvogel"), "{told}");
    acme.password = Some("Kanarienvogel");
    assert!(acme.says(0, &["send"]).starts_with("sent       1 mail\n"));
    assert!(server.taken()[0].was_encrypted);
    for (path, bytes) in files_below(acme.path()) {
        let is_there = String::from_utf8_lossy(&bytes).contains("Kanarienvogel");
        assert!(!is_there, "{}", path.display());
    }

    let elsewhere = tempfile::tempdir().unwrap();
    let file = elsewhere.path().join("smtp");
    fs::write(&file, "Kanarienvogel\n").unwrap();
    acme.smtp(&lines(&format!("file = \"{}\"", file.display())));
    assert!(acme.says(0, &["send", "--to", "me@example.com"]).starts_with("sent "));
    acme.smtp(&lines("credential = \"smtp\""));
    let mut asked = Command::new(env!("CARGO_BIN_EXE_scorewright"));
    asked.args(["send", "--to", "me@example.com"]).current_dir(acme.path()).env_clear();
    let ended = asked.env("CREDENTIALS_DIRECTORY", elsewhere.path()).output().unwrap();
    assert!(ended.status.success(), "{}", String::from_utf8_lossy(&ended.stderr));
    assert_eq!(server.taken().len(), 3);

    let text = lines("env = \"A\"").replace("{ env = \"A\" }", "\"Kanarienvogel\"");
    acme.smtp(&text);
    for command in [&["check"][..], &["run", "--as-of", DAY], &["send"]] {
        let told = acme.says(2, command);
        assert!(told.contains("a password never stands in a file of the project"), "{told}");
        assert!(!told.contains("Kanarienvogel"), "{told}");
    }
}

#[test]
fn what_may_have_arrived_waits_for_a_person_where_the_settings_hold_it() {
    let lost = Some((Step::End, Action::TakeAndClose));
    let server = ScriptedServer::start(Setup::plain(&[lost]));
    let acme = Acme::new(ONE_MAIL);
    acme.smtp(&(plain_lines(server.port()) + "after_lost_answer = \"hold\"\n"));
    acme.run(5, &["--send"]);
    let told = unwrapped(&acme.says(5, &["send"]));
    assert!(told.contains("it may have arrived: 127.0.0.1 failed at end of the message"), "{told}");
    assert_eq!((acme.states(), server.taken().len()), (vec!["unclear".to_owned()], 1));
    let key = acme.outbox().remove(0).0;
    acme.says(0, &["outbox", "cancel", &key]);
    acme.says(0, &["send"]);
    assert_eq!(server.taken().len(), 1);
}

#[test]
fn the_page_goes_with_the_mail_unless_it_has_an_address_or_is_too_large() {
    let server = ScriptedServer::start(Setup::default());
    let last = || String::from_utf8(server.taken().pop().unwrap().bytes).unwrap();
    let acme = Acme::new(ONE_MAIL);
    acme.plain_smtp(server.port());
    acme.run(0, &["--send"]);
    let page = "Content-Disposition: attachment; filename=\"scorecard-2026-W47.html\"";
    assert!(last().contains(page), "{}", last());
    assert!(last().contains("The full scorecard is attached."), "{}", last());

    acme.append("reports/scorecard/report.toml", "link = \"https://reports.example.com/w\"\n");
    acme.run(0, &[]);
    acme.says(0, &["send", "--to", "me@example.com"]);
    assert!(!last().contains(page) && last().contains("https://reports.example.com/w"));

    let report = acme.path().join("reports/scorecard/report.toml");
    let text = fs::read_to_string(&report).unwrap();
    fs::write(&report, text.replace("link = ", "# link = ")).unwrap();
    let large = format!("<!doctype html><p>{}", "x".repeat(600_000));
    fs::write(acme.path().join("reports/scorecard/scorecard.html.j2"), large).unwrap();
    let told = unwrapped(&acme.says(0, &["check"]));
    assert!(
        told.contains("has 601 KB and no `link`: it is too large to go with the mail"),
        "{told}"
    );
    acme.run(0, &[]);
    acme.says(0, &["send", "--to", "me@example.com"]);
    assert!(!last().contains(page), "{}", last());
    let said = "The full scorecard has 601 KB, which is too large to attach.";
    assert!(last().contains(said), "{}", last());
}

#[test]
fn recipients_of_the_list_get_their_reports_and_answers_go_to_a_person() {
    let server = ScriptedServer::start(Setup::default());
    let acme =
        Acme::new(&format!("{ONE_MAIL}roles = [\"lead\"]\nreply_to = \"Ann <ann@example.com>\"\n"));
    acme.plain_smtp(server.port());
    let list = "[[recipient]]\nmailbox = \"Cy <cy@example.com>\"\nrole = \"lead\"\n\n\
                [[recipient]]\nmailbox = \"di@example.com\"\nreports = [\"scorecard\"]\n";
    fs::write(acme.path().join("reports/recipients.toml"), list).unwrap();
    acme.run(0, &["--send"]);
    let taken = server.taken();
    let to: Vec<&str> = taken.iter().map(|mail| mail.to[0].as_str()).collect();
    assert_eq!(to, ["board@example.com", "cy@example.com", "di@example.com"]);
    for mail in taken {
        let text = String::from_utf8(mail.bytes).unwrap();
        assert!(text.contains("\r\nReply-To: Ann <ann@example.com>\r\n"), "{text}");
        let unsubscribe = "<mailto:ann@example.com?subject=unsubscribe%20scorecard>";
        assert!(text.replace("\r\n ", " ").contains(unsubscribe), "{text}");
    }
    fs::write(acme.path().join("reports/recipients.toml"), format!("{list}segment = \"team=A\"\n"))
        .unwrap();
    let told = acme.says(2, &["check"]);
    assert!(told.contains("a report has no edition of a segment"), "{told}");
    assert!(told.contains("reports/recipients.toml:8"), "{told}");
}

#[test]
fn a_process_that_knows_the_password_leaves_no_core_file() {
    let limits: Arc<Mutex<String>> = Arc::default();
    let child: Arc<Mutex<Option<u32>>> = Arc::default();
    let (seen, process) = (Arc::clone(&limits), Arc::clone(&child));
    let look = move || {
        let process = process.lock().unwrap().expect("it was started");
        *seen.lock().unwrap() = fs::read_to_string(format!("/proc/{process}/limits")).unwrap();
    };
    let setup = Setup {
        login: Some(("scorecards", "Kanarienvogel")),
        mechanisms: "PLAIN",
        instead_of_answer: Some((Step::Mail, Arc::new(look))),
        ..Setup::default()
    };
    let server = ScriptedServer::start(setup);
    let acme = Acme::new(ONE_MAIL);
    let login = "user = \"scorecards\"\npassword = { env = \"SMTP_PASSWORD\" }\n";
    acme.smtp(&(plain_lines(server.port()) + login));
    acme.run(5, &[]);
    let ended = {
        // The server waits for this lock before it looks.
        let mut slot = child.lock().unwrap();
        let mut asked = Command::new("sh");
        asked.args([
            "-c",
            "ulimit -c unlimited; exec \"$0\" send",
            env!("CARGO_BIN_EXE_scorewright"),
        ]);
        asked.current_dir(acme.path()).env("SMTP_PASSWORD", "Kanarienvogel");
        let started = asked.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        *slot = Some(started.id());
        started
    };
    assert_eq!(ended.wait_with_output().unwrap().status.code(), Some(5));
    let limits = limits.lock().unwrap();
    let core = limits.lines().find(|line| line.starts_with("Max core file size")).unwrap();
    assert_eq!(core.split_whitespace().nth(4), Some("0"), "{core}");
}

#[test]
fn a_mail_that_is_too_old_is_told_once_by_the_run_that_finds_it_so() {
    let acme = Acme::new(ONE_MAIL);
    acme.plain_smtp(closed_port());
    let at = |instant: &str, status: i32, arguments: &[&str]| {
        let ended = scorewright_at(instant, acme.path(), arguments);
        assert_eq!(ended.status, status, "{instant} {arguments:?} {}{}", ended.answer, ended.said);
        unwrapped(&ended.answer)
    };
    at("2026-11-23 09:00:00", 5, &["run"]);
    at("2026-11-24 09:00:00", 5, &["send"]);
    let told = at("2026-11-27 09:00:00", 5, &["run"]);
    let reason =
        "smtp to board@example.com: not sent by 2026-11-26 09:00 UTC; last: 127.0.0.1 failed";
    assert!(told.contains(reason), "{told}");
    at("2026-11-27 09:00:01", 0, &["run"]);
    at("2026-11-28 09:00:00", 0, &["run"]);
    assert_eq!(at("2026-11-28 09:00:01", 0, &["send"]), "sent nothing owed nothing");
    assert_eq!(acme.states(), ["expired"]);
}
