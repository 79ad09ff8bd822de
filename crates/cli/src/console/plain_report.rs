//! A report whose words cannot steer a terminal: names of files and columns come from others.

use std::error::Error;
use std::fmt;

use miette::{Diagnostic, GraphicalReportHandler, GraphicalTheme, LabeledSpan, Report, SourceCode};

use super::lines::plain_lines;

/// A report with plain words; its place in a file of the project is as it was.
#[derive(Debug)]
pub(super) struct PlainReport<'a> {
    of: &'a dyn Diagnostic,
    words: PlainCause,
    help: Option<String>,
}

/// A message, and what it is due to.
#[derive(Debug)]
struct PlainCause {
    message: String,
    cause: Option<Box<Self>>,
}

impl<'a> PlainReport<'a> {
    /// The same report in plain words.
    pub(super) fn of(report: &'a Report) -> Self {
        let of: &dyn Diagnostic = report.as_ref();
        let messages: Vec<String> =
            report.chain().map(|cause| plain_lines(&cause.to_string())).collect();
        let help = of.help().map(|help| plain_lines(&help.to_string()));
        let words = messages
            .into_iter()
            .rev()
            .fold(None, |cause, message| Some(PlainCause { message, cause: cause.map(Box::new) }));
        Self { of, words: words.expect("a report has a message"), help }
    }
}

impl fmt::Display for PlainCause {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.message)
    }
}

impl Error for PlainCause {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.cause.as_deref().map(|cause| cause as &(dyn Error + 'static))
    }
}

impl fmt::Display for PlainReport<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.words.fmt(out)
    }
}

impl Error for PlainReport<'_> {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.words.source()
    }
}

impl Diagnostic for PlainReport<'_> {
    fn help<'b>(&'b self) -> Option<Box<dyn fmt::Display + 'b>> {
        self.help.as_ref().map(|help| Box::new(help) as Box<dyn fmt::Display>)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        self.of.labels()
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        self.of.source_code()
    }
}

/// A report as a person reads it, with line and caret.
///
/// - `width`: letters of a line of the terminal, where there is one.
pub(super) fn drawn(report: &dyn Diagnostic, is_colored: bool, width: Option<usize>) -> String {
    const WIDE: usize = 110;
    let theme =
        if is_colored { GraphicalTheme::unicode() } else { GraphicalTheme::unicode_nocolor() };
    let handler = GraphicalReportHandler::new_themed(theme).with_links(false);
    let mut text = String::new();
    match handler.with_width(width.unwrap_or(WIDE)).render_report(&mut text, report) {
        Ok(()) => text,
        Err(_) => report.to_string(),
    }
}
