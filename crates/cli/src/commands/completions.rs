//! `scorewright completions`: the completions of a shell.

use clap::CommandFactory as _;
use clap_complete::Shell;

use crate::arguments::Arguments;
use crate::console::Console;
use crate::exit::ExitStatus;

/// Prints the script of a shell.
pub(crate) fn completions(shell: Shell, console: &Console) -> ExitStatus {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Arguments::command(), "scorewright", &mut script);
    console.answer(&String::from_utf8_lossy(&script));
    ExitStatus::Done
}
