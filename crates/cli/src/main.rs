//! The roof: arguments, clock, console, exit statuses, and the wiring of the stages.

mod add;
mod arguments;
mod check;
mod clock;
mod console;
mod decode;
mod demo;
mod demo_command;
mod exit;
mod explain;
mod identity;
mod init;
mod issue;
mod limits;
mod project;
mod project_files;
mod quarantine;
mod query;
mod render;
mod roles;
mod run;
mod run_record;
mod selection;
mod settings;
mod standard;
mod standings;
mod status;
mod summary;

use std::process::ExitCode;

use clap::{CommandFactory as _, Parser as _};

use crate::arguments::{Add, Arguments, Command, Quarantine};
use crate::console::Console;
use crate::exit::{Failure, Status};

/// The allocator of the C library keeps what each thread has freed for that thread: memory would grow with processors.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => {
            // Help and version are answers; anything else is a wrong command line.
            let status = if error.use_stderr() { Status::Configuration } else { Status::Done };
            let _ = error.print();
            return status.into();
        }
    };
    if let Command::DecodeParquet(options) = &arguments.command {
        return decode::decode(options).into();
    }
    decode::apart();
    let console = Console::open(arguments.log_format);
    exit::stop_cleanly_on_signals();
    match std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| dispatch(&arguments, &console)))
    {
        Ok(Ok(status)) => status.into(),
        Ok(Err(failure)) => console.fail(&failure).into(),
        Err(_) => console.fail(&Failure::bug()).into(),
    }
}

fn dispatch(arguments: &Arguments, console: &Console) -> Result<Status, Failure> {
    let place = &arguments.place;
    match &arguments.command {
        Command::Demo(options) => demo_command::demo(options, console),
        Command::Init(options) => init::init(options, console),
        Command::Add(Add::Source(options)) => add::source(place, options, console),
        Command::Run(options) => run::run(place, options, console),
        Command::Check(options) if options.limits => limits::limits(place, options, console),
        Command::Check(_) => check::check(place, console),
        Command::Query(options) => query::query(place, options, console),
        Command::Explain(options) => explain::explain(place, options, console),
        Command::Render(options) => render::render(place, options, console),
        Command::Quarantine(Quarantine::List(options)) => quarantine::list(place, options, console),
        Command::Quarantine(Quarantine::Export(options)) => {
            quarantine::export(place, options, console)
        }
        Command::Quarantine(Quarantine::Replay(options)) => {
            quarantine::replay(place, options, console)
        }
        Command::Status(options) => status::status(place, options, console),
        Command::DecodeParquet(options) => Ok(decode::decode(options)),
        Command::Completions { shell } => {
            let mut command = Arguments::command();
            let mut script = Vec::new();
            clap_complete::generate(*shell, &mut command, "scorewright", &mut script);
            console.answer(&String::from_utf8_lossy(&script));
            Ok(Status::Done)
        }
    }
}
