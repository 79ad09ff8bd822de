//! `scorewright status`: what the newest version holds, and what is outstanding.

mod not_readable;

use jiff::tz::TimeZone;
use scorewright_delivery::{Label, Outbox, OutboxEntry};
use scorewright_domain::Profile;
use scorewright_extract::{listed, shortened, unclaimed};
use scorewright_project::{Folders, Project, ProjectLocation};
use scorewright_warehouse::{Lock, Snapshot};
use serde_json::json;

use crate::arguments::{StatusFormat, StatusOptions};
use crate::console::Console;
use crate::console::lines::{counted, grouped, labelled};
use crate::exit::{ExitStatus, Failure};
use crate::reports::owed::open_issues;
use crate::reports::publish::{Waiting, delivery};
use crate::reports::{delivery_folders, identity};
use crate::run::freshness::overdue;
use crate::run::record::{RunRecord, total_books};
use crate::run::summary;
use not_readable::{NotReadable, StatePart};

/// Unclaimed extracts that are named.
const SHOWN: usize = 10;

/// Prints the state; the exit status says it too: 0 fine, 4 nothing published yet, 5 outstanding or made
/// without a refused extract, 75 a run is active. What this user may not read is told, and decides nothing.
pub(crate) fn status(
    location: &ProjectLocation,
    options: &StatusOptions,
    console: &Console,
) -> Result<ExitStatus, Failure> {
    let folders = Folders::of(location)?;
    let warehouse = folders.warehouse();
    let snapshot = warehouse.newest()?;
    let not_readable = NotReadable::of(&folders);
    let is_running = Lock::is_held(&warehouse).ok();
    let project = Project::read(&location.lenient()).ok();
    let zone = project.as_ref().map_or(TimeZone::UTC, |project| project.zone.clone());
    let mut waiting = if not_readable.has_deliveries() {
        Waiting::default()
    } else {
        waiting(&folders, &snapshot)?
    };
    waiting.outstanding.extend(overdue(&snapshot, &zone));
    let outstanding: Vec<String> = waiting.outstanding().collect();
    let held = waiting.held;
    let record = RunRecord::newest(&folders);
    let state = State {
        snapshot: &snapshot,
        is_running,
        outstanding: &outstanding,
        held: &held,
        record: record.as_ref(),
        unclaimed: &project.as_ref().map(unclaimed_files).unwrap_or_default(),
        folders: &folders,
        not_readable: &not_readable,
    };
    console.answer(&match options.output {
        StatusFormat::Json => state.as_json(),
        StatusFormat::Text => state.as_text(),
    });
    Ok(if is_running == Some(true) {
        ExitStatus::Busy
    } else if snapshot.number == 0 {
        ExitStatus::SourceMissing
    } else if outstanding.is_empty() && is_whole(&snapshot) {
        ExitStatus::Done
    } else {
        ExitStatus::Outstanding
    })
}

/// Whether a version is made of all that arrived, and everything in it was made.
fn is_whole(snapshot: &Snapshot) -> bool {
    snapshot.left_out.is_empty() && snapshot.behind.is_empty()
}

/// What is known of a project at one moment.
struct State<'a> {
    snapshot: &'a Snapshot,
    /// `None` when this user may not read the lock.
    is_running: Option<bool>,
    outstanding: &'a [String],
    /// Mails that wait for their deadline.
    held: &'a [String],
    record: Option<&'a RunRecord>,
    /// Extracts that no source claims.
    unclaimed: &'a [String],
    folders: &'a Folders,
    not_readable: &'a NotReadable,
}

/// Extracts that no source claims; none are known while the project's files have faults, which `check` names.
fn unclaimed_files(project: &Project) -> Vec<String> {
    let files = unclaimed(&project.sources, &project.folders.extracts);
    files.iter().map(|file| file.to_string_lossy().into_owned()).collect()
}

/// What waits in the outbox, what is damaged there, and what versions owe that never got into it.
fn waiting(folders: &Folders, snapshot: &Snapshot) -> Result<Waiting, Failure> {
    let outbox = Outbox::read(&delivery_folders(folders))
        .map_err(|bad| Failure::new(ExitStatus::InputOutput, bad))?;
    let entries = outbox.entries().into_iter();
    let entries: Vec<&OutboxEntry> = entries.filter(|entry| entry.is_outstanding()).collect();
    let mut waiting = Waiting::of(entries.iter().copied());
    let all = &mut waiting.outstanding;
    all.extend(outbox.damaged().iter().map(|name| format!("outbox entry {name} is damaged")));
    for open in open_issues(folders, snapshot)? {
        let is_unknown = |label: &&Label| entries.iter().all(|entry| entry.label.key != label.key);
        all.extend(open.labels().filter(is_unknown).map(delivery));
    }
    Ok(waiting)
}

