//! A folder that holds exactly some documents: the pages of an issue, the payload of an entry.

use std::fs;
use std::path::Path;

use scorewright_domain::{Document, Fingerprint};
use scorewright_durable::{
    DurableError, Readers, failed, folder_names, promote_folder, replace_folder, stage_folder,
};

use crate::entry::Attachment;

/// Whether a folder holds exactly these documents.
pub(crate) fn holds(folder: &Path, documents: &[Document]) -> Result<bool, DurableError> {
    let mut expected: Vec<&str> = documents.iter().map(|document| document.name.as_str()).collect();
    expected.sort_unstable();
    let is_same = |document: &Document| {
        fs::read(folder.join(&document.name)).is_ok_and(|bytes| bytes == document.bytes)
    };
    Ok(folder_names(folder)? == expected && documents.iter().all(is_same))
}

/// Whether a folder holds exactly the documents described.
pub(crate) fn holds_all(folder: &Path, contents: &[Attachment]) -> bool {
    let mut expected: Vec<&str> = contents.iter().map(|one| one.name.as_str()).collect();
    expected.sort_unstable();
    let is_same = |one: &Attachment| {
        let hash = fs::read(folder.join(&one.name)).map(|bytes| Fingerprint::of(&bytes));
        hash.is_ok_and(|hash| hash == one.sha256)
    };
    folder_names(folder).is_ok_and(|names| names == expected) && contents.iter().all(is_same)
}

/// Writes documents as the whole content of a folder. Interrupted at any moment, the folder has the
/// former documents or all new ones.
pub(crate) fn write(
    folder: &Path,
    documents: &[Document],
    readers: Readers,
) -> Result<(), DurableError> {
    let files = documents.iter().map(|document| (document.name.as_str(), &document.bytes[..]));
    let staged = stage_folder(folder, files, readers)?;
    if folder.exists() { replace_folder(&staged, folder) } else { promote_folder(&staged, folder) }
}

/// Copies the files of a folder to one of another name, unless it is there already.
pub(crate) fn keep(folder: &Path, kept: &Path, readers: Readers) -> Result<(), DurableError> {
    if kept.exists() || !folder.exists() {
        return Ok(());
    }
    let read = |name: String| {
        let path = folder.join(&name);
        fs::read(&path).map(|bytes| (name, bytes)).map_err(failed("read", &path))
    };
    let files: Vec<(String, Vec<u8>)> =
        folder_names(folder)?.into_iter().map(read).collect::<Result<_, _>>()?;
    let files = files.iter().map(|(name, bytes)| (name.as_str(), &bytes[..]));
    promote_folder(&stage_folder(kept, files, readers)?, kept)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_holds_its_documents_and_nothing_else() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("page");
        let document = |name: &str, bytes: &[u8]| Document {
            name: name.into(),
            media_type: "text/plain".into(),
            bytes: bytes.into(),
        };
        let (first, second) = (document("a", b"1"), document("b", b"2"));
        write(&path, &[first.clone(), second.clone()], Readers::Anyone).unwrap();
        assert!(holds(&path, &[second.clone(), first.clone()]).unwrap());
        assert!(!holds(&path, std::slice::from_ref(&first)).unwrap(), "it holds more");
        write(&path, std::slice::from_ref(&second), Readers::Anyone).unwrap();
        assert!(!holds(&path, &[first]).unwrap());
        assert!(holds(&path, &[second]).unwrap());
    }
}
