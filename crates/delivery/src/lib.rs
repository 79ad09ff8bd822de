//! Delivers reports to the people who read them, each of them once.
//!
//! ```text
//! Issue        a report of one period: pages, e-mail, message         issue, mailbox
//!   │ deliver  enters it, releases it, hands it over                  deliver
//! Outbox       an entry for each destination, and its payload         outbox, entry, label, payload
//! ledger       what was released, and how it ended                    ledger
//!   │ Route    takes a payload to its destination                     route, routes
//! Delivery     receipts, and what is outstanding
//! OwedIssue    what a version owes, beside what was delivered         owed, delivered_mails, expected
//! ```
//!
//! Offering the same issue again delivers nothing; other figures for the same period are a new
//! revision, announced as a correction. What could not be handed over stays in the outbox and is
//! tried again by a later call: what a server did not take, once its back-off is over. One call at a time: the caller holds the lock of the run.
//!
//! The mail of a period that is not whole is held for a while: a whole revision that comes before
//! the deadline takes its place, and one that comes later completes it.
//!
//! A new route is a file in `routes/` that implements [`Route`], and a line of [`routes()`].

mod issue;
mod mailbox;

mod connection;
mod secret;
mod smtp_server;

mod web_address;

mod http;

mod monitor;

mod webhook;

mod site_store;

mod deliver;

mod folders;

mod entry;
mod label;
mod ledger;
mod outbox;
mod payload;

mod delivered_mails;
mod expected;
mod owed;

mod route;
mod routes;

mod document_folder;

mod batch;

pub use batch::promote_files;
pub use deliver::{
    Decision, DecisionError, Delivery, DeliveryError, Retry, decide, deliver, deliver_all,
    due_mails, resend,
};
pub use delivered_mails::delivered_mails;
pub use entry::{Attachment, DeliveryState, OutboxEntry};
pub use expected::{ExpectedDelivery, FormerDelivery, expected_deliveries};
pub use folders::DeliveryFolders;
pub use issue::{BadIssue, ChatMessage, Email, Hold, Issue};
pub use label::Label;
pub use mailbox::{BadMailbox, Mailbox};
pub use monitor::{Monitor, NotTold, Ping};
pub use outbox::Outbox;
pub use owed::{OpenDelivery, deliveries_of, undelivered};
pub use route::{HandOverError, Pause, Route, SendRules};
pub use routes::{
    TestMailError, routes, routes_with_smtp, send_test_mail, site_route, webhook_route,
};
pub use secret::Secret;
pub use site_store::{SiteFile, SiteFolder, SiteStore};
pub use smtp_server::{SmtpLogin, SmtpRules, SmtpSecurity, SmtpServer};
pub use web_address::BadWebAddress;
pub use webhook::{Webhook, Webhooks};
