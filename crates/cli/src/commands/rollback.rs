//! `scorewright rollback`: back to an earlier version, by a new one that equals it.

use std::collections::BTreeSet;
use std::path::Path;

use scorewright_domain::{Fingerprint, Landing};
use scorewright_extract::listed;
use scorewright_project::{Folders, ProjectLocation};
use scorewright_warehouse::Snapshot;

use crate::arguments::RollbackOptions;
use crate::console::Console;
use crate::console::lines::{counted, labelled};
use crate::exit::{ExitStatus, Failure};

/// Extracts that are named at most.
const SHOWN: usize = 10;

/// Makes the new version, and says what comes of it.
pub(crate) fn rollback(
    location: &ProjectLocation,
    options: &RollbackOptions,
    console: &Console,
) -> Result<ExitStatus, Failure> {
    let folders = Folders::of(location)?;
    let warehouse = folders.warehouse();
    // Asked first, so that a version that is not there is told even while a run is active.
    let former = warehouse.version(options.version)?;
    let transaction = warehouse.begin()?;
    let newest = transaction.snapshot().clone();
    // Where a later version cannot be read, one that equals the newest readable takes its place.
    if newest.number == former.number && transaction.number() == newest.number + 1 {
        transaction.abandon()?;
        let said = format!("version {} is the newest one already: nothing changes", newest.number);
        console.answer(&said);
        return Ok(ExitStatus::Done);
    }
    folders.set_readers()?;
    let (snapshot, _lock) = transaction.roll_back(former)?;
    console.answer(&answer(&folders, &newest, options.version, &snapshot));
    Ok(ExitStatus::Done)
}

fn answer(folders: &Folders, newest: &Snapshot, to: u64, made: &Snapshot) -> String {
    let day = made.as_of.map_or_else(String::new, |day| format!(", for {day}"));
    let said = format!(
        "tables, books, project and verdicts are those of version {to}{day}; version {} stays as it is",
        newest.number
    );
    let taken_out = taken_out(newest, made);
    let gone: Vec<String> = taken_out
        .iter()
        .filter(|landing| is_gone(&folders.extracts, landing))
        .map(|landing| format!("`{}`", landing.extract.file.display()))
        .collect();
    let next = match taken_out.len() as u64 {
        0 => format!("reads nothing again: version {to} has every extract that landed"),
        count => {
            let count = counted(count, "extract", "extracts");
            format!("the next run reads {count} again that version {to} does not have")
        }
    };
    let missing = format!(
        "not there any more: {}; their rows are in version {} alone, which `scorewright rollback {}` brings back",
        listed(gone.iter().cloned(), SHOWN, 0),
        newest.number,
        newest.number
    );
    let missing: Vec<String> = (!gone.is_empty()).then_some(missing).into_iter().collect();
    [
        labelled(&format!("version {}", made.number), &[said]),
        labelled(
            "pages",
            &["stay as they were delivered until the next run; nobody is mailed twice"],
        ),
        labelled("next run", &[next]),
        labelled("missing", &missing),
    ]
    .concat()
}

/// What has landed in the newest version and is not in the one made now.
fn taken_out<'n>(newest: &'n Snapshot, made: &Snapshot) -> Vec<&'n Landing> {
    let key = |landing: &Landing| (landing.extract.source.clone(), content(landing));
    let kept: BTreeSet<(String, Fingerprint)> = made.landings.iter().map(key).collect();
    newest.landings.iter().filter(|landing| !kept.contains(&key(landing))).collect()
}

fn content(landing: &Landing) -> Fingerprint {
    landing.extract.fingerprint.clone()
}

/// Whether the file of an extract is no longer there; what lies in an object store is taken to be.
fn is_gone(extracts: &Path, landing: &Landing) -> bool {
    let file = &landing.extract.file;
    !file.to_string_lossy().contains("://") && !extracts.join(file).exists()
}
