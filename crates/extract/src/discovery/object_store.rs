//! Objects in `s3://`, `gs://` and `az://`: which there are, one of them as a local file, and one as it is written.
//!
//! Credentials and endpoints come from the environment, under the names that the stores' own tools have
//! (`AWS_ACCESS_KEY_ID`, `GOOGLE_APPLICATION_CREDENTIALS`, `AZURE_STORAGE_ACCOUNT_NAME`); never from a file of the
//! project, and never into a message.

mod client;

use std::fs::{File, OpenOptions};
use std::io::{self, Write as _};
use std::path::Path;
use std::sync::Arc;

use ::object_store::{
    Attributes, GetOptions, GetRange, ObjectMeta, ObjectStore, ObjectStoreExt as _, PutOptions,
};
use futures::{StreamExt as _, TryStreamExt as _};
use jiff::Timestamp;
use tokio::runtime::Runtime;

use crate::refusal::object_fault::{ObjectFault, Trouble};
use crate::source::Address;

/// Objects that one address may name.
const OBJECTS: usize = 100_000;
/// Bytes asked for at a time, so that each request has its own short time limit.
const CHUNK: u64 = 8 << 20;

/// A bucket or container that can be asked.
pub(crate) struct Bucket {
    address: Address,
    store: Arc<dyn ObjectStore>,
    runtime: Runtime,
    secrets: Vec<String>,
}

/// One object: its content is another when its mark is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Object {
    /// Its name in the bucket.
    pub key: String,
    /// Its address as a person writes it.
    pub url: String,
    /// How long it is.
    pub bytes: u64,
    /// What the store says of its content: its entity tag, or when it was written.
    pub mark: String,
    /// When it was written, by the clock of the store.
    pub changed_at: Timestamp,
}

/// Why an object could not be copied to this machine.
#[derive(Debug)]
pub(crate) enum FetchError {
    /// The store did not give it.
    Store(ObjectFault),
    /// This machine could not keep it.
    Local(io::Error),
}

impl Bucket {
    /// Prepares to ask; the store itself is not asked yet.
    ///
    /// # Errors
    ///
    /// [`ObjectFault`] when the environment does not say how.
    pub(crate) fn open(address: &Address) -> Result<Self, ObjectFault> {
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
        let runtime = runtime
            .map_err(|error| ObjectFault::new(address.bucket_url(), Trouble::NoThreads(error)))?;
        let client::Client { store, secrets } = client::open(address)?;
        Ok(Self { address: address.clone(), store, runtime, secrets })
    }

    /// The objects in the folder of the address, in the order of their keys: those it names, and others.
    ///
    /// # Errors
    ///
    /// [`ObjectFault`] with what to check.
    pub(crate) fn list(&self) -> Result<Vec<Object>, ObjectFault> {
        let fault = |trouble| ObjectFault::new(self.address.to_string(), trouble);
        let found =
            self.runtime.block_on(self.listed()).map_err(|error| fault(self.trouble(&error)))?;
        if found.len() > OBJECTS {
            return Err(fault(Trouble::TooMany(OBJECTS)));
        }
        let mut objects: Vec<Object> = found.iter().map(|meta| self.object(meta)).collect();
        objects.retain(|object| !object.key.ends_with('/'));
        objects.sort_by(|left, right| left.key.cmp(&right.key));
        Ok(objects)
    }

    /// One object by its name in the bucket.
    ///
    /// # Errors
    ///
    /// [`ObjectFault`] with what to check.
    pub(crate) fn find(&self, key: &str) -> Result<Object, ObjectFault> {
        let asked = async { self.store.head(&object_store::path::Path::parse(key)?).await };
        let found = self.runtime.block_on(asked);
        let fault = |error| ObjectFault::new(self.address.url_of(key), self.trouble(&error));
        Ok(self.object(&found.map_err(fault)?))
    }

