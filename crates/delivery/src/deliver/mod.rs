//! From an issue to receipts.

use std::collections::BTreeSet;
use std::path::Path;

use scorewright_domain::{Document, Fingerprint, Receipt};
use scorewright_durable::DurableError;

use crate::entry::{Entry, Label, State};
use crate::{BadIssue, Issue, Outbox, Refusal, Route};

/// What became of a call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivery {
    /// The revision the issue is; `None` when none was offered.
    pub revision: Option<u32>,
    /// What is delivered: the whole issue, with `is_new` for what this call handed over, and what
    /// this call handed over of earlier issues.
    pub receipts: Vec<Receipt>,
    /// What is not delivered: all of the outbox that is still on its way, and what was refused for
    /// good of this issue or by this call. Not empty: exit status 5.
    pub outstanding: Vec<Entry>,
    /// Entries of the outbox that could not be read and were set aside. Not empty: exit status 5.
    pub damaged: Vec<String>,
}

/// Why nothing more could be delivered. What a single route could not take is not an error
/// but [`Delivery::outstanding`].
#[derive(Debug, thiserror::Error, miette::Diagnostic)]
pub enum DeliveryError {
    /// The issue cannot be delivered as it is; nothing of it was.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Issue(#[from] BadIssue),
    /// The outbox cannot be read or written.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Disk(#[from] DurableError),
}

/// Hands an issue over by all `routes`, and before it what earlier calls could not.
///
/// - The same issue again hands nothing over: its receipts are not new.
/// - Other figures for the same report and period are the next revision.
/// - Killed at any moment, the next call takes up where this one stopped.
///
/// ```
/// use scorewright_delivery::{Issue, Pages, deliver};
/// use scorewright_domain::{Document, Grain, Period};
///
/// let folder = tempfile::tempdir()?;
/// let page = Document {
///     name: "scorecard.md".into(),
///     media_type: "text/markdown; charset=utf-8".into(),
///     bytes: b"| CSAT | 81 % |\n".to_vec(),
/// };
/// let issue = Issue {
///     report: "customer".into(),
///     period: Period::containing(Grain::Week, jiff::civil::date(2026, 11, 18)),
///     figures: "csat 0.81".into(),
///     documents: vec![page],
///     letter: None,
///     hold: None,
/// };
/// let outbox = folder.path().join("outbox");
/// let pages = Pages::new(folder.path().join("pages"));
/// assert!(deliver(&outbox, &[&pages], &issue)?.receipts[0].is_new);
/// assert!(!deliver(&outbox, &[&pages], &issue)?.receipts[0].is_new);
/// assert!(folder.path().join("pages/customer/2026-W47/scorecard.md").is_file());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
///
/// When the issue cannot be delivered as it is, and when the outbox cannot be read or written.
pub fn deliver(
    outbox: &Path,
    routes: &[&dyn Route],
    issue: &Issue,
) -> Result<Delivery, DeliveryError> {
    issue.check()?;
    let mut outbox = Outbox::open(outbox)?;
    let mut tried = send(&mut outbox, routes, &[State::Queued, State::Deferred])?;
    let revision = outbox.revision(&issue.report, &issue.period.label(), &issue.figures);
    let offered = offer(&mut outbox, routes, issue, revision)?;
    tried.extend(send(&mut outbox, routes, &[State::Queued])?);
    Ok(finish(&outbox, Some(revision), &offered, &tried))
}

/// Hands over what earlier calls could not, and offers nothing new.
///
/// # Errors
///
/// When the outbox cannot be read or written.
pub fn resend(outbox: &Path, routes: &[&dyn Route]) -> Result<Delivery, DeliveryError> {
    let mut outbox = Outbox::open(outbox)?;
    let tried = send(&mut outbox, routes, &[State::Queued, State::Deferred])?;
    Ok(finish(&outbox, None, &BTreeSet::new(), &tried))
}

/// Enters an issue into the outbox and releases it. Answers with the keys of its entries.
fn offer(
    outbox: &mut Outbox,
    routes: &[&dyn Route],
    issue: &Issue,
    revision: u32,
) -> Result<BTreeSet<String>, DeliveryError> {
    // Everything is packed before anything is entered: a bad issue leaves no trace.
    let mut keys = Vec::new();
    let mut packed = Vec::new();
    for route in routes {
        for destination in route.destinations(issue) {
            let label = outbox.label(issue, revision, *route, &destination);
            if keys.contains(&label.key) {
                continue;
            }
            keys.push(label.key.clone());
            if is_open(outbox, *route, &label) {
                let contents = route.pack(issue, &label)?;
                packed.push((*route, label, contents));
            }
        }
    }
    for (route, label, contents) in packed {
        enter(outbox, route, issue, label, &contents)?;
    }
    outbox.drop_unreleased(issue, &keys)?;
    release(outbox, &keys)?;
    Ok(keys.into_iter().collect())
}

