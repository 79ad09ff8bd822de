//! What a person or a log collector sees. Events go to standard error, answers to standard output.

mod progress;

pub(crate) mod rows;

pub(crate) mod sample;

use std::collections::BTreeMap;
use std::io::{IsTerminal as _, Write as _};
use std::sync::Mutex;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};
use miette::{Diagnostic, GraphicalReportHandler, GraphicalTheme, Report};
use scorewright_domain::{Event, Fault, Listener};
use serde_json::{Value, json};

use crate::arguments::LogFormat;
use crate::clock;
use crate::exit::{ExitStatus, Failure};
use progress::LandingProgress;

/// Shows events and failures, and prints answers.
pub(crate) struct Console {
    format: LogFormat,
    is_colored: bool,
    bar: Mutex<Option<ProgressBar>>,
    run: Mutex<Option<String>>,
    progress: LandingProgress,
}

impl Console {
    /// The console as it is: bars and colour only on a terminal.
    pub(crate) fn open(asked: LogFormat) -> Self {
        let is_terminal = std::io::stderr().is_terminal();
        let format = match asked {
            LogFormat::Auto if !is_terminal => LogFormat::Json,
            other => other,
        };
        let is_colored = is_terminal && std::env::var_os("NO_COLOR").is_none();
        Self {
            format,
            is_colored,
            bar: Mutex::new(None),
            run: Mutex::new(None),
            progress: LandingProgress::default(),
        }
    }

    /// Names the run in every event from here on.
    pub(crate) fn name_run(&self, run: &str) {
        *self.run.lock().expect("no holder panics") = Some(run.into());
    }

    /// How long each source took that landed in this run.
    pub(crate) fn landing_times(&self) -> BTreeMap<String, Duration> {
        self.progress.times()
    }

    /// Tells a fault of the project that stops nothing.
    pub(crate) fn notice_fault(&self, fault: &Fault) {
        let help = fault.help_text().map_or_else(String::new, |help| format!("; {help}"));
        let message = format!("{}: {}{help}", fault.position(), fault.message());
        self.on_event(Event::Noticed { message });
    }

    /// Tells a failure that stops nothing.
    pub(crate) fn notice_failure(&self, what: &str, failure: &Failure) {
        let reasons: Vec<String> = failure.reports.iter().map(ToString::to_string).collect();
        self.on_event(Event::Noticed { message: format!("{what}: {}", reasons.join("; ")) });
    }

    /// Prints an answer to standard output. A closed pipe is the reader's choice, not an error.
    pub(crate) fn answer(&self, text: &str) {
        self.clear_bar();
        if !text.is_empty() {
            let _ = writeln!(std::io::stdout(), "{}", text.trim_end_matches('\n'));
        }
    }

    /// Whether somebody is there who can be asked.
    pub(crate) fn can_ask(&self) -> bool {
        self.format != LogFormat::Json && std::io::stdin().is_terminal()
    }

    /// Says something before a question.
    pub(crate) fn say(&self, text: &str) {
        self.clear_bar();
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
        self.clear_bar();
        self.show(report);
    }

    /// Shows everything to mend, and gives the status to end with.
    pub(crate) fn fail(&self, failure: &Failure) -> ExitStatus {
        self.clear_bar();
        for report in &failure.reports {
            self.show(report);
        }
        if self.format == LogFormat::Json {
            self.log("error", json!({ "event": "run_finished", "status": failure.status as u8 }));
        }
        failure.status
    }

    /// Shows one report: with line and caret for people, as one JSON line otherwise.
    fn show(&self, report: &Report) {
        let mut text = String::new();
        let theme = if self.is_colored {
            GraphicalTheme::unicode()
        } else {
            GraphicalTheme::unicode_nocolor()
        };
        let handler = GraphicalReportHandler::new_themed(theme).with_width(110).with_links(false);
        if handler.render_report(&mut text, report.as_ref()).is_err() {
            text = report.to_string();
        }
        if self.format == LogFormat::Json {
            let diagnostic: &dyn Diagnostic = report.as_ref();
            let help = diagnostic.help().map(|help| help.to_string());
            self.log(
                "error",
                json!({ "event": "problem", "message": chain(report), "help": help, "report": text }),
            );
        } else {
            let _ = writeln!(std::io::stderr(), "{}", text.trim_end());
        }
    }

    fn log(&self, level: &str, mut event: Value) {
        let ts = clock::now()
            .round(jiff::Unit::Millisecond)
            .map_or_else(|_| String::new(), |now| now.to_string());
        let run = self.run.lock().expect("no holder panics").clone();
        let mut line = json!({ "ts": ts, "level": level });
        let fields = line.as_object_mut().expect("made as an object");
        if let Some(run) = run {
            fields.insert("run".into(), run.into());
        }
        fields.append(event.as_object_mut().expect("events are objects"));
        let _ = writeln!(std::io::stderr(), "{line}");
    }

    fn print_note(&self, text: &str) {
        match self.bar.lock().expect("no holder panics").as_ref() {
            Some(bar) => bar.suspend(|| drop(writeln!(std::io::stderr(), "{text}"))),
            None => drop(writeln!(std::io::stderr(), "{text}")),
        }
    }

    fn clear_bar(&self) {
        if let Some(bar) = self.bar.lock().expect("no holder panics").take() {
            bar.finish_and_clear();
        }
    }

    /// Starts a bar for a step; only a terminal shows one.
    fn start_bar(&self, step: &'static str, items: u64) {
        self.clear_bar();
        if self.format != LogFormat::Auto {
            return;
        }
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
        *self.bar.lock().expect("no holder panics") = Some(bar);
    }

    fn advance(&self, by: u64, message: String) {
        if let Some(bar) = self.bar.lock().expect("no holder panics").as_ref() {
            bar.inc(by);
            bar.set_message(message);
        }
    }

    fn show_event(&self, event: &Event) {
        match event {
            Event::StepStarted { step, items } => self.start_bar(step, *items),
            Event::StepFinished { .. } => self.clear_bar(),
            Event::BytesRead { source, bytes, .. } => {
                self.advance(*bytes, format!("{}  {source}", self.progress.rows_per_second()));
            }
            Event::TableBuilt { table, .. } => self.advance(1, table.clone()),
            Event::MetricMeasured { metric, .. } => self.advance(1, metric.clone()),
            Event::CheckFailed { table, check, offending, is_warning: true } => {
                self.print_note(&format!("warning: {check} on `{table}`: {offending} rows offend"));
            }
            Event::Noticed { message } => self.print_note(&format!("note: {message}")),
            Event::RunFinished { .. }
            | Event::SourceStarted { .. }
            | Event::SourceFinished { .. }
            | Event::ExtractLanded { .. }
            | Event::ExtractRefused { .. }
            | Event::CheckFailed { .. }
            | Event::DocumentWritten { .. } => {}
        }
    }
}

impl Listener for Console {
    fn on_event(&self, event: Event) {
        self.progress.note(&event);
        if self.format != LogFormat::Json {
            return self.show_event(&event);
        }
        // Bytes are counted for the bar; a log line for every block would drown the rest.
        if matches!(event, Event::BytesRead { .. }) {
            return;
        }
        let level = match event {
            Event::ExtractRefused { .. } | Event::CheckFailed { is_warning: false, .. } => "error",
            Event::CheckFailed { .. } | Event::Noticed { .. } => "warn",
            _ => "info",
        };
        self.log(level, serde_json::to_value(&event).expect("events are plain data"));
    }
}

/// The message and its causes on one line.
fn chain(report: &Report) -> String {
    report.chain().map(ToString::to_string).collect::<Vec<_>>().join(": ")
}
