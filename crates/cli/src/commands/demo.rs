//! `scorewright demo`: a made-up company from its extracts to its scorecard.

use std::path::Path;

use jiff::tz::TimeZone;
use scorewright_demo::{Company, SETTINGS, WrittenExtract, write_extracts};
use scorewright_domain::{Event, Listener as _};
use scorewright_durable::{Readers, replace_file};
use scorewright_project::{ProjectLocation, is_empty_folder, library_files, write_project};

use super::run::run;
use crate::arguments::{DemoOptions, RunOptions};
use crate::clock;
use crate::console::Console;
use crate::console::lines::counted;
use crate::exit::{ExitStatus, Failure};

/// Marks a folder that a demo made and may write again.
const MARKER: &str = ".scorewright-demo";

/// Writes project and extracts, runs them, and says where the scorecard is.
pub(crate) fn demo(options: &DemoOptions, console: &Console) -> Result<ExitStatus, Failure> {
    let folder = &options.folder;
    must_be_free(folder)?;
    let as_of = clock::day_or_today(options.as_of, &TimeZone::UTC);
    let company = Company::new(options.customers, options.weeks, options.seed, as_of)?;
    write_project(folder, SETTINGS, &library_files())?;
    let note = b"made by `scorewright demo`; may be written again\n";
    replace_file(&folder.join(MARKER), note, Readers::Anyone)?;
    console.on_event(Event::StepStarted { step: "write", items: 0 });
    let extracts = folder.join("extracts");
    let written =
        write_extracts(&extracts, &company).map_err(|error| unwritable(folder, &error))?;
    console.on_event(Event::StepFinished { step: "write" });
    console.answer(&summary(&written, &extracts));
    if options.only_extracts {
        return Ok(ExitStatus::Done);
    }
    // Made again on the same day, it finds what it has landed, and says so. The company is made up for any day: its mail is
    // shown however long that is ago.
    let as_of = Some(as_of);
    let options = RunOptions {
        as_of,
        require_new: false,
        send: false,
        mail: true,
        show_rows: false,
        dry_run: false,
        select: Vec::new(),
        clock_is_right: true,
    };
    run(&ProjectLocation::at(folder), &options, console)
}

fn must_be_free(folder: &Path) -> Result<(), Failure> {
    if is_empty_folder(folder) || folder.join(MARKER).is_file() {
        return Ok(());
    }
    let message = format!("`{}` is not empty and no former demo", folder.display());
    Err(Failure::usage(message, "name another folder: scorewright demo my-demo"))
}

fn summary(written: &[WrittenExtract], folder: &Path) -> String {
    let bytes: u64 = written.iter().map(|file| file.bytes).sum();
    let rows: u64 = written.iter().map(|file| file.rows).sum();
    let folder = folder.display();
    let (rows, bytes) = (counted(rows, "row", "rows"), counted(bytes, "byte", "bytes"));
    format!("wrote {} extracts, {rows}, {bytes} to `{folder}`\n", written.len())
}

fn unwritable(folder: &Path, error: &std::io::Error) -> Failure {
    let help = "check that the folder can be made and written, and that the disk has room";
    Failure {
        status: ExitStatus::InputOutput,
        ..Failure::usage(format!("cannot write to `{}`: {error}", folder.display()), help)
    }
}
