//! `scorewright status`: what the newest version holds, and what is outstanding.

mod not_readable;

use std::fmt::Write as _;

use jiff::tz::TimeZone;
use scorewright_delivery::{Label, Outbox, OutboxEntry};
use scorewright_domain::Books;
use scorewright_extract::{listed, shortened, unclaimed};
use scorewright_project::{Folders, Project, ProjectLocation};
use scorewright_warehouse::{Lock, Snapshot};
use serde_json::json;

use crate::arguments::{StatusFormat, StatusOptions};
use crate::console::Console;
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
    let project = Project::read(location).ok();
    let zone = project.as_ref().map_or(TimeZone::UTC, |project| project.zone.clone());
    let mut waiting = if not_readable.has_deliveries() {
        Waiting::default()
    } else {
        waiting(&folders, &snapshot)?
    };
    waiting.outstanding.extend(overdue(&snapshot, &zone));
    let Waiting { outstanding, held } = waiting;
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
    } else if outstanding.is_empty() && snapshot.left_out.is_empty() {
        ExitStatus::Done
    } else {
        ExitStatus::Outstanding
    })
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

fn ended(record: &RunRecord, is_running: Option<bool>, folders: &Folders) -> String {
    let at = record.finished_at.map(|at| at.round(jiff::Unit::Second).unwrap_or(at));
    let published = match record.published(&folders.warehouse()) {
        Some(version) => format!("version {version} is published; run again for what it owes"),
        None => "nothing of it was published, run again".into(),
    };
    match (at, record.status) {
        (Some(at), Some(status)) => {
            let reasons = record.reasons.iter().map(|reason| format!("; {reason}"));
            format!("ended {at} with status {status}{}", reasons.collect::<String>())
        }
        _ if is_running == Some(true) && record.is_open() => "is active".into(),
        _ if is_running.is_none() && record.is_open() => "is active, or was interrupted".into(),
        _ => format!("was interrupted; {published}"),
    }
}

impl State<'_> {
    fn as_text(&self) -> String {
        let Self { snapshot, is_running, outstanding, held, record, unclaimed, folders, .. } =
            *self;
        let mut text = String::new();
        match snapshot.as_of {
            Some(as_of) => {
                writeln!(
                    text,
                    "version {}, made for {as_of} by run {}",
                    snapshot.number, snapshot.run
                )
            }
            None => writeln!(text, "nothing published yet"),
        }
        .expect("a string takes all that is written");
        if let Some(record) = record {
            text += &format!(
                "last run: for {}, {}\n",
                record.as_of,
                ended(record, is_running, folders)
            );
        }
        let books = total_books(snapshot);
        text += &format!(
            "books: {} rows read = {} accepted + {} quarantined + {} duplicates + {} superseded{}, from {} extracts\n",
            books.read,
            books.accepted,
            books.quarantined,
            books.duplicates,
            books.superseded,
            not_data(&books),
            snapshot.landings.len()
        );
        let (rows, bytes) = snapshot
            .tables
            .values()
            .fold((0, 0), |sum, table| (sum.0 + table.rows(), sum.1 + table.bytes()));
        text += &format!(
            "tables: {} with {rows} rows, {bytes} bytes; {} views\n",
            snapshot.tables.len(),
            snapshot.views.len()
        );
        let contested = identity::contested(snapshot);
        if contested > 0 {
            let names = if contested == 1 { "name is" } else { "names are" };
            text += &format!(
                "identity: {contested} {names} claimed by several customers: scorewright query \"SELECT * FROM dim.identity_conflict\"\n"
            );
        }
        if !unclaimed.is_empty() {
            let names = unclaimed.iter().map(|file| format!("`{}`", shortened(file)));
            text += &format!("unclaimed: no source reads {}\n", listed(names, SHOWN, 0));
        }
        text += &summary::left_out(snapshot);
        for entry in held {
            text += &format!("{entry}\n");
        }
        for entry in outstanding {
            text += &format!("outstanding: {entry}\n");
        }
        text + &self.not_readable.line()
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
            "is_running": is_running,
            "books": total_books(snapshot),
            "tables": tables,
            "contested_names": identity::contested(snapshot),
            "unclaimed": (!not_readable.has(StatePart::Extracts)).then_some(unclaimed),
            "left_out": snapshot.left_out,
            "outstanding": (are_known || !outstanding.is_empty()).then_some(outstanding),
            "held": are_known.then_some(held),
            "last_run": record,
            "not_readable": not_readable,
        })
        .to_string()
    }
}

/// What is said of rows that are no data, where there are any.
fn not_data(books: &Books) -> String {
    match books.not_data {
        0 => String::new(),
        rows => format!(" + {rows} not data"),
    }
}
