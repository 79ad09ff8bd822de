//! `scorewright snapshots`: the versions that are kept.

use std::collections::{BTreeMap, BTreeSet};

use jiff::{Timestamp, Unit};
use scorewright_domain::{Event, Listener as _};
use scorewright_project::{Folders, ProjectLocation};
use scorewright_warehouse::{Cell, QueryResult, VersionOutline, WarehouseError};

use crate::arguments::SnapshotsOptions;
use crate::console::Console;
use crate::console::rows::format_rows;
use crate::exit::{ExitStatus, Failure};
use crate::run::record::RunRecord;

const COLUMNS: [&str; 9] =
    ["version", "as_of", "made_at", "run", "tables", "rows", "bytes", "bytes_not_shared", "behind"];

/// Lists them, the oldest first; those that cannot be read are told.
pub(crate) fn snapshots(
    location: &ProjectLocation,
    options: &SnapshotsOptions,
    console: &Console,
) -> Result<ExitStatus, Failure> {
    let folders = Folders::of(location)?;
    let warehouse = folders.warehouse();
    let mut history = warehouse.history()?;
    let numbers = history.numbers().to_vec();
    if numbers.is_empty() {
        return Err(Failure::no_version());
    }
    let made_at = made_at(&folders);
    let mut rows = Vec::new();
    let mut former: BTreeSet<String> = BTreeSet::new();
    for number in numbers {
        match history.outline(number) {
            Ok(outline) => {
                rows.push(row(&outline, &made_at, &former));
                former = outline.files().into_keys().map(str::to_owned).collect();
            }
            Err(error @ WarehouseError::Damaged { .. }) => {
                let message = format!("version {number} cannot be read: {error}");
                console.on_event(Event::Noticed { message });
            }
            // A run removed it meanwhile.
            Err(WarehouseError::NoVersion { .. }) => {}
            Err(error) => return Err(error.into()),
        }
    }
    let columns = COLUMNS.map(String::from).to_vec();
    console.answer(&format_rows(&QueryResult { columns, rows }, options.output));
    Ok(ExitStatus::Done)
}

/// When versions were made, as the records of their runs say, by number and run.
fn made_at(folders: &Folders) -> BTreeMap<(u64, String), Timestamp> {
    let records = RunRecord::all(folders).into_iter();
    let made = records.filter_map(|record| {
        let at = record.last_at();
        Some(((record.version?, record.run?), at))
    });
    made.collect()
}

/// - `former`: the files of the version before.
fn row(
    outline: &VersionOutline,
    made_at: &BTreeMap<(u64, String), Timestamp>,
    former: &BTreeSet<String>,
) -> Vec<Cell> {
    let made = made_at.get(&(outline.number, outline.run.clone()));
    let made = *made.unwrap_or(&outline.written_at);
    let files = outline.files();
    let own = files.iter().filter(|(path, _)| !former.contains(**path));
    vec![
        count(outline.number),
        outline.as_of.map_or(Cell::Null, Cell::Date),
        Cell::Timestamp(made.round(Unit::Second).unwrap_or(made)),
        Cell::Text(outline.run.clone()),
        count(outline.tables.len() as u64),
        count(outline.rows()),
        count(files.values().sum()),
        count(own.map(|(_, bytes)| bytes).sum()),
        count(outline.behind as u64),
    ]
}

fn count(number: u64) -> Cell {
    Cell::Integer(i64::try_from(number).unwrap_or(i64::MAX))
}
