//! The place that the pages of a project are published to.

use std::cell::OnceCell;

use scorewright_delivery::{SiteFile, SiteFolder, SiteStore};
use scorewright_extract::{ObjectFault, ObjectFolder, ObjectPlace};
use scorewright_project::PublishPlace;

/// The place as delivery takes it; no store is asked yet.
pub(super) fn site_store(place: &PublishPlace) -> Box<dyn SiteStore> {
    match place {
        PublishPlace::Folder(name, folder) => {
            Box::new(SiteFolder::new(name.clone(), folder.clone()))
        }
        PublishPlace::Objects(place) => Box::new(ObjectSite {
            name: place.to_string(),
            place: place.clone(),
            folder: OnceCell::new(),
        }),
    }
}

/// A folder of an object store, opened when it is first asked.
struct ObjectSite {
    name: String,
    place: ObjectPlace,
    folder: OnceCell<Result<ObjectFolder, String>>,
}

impl ObjectSite {
    fn folder(&self) -> Result<&ObjectFolder, String> {
        let opened = self
            .folder
            .get_or_init(|| ObjectFolder::open(&self.place).map_err(|fault| in_words(&fault)));
        opened.as_ref().map_err(Clone::clone)
    }
}

impl SiteStore for ObjectSite {
    fn name(&self) -> &str {
        &self.name
    }

    fn write(&self, file: SiteFile<'_>) -> Result<(), String> {
        let SiteFile { path, media_type, bytes, is_pointer } = file;
        self.folder()?.write(path, media_type, bytes, !is_pointer).map_err(|fault| in_words(&fault))
    }

    fn read(&self, path: &str) -> Result<Option<Vec<u8>>, String> {
        self.folder()?.read(path).map_err(|fault| in_words(&fault))
    }

    fn is_on_this_machine(&self) -> bool {
        false
    }
}

/// What went wrong, and what to check.
fn in_words(fault: &ObjectFault) -> String {
    use miette::Diagnostic as _;
    let help = fault.help().map(|help| format!("; {help}"));
    format!("{fault}{}", help.unwrap_or_default())
}
