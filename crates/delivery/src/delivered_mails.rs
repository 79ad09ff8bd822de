//! Which mail files were delivered and are needed no more.

use std::collections::BTreeMap;

use scorewright_domain::Fingerprint;
use scorewright_durable::{DurableError, folder_names};

use crate::entry::{DeliveryState, OutboxEntry};
use crate::folders::DeliveryFolders;
use crate::ledger::ReleaseLedger;
use crate::outbox::Outbox;

/// The route of mails into files.
const ROUTE: &str = "eml";

/// Mail files that were delivered as the ledger has it, each by its name with the SHA-256 of its bytes.
///
/// Without those of which the outbox has an entry or a damaged file: they may be handed over again. A file that is taken
/// away is not written again.
///
/// # Errors
///
/// When the outbox or the ledger cannot be read.
pub fn delivered_mails(
    folders: &DeliveryFolders,
) -> Result<BTreeMap<String, Fingerprint>, DurableError> {
    let (outbox, ledger) = (Outbox::read(folders)?, ReleaseLedger::of(&folders.ledger));
    let is_ended = |entry: &&OutboxEntry| {
        let key = &entry.label.key;
        let is_in_outbox = outbox.get(key).is_some() || outbox.is_damaged(key);
        entry.label.route == ROUTE && entry.state == DeliveryState::Accepted && !is_in_outbox
    };
    let mut delivered = BTreeMap::new();
    for report in folder_names(&folders.ledger)? {
        let issues = ledger.whole_issues(&report)?;
        let mails = issues.iter().flat_map(|issue| &issue.ended).filter(is_ended);
        let files = mails.flat_map(|mail| &mail.contents);
        delivered.extend(files.map(|file| (file.name.clone(), file.sha256.clone())));
    }
    Ok(delivered)
}
