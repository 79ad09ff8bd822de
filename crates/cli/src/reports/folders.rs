//! Where delivery keeps what it knows of a project.

use scorewright_delivery::DeliveryFolders;
use scorewright_project::Folders;

/// The outbox below `out/`, and the ledger beside the tables.
pub(crate) fn delivery_folders(folders: &Folders) -> DeliveryFolders {
    DeliveryFolders {
        outbox: folders.out("outbox"),
        ledger: folders.warehouse().root().join("ledger"),
    }
}
