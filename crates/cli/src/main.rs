//! The command line: arguments, clock, console, exit statuses, and the wiring of the stages.
//!
//! ```text
//! arguments    what was asked: plain data for all below
//!     |
//! commands     one file for each command
//!     |
//! run_plan     what the next run would do
//!     |
//! run          land, build, measure, commit, deliver
//!     |
//! reports      pages and mails of a version
//!     |
//! version_diff what became of tables and figures between two versions
//!     |
//! standings    values and standings, into tables and back
//!     |
//! utc_days, declared_tables   what files say of tables before there is a row
//!     |
//! version      the newest version, with the project it was made from
//!     |
//! absent_columns, measured_from   what metrics lack, and what their values are made from
//!     |
//! monitor      who is told of runs
//!     |
//! secrets      passwords and addresses, from where they are
//!     |
//! signals      what stops a command, and its last line
//!     |
//! console      events and answers
//!     |
//! exit, clock  statuses and failures; the time
//! ```
//!
//! A module uses those below it, and none above it.

mod arguments;

mod commands;

mod run_plan;

mod run;

mod refused_figures;
mod reports;

mod version_diff;

mod standings;

mod utc_days;

mod declared_tables;

mod version;

mod absent_columns;

mod measured_from;

mod monitor;

mod secrets;

mod signals;

mod console;

mod exit;

mod clock;

use std::process::ExitCode;
use std::sync::Arc;

use clap::Parser as _;
use commands::{
    add, check, completions, decode_parquet, demo, diff, explain, gc, init, limits, metrics,
    outbox, plan, quarantine, query, render, repair, rollback, send, snapshots, status, verify,
};
use scorewright_domain::{STACK, is_hidden};

use crate::arguments::{AddCommand, Arguments, Command, QuarantineCommand};
use crate::console::Console;
use crate::exit::{ExitStatus, Failure};

/// The allocator of the C library keeps what each thread has freed for that thread: memory would grow with processors.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => return not_understood(&error).into(),
    };
    if let Command::DecodeParquet(options) = &arguments.command {
        return decode_parquet::decode_parquet(options).into();
    }
    decode_parquet::use_separate_process();
    let console = Arc::new(Console::open(arguments.log_format));
    exit::keep_panics();
    signals::stop_cleanly_on_signals(&console);
    let status = match on_a_long_stack(|| dispatch(&arguments, &console)) {
        Ok(Ok(status)) => status,
        Ok(Err(failure)) => console.fail(&failure),
        Err(_) => console.fail(&Failure::bug(&exit::kept_panics())),
    };
    // A signal that came first ends the program with its own status.
    while !console.finish(status) {
        std::thread::park();
    }
    #[cfg(debug_assertions)]
    scorewright_durable::disturb_the_end();
    status.into()
}

/// Does `work` on a thread whose stack holds the longest expressions that SQL may have.
fn on_a_long_stack<T: Send>(work: impl FnOnce() -> T + Send) -> std::thread::Result<T> {
    let builder = std::thread::Builder::new().name("command".into()).stack_size(STACK);
    std::thread::scope(|threads| {
        builder.spawn_scoped(threads, work).expect("the system starts a thread").join()
    })
}

/// Help and version are answers; anything else is a wrong command line.
fn not_understood(error: &clap::Error) -> ExitStatus {
    let console = Console::open(arguments::asked_log_format());
    // It quotes the argument, which a terminal must not obey.
    let is_harmless =
        !error.to_string().contains(|letter: char| letter != '\n' && is_hidden(letter));
    if !error.use_stderr() || !console.is_json() && is_harmless {
        let is_wrong = error.use_stderr();
        let _ = error.print();
        return if is_wrong { ExitStatus::Configuration } else { ExitStatus::Done };
    }
    let status = console.fail(&Failure::command_line(&error.to_string()));
    console.finish(status);
    status
}

fn dispatch(arguments: &Arguments, console: &Console) -> Result<ExitStatus, Failure> {
    #[cfg(debug_assertions)]
    exit::disturb_as_asked();
    let location = &if arguments.command.needs_project() {
        arguments.project.profile_location()?
    } else {
        arguments.project.location()
    };
    match &arguments.command {
        Command::Demo(options) => demo::demo(options, console),
        Command::Init(options) => init::init(options, console),
        Command::Add(AddCommand::Source(options)) => add::source(location, options, console),
        Command::Add(AddCommand::Preset(options)) => add::preset(location, options, console),
        Command::Run(options) => commands::run::run(location, options, console),
        Command::Plan(options) => plan::plan(location, options, console),
        Command::Check(options) if options.limits => limits::limits(location, options, console),
        Command::Check(_) => check::check(location, console),
        Command::Metrics(options) => metrics::metrics(location, options, console),
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
        Command::Send(options) => send::send(location, options, console),
        Command::Outbox(command) => outbox::outbox(location, command, console),
        Command::Status(options) => status::status(location, options, console),
        Command::Snapshots(options) => snapshots::snapshots(location, options, console),
        Command::Diff(options) => diff::diff(location, options, console),
        Command::Verify(options) => verify::verify(location, options, console),
        Command::Repair(options) => repair::repair(location, options, console),
        Command::Rollback(options) => rollback::rollback(location, options, console),
        Command::Gc(options) => gc::gc(location, options, console),
        Command::DecodeParquet(options) => Ok(decode_parquet::decode_parquet(options)),
        Command::Completions { shell } => Ok(completions::completions(*shell, console)),
    }
}
