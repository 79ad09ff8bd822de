//! A folder of an object store that is written to, with the credentials that extracts are read with.

use ::object_store::{Attribute, Attributes};

use super::object_store::Bucket;
use crate::refusal::object_fault::{ObjectFault, Trouble};
use crate::source::ObjectPlace;

/// A folder of an object store, open for writing.
pub struct ObjectFolder {
    bucket: Bucket,
    place: ObjectPlace,
}

impl ObjectFolder {
    /// Prepares to write; the store itself is not asked yet.
    ///
    /// # Errors
    ///
    /// [`ObjectFault`] when the environment does not say how.
    pub fn open(place: &ObjectPlace) -> Result<Self, ObjectFault> {
        Ok(Self { bucket: Bucket::open(&place.address)?, place: place.clone() })
    }

    /// Writes an object as a whole, in place of the one of its name.
    ///
    /// - `path`: its name below the folder.
    /// - `is_kept`: whether readers may keep it instead of asking for it anew each time.
    ///
    /// # Errors
    ///
    /// [`ObjectFault`] with what to check.
    pub fn write(
        &self,
        path: &str,
        media_type: &str,
        bytes: &[u8],
        is_kept: bool,
    ) -> Result<(), ObjectFault> {
        let key = self.place.key(path);
        let mut attributes = Attributes::new();
        attributes.insert(Attribute::ContentType, media_type.to_owned().into());
        if !is_kept {
            attributes.insert(Attribute::CacheControl, "no-cache".into());
        }
        self.bucket.put(&key, bytes, attributes).map_err(|trouble| match trouble {
            Trouble::Forbidden(cause) => self.fault(&key, Trouble::NotWritable(cause)),
            other => self.fault(&key, other),
        })
    }

    /// The content of an object; `None` when there is none.
    ///
    /// # Errors
    ///
    /// [`ObjectFault`] with what to check.
    pub fn read(&self, path: &str) -> Result<Option<Vec<u8>>, ObjectFault> {
        let key = self.place.key(path);
        self.bucket.get(&key).map_err(|trouble| self.fault(&key, trouble))
    }

    fn fault(&self, key: &str, trouble: Trouble) -> ObjectFault {
        ObjectFault::new(self.place.address.url_of(key), trouble)
    }
}
