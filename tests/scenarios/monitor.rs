//! A hosted monitor is told when a run begins and how it ends, and its address is told to nobody else.

use std::fs;
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{Ipv4Addr, TcpListener};
use std::path::Path;
use std::process::Command;
use std::sync::{Arc, Mutex};
use std::thread;

use crate::binary::{copy, files_below, root};
use crate::datasets::unfolded;

const DAY: &str = "2026-11-23";

/// What is part of the address and stands nowhere.
const KEY: &str = "Kanarienvogel";

/// A monitor on this machine that answers each request with a status.
struct ListeningMonitor {
    port: u16,
    asked: Arc<Mutex<Vec<String>>>,
}

impl ListeningMonitor {
    fn start(status: u16) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = listener.local_addr().unwrap().port();
        let asked: Arc<Mutex<Vec<String>>> = Arc::default();
        let log = Arc::clone(&asked);
        thread::spawn(move || {
            for socket in listener.incoming() {
                let mut stream = BufReader::new(socket.unwrap());
                let mut lines = Vec::new();
                loop {
                    let mut line = String::new();
                    stream.read_line(&mut line).unwrap();
                    if line.trim_end().is_empty() {
                        break;
                    }
                    lines.push(line.trim_end().to_owned());
                }
                log.lock().unwrap().push(lines[0].clone());
                write!(stream.get_mut(), "HTTP/1.1 {status} so\r\nContent-Length: 0\r\n\r\n")
                    .unwrap();
            }
        });
        Self { port, asked }
    }

    /// What it was asked since the last time.
    fn asked(&self) -> Vec<String> {
        std::mem::take(&mut *self.asked.lock().unwrap())
    }
}

/// The small project, with a monitor whose address is in the environment.
fn project() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    copy(&root().join("tests/scenarios/base"), folder.path());
    append(folder.path(), "scorewright.toml", "\n[monitor]\nping = { env = \"PING_ADDRESS\" }\n");
    folder
}

fn append(folder: &Path, file: &str, more: &str) {
    let path = folder.join(file);
    let text = fs::read_to_string(&path).unwrap();
    fs::write(path, text + more).unwrap();
}

/// Runs with a monitor at an address; what was said.
fn run(folder: &Path, address: Option<&str>, status: i32, more: &[&str]) -> String {
    let mut asked = Command::new(env!("CARGO_BIN_EXE_scorewright"));
    asked.args(["--log-format", "text", "run", "--as-of", DAY]).args(more);
    asked.current_dir(folder).env_clear().envs(address.map(|it| ("PING_ADDRESS", it)));
    let ended = asked.output().unwrap();
    let said = [ended.stdout, ended.stderr].map(|bytes| String::from_utf8(bytes).unwrap()).concat();
    assert_eq!(ended.status.code(), Some(status), "{more:?} {said}");
    assert!(!said.contains(KEY), "{said}");
    said
}

#[test]
fn a_monitor_is_told_when_a_run_begins_and_how_it_ends() {
    let (folder, monitor) = (project(), ListeningMonitor::start(200));
    let address = format!("http://127.0.0.1:{}/{KEY}", monitor.port);
    let told = |status: &str| {
        let line = |what: &str| format!("GET /{KEY}{what} HTTP/1.1");
        [line("/start"), line(status)]
    };
    run(folder.path(), Some(&address), 0, &[]);
    assert_eq!(monitor.asked(), told(""));
    run(folder.path(), Some(&address), 4, &["--require-new"]);
    assert_eq!(monitor.asked(), told("/4"));
    let report = folder.path().join("reports/scorecard/report.toml");
    let text = fs::read_to_string(&report).unwrap();
    fs::write(&report, text.replace("csat_top2", "csat_top3")).unwrap();
    run(folder.path(), Some(&address), 2, &[]);
    assert_eq!(monitor.asked(), told("/2"));
    for (path, bytes) in files_below(folder.path()) {
        assert!(!String::from_utf8_lossy(&bytes).contains(KEY), "{}", path.display());
    }
}

#[test]
fn a_run_is_what_it_is_whatever_becomes_of_its_monitor() {
    let (folder, monitor) = (project(), ListeningMonitor::start(503));
    let address = format!("http://127.0.0.1:{}/{KEY}", monitor.port);
    let said = run(folder.path(), Some(&address), 0, &[]);
    assert!(said.contains("the monitor was not told: it answered with status 503"), "{said}");
    assert_eq!(monitor.asked().len(), 6, "three tries at the start and three at the end");
    let closed = format!("http://127.0.0.1:{}/{KEY}", crate::smtp::closed_port());
    let said = run(folder.path(), Some(&closed), 0, &[]);
    assert!(said.contains("the monitor was not told: nobody listens there"), "{said}");
    let said = run(folder.path(), None, 0, &[]);
    assert!(said.contains("needs the environment variable `PING_ADDRESS`"), "{said}");
    let said = run(folder.path(), Some(&format!("http://hc.example/{KEY}")), 0, &[]);
    assert!(said.contains("is not one of the form `https://host/path`"), "{said}");
}

#[test]
fn a_profile_tells_no_monitor_and_neither_does_a_run_that_leaves_the_work_to_another() {
    let (folder, monitor) = (project(), ListeningMonitor::start(200));
    let address = format!("http://127.0.0.1:{}/{KEY}", monitor.port);
    append(folder.path(), "scorewright.toml", "\n[profiles.dev]\nstate = \"dev\"\n");
    run(folder.path(), Some(&address), 0, &["--profile", "dev"]);
    assert_eq!(monitor.asked(), Vec::<String>::new());
    run(folder.path(), Some(&address), 0, &[]);
    assert_eq!(monitor.asked().len(), 2);
    let lock = fs::File::open(folder.path().join("warehouse/lock")).unwrap();
    lock.lock().unwrap();
    fs::write(
        folder.path().join("extracts/tickets_9.csv"),
        "Ticket,Team,Opened,Rating\nT900,Billing,2026-11-18 09:00:00,5\n",
    )
    .unwrap();
    run(folder.path(), Some(&address), 75, &[]);
    assert_eq!(monitor.asked(), [format!("GET /{KEY}/start HTTP/1.1")]);
}

#[test]
fn an_address_in_the_settings_is_refused_and_not_repeated() {
    let folder = project();
    let path = folder.path().join("scorewright.toml");
    let text = fs::read_to_string(&path).unwrap();
    let inline = format!("\"https://hc.example/{KEY}\"");
    fs::write(&path, text.replace("{ env = \"PING_ADDRESS\" }", &inline)).unwrap();
    let said = unfolded(&run(folder.path(), None, 2, &[]));
    assert!(said.contains("a ping never stands in a file of the project"), "{said}");
}
