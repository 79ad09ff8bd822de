//! The command line: arguments, clock, console, exit statuses, and the wiring of the stages.
//!
//! ```text
//! arguments    what was asked: plain data for all below
//!     |
//! commands     one file for each command
//!     |
//! run          land, build, measure, commit, deliver
//!     |
//! reports      pages and mails of a version
//!     |
//! standings    values and standings, into tables and back
//!     |
//! version      the newest version, with the project it was made from
//!     |
//! absent_columns   what metrics lack
//!     |
//! console      events and answers
//!     |
//! exit, clock  statuses and failures; the time
//! ```
//!
//! A module uses those below it, and none above it.

mod arguments;

mod commands;

mod run;

mod reports;

mod standings;

mod version;

mod absent_columns;

mod console;

mod exit;

mod clock;

use std::process::ExitCode;

use clap::Parser as _;
use commands::{
    add, check, completions, decode_parquet, demo, explain, init, limits, quarantine, query,
    render, status,
};

use crate::arguments::{AddCommand, Arguments, Command, QuarantineCommand};
use crate::console::Console;
use crate::exit::{ExitStatus, Failure};

/// The allocator of the C library keeps what each thread has freed for that thread: memory would grow with processors.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => {
            // Help and version are answers; anything else is a wrong command line.
            let is_wrong = error.use_stderr();
            let status = if is_wrong { ExitStatus::Configuration } else { ExitStatus::Done };
            let _ = error.print();
            return status.into();
        }
    };
    if let Command::DecodeParquet(options) = &arguments.command {
        return decode_parquet::decode_parquet(options).into();
    }
    decode_parquet::use_separate_process();
    let console = Console::open(arguments.log_format);
    #[cfg(debug_assertions)]
    exit::disturb_as_asked();
    exit::stop_cleanly_on_signals();
    let ended = std::panic::AssertUnwindSafe(|| dispatch(&arguments, &console));
    let status = match std::panic::catch_unwind(ended) {
        Ok(Ok(status)) => status,
        Ok(Err(failure)) => console.fail(&failure),
        Err(_) => console.fail(&Failure::bug()),
    };
    #[cfg(debug_assertions)]
    exit::disturb_the_end();
    status.into()
}

fn dispatch(arguments: &Arguments, console: &Console) -> Result<ExitStatus, Failure> {
    let location = &arguments.project.location();
    match &arguments.command {
        Command::Demo(options) => demo::demo(options, console),
        Command::Init(options) => init::init(options, console),
        Command::Add(AddCommand::Source(options)) => add::source(location, options, console),
        Command::Add(AddCommand::Preset(options)) => add::preset(location, options, console),
        Command::Run(options) => commands::run::run(location, options, console),
        Command::Check(options) if options.limits => limits::limits(location, options, console),
        Command::Check(_) => check::check(location, console),
        Command::Query(options) => query::query(location, options, console),
        Command::Explain(options) => explain::explain(location, options, console),
        Command::Render(options) => render::render(location, options, console),
        Command::Quarantine(QuarantineCommand::List(options)) => {
            quarantine::list(location, options, console)
        }
        Command::Quarantine(QuarantineCommand::Refused(options)) => {
            quarantine::refused(location, options, console)
        }
        Command::Quarantine(QuarantineCommand::Export(options)) => {
            quarantine::export(location, options, console)
        }
        Command::Quarantine(QuarantineCommand::Replay(options)) => {
            quarantine::replay(location, options, console)
        }
        Command::Status(options) => status::status(location, options, console),
        Command::DecodeParquet(options) => Ok(decode_parquet::decode_parquet(options)),
        Command::Completions { shell } => Ok(completions::completions(*shell, console)),
    }
}
