//! The message of a report to a chat, through the program: what is posted, what is told, and what is kept from everybody.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::binary::{copy, files_below, root, says, scorewright_at};
use crate::datasets::unfolded;
use crate::smtp::{ScriptedServer, Setup, closed_port};
use crate::web::{Reply, ScriptedWeb};

pub(crate) const RUN: [&str; 3] = ["run", "--as-of", "2026-11-23"];
const SENDING_RUN: [&str; 4] = ["run", "--as-of", "2026-11-23", "--send"];

/// What is part of the address and stands nowhere.
pub(crate) const KEY: &str = "Kanarienvogel";

/// The small project with a webhook, whose address is in a file beside it.
pub(crate) struct Acme {
    folder: tempfile::TempDir,
    elsewhere: tempfile::TempDir,
}

impl Acme {
    pub(crate) fn new(address: &str) -> Self {
        let acme =
            Self { folder: tempfile::tempdir().unwrap(), elsewhere: tempfile::tempdir().unwrap() };
        copy(&root().join("tests/scenarios/base"), acme.path());
        let file = acme.address_file();
        let webhook = format!("\n[webhook]\nurl = {{ file = \"{}\" }}\n", file.display());
        acme.append("reports/scorecard/report.toml", &webhook);
        acme.listens_at(address);
        acme
    }

    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    fn address_file(&self) -> PathBuf {
        self.elsewhere.path().join("chat")
    }

    pub(crate) fn listens_at(&self, address: &str) {
        fs::write(self.address_file(), format!("{address}\n")).unwrap();
    }

    pub(crate) fn append(&self, file: &str, more: &str) {
        let path = self.path().join(file);
        let text = fs::read_to_string(&path).unwrap();
        fs::write(path, text + more).unwrap();
    }

    fn template(&self, text: &str) {
        fs::write(self.path().join("reports/scorecard/webhook.json.j2"), text).unwrap();
    }

    /// What the program said, on one line, without the key.
    pub(crate) fn says(&self, status: i32, arguments: &[&str]) -> String {
        let said = says(self.path(), status, arguments);
        assert!(!said.contains(KEY), "{said}");
        unfolded(&said)
    }

    fn at(&self, instant: &str, status: i32, arguments: &[&str]) -> String {
        let ended = scorewright_at(instant, self.path(), arguments);
        let said = ended.answer + &ended.said;
        assert_eq!(ended.status, status, "{instant} {arguments:?}\n{said}");
        unfolded(&said)
    }
}

/// The text of the only message that was posted.
fn text(web: &ScriptedWeb) -> String {
    let bodies = web.bodies();
    assert_eq!(bodies.len(), 1, "{bodies:?}");
    let message: serde_json::Value = serde_json::from_str(&bodies[0]).unwrap();
    message["text"].as_str().unwrap().to_owned()
}

#[test]
fn a_run_that_sends_posts_the_verdict_and_the_link_once() {
    let web = ScriptedWeb::start(&[]);
    let acme = Acme::new(&web.address(&format!("/{KEY}")));
    acme.append("reports/scorecard/report.toml", "link = \"https://reports.example.com/w\"\n");
    let told = acme.says(5, &RUN);
    assert!(told.contains("1 message waits for `scorewright send`"), "{told}");
    assert!(acme.says(5, &["status"]).contains("1 message waits for `scorewright send`"));
    let listed = acme.says(0, &["outbox", "list"]);
    assert!(listed.contains("queued scorecard 2026-W47 r1: webhook to chat"), "{listed}");
    assert!(acme.says(0, &["send", "--dry-run"]).ends_with("1 message would be sent"));
    let kept = files_below(&acme.path().join("out/rendered/mail")).remove(0).1;
    assert_eq!(web.posted(), []);

    let told = acme.says(0, &SENDING_RUN);
    assert!(told.contains("1 message sent"), "{told}");
    let lines = text(&web);
    let page = fs::read(acme.path().join("out/pages/scorecard/2026-W47/scorecard.json")).unwrap();
    let page: serde_json::Value = serde_json::from_slice(&page).unwrap();
    let subject = page["verdict"]["subject"].as_str().unwrap();
    assert!(lines.contains(subject), "{lines}");
    assert!(lines.ends_with("\nhttps://reports.example.com/w"), "{lines}");
    assert_eq!(web.posted()[0].line, format!("POST /{KEY} HTTP/1.1"));
    assert_eq!(web.bodies()[0].as_bytes(), kept, "byte for byte");
    acme.says(0, &SENDING_RUN);
    assert!(acme.says(0, &["send"]).starts_with("sent nothing"));
    assert_eq!(web.posted().len(), 1);
    for (path, bytes) in files_below(acme.path()) {
        assert!(!String::from_utf8_lossy(&bytes).contains(KEY), "{}", path.display());
    }
}

