//! A text file of the project, kept with its path so that every fault can show its line.

use std::fmt;
use std::ops::Range;

use miette::{Diagnostic, LabeledSpan, SourceCode};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::text::hidden::harmless;
use crate::text::nearest::did_you_mean;
use crate::text::secrets::{mask_secrets, mask_texts};

/// A text file of the project: TOML, SQL or a template.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProjectFile {
    /// Path below the project folder, for messages.
    pub path: String,
    /// What it says.
    pub text: String,
}

impl ProjectFile {
    /// A file with its text, as read by a crate that reads files.
    pub fn new(path: impl Into<String>, text: impl Into<String>) -> Self {
        Self { path: path.into(), text: text.into() }
    }

    /// Reads it as TOML.
    ///
    /// # Errors
    ///
    /// A [`Fault`] that points at the line, and for a misspelt key names the nearest accepted one.
    pub fn toml<T: DeserializeOwned>(&self) -> Result<T, Fault> {
        toml::from_str(&self.text).map_err(|bad| {
            let (message, help) = explain(bad.message());
            let fault = Fault { help, ..self.fault(bad.span(), message) };
            // Of a key that nobody knows, and of a line that cannot be read, no value is known to be no secret.
            if is_of_value(bad.message()) { fault } else { fault.without_texts() }
        })
    }

    /// A fault at a span of this file. What looks like a secret is shown as stars.
    pub fn fault(&self, span: Option<Range<usize>>, message: impl Into<String>) -> Fault {
        let file = Self { path: self.path.clone(), text: harmless(mask_secrets(&self.text)) };
        let message = mask_secrets(&message.into());
        Fault { message, help: None, span, file: Box::new(file), limit: None, is_damage: false }
    }

    /// The byte range of the first `word` in the text that stands alone, for pointing at a name.
    pub fn find(&self, word: &str) -> Option<Range<usize>> {
        let is_part = |letter: char| letter.is_alphanumeric() || letter == '_';
        self.text.match_indices(word).map(|(start, found)| start..start + found.len()).find(
            |range| {
                !self.text[..range.start].ends_with(is_part)
                    && !self.text[range.end..].starts_with(is_part)
            },
        )
    }

    /// The byte offset of a line and column, both from 1, the column counted in characters.
    pub fn offset(&self, line: u64, column: u64) -> usize {
        let line = usize::try_from(line.max(1)).unwrap_or(usize::MAX);
        let column = usize::try_from(column.max(1)).unwrap_or(usize::MAX);
        let start: usize = self.text.split_inclusive('\n').take(line - 1).map(str::len).sum();
        let inside =
            self.text[start..].char_indices().nth(column - 1).map_or(0, |(offset, _)| offset);
        (start + inside).min(self.text.len())
    }

    /// Line and column, both from 1, of a byte offset.
    pub fn line_and_column(&self, offset: usize) -> (usize, usize) {
        let before = &self.text[..offset.min(self.text.len())];
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().map_or(0, |line| line.chars().count()) + 1;
        (line, column)
    }
}

/// Rewrites a message of the parser: what is wrong, and how to fix it.
fn explain(message: &str) -> (String, Option<String>) {
    if let Some(rest) = message.strip_prefix("unknown field `") {
        let (key, help) = choices(rest, "accepted keys");
        (format!("unknown key `{key}`"), Some(help))
    } else if let Some(rest) = message.strip_prefix("unknown variant `") {
        let (word, help) = choices(rest, "accepted");
        (format!("`{word}` is not accepted here"), Some(help))
    } else {
        (message.trim().to_owned(), None)
    }
}

/// Whether a message of the parser is about a value of a key that is known: then it is read and shown.
fn is_of_value(message: &str) -> bool {
    ["unknown variant", "invalid type", "invalid value", "missing field", "duplicate"]
        .iter()
        .any(|kind| message.starts_with(kind))
        || message.contains("must be")
}

/// The word at fault and the accepted ones, out of `word`, expected one of `a`, `b`.
fn choices<'a>(rest: &'a str, are: &str) -> (&'a str, String) {
    let word = rest.split('`').next().unwrap_or_default();
    let accepted: Vec<&str> = rest.split('`').skip(2).step_by(2).collect();
    let list = format!("{are}: {}", accepted.join(", "));
    (word, did_you_mean(word, &accepted, &list))
}

/// Something wrong in a file of the project: what, where, and how to fix it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    message: String,
    help: Option<String>,
    span: Option<Range<usize>>,
    file: Box<ProjectFile>,
    limit: Option<&'static str>,
    is_damage: bool,
}

