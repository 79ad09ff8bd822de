//! Delivers reports to the people who read them, each of them once.
//!
//! ```text
//! Issue        a report of one period: its pages and its e-mail       issue, mailbox
//!   │ deliver  numbers the revision, enters it, hands it over         deliver
//! Outbox       an entry for each destination, and its payload         outbox, entry, label, payload
//!   │ Route    takes a payload to its destination                     route, routes
//! Delivery     receipts, and what is outstanding
//! ```
//!
//! Offering the same issue again delivers nothing; other figures for the same period are a new
//! revision, announced as a correction. What could not be handed over stays in the outbox and is
//! tried again by the next call. One call at a time: the caller holds the lock of the run.
//!
//! A new route is a file in `routes/` that implements [`Route`], and a line of [`routes()`].

mod issue;
mod mailbox;

mod deliver;

mod entry;
mod label;
mod outbox;
mod payload;

mod route;
mod routes;

mod document_folder;

pub use deliver::{Delivery, DeliveryError, deliver, resend};
pub use entry::{Attachment, DeliveryState, OutboxEntry};
pub use issue::{BadIssue, Email, Issue};
pub use label::Label;
pub use mailbox::{BadMailbox, Mailbox};
pub use outbox::Outbox;
pub use route::{HandOverError, Route};
pub use routes::routes;