#[test]
fn mails_and_messages_hinder_each_other_in_nothing() {
    let (web, server) = (ScriptedWeb::start(&[]), ScriptedServer::start(Setup::default()));
    let acme = Acme::new(&web.address("/x"));
    acme.append(
        "reports/scorecard/report.toml",
        "[mail]\nfrom = \"scorecards@example.com\"\nto = [\"board@example.com\"]\n",
    );
    let smtp = format!(
        "\n[smtp]\nhost = \"127.0.0.1\"\nport = {}\nsecurity = \"none\"\ndomains = [\"example.com\"]\n",
        server.port()
    );
    acme.append("scorewright.toml", &smtp);
    let told = acme.says(5, &RUN);
    assert!(told.contains("1 mail and 1 message wait for `scorewright send`"), "{told}");
    fs::remove_file(acme.address_file()).unwrap();
    let told = acme.says(5, &["send"]);
    assert!(told.starts_with("sent 1 mail"), "{told}");
    assert!(told.contains("the address of the webhook cannot be read from"), "{told}");
    assert_eq!((server.taken().len(), web.posted().len()), (1, 0));
    acme.listens_at(&web.address("/x"));
    assert!(acme.says(0, &["send"]).starts_with("sent 1 message"));
    assert_eq!((server.taken().len(), web.posted().len()), (1, 1));
}

#[test]
fn every_class_of_answer_ends_with_its_status_and_is_told() {
    let queued = Acme::new("http://127.0.0.1:1/x");
    queued.says(5, &RUN);
    let status = |status| Reply::Status(status, "X-So: so");
    for (reply, state, told, posted) in [
        (status(503), "deferred", "answered with status 503; next try from", 2),
        (status(404), "rejected", "answered with status 404", 1),
        (Reply::Status(307, "Location: /y"), "rejected", "no redirect is followed", 1),
        (Reply::Close, "unclear", "it may have arrived: the webhook did not answer", 2),
    ] {
        let web = ScriptedWeb::start(&[reply]);
        queued.listens_at(&web.address(&format!("/{KEY}")));
        let acme = tempfile::tempdir().unwrap();
        copy(queued.path(), acme.path());
        let said = unfolded(&says(acme.path(), 5, &["send"]));
        assert!(said.contains(told) && !said.contains(KEY), "{reply:?} {said}");
        let listed = says(acme.path(), 0, &["outbox", "list"]);
        assert!(listed.contains(state), "{reply:?} {listed}");
        says(acme.path(), 0, &["send"]);
        says(acme.path(), 0, &["send"]);
        assert_eq!(web.posted().len(), posted, "{reply:?}");
    }
    queued.listens_at(&format!("http://127.0.0.1:{}/{KEY}", closed_port()));
    assert!(queued.says(5, &["send"]).contains("not reached: nobody listens there; next try from"));
    queued.listens_at(&format!("http://chat.example/{KEY}"));
    let told = queued.says(5, &["send"]);
    assert!(told.contains("is not one of the form `https://host/path`"), "{told}");
}

#[test]
fn a_profile_posts_nothing() {
    let web = ScriptedWeb::start(&[]);
    let acme = Acme::new(&web.address("/x"));
    acme.append("scorewright.toml", "\n[profiles.dev]\nstate = \"dev\"\n");
    acme.says(0, &[&SENDING_RUN[..], &["--profile", "dev"]].concat());
    assert_eq!(acme.says(0, &["outbox", "list", "--profile", "dev"]), "nothing waits");
    let told = acme.says(2, &["send", "--profile", "dev"]);
    assert!(told.contains("there is no mail server"), "{told}");
    assert_eq!(web.posted(), []);
}

#[test]
fn the_message_of_a_period_of_long_ago_is_posted_when_it_is_asked_for() {
    let web = ScriptedWeb::start(&[]);
    let acme = Acme::new(&web.address("/x"));
    let told = acme.at("2027-03-01 09:00:00", 0, &SENDING_RUN);
    assert!(told.contains("mail of scorecard 2026-W47 is not sent"), "{told}");
    assert_eq!(web.posted(), []);
    acme.at("2027-03-01 09:00:00", 0, &[&SENDING_RUN[..], &["--mail"]].concat());
    assert_eq!(web.posted().len(), 1);
}