    async fn listed(&self) -> object_store::Result<Vec<ObjectMeta>> {
        let prefix = object_store::path::Path::from(self.address.prefix());
        let prefix = Some(&prefix).filter(|prefix| !prefix.as_ref().is_empty());
        if self.address.is_flat() {
            return Ok(self.store.list_with_delimiter(prefix).await?.objects);
        }
        self.store.list(prefix).take(OBJECTS + 1).try_collect().await
    }

    fn object(&self, meta: &ObjectMeta) -> Object {
        let key = meta.location.to_string();
        let mark = meta.e_tag.clone().unwrap_or_else(|| meta.last_modified.to_rfc3339());
        // Azure lists tags without the quotes that it answers with.
        let is_kept =
            |letter: &char| !letter.is_whitespace() && !letter.is_control() && *letter != '"';
        let mark = mark.chars().filter(is_kept).collect();
        // A moment that no calendar has is as good as none: the object was never changed.
        let changed_at = Timestamp::from_microsecond(meta.last_modified.timestamp_micros());
        let changed_at = changed_at.unwrap_or(Timestamp::UNIX_EPOCH);
        Object { url: self.address.url_of(&key), key, bytes: meta.size, mark, changed_at }
    }

    /// Copies an object to a file that is not there yet, readable by nobody else.
    ///
    /// # Errors
    ///
    /// [`FetchError`]; what was written so far is then to be removed.
    pub(crate) fn fetch(&self, object: &Object, to: &Path) -> Result<(), FetchError> {
        let fault = |trouble| FetchError::Store(ObjectFault::new(object.url.clone(), trouble));
        let mut file = private(to).map_err(FetchError::Local)?;
        let mut start = 0;
        while start < object.bytes {
            let end = object.bytes.min(start + CHUNK);
            let (meta, bytes) = self
                .runtime
                .block_on(self.part(object, start, end))
                .map_err(|error| fault(self.trouble(&error)))?;
            let is_same = self.object(&meta).mark == object.mark && meta.size == object.bytes;
            if !is_same || bytes.len() as u64 != end - start {
                return Err(fault(Trouble::Changed));
            }
            file.write_all(&bytes).map_err(FetchError::Local)?;
            start = end;
        }
        Ok(())
    }

    async fn part(
        &self,
        object: &Object,
        start: u64,
        end: u64,
    ) -> object_store::Result<(ObjectMeta, Vec<u8>)> {
        let path = object_store::path::Path::parse(&object.key)?;
        let options =
            GetOptions { range: Some(GetRange::Bounded(start..end)), ..GetOptions::default() };
        let found = self.store.get_opts(&path, options).await?;
        let meta = found.meta.clone();
        Ok((meta, found.bytes().await?.to_vec()))
    }

    /// Writes an object as a whole, in place of the one of its name.
    ///
    /// # Errors
    ///
    /// [`Trouble`] of the store.
    pub(crate) fn put(
        &self,
        key: &str,
        bytes: &[u8],
        attributes: Attributes,
    ) -> Result<(), Trouble> {
        let options = PutOptions { attributes, ..PutOptions::default() };
        let put = async {
            let path = object_store::path::Path::parse(key)?;
            self.store.put_opts(&path, bytes.to_vec().into(), options).await
        };
        let put = self.runtime.block_on(put);
        put.map(drop).map_err(|error| self.trouble(&error))
    }

    /// The content of a small object; `None` when there is none.
    ///
    /// # Errors
    ///
    /// [`Trouble`] of the store.
    pub(crate) fn get(&self, key: &str) -> Result<Option<Vec<u8>>, Trouble> {
        let get = async {
            let path = object_store::path::Path::parse(key)?;
            self.store.get(&path).await?.bytes().await
        };
        match self.runtime.block_on(get) {
            Ok(bytes) => Ok(Some(bytes.to_vec())),
            Err(object_store::Error::NotFound { .. }) => Ok(None),
            Err(error) => Err(self.trouble(&error)),
        }
    }

    fn trouble(&self, error: &object_store::Error) -> Trouble {
        Trouble::of(error, &self.secrets)
    }
}

fn private(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}
