//! The log: one JSON object a line, the events that the page of the log has, and `run_finished` at the end.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::Read as _;
use std::net::TcpListener;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::mpsc::channel;
use std::time::Duration;

use serde_json::Value;

use crate::binary::{copy, root};

const DAY: &str = "2026-11-23";
const HEADER: &str = "Ticket,Team,Opened,Rating\n";

/// How a command ended, and what it logged.
struct Logged {
    status: i32,
    lines: Vec<Value>,
}

impl Logged {
    fn of(status: i32, said: &str) -> Self {
        let line = |line: &str| {
            serde_json::from_str(line).unwrap_or_else(|bad| panic!("{bad}: {line}\nin {said}"))
        };
        Self { status, lines: said.lines().map(line).collect() }
    }

    /// The last line, when it is the one `run_finished` and says the status that the program ended with.
    fn finished(&self) -> &Value {
        let last = self.lines.last().expect("something was logged");
        let ends = self.lines.iter().filter(|line| line["event"] == "run_finished").count();
        assert_eq!((ends, last["event"].as_str()), (1, Some("run_finished")), "{:?}", self.lines);
        assert_eq!(last["status"], self.status, "{last}");
        last
    }
}

fn program(folder: &Path, arguments: &[&str]) -> Command {
    let mut asked = Command::new(env!("CARGO_BIN_EXE_scorewright"));
    asked.args(arguments).current_dir(folder).env_clear().stdin(Stdio::null());
    asked
}

fn ended(mut asked: Command) -> Logged {
    let ended = asked.output().unwrap();
    let status = ended.status.code().expect("no signal ends it");
    Logged::of(status, std::str::from_utf8(&ended.stderr).unwrap())
}

fn logged(folder: &Path, arguments: &[&str]) -> Logged {
    ended(program(folder, arguments))
}

fn shop() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    copy(&root().join("tests/scenarios/base"), folder.path());
    folder
}

fn edit(path: &Path, change: impl FnOnce(String) -> String) {
    let text = fs::read_to_string(path).unwrap();
    fs::write(path, change(text)).unwrap();
}

fn run_of(folder: &Path) -> Logged {
    logged(folder, &["run", "--as-of", DAY, "--mail"])
}

/// A shop with bad rows, a column that nobody declares, a check that warns and one that fails when it is asked to.
fn dirty_shop() -> tempfile::TempDir {
    let shop = shop();
    let rows = "T900,Billing,someday,4,x\nT901,Returns,2026-11-16 10:00:00,4,x\n";
    let rows = format!("Ticket,Team,Opened,Rating,Remark\n{rows}").replace("T901", "T001");
    let good = (0..20).map(|row| format!("T{},Billing,2026-11-17 10:00:00,4,x\n", 500 + row));
    fs::write(shop.path().join("extracts/tickets_2.csv"), rows + &good.collect::<String>())
        .unwrap();
    let companion = shop.path().join("pipelines/models/fact/ticket.toml");
    edit(&companion, |text| text + CHECKS);
    shop
}

const CHECKS: &str =
    "\n[[checks]]\naccepted = { column = \"team\", values = [\"Billing\"] }\nseverity = \"warn\"\n";

/// A run that waits for an object store which never answers, ended by a signal.
fn signalled(signal: &str) -> Logged {
    let shop = shop();
    edit(&shop.path().join("pipelines/sources/tickets.toml"), |text| {
        text.replace("\"tickets*.csv\"", "\"s3://acme/tickets*.csv\"")
    });
    let store = TcpListener::bind("127.0.0.1:0").unwrap();
    let endpoint = format!("http://{}", store.local_addr().unwrap());
    let mut asked = program(shop.path(), &["run", "--as-of", DAY]);
    asked.env("AWS_ENDPOINT", endpoint).env("AWS_REGION", "eu-west-1");
    asked.env("AWS_ACCESS_KEY_ID", "key").env("AWS_SECRET_ACCESS_KEY", "secret");
    let mut running = asked.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
    let (asks, asked) = channel();
    std::thread::spawn(move || asks.send(store.accept()));
    // The connection is kept open: whoever asks goes on waiting.
    let open = asked.recv_timeout(Duration::from_mins(1)).expect("the store is asked");
    let sent = Command::new("kill").args([signal, &running.id().to_string()]).status().unwrap();
    assert!(sent.success());
    let status = running.wait().unwrap().code().expect("it ends by itself");
    drop(open);
    let mut said = String::new();
    running.stderr.take().unwrap().read_to_string(&mut said).unwrap();
    Logged::of(status, &said)
}

