//! `scorewright demo`: a made-up company from its extracts to its scorecard.

use std::fs;
use std::path::Path;

use jiff::tz::TimeZone;
use scorewright_domain::{Event, Listener as _};

use crate::arguments::{DemoOptions, Place, RunOptions};
use crate::clock;
use crate::console::Console;
use crate::demo::{Company, write_extracts};
use crate::exit::{Failure, Status};
use crate::init::write_project;
use crate::run::run;
use crate::standard;

const SETTINGS: &str = "\
# A made-up company. What is hidden in its data is told in docs/demo-company.md.
name = \"Acme Cloud\"
time_zone = \"Europe/Berlin\"
currency = \"EUR\"
extracts = \"extracts\"
";

/// Writes project and extracts, runs them, and says where the scorecard is.
pub(crate) fn demo(options: &DemoOptions, console: &Console) -> Result<Status, Failure> {
    let folder = &options.folder;
    must_be_ours(folder)?;
    let as_of = options.as_of.unwrap_or_else(|| clock::today(&TimeZone::UTC));
    let company = Company::new(options.customers, options.weeks, options.seed, as_of);
    let company = company.map_err(|bad| Failure::new(Status::Configuration, bad))?;
    write_project(folder, SETTINGS, &standard::files())?;
    fs::write(folder.join(MARK), "made by `scorewright demo`; may be written again\n")
        .map_err(|error| unwritable(folder, &error))?;
    console.on_event(Event::StepStarted { step: "write", items: 0 });
    let written = write_extracts(&folder.join("extracts"), &company, &mut |_| ())
        .map_err(|error| unwritable(folder, &error))?;
    console.on_event(Event::StepFinished { step: "write" });
    let bytes: u64 = written.iter().map(|file| file.bytes).sum();
    let rows: u64 = written.iter().map(|file| file.rows).sum();
    let extracts = folder.join("extracts");
    console.answer(&format!(
        "wrote {} extracts, {rows} rows, {bytes} bytes to `{}`\n",
        written.len(),
        extracts.display()
    ));
    if options.only_extracts {
        return Ok(Status::Done);
    }
    let place = Place { project: folder.clone(), extracts: None, state: None };
    // Made again on the same day, it finds what it has landed, and says so.
    run(&place, &RunOptions { as_of: Some(as_of), require_new: false }, console)
}

/// Marks a folder that a demo made and may write again.
const MARK: &str = ".scorewright-demo";

fn must_be_ours(folder: &Path) -> Result<(), Failure> {
    let is_empty = fs::read_dir(folder).map_or(true, |mut entries| entries.next().is_none());
    if is_empty || folder.join(MARK).is_file() {
        return Ok(());
    }
    let message = format!("`{}` is not empty and no former demo", folder.display());
    Err(Failure::usage(message, "name another folder: scorewright demo my-demo"))
}

fn unwritable(folder: &Path, error: &std::io::Error) -> Failure {
    let help = "check that the folder can be made and written, and that the disk has room";
    Failure {
        status: Status::InputOutput,
        ..Failure::usage(format!("cannot write to `{}`: {error}", folder.display()), help)
    }
}
