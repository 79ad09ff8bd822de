//! What sends mails and messages to chats, and looks after them: `scorewright send` and `outbox`.

use clap::{Args, Subcommand};

use super::formats::StatusFormat;

#[derive(Debug, Args)]
pub(crate) struct SendOptions {
    /// Send nothing: list the mails and messages that would be sent, and write each to out/rendered/mail/
    #[arg(long, conflicts_with = "to")]
    pub(crate) dry_run: bool,
    /// Send the mails of the newest version to this address alone, marked `[Test]`; the outbox stays as it is
    #[arg(long, value_name = "ADDRESS")]
    pub(crate) to: Option<String>,
    /// Only this report
    #[arg(long, requires = "to")]
    pub(crate) report: Option<String>,
}

/// What is done with mails that wait.
#[derive(Debug, Subcommand)]
pub(crate) enum OutboxCommand {
    /// List what waits, and what was not sent, each with its key, its state and why
    #[command(after_help = "\
Examples:
  scorewright outbox list
  scorewright outbox list --output json")]
    List(OutboxListOptions),
    /// Show one mail: its state, its times, its Message-ID
    #[command(after_help = "\
Examples:
  scorewright outbox show db0ffc67de9d
  scorewright outbox show db0ffc67de9d --message > mail.eml")]
    Show(OutboxShowOptions),
    /// Send a mail no earlier than somebody says `resend`
    #[command(after_help = "\
Examples:
  scorewright outbox hold db0ffc67de9d")]
    Hold(OutboxKeys),
    /// Never send a mail
    #[command(after_help = "\
Examples:
  scorewright outbox cancel db0ffc67de9d")]
    Cancel(OutboxKeys),
    /// Queue a mail anew that is held, may have arrived, was refused, expired or was cancelled; `send` sends it
    #[command(after_help = "\
Examples:
  scorewright outbox resend db0ffc67de9d
A mail that may have arrived may arrive twice by this, with the same Message-ID.")]
    Resend(OutboxKeys),
}

#[derive(Debug, Args)]
pub(crate) struct OutboxListOptions {
    /// How to print it
    #[arg(long, value_enum, default_value_t = StatusFormat::Text)]
    pub(crate) output: StatusFormat,
}

#[derive(Debug, Args)]
pub(crate) struct OutboxShowOptions {
    /// Its key, or the start of it
    pub(crate) key: String,
    /// Print the message, byte for byte
    #[arg(long)]
    pub(crate) message: bool,
}

#[derive(Debug, Args)]
pub(crate) struct OutboxKeys {
    /// Their keys, or the start of each
    #[arg(required = true, value_name = "KEY")]
    pub(crate) keys: Vec<String>,
}
