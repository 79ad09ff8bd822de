//! Documents to the people who read them: once, and provably.
//!
//! An [`Issue`] is one report of one period. [`deliver`] writes one entry of
//! the [`Outbox`] for each place a [`Route`] takes it to, and hands it over:
//! [`Pages`] lays the documents into a folder, [`Eml`] writes one mail for
//! each recipient. Offering the same issue again delivers nothing; other
//! figures for the same period are a new revision that says so. What could
//! not be handed over stays in the outbox and is tried again by the next call.
//!
//! One call at a time: the caller holds the lock of the run.

mod deliver;
mod document_folder;
mod eml;
mod entry;
mod issue;
mod mailbox;
mod message;
mod outbox;
mod pages;
mod route;

pub use deliver::{Delivery, DeliveryError, deliver, resend};
pub use eml::Eml;
pub use entry::{Entry, Label, Piece, State};
pub use issue::{BadIssue, Issue, Letter};
pub use mailbox::{BadMailbox, Mailbox};
pub use outbox::Outbox;
pub use pages::Pages;
pub use route::{Refusal, Route};
