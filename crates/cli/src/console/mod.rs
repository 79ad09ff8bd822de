//! What a person or a log collector sees. Events go to standard error, answers to standard output.
//!
//! ```text
//! lines: plain and aligned text -> plain_report: reports in plain words
//! bar, progress, totals, step_times: what events add up to
//! log, ending: standard error, to its last line
//! rows, sample: tables of answers
//! ```

pub(crate) mod lines;
mod plain_report;

mod bar;
mod progress;
pub(crate) mod step_times;
pub(crate) mod totals;

mod ending;
mod log;

pub(crate) mod rows;

pub(crate) mod sample;

use std::collections::BTreeMap;
use std::io::{IsTerminal as _, Write as _};
use std::time::{Duration, Instant};

use miette::{Diagnostic, Report};
use scorewright_domain::{Event, Fault, Listener};
use serde_json::{Value, json};
use terminal_size::terminal_size_of;

use crate::arguments::LogFormat;
use crate::exit::{ExitStatus, Failure};
use bar::StepBar;
use ending::{EndingSoFar, LIMIT};
use lines::{LINE, plain, wrapped};
use log::Log;
use plain_report::{PlainReport, drawn};
use progress::LandingProgress;
use step_times::{StepTime, StepsSoFar, milliseconds};
use totals::{RunTotals, TotalsSoFar};

/// Shows events and failures, and prints answers.
pub(crate) struct Console {
    format: LogFormat,
    is_colored: bool,
    /// Letters of a line of standard error, where somebody reads it on a terminal.
    width: Option<usize>,
    bar: StepBar,
    log: Log,
    progress: LandingProgress,
    totals: TotalsSoFar,
    steps: StepsSoFar,
    began: Instant,
    ending: EndingSoFar,
}

impl Console {
    /// The console as it is: bars and colour only on a terminal.
    pub(crate) fn open(asked: LogFormat) -> Self {
        let is_terminal = std::io::stderr().is_terminal();
        let format = match asked {
            LogFormat::Auto if !is_terminal => LogFormat::Json,
            other => other,
        };
        Self {
            format,
            is_colored: is_terminal && std::env::var_os("NO_COLOR").is_none(),
            width: is_terminal.then(terminal_width),
            bar: StepBar::default(),
            log: Log::default(),
            progress: LandingProgress::default(),
            totals: TotalsSoFar::default(),
            steps: StepsSoFar::default(),
            began: Instant::now(),
            ending: EndingSoFar::default(),
        }
    }

    /// Whether standard error is for programs.
    pub(crate) fn is_json(&self) -> bool {
        self.format == LogFormat::Json
    }

    /// Says that the command is a run.
    pub(crate) fn begin_run(&self) {
        self.ending.change(|ending| ending.run_began = Some(Instant::now()));
    }

    /// Names the run in every event from here on.
    pub(crate) fn name_run(&self, run: &str) {
        self.log.name_run(run);
    }

    /// Says which version was the newest before the run; what is known already stays.
    pub(crate) fn found_version(&self, version: u64) {
        self.ending.change(|ending| ending.found = ending.found.or(Some(version)));
    }

    /// Says which version the run published.
    pub(crate) fn published_version(&self, version: u64) {
        self.ending.change(|ending| ending.published = Some(version));
    }

    /// What the events so far add up to.
    pub(crate) fn totals(&self) -> RunTotals {
        self.totals.now()
    }

    /// Adds to the totals what no event tells.
    pub(crate) fn change_totals(&self, change: impl FnOnce(&mut RunTotals)) {
        self.totals.change(change);
    }

    /// How long each source took that landed in this run.
    pub(crate) fn landing_times(&self) -> BTreeMap<String, Duration> {
        self.progress.times()
    }

    /// The steps of the run that ended, with their shares of its time so far.
    pub(crate) fn step_times(&self) -> Vec<StepTime> {
        self.steps.times(self.began())
    }

    /// How long the run has been at work.
    pub(crate) fn elapsed(&self) -> Duration {
        self.began().elapsed()
    }

