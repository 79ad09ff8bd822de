//! A night's mails, sent by a program that dies or fails at one change of the disk or one answer of the server.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};

use super::night::{faults_at, for_each, leftovers, operations_in, plain, project};
use crate::binary::{copy, scorewright};
use crate::smtp::{Action, ScriptedServer, Setup, Step, TakenMail};

/// The project after a night whose two mails wait for a server.
fn queued() -> tempfile::TempDir {
    let folder = project();
    name_server(folder.path(), 1, "duplicate");
    assert_eq!(plain(folder.path()).status, 5);
    folder
}

fn name_server(folder: &Path, port: u16, after_lost_answer: &str) {
    let path = folder.join("scorewright.toml");
    let text = fs::read_to_string(&path).unwrap();
    let before = text.split("\n[smtp]").next().unwrap();
    let smtp = format!(
        "\n[smtp]\nhost = \"127.0.0.1\"\nport = {port}\nsecurity = \"none\"\n\
         domains = [\"example.com\"]\nafter_lost_answer = \"{after_lost_answer}\"\n"
    );
    fs::write(path, before.to_owned() + &smtp).unwrap();
}

fn send(folder: &Path, disturbance: Option<&str>) -> Command {
    let mut asked = Command::new(env!("CARGO_BIN_EXE_scorewright"));
    asked.args(["--log-format", "text", "send"]).current_dir(folder).env_clear();
    asked.envs(disturbance.map(|it| ("SCOREWRIGHT_DISTURB", it)));
    asked
}

/// The mails that each recipient has.
fn by_recipient(taken: Vec<TakenMail>) -> BTreeMap<String, Vec<Vec<u8>>> {
    let mut all: BTreeMap<String, Vec<Vec<u8>>> = BTreeMap::new();
    for mail in taken {
        all.entry(mail.to[0].clone()).or_default().push(mail.bytes);
    }
    all
}

/// Each recipient has the mail, one of them at most twice and then byte for byte alike; the outbox owes nothing.
fn assert_sent(folder: &Path, server: &ScriptedServer, what: &str) -> usize {
    let ended = scorewright(folder, &["send"]);
    assert_eq!(ended.status, 0, "{what}: {}{}", ended.answer, ended.said);
    let mails = by_recipient(server.taken());
    let who: Vec<&str> = mails.keys().map(String::as_str).collect();
    assert_eq!(who, ["ann@example.com", "board@example.com"], "{what}");
    let repeated: Vec<&Vec<Vec<u8>>> = mails.values().filter(|copies| copies.len() > 1).collect();
    assert!(repeated.len() <= 1, "{what}: only one can be on its way");
    assert!(repeated.iter().all(|copies| copies.len() == 2 && copies[0] == copies[1]), "{what}");
    assert_eq!(scorewright(folder, &["outbox", "list"]).answer, "nothing waits\n", "{what}");
    assert_eq!(leftovers(folder), Vec::<std::path::PathBuf>::new(), "{what}");
    let state = scorewright(folder, &["status"]);
    assert_eq!(state.status, 0, "{what}: {}", state.answer);
    repeated.len()
}

#[test]
fn mails_of_a_program_that_dies_or_fails_at_any_change_of_the_disk_arrive_once_or_are_alike() {
    let queued = queued();
    let named = tempfile::tempdir().unwrap();
    copy(queued.path(), named.path());
    let server = ScriptedServer::start(Setup::default());
    name_server(named.path(), server.port(), "duplicate");
    let ended = send(named.path(), Some("named")).output().unwrap();
    let operations = operations_in(&String::from_utf8(ended.stderr).unwrap());
    assert!(operations.len() >= 30, "only {} operations are seen", operations.len());
    let numbered = operations.iter().enumerate();
    let faults: Vec<String> =
        numbered.flat_map(|(place, name)| faults_at(place + 1, name)).collect();
    let repeated = Mutex::new(Vec::new());
    for_each(&faults, |fault| {
        let folder = tempfile::tempdir().unwrap();
        copy(queued.path(), folder.path());
        let server = ScriptedServer::start(Setup::default());
        name_server(folder.path(), server.port(), "duplicate");
        let ended = send(folder.path(), Some(fault)).output().unwrap();
        let (status, said) = (ended.status.code().unwrap(), String::from_utf8_lossy(&ended.stderr));
        assert!([0, 5, 74, 137].contains(&status), "{fault}: {status} {said}");
        if assert_sent(folder.path(), &server, fault) > 0 {
            repeated.lock().unwrap().push(fault.clone());
        }
    });
    let repeated = repeated.into_inner().unwrap();
    assert!(!repeated.is_empty(), "some died while the answer was awaited");
    assert!(repeated.len() * 2 < faults.len(), "most die at another time: {repeated:?}");
}

/// Runs the program, and kills it when the server comes to a step.
fn killed_at(folder: &Path, step: Step, takes: bool) -> ScriptedServer {
    let child: Arc<Mutex<Option<Child>>> = Arc::default();
    let victim = Arc::clone(&child);
    let kill = move || victim.lock().unwrap().as_mut().unwrap().kill().unwrap();
    let script = if takes { Vec::new() } else { vec![Some((step, Action::Close))] };
    let setup =
        Setup { script, instead_of_answer: Some((step, Arc::new(kill))), ..Setup::default() };
    let server = ScriptedServer::start(setup);
    name_server(folder, server.port(), "duplicate");
    {
        // The server waits for this lock before it kills.
        let mut slot = child.lock().unwrap();
        let mut asked = send(folder, None);
        *slot = Some(asked.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap());
    }
    loop {
        if let Some(ended) = child.lock().unwrap().as_mut().unwrap().try_wait().unwrap() {
            assert!(ended.code().is_none(), "{step:?}: a signal ended it");
            return server;
        }
        std::thread::yield_now();
    }
}

#[test]
fn mails_of_a_program_that_is_killed_at_any_answer_arrive_once_or_are_alike() {
    let queued = queued();
    let steps = [Step::Greeting, Step::Ehlo, Step::Mail, Step::Rcpt, Step::Data, Step::End];
    for (step, takes) in steps.map(|step| (step, true)).into_iter().chain([(Step::End, false)]) {
        for policy in ["duplicate", "hold"] {
            let what = format!("{step:?} {takes} {policy}");
            let folder = tempfile::tempdir().unwrap();
            copy(queued.path(), folder.path());
            let dead = killed_at(folder.path(), step, takes);
            let before = dead.taken();
            assert_eq!(before.len(), usize::from(step == Step::End && takes), "{what}");
            let server = ScriptedServer::start(Setup::default());
            name_server(folder.path(), server.port(), policy);
            let ended = scorewright(folder.path(), &["send"]);
            let mails = by_recipient(before.into_iter().chain(server.taken()).collect());
            let copies: Vec<usize> = mails.values().map(Vec::len).collect();
            let ann = match (step, takes, policy) {
                (Step::End, true, "duplicate") => vec![2, 1],
                // Nobody knows whether the first has arrived, so it is not sent.
                (Step::End, false, "hold") => vec![1],
                _ => vec![1, 1],
            };
            assert_eq!(copies, ann, "{what}");
            let waits = step == Step::End && policy == "hold";
            assert_eq!(ended.status, if waits { 5 } else { 0 }, "{what}: {}", ended.answer);
            assert!(mails.values().all(|copies| copies.iter().all(|one| *one == copies[0])));
        }
    }
}
