//! `scorewright quarantine`: rows in quarantine, listed, exported to be corrected, read again; rows of refused extracts.

mod rows;

mod refused;

mod export_notes;

use std::collections::BTreeSet;

use scorewright_domain::{Event, Listener as _};
use scorewright_durable::{Readers, replace_file};
use scorewright_extract::Source;
use scorewright_ingest::export_quarantine;
use scorewright_project::{Folders, Project, ProjectLocation};

use crate::arguments::{QuarantineExportOptions, QuarantineListOptions, QuarantineReplayOptions};
use crate::clock;
use crate::console::Console;
use crate::console::rows::format_page;
use crate::exit::{ExitStatus, Failure};
use crate::run::clock_check::check_clock;
use crate::run::request::RunRequest;
use crate::run::{self, found_newest};
use export_notes::export_notes;
pub(crate) use refused::refused;
use rows::{RowFilter, quarantine_of, quarantine_tables, quarantined_rows, select};

/// Counts the rows in quarantine, or lists them.
pub(crate) fn list(
    location: &ProjectLocation,
    options: &QuarantineListOptions,
    console: &Console,
) -> Result<ExitStatus, Failure> {
    let folders = Folders::of(location)?;
    let snapshot = folders.warehouse().newest()?;
    let sources = match &options.source {
        Some(name) => BTreeSet::from([quarantine_of(&snapshot, name)?]),
        None => quarantine_tables(&snapshot),
    };
    let found = select(&folders, &snapshot, &sources, &RowFilter::listed(options))?;
    console.answer(&format_page(&found, options.output, options.page));
    Ok(ExitStatus::Done)
}

/// Writes rows in the shape of their extract.
pub(crate) fn export(
    location: &ProjectLocation,
    options: &QuarantineExportOptions,
    console: &Console,
) -> Result<ExitStatus, Failure> {
    let project = Project::read(location)?;
    let snapshot = project.folders.warehouse().newest()?;
    let source = declared(&project, &options.source)?;
    let table = BTreeSet::from([quarantine_of(&snapshot, &source.name)?]);
    let found = select(&project.folders, &snapshot, &table, &RowFilter::exported(options))?;
    let rows = quarantined_rows(&found).ok_or_else(Failure::unreadable_answer)?;
    let warehouse = project.folders.warehouse();
    let made = export_quarantine(
        source,
        &project.folders.extracts,
        warehouse.root(),
        &project.settings.limits,
        &rows,
        options.formulas,
    )
    .map_err(|bad| Failure::new(ExitStatus::InputOutput, bad))?;
    match &options.to {
        // Rows as they were received name people.
        Some(path) => replace_file(path, made.text.as_bytes(), Readers::Owner)?,
        None => console.answer(&made.text),
    }
    for message in export_notes(&made, source) {
        console.on_event(Event::Noticed { message });
    }
    Ok(ExitStatus::Done)
}

/// Reads the extracts of a source again, with its file as it is now.
pub(crate) fn replay(
    location: &ProjectLocation,
    options: &QuarantineReplayOptions,
    console: &Console,
) -> Result<ExitStatus, Failure> {
    console.begin_run();
    found_newest(location, console);
    let project = Project::read(location)?;
    let newest = project.folders.warehouse().newest()?;
    let source = declared(&project, &options.source)?;
    let table = quarantine_of(&newest, &source.name)?;
    if newest.tables.get(&table).is_none_or(|table| table.rows() == 0) {
        console.answer(&format!(
            "nothing to read again: `{}` has no row in quarantine\n",
            source.name
        ));
        return Ok(ExitStatus::Done);
    }
    check_clock(&project, options.clock_is_right, console)?;
    let as_of = clock::day_or_today(options.as_of, &project.zone);
    let request = RunRequest { reload: Some(source), ..RunRequest::of_day(as_of) };
    run::run(&project, location, &request, console)
}

fn declared<'a>(project: &'a Project, name: &str) -> Result<&'a Source, Failure> {
    let known: Vec<&str> = project.sources.iter().map(|source| source.name.as_str()).collect();
    let source = project.sources.iter().find(|source| source.name == name);
    source.ok_or_else(|| Failure::unknown("source", name, &known))
}
