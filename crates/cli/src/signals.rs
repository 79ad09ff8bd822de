//! Signals that end the program.

use std::sync::Arc;
use std::sync::mpsc::channel;
use std::time::Duration;

use crate::console::Console;

/// How long the last line may take, where nobody reads what is written.
const LAST_LINE: Duration = Duration::from_secs(2);

/// Ends the program with the status of the signal, and says so in the last line of the log. Nothing needs undoing: what
/// has no commit is invisible, and the kernel frees the lock.
pub(crate) fn stop_cleanly_on_signals(console: &Arc<Console>) {
    use signal_hook::consts::{SIGINT, SIGTERM};
    let Ok(mut signals) = signal_hook::iterator::Signals::new([SIGINT, SIGTERM]) else { return };
    let console = Arc::clone(console);
    std::thread::spawn(move || {
        for signal in signals.forever() {
            if is_first_to_finish(&console, 128 + signal) {
                std::process::exit(128 + signal);
            }
        }
    });
}

/// Writes the last line. `false` when the command has come to its own end, whose status counts.
fn is_first_to_finish(console: &Arc<Console>, status: i32) -> bool {
    let (told, finished) = channel();
    let console = Arc::clone(console);
    let status = u8::try_from(status).unwrap_or(u8::MAX);
    std::thread::spawn(move || told.send(console.finish_by_signal(status)));
    finished.recv_timeout(LAST_LINE).unwrap_or(true)
}
