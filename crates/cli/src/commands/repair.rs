//! `scorewright repair`: damaged tables of the newest version, made again from what is still there.

use std::collections::BTreeSet;

use scorewright_domain::{Event, Listener as _};
use scorewright_extract::listed;
use scorewright_project::{Folders, ProjectLocation};
use scorewright_warehouse::{Damage, Snapshot, Table, VerifyDepth, Warehouse, WarehouseError};
use serde_json::{Value, json};

use super::verify::restore_or_go_back;
use crate::arguments::{RepairOptions, StatusFormat};
use crate::console::Console;
use crate::console::lines::{counted, labelled};
use crate::exit::{ExitStatus, Failure};
use crate::run::leftovers::clear_leftovers;
use crate::run::repair::{Remake, Repaired, repair as make_again};

/// Extracts or tables that are named at most.
const SHOWN: usize = 5;

/// The newest version has a commit file or a manifest that says too little of what was in it.
#[derive(Debug, thiserror::Error, miette::Diagnostic)]
#[error("version {number} cannot be read, and cannot be made again: {what}")]
#[diagnostic(help("{help}"))]
struct UnreadableVersion {
    number: u64,
    what: String,
    help: String,
}

/// Reads every file of the newest version, makes the damaged tables again and publishes a whole version.
pub(crate) fn repair(
    location: &ProjectLocation,
    options: &RepairOptions,
    console: &Console,
) -> Result<ExitStatus, Failure> {
    let folders = Folders::of(location)?;
    let warehouse = folders.warehouse();
    if warehouse.history()?.numbers().is_empty() {
        return Err(Failure::no_version());
    }
    clear_leftovers(&folders)?;
    refuse_unreadable(&warehouse)?;
    let transaction = warehouse.begin()?;
    let newest = transaction.snapshot().clone();
    let repaired = make_again(location, transaction, console)?;
    let answer = Answer { newest: &newest, repaired: &repaired, warehouse: &warehouse };
    console.answer(&match options.output {
        StatusFormat::Json => answer.as_json()?.to_string(),
        StatusFormat::Text => answer.as_text()?,
    });
    if let Repaired::Published(remakes, made) = &repaired {
        notice_other_rows(remakes, &newest, made, console);
    }
    Ok(match repaired {
        Repaired::Whole | Repaired::Published(..) => ExitStatus::Done,
        Repaired::Refused(_) => ExitStatus::InputOutput,
    })
}

/// Refuses to make again what nobody knows: the newest version is unreadable.
fn refuse_unreadable(warehouse: &Warehouse) -> Result<(), Failure> {
    let Some(number) = warehouse.history()?.numbers().last().copied() else { return Ok(()) };
    match warehouse.version(number) {
        Err(error @ WarehouseError::Damaged { .. }) => {
            let help = restore_or_go_back(&warehouse.verify(VerifyDepth::Contents)?);
            let unreadable = UnreadableVersion { number, what: error.to_string(), help };
            Err(Failure::new(ExitStatus::InputOutput, unreadable))
        }
        Err(error) => Err(error.into()),
        Ok(_) => Ok(()),
    }
}

/// Tells of tables that have more rows or fewer than before, as another program may make them.
fn notice_other_rows(remakes: &[Remake], newest: &Snapshot, made: &Snapshot, console: &Console) {
    for table in remakes.iter().map(|remake| &remake.damaged.table) {
        let rows = |of: &Snapshot| of.tables.get(table).map_or(0, Table::rows);
        let (before, now) = (rows(newest), rows(made));
        if before != now {
            let message = format!("`{table}` has {now} rows, and had {before}");
            console.on_event(Event::Noticed { message });
        }
    }
}

/// What is said of a repair.
struct Answer<'a> {
    newest: &'a Snapshot,
    repaired: &'a Repaired,
    warehouse: &'a Warehouse,
}