    fn began(&self) -> Instant {
        self.ending.now().run_began.unwrap_or(self.began)
    }

    /// Tells a fault of the project that stops nothing.
    pub(crate) fn notice_fault(&self, fault: &Fault) {
        let help = fault.help_text().map_or_else(String::new, |help| format!("; {help}"));
        let message = format!("{}: {}{help}", fault.exact_position(), fault.message());
        self.on_event(Event::Noticed { message });
    }

    /// Tells a failure that stops nothing.
    pub(crate) fn notice_failure(&self, what: &str, failure: &Failure) {
        let reasons: Vec<String> = failure.reports.iter().map(ToString::to_string).collect();
        self.on_event(Event::Noticed { message: format!("{what}: {}", reasons.join("; ")) });
    }

    /// Prints an answer to standard output. A closed pipe is the reader's choice, not an error.
    pub(crate) fn answer(&self, text: &str) {
        self.bar.clear();
        if !text.is_empty() {
            let _ = writeln!(std::io::stdout(), "{}", text.trim_end_matches('\n'));
        }
    }

    /// Whether somebody is there who can be asked.
    pub(crate) fn can_ask(&self) -> bool {
        !self.is_json() && std::io::stdin().is_terminal()
    }

    /// Says something before a question.
    pub(crate) fn say(&self, text: &str) {
        self.bar.clear();
        let _ = write!(std::io::stderr(), "{text}");
    }

    /// Asks for one line; a terminal that is closed answers nothing.
    pub(crate) fn ask(&self, question: &str) -> Result<String, Failure> {
        self.say(question);
        let mut answer = String::new();
        let read = std::io::stdin().read_line(&mut answer);
        let answer = answer.trim();
        if read.is_err() || answer.is_empty() {
            let help = "say it with --column, --value or --question: scorewright add source --help";
            return Err(Failure::usage("there was no answer, so nothing was written", help));
        }
        Ok(answer.to_owned())
    }

    /// Shows something to mend that stops nothing.
    pub(crate) fn show_problem(&self, report: &Report) {
        self.bar.clear();
        self.show(report);
    }

    /// Shows everything to mend, and gives the status to end with.
    pub(crate) fn fail(&self, failure: &Failure) -> ExitStatus {
        self.bar.clear();
        for report in &failure.reports {
            self.show(report);
        }
        let exceeds_limit = failure.reports.iter().any(|report| code(report) == Some(LIMIT.into()));
        self.ending.change(|ending| {
            ending.is_failed = true;
            ending.exceeds_limit |= exceeds_limit;
        });
        let ending = self.ending.now();
        if ending.is_run() && !self.is_json() {
            self.log.text(&format!("status {}: {}", failure.status as u8, ending.what_stays()));
        }
        failure.status
    }

    /// Ends the log with `run_finished`, where a run or a failure ends. Nothing is written after it.
    ///
    /// `false` when it has been ended before, by a signal.
    pub(crate) fn finish(&self, status: ExitStatus) -> bool {
        self.end(status as u8)
    }

    /// The same for a signal that ends the command.
    pub(crate) fn finish_by_signal(&self, status: u8) -> bool {
        self.bar.clear();
        self.ending.change(|ending| ending.is_failed = true);
        if self.ending.now().is_run() && !self.is_json() {
            self.log.text(&format!("status {status}: stopped by a signal; run again"));
        }
        self.end(status)
    }

    fn end(&self, status: u8) -> bool {
        let ending = self.ending.now();
        let mut last = json!({
            "event": "run_finished",
            "status": status,
            "reason": ending.reason(),
            "version": ending.version(),
            "ms": milliseconds(self.began.elapsed()),
        });
        let totals = serde_json::to_value(self.totals()).expect("totals are plain data");
        let fields = last.as_object_mut().expect("made as an object");
        fields.extend(totals.as_object().cloned().expect("totals are fields"));
        let level = if ending.is_failed { "error" } else { "info" };
        self.log.end(level, (self.is_json() && ending.is_told()).then_some(last))
    }

