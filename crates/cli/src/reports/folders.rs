//! Where delivery keeps what it knows of a project, and where it delivers.

use scorewright_delivery::{
    DeliveryFolders, Route, SmtpServer, Webhook, routes, routes_with_smtp, site_route,
    webhook_route,
};
use scorewright_project::Folders;

use super::mail_server::{rules_of, webhook_targets, webhooks_of};
use super::site::site_store;

/// The outbox below `out/`, and the ledger beside the tables.
pub(crate) fn delivery_folders(folders: &Folders) -> DeliveryFolders {
    DeliveryFolders {
        outbox: folders.out("outbox"),
        ledger: folders.warehouse().root().join("ledger"),
    }
}

/// Every route, into folders below `out/`; mails to a server and messages to chats are queued and not sent.
pub(crate) fn delivery_routes(folders: &Folders) -> Vec<Box<dyn Route>> {
    routes_to(folders, None, None)
}

/// Every route, with mails sent to a server where there is one, and messages to chats.
pub(crate) fn sending_routes(folders: &Folders, server: Option<SmtpServer>) -> Vec<Box<dyn Route>> {
    routes_to(folders, server, Some(webhook_targets(folders)))
}

fn routes_to(
    folders: &Folders,
    server: Option<SmtpServer>,
    webhooks: Option<Vec<Webhook>>,
) -> Vec<Box<dyn Route>> {
    let (out, readers) = (folders.out_root(), folders.readers);
    let mut all = match &folders.smtp {
        Some(smtp) => routes_with_smtp(&out, readers, rules_of(smtp), server),
        None => routes(&out, readers),
    };
    all.extend(folders.publish.as_ref().map(|place| site_route(site_store(place))));
    all.push(webhook_route(webhooks_of(folders, webhooks)));
    all
}