/// How a run ended, and why: what stands on the line of its day, and below it.
fn ended(record: &RunRecord, is_running: Option<bool>, folders: &Folders) -> Vec<String> {
    let at = record.finished_at.map(|at| at.round(jiff::Unit::Second).unwrap_or(at));
    let day = format!("for {}", record.as_of);
    match (at, record.status) {
        (Some(at), Some(status)) => match record.reasons.as_slice() {
            [] => vec![format!("{day}, ended {at} with status {status}")],
            reasons => {
                let why = format!("with status {status}; {}", reasons.join("; "));
                vec![format!("{day}, ended {at}"), why]
            }
        },
        _ if is_running == Some(true) && record.is_open() => vec![format!("{day}, is active")],
        _ if is_running.is_none() && record.is_open() => {
            vec![format!("{day}, is active, or was interrupted")]
        }
        _ => {
            let published = match record.published(&folders.warehouse()) {
                Some(version) => {
                    format!("version {version} is published; run again for what it owes")
                }
                None => "nothing of it was published, run again".into(),
            };
            vec![day, format!("was interrupted; {published}")]
        }
    }
}

impl State<'_> {
    fn as_text(&self) -> String {
        let Self {
            snapshot,
            is_running,
            outstanding,
            held,
            record,
            unclaimed,
            folders,
            not_readable,
        } = *self;
        let profile: Vec<String> = snapshot.profile.iter().map(Profile::words).collect();
        let last_run = record.map(|record| ended(record, is_running, folders));
        let contested = identity::contested(snapshot);
        let names = if contested == 1 { "name is" } else { "names are" };
        let identity = (contested > 0).then(|| {
            format!(
                "{contested} {names} claimed by several customers: scorewright query \"SELECT * FROM dim.identity_conflict\""
            )
        });
        let files = unclaimed.iter().map(|file| format!("`{}`", shortened(file)));
        let unclaimed =
            (!unclaimed.is_empty()).then(|| format!("no source reads {}", listed(files, SHOWN, 0)));
        let outstanding = outstanding.iter().map(|entry| format!("outstanding: {entry}"));
        let mut owed: Vec<String> = summary::left_out(snapshot)
            .into_iter()
            .chain(held.iter().cloned())
            .chain(outstanding)
            .collect();
        if owed.is_empty() && !not_readable.has_deliveries() {
            owed.push("nothing".into());
        }
        [
            labelled("version", &[version(snapshot)]),
            labelled("made by", &profile),
            labelled("last run", &last_run.unwrap_or_default()),
            labelled("books", &[books(snapshot)]),
            labelled("tables", &[tables(snapshot)]),
            labelled("behind", summary::behind(snapshot).as_slice()),
            labelled("identity", identity.as_slice()),
            labelled("unclaimed", unclaimed.as_slice()),
            labelled("owed", &owed),
            labelled("not known", not_readable.in_words().as_slice()),
        ]
        .concat()
    }

    fn as_json(&self) -> String {
        let Self {
            snapshot, is_running, outstanding, held, record, unclaimed, not_readable, ..
        } = *self;
        let are_known = !not_readable.has_deliveries();
        let tables: serde_json::Map<String, serde_json::Value> = snapshot
            .tables
            .iter()
            .map(|(name, table)| (name.to_string(), table.rows().into()))
            .collect();
        json!({
            "version": snapshot.number,
            "as_of": snapshot.as_of,
            "run": snapshot.run,
            "profile": snapshot.profile,
            "is_running": is_running,
            "books": total_books(snapshot),
            "tables": tables,
            "contested_names": identity::contested(snapshot),
            "unclaimed": (!not_readable.has(StatePart::Extracts)).then_some(unclaimed),
            "left_out": snapshot.left_out,
            "behind": snapshot.behind,
            "outstanding": (are_known || !outstanding.is_empty()).then_some(outstanding),
            "held": are_known.then_some(held),
            "last_run": record,
            "not_readable": not_readable,
        })
        .to_string()
    }
}

fn version(snapshot: &Snapshot) -> String {
    match snapshot.as_of {
        Some(as_of) => format!("{}, made for {as_of} by run {}", snapshot.number, snapshot.run),
        None => "nothing published yet".into(),
    }
}

/// `44 rows read = 40 accepted + 3 quarantined + 1 duplicate`, and how many extracts they came in.
fn books(snapshot: &Snapshot) -> String {
    let books = total_books(snapshot);
    let others = [
        (books.duplicates, "duplicate", "duplicates"),
        (books.superseded, "superseded", "superseded"),
        (books.not_data, "not data", "not data"),
        (books.not_sampled, "not sampled", "not sampled"),
    ];
    let others = others.iter().filter(|(rows, ..)| *rows > 0);
    let others = others.map(|(rows, one, several)| format!(" + {}", counted(*rows, one, several)));
    format!(
        "{} read = {} accepted + {} quarantined{}, from {}",
        counted(books.read, "row", "rows"),
        grouped(books.accepted),
        grouped(books.quarantined),
        others.collect::<String>(),
        counted(snapshot.landings.len() as u64, "extract", "extracts")
    )
}

fn tables(snapshot: &Snapshot) -> String {
    let (rows, bytes) = snapshot
        .tables
        .values()
        .fold((0, 0), |sum, table| (sum.0 + table.rows(), sum.1 + table.bytes()));
    format!(
        "{} with {}, {}; {}",
        counted(snapshot.tables.len() as u64, "table", "tables"),
        counted(rows, "row", "rows"),
        counted(bytes, "byte", "bytes"),
        counted(snapshot.views.len() as u64, "view", "views")
    )
}
