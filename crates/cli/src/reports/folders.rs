//! Where delivery keeps what it knows of a project, and where it delivers.

use scorewright_delivery::{DeliveryFolders, Route, SmtpServer, routes, routes_with_smtp};
use scorewright_project::Folders;

use super::mail_server::rules_of;

/// The outbox below `out/`, and the ledger beside the tables.
pub(crate) fn delivery_folders(folders: &Folders) -> DeliveryFolders {
    DeliveryFolders {
        outbox: folders.out("outbox"),
        ledger: folders.warehouse().root().join("ledger"),
    }
}

/// Every route, into folders below `out/`; mails to a server are queued and not sent.
pub(crate) fn delivery_routes(folders: &Folders) -> Vec<Box<dyn Route>> {
    routes_to(folders, None)
}

/// Every route, with mails sent to a server.
pub(crate) fn sending_routes(folders: &Folders, server: SmtpServer) -> Vec<Box<dyn Route>> {
    routes_to(folders, Some(server))
}

fn routes_to(folders: &Folders, server: Option<SmtpServer>) -> Vec<Box<dyn Route>> {
    let (out, readers) = (folders.out_root(), folders.readers);
    match &folders.smtp {
        Some(smtp) => routes_with_smtp(&out, readers, rules_of(smtp), server),
        None => routes(&out, readers),
    }
}
