//! Signals that end the program.

/// Ends the program with the status of the signal. Nothing needs undoing: what
/// has no commit is invisible, and the kernel frees the lock.
pub(crate) fn stop_cleanly_on_signals() {
    use signal_hook::consts::{SIGINT, SIGTERM};
    let Ok(mut signals) = signal_hook::iterator::Signals::new([SIGINT, SIGTERM]) else { return };
    std::thread::spawn(move || {
        if let Some(signal) = signals.forever().next() {
            std::process::exit(128 + signal);
        }
    });
}
