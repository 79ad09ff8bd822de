//! The routes there are.

mod message;
mod notice;

mod file_name;

mod mail;

mod eml;
mod pages;
mod site;
mod smtp;
mod webhook;

use std::path::Path;

use scorewright_durable::Readers;

use crate::route::Route;
use crate::site_store::SiteStore;
use crate::smtp_server::{SmtpRules, SmtpServer};
use crate::webhook::Webhooks;
use eml::EmlRoute;
use pages::PagesRoute;
use site::SiteRoute;
use smtp::SmtpRoute;
use webhook::WebhookRoute;

pub use smtp::{TestMailError, send_test_mail};

/// Pages and mail files, in the order a report is delivered, into folders below `out`.
///
/// - `readers`: those of pages; a mail is for its owner alone until it is sent.
pub fn routes(out: &Path, readers: Readers) -> Vec<Box<dyn Route>> {
    let pages = PagesRoute::new(out.join("pages"), readers);
    vec![Box::new(pages), Box::new(EmlRoute::new(out.join("mail")))]
}

/// The same where mails are sent to a server instead of into files.
///
/// - `server`: where to; without one mails are queued and not sent.
pub fn routes_with_smtp(
    out: &Path,
    readers: Readers,
    rules: SmtpRules,
    server: Option<SmtpServer>,
) -> Vec<Box<dyn Route>> {
    let pages = PagesRoute::new(out.join("pages"), readers);
    vec![Box::new(pages), Box::new(SmtpRoute::new(rules, server))]
}

/// The route of messages to webhooks, which goes beside one of mails.
pub fn webhook_route(webhooks: Webhooks) -> Box<dyn Route> {
    Box::new(WebhookRoute::new(webhooks))
}

/// The route of pages to a static site, which goes beside the others.
pub fn site_route(store: Box<dyn SiteStore>) -> Box<dyn Route> {
    Box::new(SiteRoute::new(store))
}