impl Answer<'_> {
    fn remakes(&self) -> &[Remake] {
        match self.repaired {
            Repaired::Whole => &[],
            Repaired::Refused(remakes) | Repaired::Published(remakes, ..) => remakes,
        }
    }

    fn published(&self) -> Option<u64> {
        match self.repaired {
            Repaired::Published(_, made) => Some(made.number),
            Repaired::Whole | Repaired::Refused(_) => None,
        }
    }

    /// Files that are damaged still: the new version has the same rows in others, and only earlier versions need them.
    fn left_damaged(&self) -> BTreeSet<&str> {
        let Repaired::Published(remakes, made) = self.repaired else { return BTreeSet::new() };
        let files = made.tables.values().flat_map(|table| &table.files);
        let needed: BTreeSet<&str> = files.map(|file| file.path.as_str()).collect();
        let damages = remakes.iter().flat_map(|remake| &remake.damaged.damages);
        damages.map(|damage| damage.path.as_str()).filter(|path| !needed.contains(path)).collect()
    }

    /// What mends what cannot be made again.
    fn mended_by(&self) -> Result<Option<String>, Failure> {
        let Repaired::Refused(_) = self.repaired else { return Ok(None) };
        Ok(Some(restore_or_go_back(&self.warehouse.verify(VerifyDepth::Contents)?)))
    }

    fn as_json(&self) -> Result<Value, Failure> {
        let damage = |damage: &Damage| json!({ "file": damage.path, "what": damage.what });
        let table = |remake: &Remake| {
            json!({
                "table": remake.damaged.table.to_string(),
                "made_from": remake.inputs,
                "damages": remake.damaged.damages.iter().map(damage).collect::<Vec<_>>(),
                "obstacle": remake.obstacle,
            })
        };
        Ok(json!({
            "version": self.newest.number,
            "published": self.published(),
            "tables": self.remakes().iter().map(table).collect::<Vec<_>>(),
            "left_damaged": self.left_damaged(),
            "mended_by": self.mended_by()?,
        }))
    }

    fn as_text(&self) -> Result<String, Failure> {
        let number = self.newest.number;
        let (well, lost): (Vec<&Remake>, Vec<&Remake>) =
            self.remakes().iter().partition(|remake| remake.obstacle.is_none());
        let well: Vec<String> = well.into_iter().map(made_again).collect();
        let Some(published) = self.published() else {
            let Some(mended_by) = self.mended_by()? else {
                return Ok(format!(
                    "whole: every file of version {number} is there, as it was committed"
                ));
            };
            let said = "nothing: no version is published with a damaged table in it";
            return Ok([
                labelled("repaired", &[said]),
                labelled("lost", &lost.into_iter().map(lost_for).collect::<Vec<_>>()),
                labelled("could be", &well),
                labelled("to do", &[mended_by]),
            ]
            .concat());
        };
        let day = self.newest.as_of.map_or_else(String::new, |day| format!(", for {day}"));
        let said =
            format!("its tables, books, project and verdicts are those of version {number}{day}");
        let again = if well.is_empty() { vec!["the project it is made from".into()] } else { well };
        let left = self.left_damaged();
        let left_damaged = format!(
            "{} that only earlier versions need, {} among them: restore it from a backup, or leave it to `scorewright gc`",
            counted(left.len() as u64, "file", "files"),
            self.newest.number
        );
        let left_damaged: Vec<String> =
            (!left.is_empty()).then_some(left_damaged).into_iter().collect();
        Ok([
            labelled(&format!("version {published}"), &[said]),
            labelled("made again", &again),
            labelled("damaged", &left_damaged),
            labelled("pages", &["stay as they were delivered; nobody is mailed"]),
        ]
        .concat())
    }
}

/// `raw.tickets, from tickets_1.csv and 3 more`.
fn made_again(remake: &Remake) -> String {
    let Remake { damaged, inputs, .. } = remake;
    let names: Vec<String> = inputs.iter().map(|name| format!("`{name}`")).collect();
    let from = listed(names.into_iter(), SHOWN, 0);
    let files = counted(damaged.damages.len() as u64, "file", "files");
    format!("`{}`, from {from}: {files} of it {}", damaged.table, was_damaged(remake))
}

/// `raw.tickets: the extract is not there`.
fn lost_for(remake: &Remake) -> String {
    let obstacle = remake.obstacle.as_deref().unwrap_or_default();
    format!(
        "`{}`: {obstacle}; `warehouse/{}`: {}",
        remake.damaged.table,
        first(remake).path,
        first(remake).what
    )
}

fn was_damaged(remake: &Remake) -> &'static str {
    if remake.damaged.damages.len() == 1 { "was damaged" } else { "were damaged" }
}

fn first(remake: &Remake) -> &Damage {
    &remake.damaged.damages[0]
}
