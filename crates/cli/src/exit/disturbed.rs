//! Debug builds fail or die at one change of the disk when a test asks for it.

use std::io::Write as _;

use scorewright_durable::{Disturbance, disturb};

/// Which operation, and what becomes of it: `die_before:37`.
const ASKED: &str = "SCOREWRIGHT_DISTURB";

/// Exit status of a process that was killed.
const DIED: i32 = 137;

/// Disturbs what the environment asks for.
///
/// # Panics
///
/// When it asks for something that there is not.
pub(crate) fn disturb_as_asked() {
    if let Ok(asked) = std::env::var(ASKED) {
        let disturbance = Disturbance::from_text(&asked);
        let disturbance = disturbance.unwrap_or_else(|| panic!("{ASKED} cannot be `{asked}`"));
        disturb(disturbance, die, |operation| drop(writeln!(std::io::stderr(), "{operation}")));
    }
}

/// Ends the process as a signal would: nothing is cleared up.
fn die() -> ! {
    std::process::exit(DIED)
}