    /// Shows one report: with line and caret for people, as one JSON line otherwise.
    fn show(&self, report: &Report) {
        if !self.is_json() {
            let text = drawn(&PlainReport::of(report), self.is_colored, self.width);
            return self.bar.suspend(|| self.log.text(text.trim_end()));
        }
        let diagnostic: &dyn Diagnostic = report.as_ref();
        let help = diagnostic.help().map(|help| help.to_string());
        let (message, reason) = (chain(report), code(report));
        let report = drawn(&PlainReport::of(report), self.is_colored, self.width);
        self.log.event(
            "error",
            json!({ "event": "problem", "reason": reason, "message": message, "help": help, "report": report }),
        );
    }

    /// Writes a note: one line, or as many as a terminal needs.
    fn print_note(&self, text: &str) {
        const INDENT: usize = 2;
        let text = match self.width {
            Some(width) => wrapped(text, width, 0, INDENT),
            None => plain(text),
        };
        self.bar.suspend(|| self.log.text(&text));
    }

    fn show_event(&self, event: &Event) {
        match event {
            Event::StepStarted { step, items } if self.format == LogFormat::Auto => {
                self.bar.start(step, *items);
            }
            Event::StepFinished { .. } => self.bar.clear(),
            Event::BytesRead { source, bytes, .. } => {
                let message = format!("{}  {source}", self.progress.rows_per_second());
                self.bar.advance(*bytes, message);
            }
            Event::TableBuilt { table, .. } => self.bar.advance(1, table.clone()),
            Event::MetricMeasured { metric, .. } => self.bar.advance(1, metric.clone()),
            Event::CheckFailed { table, check, offending, is_warning: true } => {
                self.print_note(&format!("warning: {check} on `{table}`: {offending} rows offend"));
            }
            Event::Noticed { message } => self.print_note(&format!("note: {message}")),
            Event::StepStarted { .. }
            | Event::SourceStarted { .. }
            | Event::SourceFinished { .. }
            | Event::ExtractLanded { .. }
            | Event::ExtractRefused { .. }
            | Event::CheckFailed { .. }
            | Event::ChecksRun { .. }
            | Event::DocumentWritten { .. }
            | Event::Delivered { .. }
            | Event::StorageCleaned { .. } => {}
        }
    }

    /// Logs an event as one JSON object.
    fn log_event(&self, event: &Event) {
        let level = match event {
            // Bytes are counted for the bar; a log line for every block would drown the rest.
            Event::BytesRead { .. } => return,
            Event::ExtractRefused { .. } | Event::CheckFailed { is_warning: false, .. } => "error",
            Event::CheckFailed { .. } | Event::Noticed { .. } => "warn",
            _ => "info",
        };
        let mut fields = serde_json::to_value(event).expect("events are plain data");
        if let Event::StepFinished { step } = event {
            fields["ms"] = Value::from(milliseconds(self.steps.took(step)));
        }
        self.log.event(level, fields);
    }
}

impl Listener for Console {
    fn on_event(&self, event: Event) {
        self.progress.note(&event);
        self.totals.note(&event);
        self.steps.note(&event);
        if self.is_json() {
            self.log_event(&event);
        } else {
            self.show_event(&event);
        }
    }
}

/// Letters that a terminal shows in a line, as far as lines for people go.
fn terminal_width() -> usize {
    const NARROW: usize = 40;
    let size = terminal_size_of(std::io::stderr());
    let width = size.map_or(LINE, |(width, _)| usize::from(width.0));
    if width < NARROW { LINE } else { width.min(LINE) }
}

/// The kind of a problem, where it has one.
fn code(report: &Report) -> Option<String> {
    report.code().map(|code| code.to_string())
}

/// The message and its causes on one line.
fn chain(report: &Report) -> String {
    report.chain().map(ToString::to_string).collect::<Vec<_>>().join(": ")
}
