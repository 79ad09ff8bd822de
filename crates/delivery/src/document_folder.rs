//! A folder that holds exactly some documents: the pages of an issue, the payload of an entry.

use std::fs;
use std::path::Path;

use scorewright_domain::Document;
use scorewright_durable::{
    DurableError, Readers, folder_names, promote_folder, remove_folder, stage_folder,
};

/// Whether a folder holds exactly these documents.
pub(crate) fn holds(folder: &Path, documents: &[Document]) -> Result<bool, DurableError> {
    let mut expected: Vec<&str> = documents.iter().map(|document| document.name.as_str()).collect();
    expected.sort_unstable();
    let is_same = |document: &Document| {
        fs::read(folder.join(&document.name)).is_ok_and(|bytes| bytes == document.bytes)
    };
    Ok(folder_names(folder)? == expected && documents.iter().all(is_same))
}

/// Writes documents as the whole content of a folder. Interrupted at any moment, the folder has the
/// former documents, is missing, or has all new ones.
///
/// - `retire`: moves or removes the former folder, once the documents are staged beside it.
pub(crate) fn replace(
    folder: &Path,
    documents: &[Document],
    readers: Readers,
    retire: impl FnOnce(&Path) -> Result<(), DurableError>,
) -> Result<(), DurableError> {
    let files = documents.iter().map(|document| (document.name.as_str(), &document.bytes[..]));
    let staged = stage_folder(folder, files, readers)?;
    if folder.exists() {
        retire(folder)?;
    }
    promote_folder(&staged, folder)
}

/// Writes documents as the whole content of a folder and removes what it held.
pub(crate) fn write(
    folder: &Path,
    documents: &[Document],
    readers: Readers,
) -> Result<(), DurableError> {
    replace(folder, documents, readers, remove_folder)
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