#[test]
fn a_template_that_writes_no_message_is_refused_before_anything_is_published() {
    let acme = Acme::new("http://127.0.0.1:1/x");
    for (template, message) in [
        ("{\"text\": {{ verdict.subject }}}", "what the template writes is no JSON"),
        ("{\"text\": \"{{ verdict.subject }}\"", "what the template writes is no JSON"),
        ("\"{{ verdict.subject }}\"", "what the template writes is JSON, but no object"),
        ("{\"text\": \"{{ verdict.subjekt }}\"}", "the scorecard has nothing by this name"),
    ] {
        acme.template(template);
        for command in [&["check"][..], &RUN] {
            let told = acme.says(2, command);
            assert!(told.contains(message), "{template} {told}");
            assert!(told.contains("webhook.json.j2"), "{template} {told}");
        }
    }
    assert!(!acme.path().join("out/pages").exists());
    acme.template("{\"type\": \"message\", \"body\": \"{{ title }} r{{ revision }}\"}");
    acme.says(0, &["check"]);
    acme.says(5, &RUN);
    acme.says(0, &["render"]);
    let message = fs::read(acme.path().join("out/rendered/scorecard/webhook.json")).unwrap();
    let message: serde_json::Value = serde_json::from_slice(&message).unwrap();
    assert_eq!(message["type"], "message");
    assert!(message["body"].as_str().unwrap().ends_with(" r1"), "{message}");
}

#[test]
fn an_address_in_the_report_is_refused_and_not_repeated() {
    let acme = Acme::new("http://127.0.0.1:1/x");
    let report = acme.path().join("reports/scorecard/report.toml");
    let text = fs::read_to_string(&report).unwrap();
    let before = text.split("[webhook]").next().unwrap();
    let with = |lines: &str| fs::write(&report, format!("{before}[webhook]\n{lines}\n")).unwrap();
    with(&format!("url = \"https://chat.example/{KEY}\""));
    for command in [&["check"][..], &RUN, &["send"]] {
        let told = acme.says(2, command);
        assert!(told.contains("a url never stands in a file of the project"), "{told}");
    }
    with("url = { env = \"CHAT\" }\nname = \"../chat\"");
    assert!(acme.says(2, &["check"]).contains("`../chat` cannot be the name of a webhook"));
    with("url = { env = \"CHAT\" }\nlink = \"javascript:alert(1)\"");
    assert!(acme.says(2, &["check"]).contains("`javascript:alert(1)` is not a web address"));

    let web = ScriptedWeb::start(&[]);
    with("url = { env = \"CHAT\" }\nname = \"leadership\"");
    let told = acme.says(5, &SENDING_RUN);
    assert!(told.contains("webhook to leadership: the address of the webhook needs"), "{told}");
    let mut asked = Command::new(env!("CARGO_BIN_EXE_scorewright"));
    asked.arg("send").current_dir(acme.path()).env_clear();
    let ended = asked.env("CHAT", web.address(&format!("/{KEY}"))).output().unwrap();
    assert!(ended.status.success(), "{}", String::from_utf8_lossy(&ended.stderr));
    assert_eq!(web.posted().len(), 1);
}

#[test]
fn runs_wait_longer_after_each_try_and_a_person_does_not() {
    let busy = Reply::Status(503, "X-So: so");
    let web = ScriptedWeb::start(&[busy; 4]);
    let acme = Acme::new(&web.address("/x"));
    let run = |instant: &str, status, posted| {
        let told = acme.at(instant, status, &["run", "--send"]);
        assert_eq!(web.posted().len(), posted, "{instant} {told}");
        told
    };
    let told = run("2026-11-23 09:00:20", 5, 1);
    let next = "webhook to chat: the webhook answered with status 503; next try from";
    assert!(told.contains(&format!("{next} 2026-11-23 09:05 UTC")), "{told}");
    assert!(run("2026-11-23 09:04:59", 5, 1).contains("next try from 2026-11-23 09:05 UTC"));
    assert!(run("2026-11-23 09:05:00", 5, 2).contains("next try from 2026-11-23 09:15 UTC"));
    assert!(acme.at("2026-11-23 09:06:00", 5, &["status"]).contains("from 2026-11-23 09:15 UTC"));
    let listed = acme.at("2026-11-23 09:06:00", 0, &["outbox", "list"]);
    assert!(listed.contains("deferred") && listed.contains("from 2026-11-23 09:15 UTC"));
    let listed = acme.at("2026-11-23 09:06:00", 0, &["outbox", "list", "--output", "json"]);
    assert!(listed.contains("\"retry_at\":\"2026-11-23T09:15:00Z\""), "{listed}");
    run("2026-11-23 09:14:00", 5, 2);
    let told = acme.at("2026-11-23 09:14:30", 5, &["send"]);
    assert_eq!(web.posted().len(), 3, "a person does not wait");
    assert!(told.contains("next try from 2026-11-23 09:34 UTC"), "{told}");
    run("2026-11-23 09:20:00", 5, 3);
    assert!(run("2026-11-23 09:34:00", 5, 4).contains("next try from 2026-11-23 10:14 UTC"));
    assert!(run("2026-11-23 10:14:00", 0, 5).contains("1 message sent"));
    assert_eq!(acme.at("2026-11-23 10:15:00", 0, &["outbox", "list"]), "nothing waits");
}
