//! Debug builds fail or die at one change of the disk when a test asks for it.

use scorewright_durable::Disturbance;

/// Which operation, and what becomes of it: `die_before:37`.
const ASKED: &str = "SCOREWRIGHT_DISTURB";

/// Disturbs what the environment asks for.
///
/// # Panics
///
/// When it asks for something that there is not.
pub(crate) fn disturb_as_asked() {
    if let Ok(asked) = std::env::var(ASKED) {
        let disturbance = Disturbance::from_text(&asked);
        disturbance.unwrap_or_else(|| panic!("{ASKED} cannot be `{asked}`")).begin();
    }
}
