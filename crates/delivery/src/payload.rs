//! The documents of entries, stored until they are delivered.

use std::fs;
use std::path::{Path, PathBuf};

use scorewright_domain::{Document, Fingerprint};
use scorewright_durable::{
    DurableError, Readers, create_folder, folder_names, promote_folder, remove_folder,
};

use crate::document_folder;
use crate::entry::{Attachment, OutboxEntry};

/// The folder `payload/` of an outbox: in it a folder of documents for each outstanding entry.
#[derive(Debug)]
pub(crate) struct PayloadStore {
    folder: PathBuf,
}

impl PayloadStore {
    pub(crate) fn of(outbox: &Path) -> Self {
        Self { folder: outbox.join("payload") }
    }

    /// Creates the folder. An outbox written by an earlier version has it under the name `frozen`:
    /// that one is renamed, because entries of it may still be outstanding.
    pub(crate) fn create(&self) -> Result<(), DurableError> {
        let former = self.folder.with_file_name("frozen");
        if former.is_dir() && !self.folder.exists() {
            promote_folder(&former, &self.folder)?;
        }
        create_folder(&self.folder, Readers::Owner)
    }

    /// Stores the documents of an entry, unless they are stored already.
    pub(crate) fn write(
        &self,
        entry: &OutboxEntry,
        documents: &[Document],
    ) -> Result<(), DurableError> {
        let folder = self.folder.join(entry.payload_name());
        if document_folder::holds(&folder, documents)? {
            return Ok(());
        }
        document_folder::write(&folder, documents, Readers::Owner)
    }

    /// The documents of an entry as they were stored; `None` when they are damaged.
    pub(crate) fn read(&self, entry: &OutboxEntry) -> Option<Vec<Document>> {
        let folder = self.folder.join(entry.payload_name());
        entry.contents.iter().map(|attachment| read_attachment(&folder, attachment)).collect()
    }

    /// The names of all stored payloads.
    pub(crate) fn names(&self) -> Result<Vec<String>, DurableError> {
        folder_names(&self.folder)
    }

    /// Removes a stored payload.
    pub(crate) fn remove(&self, name: &str) -> Result<(), DurableError> {
        remove_folder(&self.folder.join(name))
    }
}

fn read_attachment(folder: &Path, attachment: &Attachment) -> Option<Document> {
    let bytes = fs::read(folder.join(&attachment.name)).ok()?;
    let (name, media_type) = (attachment.name.clone(), attachment.media_type.clone());
    (Fingerprint::of(&bytes) == attachment.sha256).then_some(Document { name, media_type, bytes })
}