impl Fault {
    /// Adds how to fix it.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(mask_secrets(&help.into()));
        self
    }

    /// Marks it as what exceeds a limit, by its key in `[limits]`: the file may be right, and needs more than it may take.
    #[must_use]
    pub fn of_limit(self, key: &'static str) -> Self {
        Self { limit: Some(key), ..self }
    }

    /// Marks it as what met a damaged file of the warehouse: the file of the project may be right.
    #[must_use]
    pub fn of_damage(self) -> Self {
        Self { is_damage: true, ..self }
    }

    /// Whether the project is not at fault: its file may be right, and end on another machine or a whole warehouse.
    pub fn is_of_machine(&self) -> bool {
        self.is_damage || self.limit.is_some()
    }

    /// The same with stars for the texts in the lines that it points at.
    fn without_texts(mut self) -> Self {
        if let Some(span) = &self.span {
            let text = &self.file.text;
            let start = text[..span.start.min(text.len())].rfind('\n').map_or(0, |at| at + 1);
            let end = span.end.min(text.len()).max(start);
            // And in the line below, which is shown too.
            let below = text[end..].match_indices('\n').nth(1);
            let end = below.map_or(text.len(), |(at, _)| end + at);
            let masked = mask_texts(&text[start..end]);
            self.file.text.replace_range(start..end, &masked);
        }
        self
    }

    /// How to fix it.
    pub fn help_text(&self) -> Option<&str> {
        self.help.as_deref()
    }

    /// Where it is: `pipelines/targets.toml:7`, or the file alone.
    pub fn position(&self) -> String {
        let path = &self.file.path;
        match &self.span {
            Some(span) => format!("{path}:{}", self.file.line_and_column(span.start).0),
            None => path.clone(),
        }
    }

    /// Where it is to the letter: `pipelines/targets.toml:7:9`, or the file alone.
    pub fn exact_position(&self) -> String {
        let path = &self.file.path;
        let place = self.span.as_ref().map(|span| self.file.line_and_column(span.start));
        place.map_or_else(|| path.clone(), |(line, column)| format!("{path}:{line}:{column}"))
    }

    /// What is wrong, without its position.
    pub fn message(&self) -> &str {
        &self.message
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.message)?;
        if self.span.is_none() {
            let relation = if self.is_damage { ", read for" } else { " in" };
            write!(out, "{relation} `{}`", self.file.path)?;
        }
        Ok(())
    }
}

impl std::error::Error for Fault {}

impl Diagnostic for Fault {
    /// `limit` for what exceeds one.
    fn code<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        self.limit.map(|_| Box::new("limit") as Box<dyn fmt::Display>)
    }

    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        self.help.as_ref().map(|help| Box::new(help) as Box<dyn fmt::Display>)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        let span = self.span.clone()?;
        Some(Box::new(std::iter::once(LabeledSpan::new_with_span(Some("here".into()), span))))
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        self.span.as_ref().map(|_| self.file.as_ref() as &dyn SourceCode)
    }
}

impl SourceCode for ProjectFile {
    fn read_span<'a>(
        &'a self,
        span: &miette::SourceSpan,
        lines_before: usize,
        lines_after: usize,
    ) -> Result<Box<dyn miette::SpanContents<'a> + 'a>, miette::MietteError> {
        let contents = self.text.read_span(span, lines_before, lines_after)?;
        Ok(Box::new(miette::MietteSpanContents::new_named(
            self.path.clone(),
            contents.data(),
            *contents.span(),
            contents.line(),
            contents.column(),
            contents.line_count(),
        )))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, serde::Deserialize)]
    #[serde(deny_unknown_fields)]
    #[allow(dead_code, reason = "only the refusal is looked at")]
    struct SampleSource {
        columns: Option<String>,
        file: Option<String>,
    }

    #[test]
    fn a_secret_in_the_line_at_fault_is_not_shown() {
        let text = "file = \"s3://key:hunter2@acme/a.csv\"\ncolums = \"y\"\n";
        let fault = ProjectFile::new("a.toml", text).toml::<SampleSource>().unwrap_err();
        let span = fault.span.clone().expect("it is in a line");
        let shown = fault.source_code().unwrap().read_span(&span.into(), 1, 1).unwrap();
        let shown = String::from_utf8(shown.data().to_vec()).unwrap();
        assert!(shown.contains("s3://***********@acme/a.csv"), "{shown}");
    }

    #[test]
    fn the_value_of_a_key_that_nobody_knows_or_of_a_line_that_cannot_be_read_is_not_shown() {
        for text in [
            "file = \"x\"\npasswrd = \"hunter2\"\ncolumns = \"y\"\n",
            "file = \"x\"\nkey = \"hunter2\n",
            "file = \"x\"\n\"hunter2\"\n",
            "file = \"x\"\nsecrt = { a = 'hunter2' }\n",
            "file = \"x\"\nsecrt = [\n\"hunter2\",\n]\n",
        ] {
            let fault = ProjectFile::new("a.toml", text).toml::<SampleSource>().unwrap_err();
            let span = fault.span.clone().expect("it is in a line");
            let shown = fault.source_code().unwrap().read_span(&span.into(), 1, 1).unwrap();
            let shown = String::from_utf8(shown.data().to_vec()).unwrap();
            assert!(
                !shown.contains("hunter2") && !fault.message().contains("hunter2"),
                "{text}: {shown}"
            );
            assert!(
                shown.contains("file = \"x\"") || !text.starts_with("file") || shown.contains('*'),
                "{shown}"
            );
        }
        let text = "file = 7\n";
        let fault = ProjectFile::new("a.toml", text).toml::<SampleSource>().unwrap_err();
        assert_eq!(fault.file.text, text, "what a known key has is shown");
    }

    #[test]
    fn a_misspelt_key_names_the_nearest_one_and_its_place() {
        let fault = ProjectFile::new("a.toml", "file = \"x\"\ncolums = \"y\"\n")
            .toml::<SampleSource>()
            .unwrap_err();
        assert_eq!(fault.message(), "unknown key `colums`");
        assert_eq!(
            fault.help.as_deref(),
            Some("did you mean `columns`? accepted keys: columns, file")
        );
        assert_eq!(fault.span, Some(11..17));
    }

    #[test]
    fn an_offset_is_found_by_line_and_column() {
        let file = ProjectFile::new("a.sql", "SELECT ä,\n  b\n");
        assert_eq!(&file.text[file.offset(2, 3)..], "b\n");
        assert_eq!(file.line_and_column(file.offset(2, 3)), (2, 3));
        assert_eq!(file.offset(1, 9), 9, "counted in characters, answered in bytes");
    }

    #[test]
    fn a_name_is_found_only_where_it_stands_alone() {
        let file = ProjectFile::new("a.sql", "SELECT ticket_id, ticket FROM t");
        assert_eq!(file.find("ticket"), Some(18..24));
    }
}