/// Runs of every kind, by name.
fn kinds() -> Vec<(&'static str, i32, Logged)> {
    let mut kinds = Vec::new();
    let dirty = dirty_shop();
    kinds.push(("first run", 0, run_of(dirty.path())));
    kinds.push(("nothing new", 0, run_of(dirty.path())));
    let require_new = ["run", "--as-of", DAY, "--require-new"];
    kinds.push(("nothing new, and it is required", 4, logged(dirty.path(), &require_new)));
    let replay = ["quarantine", "replay", "--source", "tickets", "--as-of", DAY];
    kinds.push(("replay", 0, logged(dirty.path(), &replay)));
    edit(&dirty.path().join("pipelines/models/fact/ticket.toml"), |text| {
        text.replace("severity = \"warn\"", "severity = \"error\"")
    });
    kinds.push(("failed check", 3, run_of(dirty.path())));
    let shop = shop();
    fs::write(shop.path().join("extracts/tickets_2.csv"), format!("{HEADER}T1,x,soon,1\n"))
        .unwrap();
    kinds.push(("refused data", 3, run_of(shop.path())));
    fs::remove_file(shop.path().join("extracts/tickets_2.csv")).unwrap();
    fs::remove_file(shop.path().join("extracts/tickets.csv")).unwrap();
    kinds.push(("no extract", 4, run_of(shop.path())));
    edit(&shop.path().join("pipelines/sources/tickets.toml"), |text| text + "requird = true\n");
    kinds.push(("fault of the project", 2, run_of(shop.path())));
    kinds.push(("check of a fault", 2, logged(shop.path(), &["check"])));
    kinds.push(("wrong argument", 2, logged(shop.path(), &["run", "--as", DAY])));
    kinds.push(("no command", 2, logged(shop.path(), &[])));
    kinds.push(("wrong day", 2, logged(shop.path(), &["run", "--as-of", "soon"])));
    kinds.push(("no project", 2, logged(&root().join("tests"), &["run"])));
    kinds.push(("SIGTERM", 143, signalled("-TERM")));
    kinds.push(("SIGINT", 130, signalled("-INT")));
    kinds
}

/// The events of the page, each with its fields.
fn documented() -> BTreeMap<String, BTreeSet<String>> {
    let page = fs::read_to_string(root().join("docs/reference/log.md")).unwrap();
    let quoted = |cell: &str| cell.split('`').skip(1).step_by(2).map(str::to_owned).collect();
    let rows = page.lines().filter(|line| line.starts_with("| `"));
    let row = |line: &str| {
        let cells: Vec<&str> = line.split('|').collect();
        let name: Vec<String> = quoted(cells[1]);
        (name[0].clone(), quoted(cells[3]).into_iter().collect())
    };
    rows.map(row).collect()
}

#[test]
fn the_log_has_the_events_and_fields_that_its_page_has_and_ends_with_run_finished() {
    let documented = documented();
    assert!(documented.len() > 10, "{documented:?}");
    let mut seen = BTreeSet::new();
    for (kind, status, log) in kinds() {
        assert_eq!(log.status, status, "{kind}: {:?}", log.lines);
        log.finished();
        for line in &log.lines {
            let event = line["event"].as_str().unwrap_or_else(|| panic!("{kind}: {line}"));
            let every = ["ts", "level", "event", "run"];
            let fields = line.as_object().unwrap().keys().map(String::as_str);
            let fields: BTreeSet<String> =
                fields.filter(|field| !every.contains(field)).map(str::to_owned).collect();
            assert_eq!(Some(&fields), documented.get(event), "{kind}: {line}");
            let at = line["ts"].as_str().unwrap_or_default();
            assert!(at.parse::<jiff::Timestamp>().is_ok(), "{kind}: {line}");
            let levels = ["info", "warn", "error"];
            assert!(levels.contains(&line["level"].as_str().unwrap_or_default()), "{kind}: {line}");
            seen.insert(event.to_owned());
        }
    }
    let documented: BTreeSet<String> = documented.into_keys().collect();
    assert_eq!(seen, documented, "each event of the page is logged by one of the runs");
}

#[test]
fn the_last_line_counts_what_the_run_did() {
    let shop = dirty_shop();
    let first = run_of(shop.path());
    let last = first.finished();
    let expected = [
        ("version", 1),
        ("sources_landed", 1),
        ("extracts_landed", 2),
        ("rows_read", 62),
        ("rows_quarantined", 2),
        ("tables_built", 2),
        ("checks_failed", 0),
        ("checks_warned", 1),
        ("metrics_measured", 2),
        ("pages_delivered", 1),
        ("owed", 0),
    ];
    for (field, count) in expected {
        assert_eq!(last[field], count, "{field} of {last}");
    }
    assert!(last["checks_run"].as_u64().unwrap() > 1 && last["ms"].as_u64().is_some(), "{last}");
    let named = first.lines.iter().filter(|line| line["event"] == "step_started");
    assert!(named.count() > 2 && last["run"].as_str().unwrap().starts_with("run-00000001-"));
    let again = run_of(shop.path());
    let last = again.finished();
    let nothing = [("version", 1), ("extracts_landed", 0), ("tables_unchanged", 2), ("owed", 0)];
    for (field, count) in nothing {
        assert_eq!(last[field], count, "{field} of {last}");
    }
}

#[test]
fn a_bug_is_one_problem_and_the_end_and_quotes_nothing() {
    let shop = shop();
    let mut asked = program(shop.path(), &["run", "--as-of", DAY]);
    asked.env("SCOREWRIGHT_DISTURB", "Kanarienvogel");
    let log = ended(asked);
    assert_eq!((log.status, log.lines.len()), (1, 2), "{:?}", log.lines);
    log.finished();
    let message = log.lines[0]["message"].as_str().unwrap();
    assert!(message.contains("disturbed.rs:"), "it says where: {message}");
    assert!(!log.lines[0].to_string().contains("Kanarienvogel"), "{message}");
}

#[test]
fn answers_to_help_are_no_failure() {
    for asked in [["--help"], ["--version"]] {
        let ended = program(&root(), &asked).output().unwrap();
        assert_eq!((ended.status.code(), ended.stderr.len()), (Some(0), 0), "{asked:?}");
        assert!(!ended.stdout.is_empty());
    }
}
