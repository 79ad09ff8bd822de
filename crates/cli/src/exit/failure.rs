//! Why a command ended without doing what it was asked.

use miette::{Diagnostic, Report};
use scorewright_domain::nearest;

use super::status::ExitStatus;

/// Why a command could not do what it was asked: one report for each thing to mend.
#[derive(Debug)]
pub(crate) struct Failure {
    pub(crate) status: ExitStatus,
    pub(crate) reports: Vec<Report>,
}

impl Failure {
    /// One thing to mend.
    pub(crate) fn new(
        status: ExitStatus,
        problem: impl Diagnostic + Send + Sync + 'static,
    ) -> Self {
        Self { status, reports: vec![Report::new(problem)] }
    }

    /// Several things to mend.
    pub(crate) fn all<D: Diagnostic + Send + Sync + 'static>(
        status: ExitStatus,
        problems: impl IntoIterator<Item = D>,
    ) -> Self {
        Self { status, reports: problems.into_iter().map(Report::new).collect() }
    }

    /// A wrong command line, with how to mend it.
    pub(crate) fn usage(message: impl Into<String>, help: impl Into<String>) -> Self {
        Self::new(
            ExitStatus::Configuration,
            UsageError { message: message.into(), help: help.into() },
        )
    }

    /// A command line that was not understood, in the words of its parser: the message, then how to call it.
    pub(crate) fn command_line(said: &str) -> Self {
        let said = said.strip_prefix("error: ").unwrap_or(said).trim();
        match said.split_once("\n\n") {
            Some((message, help)) if !message.contains('\n') => Self::usage(message, help),
            _ => Self::usage("the command line is not complete", said),
        }
    }

    /// A name that nothing has, with the nearest one that something has.
    pub(crate) fn unknown(kind: &str, name: &str, known: &[&str]) -> Self {
        let list = format!("there are: {}", known.join(", "));
        let help = nearest(name, known)
            .map_or_else(|| list.clone(), |near| format!("did you mean `{near}`? {list}"));
        Self::usage(format!("there is no {kind} `{name}`"), help)
    }

    /// A question to a warehouse without a version.
    pub(crate) fn no_version() -> Self {
        Self::usage("the warehouse has no version yet", "run `scorewright run` first")
    }

    /// A version of a program that did not keep the project it was made from.
    pub(crate) fn no_kept_project(version: u64) -> Self {
        Self::usage(
            format!(
                "version {version} was made by an earlier program, which did not keep its project"
            ),
            "run `scorewright run`: the next version keeps it",
        )
    }

    /// An answer of the engine without the columns or values that were asked for.
    pub(crate) fn unreadable_answer() -> Self {
        Self::bug_with("an answer of the warehouse is not what was asked for")
    }

    /// A caught panic, and where it was.
    pub(crate) fn bug(panics: &str) -> Self {
        Self::bug_with(&format!("scorewright met a case it was not written for at {panics}"))
    }

    fn bug_with(message: &str) -> Self {
        let help = "please report this, and what was run".into();
        Self::new(ExitStatus::Bug, UsageError { message: message.into(), help })
    }
}

/// A message with how to mend it.
#[derive(Debug, thiserror::Error, miette::Diagnostic)]
#[error("{message}")]
pub(crate) struct UsageError {
    message: String,
    #[help]
    help: String,
}
