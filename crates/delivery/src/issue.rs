//! One report of one period, ready to be handed over.

use std::collections::BTreeSet;

use jiff::{SignedDuration, Timestamp};
use scorewright_domain::{Document, Fingerprint, Period};

use crate::mailbox::Mailbox;

/// One report of one period: its pages, its e-mail and its message.
#[derive(Debug, Clone, PartialEq)]
pub struct Issue {
    /// Name of the report; the name of its folder.
    pub report: String,
    /// Period it is about.
    pub period: Period,
    /// Which edition of the period it is, from 1: one more for each change of its figures.
    pub revision: u32,
    /// Hash of the figures it shows: two issues of the same report and period are the same revision
    /// exactly when it is equal. Leave out what changes without news: the as-of day, the run, the
    /// text of a template.
    pub figures: Fingerprint,
    /// The pages.
    pub documents: Vec<Document>,
    /// The e-mail, when the report has one.
    pub email: Option<Email>,
    /// The message to a chat, when the report has one.
    pub message: Option<ChatMessage>,
    /// How e-mail and message wait; only for a period that is not whole. Pages do not wait.
    pub hold: Option<Hold>,
}

/// How the e-mail of a period that is not whole waits for the rest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hold {
    /// Why: what is awaited.
    pub reason: String,
    /// How long from when a mail of the report and period was first held; zero does not wait.
    pub span: SignedDuration,
    /// What recipients are told at once by a short mail, the subject after `[Held] `; `None` when
    /// they are told nothing.
    pub notice: Option<String>,
}

/// The message of an issue to a chat.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChatMessage {
    /// What the report calls the chat. Never changes: a new name sends everything again.
    pub channel: String,
    /// The message, as JSON.
    pub document: Document,
}

/// The e-mail of an issue.
#[derive(Debug, Clone, PartialEq)]
pub struct Email {
    /// Who sends it.
    pub from: Mailbox,
    /// Who gets it, each in a message of their own.
    pub to: Vec<Mailbox>,
    /// Who reads what recipients answer, and who takes them off the list; the sender when absent.
    pub reply_to: Option<Mailbox>,
    /// Its subject. Control characters become spaces; a correction is announced in front.
    pub subject: String,
    /// Its date. Take it from the as-of day, so that a rerun writes the same bytes.
    pub date: Timestamp,
    /// The body as plain text.
    pub text: String,
    /// The body as HTML; empty for a mail of text alone.
    pub html: String,
    /// A document that goes with it.
    pub attachment: Option<Document>,
}

/// Why an issue cannot be delivered as it is.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, miette::Diagnostic)]
pub enum BadIssue {
    /// A name that could leave its folder, or that not every file system allows.
    #[error("`{name}` cannot be the name of a {what}")]
    #[diagnostic(help(
        "use up to 100 letters, digits, `-`, `_` and `.`, and start with a letter or digit"
    ))]
    Name {
        /// What it should name.
        what: &'static str,
        /// The name.
        name: String,
    },
    /// Two documents of one name.
    #[error("report `{report}` has two documents named `{name}`")]
    TwoDocuments {
        /// The report.
        report: String,
        /// The name.
        name: String,
    },
    /// An e-mail without a subject.
    #[error("the mail of report `{report}` has no subject")]
    #[diagnostic(help("state the verdict in it: `1 off track: churn 4.1 %`"))]
    NoSubject {
        /// The report.
        report: String,
    },
    /// A date that no mail can have.
    #[error("the mail of report `{report}` is dated {date}, before the year 1970")]
    #[diagnostic(help("run for a later day with `--as-of`"))]
    Date {
        /// The report.
        report: String,
        /// The date.
        date: Timestamp,
    },
    /// The mail library rejected it.
    #[error("the mail of report `{report}` to `{to}` cannot be written: {why}")]
    Email {
        /// The report.
        report: String,
        /// The recipient.
        to: String,
        /// The message of the library.
        why: String,
    },
}

impl Issue {
    /// Rejects names that are not safe as file names, before anything is written.
    pub(crate) fn check(&self) -> Result<(), BadIssue> {
        check_name("report", &self.report)?;
        let mut names = BTreeSet::new();
        for document in &self.documents {
            check_name("document", &document.name)?;
            // Some file systems take `A.html` and `a.html` for one name.
            if !names.insert(document.name.to_lowercase()) {
                let (report, name) = (self.report.clone(), document.name.clone());
                return Err(BadIssue::TwoDocuments { report, name });
            }
        }
        Ok(())
    }
}

fn check_name(what: &'static str, name: &str) -> Result<(), BadIssue> {
    let is_safe = name.len() <= 100
        && name.starts_with(|letter: char| letter.is_ascii_alphanumeric())
        && name.chars().all(|letter| letter.is_ascii_alphanumeric() || "-_.".contains(letter));
    if is_safe { Ok(()) } else { Err(BadIssue::Name { what, name: name.into() }) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_never_leaves_its_folder() {
        for name in [
            "",
            "..",
            ".hidden",
            "../up",
            "a/b",
            "a\\b",
            "a\0",
            "a\nb",
            "C:",
            "é",
            &"x".repeat(101),
        ] {
            assert!(check_name("report", name).is_err(), "{name:?}");
        }
        assert!(check_name("document", "scorecard.html").is_ok());
    }
}