/// Whether an offer can still change what a destination gets.
fn is_open(outbox: &Outbox, route: &dyn Route, label: &Label) -> bool {
    let state = outbox.get(&label.key).map(|entry| entry.state);
    match state {
        None | Some(State::Rendered | State::Held) => true,
        Some(State::Queued | State::Accepted | State::Deferred) => route.is_replaceable(),
        Some(State::Rejected) => false,
    }
}

fn enter(
    outbox: &mut Outbox,
    route: &dyn Route,
    issue: &Issue,
    label: Label,
    contents: &[Document],
) -> Result<(), DurableError> {
    let before = outbox.get(&label.key);
    let state = match before.map(|entry| entry.state) {
        Some(State::Accepted) if route.lies_there(&label, contents) => return Ok(()),
        Some(State::Accepted | State::Queued | State::Deferred) => State::Queued,
        _ => State::Rendered,
    };
    let attempts = before.map_or(0, |entry| entry.attempts);
    let reason = if route.is_replaceable() { None } else { hold(outbox, issue, &label.key) };
    let state = if reason.is_some() { State::Held } else { state };
    let figures = Fingerprint::of(issue.figures.as_bytes());
    outbox.add(Entry { label, figures, contents: Vec::new(), state, reason, attempts }, contents)
}

fn hold(outbox: &Outbox, issue: &Issue, key: &str) -> Option<String> {
    let damaged = || {
        format!(
            "its former entry is damaged, so it may have been delivered; remove `damaged/{key}.json` to deliver it"
        )
    };
    issue.hold.clone().or_else(|| outbox.is_damaged(key).then(damaged))
}

/// All entries of an issue are written before the first of them may leave.
fn release(outbox: &mut Outbox, keys: &[String]) -> Result<(), DurableError> {
    for key in keys {
        let rendered = outbox.get(key).filter(|entry| entry.state == State::Rendered).cloned();
        if let Some(entry) = rendered {
            outbox.put(Entry { state: State::Queued, ..entry })?;
        }
    }
    Ok(())
}

/// Hands over every entry in one of `states`, oldest revision first. Answers with their keys.
fn send(
    outbox: &mut Outbox,
    routes: &[&dyn Route],
    states: &[State],
) -> Result<BTreeSet<String>, DurableError> {
    let due: Vec<Entry> = outbox
        .entries()
        .into_iter()
        .filter(|entry| states.contains(&entry.state))
        .cloned()
        .collect();
    let mut tried = BTreeSet::new();
    for entry in due {
        let Some(route) = routes.iter().find(|route| route.name() == entry.label.route) else {
            continue;
        };
        tried.insert(entry.label.key.clone());
        let (state, reason) = hand_over(outbox, *route, &entry);
        let attempts = entry.attempts.saturating_add(1);
        outbox.put(Entry { state, reason, attempts, ..entry })?;
    }
    outbox.clear_frozen()?;
    Ok(tried)
}

fn hand_over(outbox: &Outbox, route: &dyn Route, entry: &Entry) -> (State, Option<String>) {
    let Some(contents) = outbox.contents(entry) else {
        let reason = "its kept contents are damaged; offering the same issue again replaces them";
        return (State::Held, Some(reason.into()));
    };
    match route.hand_over(&entry.label, &contents) {
        Ok(()) => (State::Accepted, None),
        Err(Refusal::Later(reason)) => (State::Deferred, Some(reason)),
        Err(Refusal::Never(reason)) => (State::Rejected, Some(reason)),
    }
}

fn finish(
    outbox: &Outbox,
    revision: Option<u32>,
    offered: &BTreeSet<String>,
    tried: &BTreeSet<String>,
) -> Delivery {
    let concerns =
        |entry: &&Entry| offered.contains(&entry.label.key) || tried.contains(&entry.label.key);
    let entries = outbox.entries();
    let receipt = |entry: &Entry| Receipt {
        key: entry.label.key.clone(),
        route: entry.label.route.clone(),
        destination: entry.label.destination.clone(),
        is_new: tried.contains(&entry.label.key),
    };
    let is_accepted = |entry: &&&Entry| entry.state == State::Accepted && concerns(entry);
    let is_missing = |entry: &&&Entry| {
        entry.is_outstanding() || (entry.state == State::Rejected && concerns(entry))
    };
    Delivery {
        revision,
        receipts: entries.iter().filter(is_accepted).map(|entry| receipt(entry)).collect(),
        outstanding: entries.iter().filter(is_missing).map(|entry| (*entry).clone()).collect(),
        damaged: outbox.damaged().to_vec(),
    }
}
