//! The bar that shows how far a step has come, on a terminal.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

/// The bar of the step that is under way, if one is shown.
#[derive(Default)]
pub(super) struct StepBar(Mutex<Option<ProgressBar>>);

impl StepBar {
    /// Starts the bar of a step in place of the former one.
    pub(super) fn start(&self, step: &'static str, items: u64) {
        self.clear();
        let bar = if items == 0 { ProgressBar::new_spinner() } else { ProgressBar::new(items) };
        let counted = match (step, items) {
            ("land", 0) => "{bytes}  {bytes_per_sec}",
            ("land", _) => "{wide_bar:.blue} {bytes}/{total_bytes}  {bytes_per_sec}  {eta} left",
            (_, 0) => "",
            _ => "{wide_bar:.blue} {pos}/{len}",
        };
        let style =
            ProgressStyle::with_template(&format!("{{spinner}} {{prefix:8}} {counted}  {{msg}}"));
        bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
        bar.set_prefix(step);
        bar.enable_steady_tick(Duration::from_millis(100));
        *self.lock() = Some(bar);
    }

    /// Moves the bar on.
    pub(super) fn advance(&self, by: u64, message: String) {
        if let Some(bar) = self.lock().as_ref() {
            bar.inc(by);
            bar.set_message(message);
        }
    }

    /// Writes something while the bar stands aside.
    pub(super) fn suspend(&self, write: impl FnOnce()) {
        match self.lock().as_ref() {
            Some(bar) => bar.suspend(write),
            None => write(),
        }
    }

    /// Takes the bar away.
    pub(super) fn clear(&self) {
        if let Some(bar) = self.lock().take() {
            bar.finish_and_clear();
        }
    }

    fn lock(&self) -> MutexGuard<'_, Option<ProgressBar>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
