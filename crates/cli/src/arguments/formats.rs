//! How answers and events are printed.

use clap::ValueEnum;

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum LogFormat {
    /// Progress bars on a terminal, json elsewhere
    Auto,
    /// Plain text
    Text,
    /// One JSON object for each event
    Json,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum OutputFormat {
    /// A table for people
    Table,
    /// Comma-separated values
    Csv,
    /// One JSON object for each row
    Json,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum StatusFormat {
    /// Lines for people
    Text,
    /// One JSON object
    Json,
}
