//! What goes to standard error, line by line, to the last one.

use std::io::Write as _;
use std::sync::{Mutex, MutexGuard, PoisonError};

use serde_json::{Value, json};

use crate::clock;

/// The log of a command: nothing follows its last line.
#[derive(Default)]
pub(super) struct Log(Mutex<LogState>);

#[derive(Default)]
struct LogState {
    run: Option<String>,
    is_ended: bool,
}

impl Log {
    /// Names the run in every line from here on.
    pub(super) fn name_run(&self, run: &str) {
        self.lock().run = Some(run.to_owned());
    }

    /// Writes an event as one JSON object.
    pub(super) fn event(&self, level: &str, event: Value) {
        let state = self.lock();
        if !state.is_ended {
            write(&state.line(level, event));
        }
    }

    /// Writes text for people.
    pub(super) fn text(&self, text: &str) {
        if !self.lock().is_ended {
            write(text);
        }
    }

    /// Writes the last line, if there is to be one. `false` when another has ended the log before.
    pub(super) fn end(&self, level: &str, last: Option<Value>) -> bool {
        let mut state = self.lock();
        if state.is_ended {
            return false;
        }
        if let Some(last) = last {
            write(&state.line(level, last));
        }
        state.is_ended = true;
        true
    }

    fn lock(&self) -> MutexGuard<'_, LogState> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl LogState {
    /// An event with what every line has; control characters are escaped, as JSON demands.
    fn line(&self, level: &str, mut event: Value) -> String {
        let now = clock::now().round(jiff::Unit::Millisecond);
        let ts = now.map_or_else(|_| String::new(), |now| now.to_string());
        let mut line = json!({ "ts": ts, "level": level });
        let fields = line.as_object_mut().expect("made as an object");
        fields.extend(self.run.as_ref().map(|run| ("run".into(), run.as_str().into())));
        fields.append(event.as_object_mut().expect("events are objects"));
        line.to_string()
    }
}

/// One write for one line: what ends the program does not cut it.
fn write(line: &str) {
    let _ = std::io::stderr().write_all(format!("{line}\n").as_bytes());
}
