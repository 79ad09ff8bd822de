//! `scorewright outbox`: mails that wait or were not sent, and what a person decides of them.

use scorewright_delivery::{Decision, DecisionError, DeliveryState, Outbox, OutboxEntry, decide};
use scorewright_project::{Folders, ProjectLocation};
use scorewright_warehouse::Lock;
use serde_json::json;

use crate::arguments::{OutboxCommand, OutboxListOptions, OutboxShowOptions, StatusFormat};
use crate::clock;
use crate::console::Console;
use crate::console::lines::{counted, labelled};
use crate::exit::{ExitStatus, Failure};
use crate::reports::publish::delivery;
use crate::reports::{delivery_folders, delivery_routes};

/// Letters of a key that are shown: enough to tell it from others.
const KEY: usize = 12;

/// Lists or shows mails, or carries out a decision.
pub(crate) fn outbox(
    location: &ProjectLocation,
    command: &OutboxCommand,
    console: &Console,
) -> Result<ExitStatus, Failure> {
    let folders = Folders::of(location)?;
    match command {
        OutboxCommand::List(options) => list(&folders, options, console),
        OutboxCommand::Show(options) => show(&folders, options, console),
        OutboxCommand::Hold(mails) => change(&folders, &mails.keys, Decision::Hold, console),
        OutboxCommand::Cancel(mails) => change(&folders, &mails.keys, Decision::Cancel, console),
        OutboxCommand::Resend(mails) => change(&folders, &mails.keys, Decision::Resend, console),
    }
}

fn list(
    folders: &Folders,
    options: &OutboxListOptions,
    console: &Console,
) -> Result<ExitStatus, Failure> {
    let outbox = Outbox::read(&delivery_folders(folders))?;
    let entries = outbox.entries().into_iter();
    // What was handed over stays in the outbox until all of its report came to an end.
    let entries = entries.filter(|entry| entry.state != DeliveryState::Accepted);
    match options.output {
        StatusFormat::Json => {
            let entries: Vec<serde_json::Value> = entries.map(as_json).collect();
            let damaged = outbox.damaged();
            console.answer(&json!({ "entries": entries, "damaged": damaged }).to_string());
        }
        StatusFormat::Text => {
            let damaged = outbox.damaged().iter().map(|name| format!("{name} is damaged"));
            let mut lines: Vec<String> = entries.map(line).chain(damaged).collect();
            if lines.is_empty() {
                lines.push("nothing waits".into());
            }
            console.answer(&lines.join("\n"));
        }
    }
    Ok(ExitStatus::Done)
}

/// `db0ffc67de9d  queued    customer 2026-W47 r1: smtp to board@example.com`.
fn line(entry: &OutboxEntry) -> String {
    let key = &entry.label.key[..KEY];
    let line = format!("{key}  {:<9} {}", entry.state.words(), delivery(&entry.label));
    match entry.reason {
        Some(_) => format!("{line}: {}", entry.why()),
        None => line,
    }
}

fn as_json(entry: &OutboxEntry) -> serde_json::Value {
    let label = &entry.label;
    json!({
        "key": label.key,
        "state": entry.state.words(),
        "report": label.report,
        "period": label.period,
        "revision": label.revision,
        "route": label.route,
        "destination": label.destination,
        "reason": entry.reason,
        "attempts": entry.attempts,
        "queued_at": entry.queued_at,
        "held_until": entry.held_until,
        "retry_at": entry.waits_for_retry_until(),
    })
}

fn show(
    folders: &Folders,
    options: &OutboxShowOptions,
    console: &Console,
) -> Result<ExitStatus, Failure> {
    let outbox = Outbox::read(&delivery_folders(folders))?;
    let entry = outbox.find(&options.key).map_err(undecided)?;
    let message = outbox.payload(entry).and_then(|mut payload| payload.pop());
    let message = message.map(|message| String::from_utf8_lossy(&message.bytes).into_owned());
    if options.message {
        let Some(message) = message else {
            return Err(Failure::usage(
                format!("the message of {} is not kept", &entry.label.key),
                "it was handed over, or it ended more than 30 days ago",
            ));
        };
        console.answer(&message);
        return Ok(ExitStatus::Done);
    }
    console.answer(&in_full(entry, message.as_deref()));
    Ok(ExitStatus::Done)
}

/// All that is known of a mail, on lines of their own.
fn in_full(entry: &OutboxEntry, message: Option<&str>) -> String {
    let time = |at: &jiff::Timestamp| at.strftime("%Y-%m-%d %H:%M UTC").to_string();
    let queued: Vec<String> = entry.queued_at.iter().map(time).collect();
    let retry: Vec<String> = entry.waits_for_retry_until().iter().map(time).collect();
    let held: Vec<String> = entry.held_until.iter().map(time).collect();
    let id =
        message.and_then(|text| text.lines().find_map(|line| line.strip_prefix("Message-ID: ")));
    let id: Vec<&str> = id.into_iter().collect();
    let reason: Vec<String> = entry.reason.iter().map(|_| entry.why()).collect();
    let tries = counted(entry.attempts.into(), "time", "times");
    let size: Vec<String> =
        message.iter().map(|text| counted(text.len() as u64, "byte", "bytes")).collect();
    [
        labelled("key", &[&entry.label.key]),
        labelled("mail", &[delivery(&entry.label)]),
        labelled("state", &[entry.state.words()]),
        labelled("why", &reason),
        labelled("tried", &[tries]),
        labelled("queued", &queued),
        labelled("held until", &held),
        labelled("next try", &retry),
        labelled("message-id", &id),
        labelled("message", &size),
    ]
    .concat()
}

fn change(
    folders: &Folders,
    keys: &[String],
    decision: Decision,
    console: &Console,
) -> Result<ExitStatus, Failure> {
    let _lock = Lock::take(&folders.warehouse())?;
    let routes = delivery_routes(folders);
    let changed = decide(&delivery_folders(folders), &routes, keys, decision, clock::now());
    let lines: Vec<String> = changed.map_err(undecided)?.iter().map(line).collect();
    console.answer(&lines.join("\n"));
    Ok(ExitStatus::Done)
}

fn undecided(error: DecisionError) -> Failure {
    let status = match error {
        DecisionError::Disk(_) => ExitStatus::InputOutput,
        _ => ExitStatus::Configuration,
    };
    Failure::new(status, error)
}
