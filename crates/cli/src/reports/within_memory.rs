//! What templates hold in memory while they run, which nothing but the process itself tells.

use std::process;
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::thread;

use scorewright_domain::{LimitUnit, ProjectFile, SqlLimits};
use scorewright_warehouse::MemoryWatch;

use crate::console::Console;
use crate::exit::{ExitStatus, Failure};

/// Renders documents by `work`, and ends the program where that takes more memory than the limits of the project allow:
/// a template that puts texts together cannot be stopped. Nothing needs undoing, as with a signal.
pub(crate) fn within_memory<T>(
    limits: &SqlLimits,
    console: &Console,
    work: impl FnOnce() -> T,
) -> T {
    thread::scope(|threads| {
        let (_ends_with_the_work, end) = channel::<()>();
        let watch = MemoryWatch::begin(limits);
        threads.spawn(move || {
            while end.recv_timeout(MemoryWatch::LOOK) == Err(RecvTimeoutError::Timeout) {
                if watch.is_exceeded() {
                    end_program(watch.growth(), console);
                }
            }
        });
        work()
    })
}

/// Says why, with the last line of the log, unless a signal or the command itself has said it before.
fn end_program(growth: u64, console: &Console) {
    let status = console.fail(&failure(growth));
    if console.finish(status) {
        process::exit(status as i32);
    }
}

fn failure(growth: u64) -> Failure {
    let bytes = LimitUnit::Bytes.in_words(growth);
    let message = format!("the templates of the reports take more than {bytes} of memory");
    let help =
        "look for texts that are put together of each other again and again: `{% set a = a ~ a %}`";
    let fault = ProjectFile::new("reports", "").fault(None, message).help(help);
    Failure::new(ExitStatus::InputOutput, fault.of_limit("memory"))
}
