//! Where delivery keeps what it knows of a project, and where it delivers.

use scorewright_delivery::{DeliveryFolders, Route, routes};
use scorewright_project::Folders;

/// The outbox below `out/`, and the ledger beside the tables.
pub(crate) fn delivery_folders(folders: &Folders) -> DeliveryFolders {
    DeliveryFolders {
        outbox: folders.out("outbox"),
        ledger: folders.warehouse().root().join("ledger"),
    }
}

/// Every route, into folders below `out/`.
pub(crate) fn delivery_routes(folders: &Folders) -> Vec<Box<dyn Route>> {
    routes(&folders.out_root(), folders.readers)
}
