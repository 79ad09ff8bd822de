//! The connection to a chat: whom the program trusts, and what is left of it when it dies while it waits for the answer.

use std::fs;
use std::os::unix::process::ExitStatusExt as _;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};

use crate::binary::scorewright;
use crate::smtp::certificates::Authority;
use crate::web::{Reply, ScriptedWeb, WebSetup};
use crate::webhook::{Acme, KEY, RUN};

/// A project whose message waits.
fn queued(after_lost_answer: &str) -> Acme {
    let acme = Acme::new("http://127.0.0.1:1/x");
    acme.append(
        "scorewright.toml",
        &format!("\n[smtp]\nhost = \"127.0.0.1\"\nport = 1\nsecurity = \"none\"\ndomains = [\"example.com\"]\nafter_lost_answer = \"{after_lost_answer}\"\n"),
    );
    acme.says(5, &RUN);
    acme
}

/// `send` by a program for which an authority counts as one of the system.
fn send_trusting(folder: &Path, authorities: &Path) -> (Option<i32>, String) {
    let mut asked = Command::new(env!("CARGO_BIN_EXE_scorewright"));
    asked.args(["--log-format", "text", "send"]).current_dir(folder).env_clear();
    let ended = asked.env("SSL_CERT_FILE", authorities).output().unwrap();
    let said = [ended.stdout, ended.stderr].concat();
    (ended.status.code(), String::from_utf8(said).unwrap())
}

#[test]
fn a_chat_proves_who_it_is_before_it_is_told_anything() {
    let (own, other) = (Authority::new(), Authority::new());
    let acme = queued("hold");
    let elsewhere = tempfile::tempdir().unwrap();
    let trusted = elsewhere.path().join("authorities.pem");
    fs::write(&trusted, own.pem()).unwrap();
    for (server, is_trusted) in [
        (other.server("localhost"), false),
        (own.server("chat.example"), false),
        (own.server("localhost"), true),
    ] {
        let setup = WebSetup { tls: Some(server), ..WebSetup::default() };
        let web = ScriptedWeb::start_as(setup);
        let address = web.address(&format!("/{KEY}"));
        acme.listens_at(&address.replace("http://127.0.0.1", "https://localhost"));
        let (status, said) = send_trusting(acme.path(), &trusted);
        assert!(!said.contains(KEY), "{said}");
        if is_trusted {
            assert_eq!(status, Some(0), "{said}");
            assert_eq!(web.posted()[0].line, format!("POST /{KEY} HTTP/1.1"));
        } else {
            assert_eq!((status, web.posted().len()), (Some(5), 0), "{said}");
            assert!(said.contains("certificate") && said.contains("next try from"), "{said}");
        }
    }
}

/// Ends `send` by a signal when the server has read its message. What the server has, and how the program ended.
fn ended_by(signal: &'static str, acme: &Acme) -> (ScriptedWeb, std::process::ExitStatus) {
    let child: Arc<Mutex<Option<Child>>> = Arc::default();
    let victim = Arc::clone(&child);
    let end = move || {
        let id = victim.lock().unwrap().as_ref().unwrap().id().to_string();
        let limits = fs::read_to_string(format!("/proc/{id}/limits")).unwrap();
        let core = limits.lines().find(|line| line.starts_with("Max core file size")).unwrap();
        let words: Vec<&str> = core.split_whitespace().collect();
        assert_eq!(words[4..6], ["0", "0"], "no core file of what knows an address: {core}");
        assert!(Command::new("kill").args([signal, &id]).status().unwrap().success());
    };
    let setup = WebSetup {
        replies: vec![Reply::Close],
        before_answer: Some(Arc::new(end)),
        ..WebSetup::default()
    };
    let web = ScriptedWeb::start_as(setup);
    acme.listens_at(&web.address(&format!("/{KEY}")));
    {
        // The server waits for this lock before it sends the signal.
        let mut slot = child.lock().unwrap();
        let mut asked = Command::new("bash");
        let program = env!("CARGO_BIN_EXE_scorewright");
        asked.args(["-c", "ulimit -c unlimited 2>/dev/null; exec \"$0\" send", program]);
        asked.current_dir(acme.path()).env_clear().stdout(Stdio::null()).stderr(Stdio::null());
        *slot = Some(asked.spawn().unwrap());
    }
    loop {
        if let Some(ended) = child.lock().unwrap().as_mut().unwrap().try_wait().unwrap() {
            return (web, ended);
        }
        std::thread::yield_now();
    }
}

#[test]
fn a_program_that_dies_while_it_waits_for_the_answer_leaves_no_core_and_the_message_arrives_as_the_policy_says()
 {
    for (signal, policy, copies, status) in [
        ("-KILL", "duplicate", 2, 0),
        ("-KILL", "hold", 1, 5),
        ("-ABRT", "duplicate", 2, 0),
        ("-QUIT", "hold", 1, 5),
    ] {
        let what = format!("{signal} {policy}");
        let acme = queued(policy);
        let (dead, ended) = ended_by(signal, &acme);
        assert!(ended.signal().is_some() && !ended.core_dumped(), "{what}: {ended}");
        let web = ScriptedWeb::start(&[]);
        acme.listens_at(&web.address(&format!("/{KEY}")));
        let told = scorewright(acme.path(), &["send"]);
        assert_eq!(told.status, status, "{what}: {}{}", told.answer, told.said);
        let bodies = [dead.bodies(), web.bodies()].concat();
        assert_eq!(bodies.len(), copies, "{what}");
        assert!(bodies.iter().all(|body| *body == bodies[0]), "{what}: byte for byte");
        let listed = acme.says(0, &["outbox", "list"]);
        assert_eq!(listed.contains("unclear"), policy == "hold", "{what}: {listed}");
    }
}
