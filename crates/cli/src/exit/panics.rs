//! Panics, kept for the one report that is made of them.

use std::panic::PanicHookInfo;
use std::sync::{Mutex, PoisonError};

/// Most panics that a report names.
const SHOWN: usize = 5;

static PANICS: Mutex<Vec<String>> = Mutex::new(Vec::new());

/// Keeps panics from here on, instead of printing them.
pub(crate) fn keep_panics() {
    std::panic::set_hook(Box::new(|panic| {
        let mut panics = PANICS.lock().unwrap_or_else(PoisonError::into_inner);
        if panics.len() < SHOWN {
            panics.push(in_words(panic));
        }
    }));
}

/// Where the program panicked, the first time first.
pub(crate) fn kept_panics() -> String {
    PANICS.lock().unwrap_or_else(PoisonError::into_inner).join("\n")
}

/// Where it was, and its message where that is a text of the program. One that is put together may quote a value of an
/// extract, so it is left out: the place says as much.
fn in_words(panic: &PanicHookInfo<'_>) -> String {
    let place = panic.location().map_or_else(String::new, ToString::to_string);
    let message = panic.payload().downcast_ref::<&'static str>().copied();
    let backtrace = std::backtrace::Backtrace::capture();
    let message = message.map_or_else(|| place.clone(), |message| format!("{place}: {message}"));
    match backtrace.status() {
        std::backtrace::BacktraceStatus::Captured => format!("{message}\n{backtrace}"),
        _ => message,
    }
}
