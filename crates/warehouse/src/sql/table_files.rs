//! Files of tables as the query engine reads them: below its own readers, so that no byte reaches it unchecked.

use std::collections::BTreeMap;
use std::fmt;
use std::ops::Range;
use std::path::Path as FilePath;
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use async_trait::async_trait;
use bytes::Bytes;
use datafusion::datasource::listing::ListingTableUrl;
use datafusion::object_store::path::Path;
use datafusion::object_store::{
    Attributes, CopyOptions, Error, GetOptions, GetResult, GetResultPayload, ListResult,
    MultipartUpload, ObjectMeta, ObjectStore, PutMultipartOptions, PutOptions, PutPayload,
    PutResult, Result,
};
use datafusion::prelude::SessionContext;
use futures::StreamExt as _;
use futures::stream::{self, BoxStream};

use crate::error::{WarehouseError, engine_error};
use crate::storage::{CheckedFile, StoredFile};

/// Where the engine finds them; their paths below the warehouse folder follow.
const ADDRESS: &str = "scorewright://warehouse/";

/// Files of the tables of one warehouse that a session has opened, and what of them turned out to be damaged.
#[derive(Debug, Default)]
pub(super) struct TableFiles {
    files: RwLock<BTreeMap<Path, Arc<StoredTableFile>>>,
    damages: Mutex<Damages>,
}

/// A file that is opened anew for each request: a table may have more of them than a process may hold open.
#[derive(Debug)]
struct StoredTableFile {
    root: Arc<FilePath>,
    stored: StoredFile,
}

/// How often damage was met, and the last of it.
#[derive(Debug, Default)]
struct Damages {
    count: u64,
    last: Option<Damaged>,
}

/// A damaged file, and what does not fit.
#[derive(Debug)]
struct Damaged {
    path: std::path::PathBuf,
    what: String,
}

impl TableFiles {
    /// Lets an engine read them.
    pub(super) fn register(self: &Arc<Self>, context: &SessionContext) {
        let address = ListingTableUrl::parse(ADDRESS).expect("it is an address");
        let store: Arc<dyn ObjectStore> = Arc::clone(self) as _;
        context.register_object_store(address.object_store().as_ref(), store);
    }

    /// Adds a file whose length is the one its commit says, and returns its address.
    pub(super) fn add(
        &self,
        root: &Arc<FilePath>,
        stored: &StoredFile,
    ) -> std::result::Result<ListingTableUrl, WarehouseError> {
        CheckedFile::open(root, stored)?;
        let address = ListingTableUrl::parse(format!("{ADDRESS}{}", stored.path));
        let address = address.map_err(engine_error(&stored.path))?;
        let file = StoredTableFile { root: Arc::clone(root), stored: stored.clone() };
        let mut files = self.files.write().unwrap_or_else(PoisonError::into_inner);
        files.insert(address.prefix().clone(), Arc::new(file));
        Ok(address)
    }

    /// How often damage was met so far.
    pub(super) fn damages(&self) -> u64 {
        self.damages.lock().unwrap_or_else(PoisonError::into_inner).count
    }

    /// Damage that was met after `count` others: the engine hands some errors on as texts, and some not at all.
    pub(super) fn damage_after(&self, count: u64) -> Option<WarehouseError> {
        let damages = self.damages.lock().unwrap_or_else(PoisonError::into_inner);
        let last = damages.last.as_ref().filter(|_| damages.count > count)?;
        Some(WarehouseError::Damaged { path: last.path.clone(), what: last.what.clone() })
    }

    fn find(&self, location: &Path) -> Result<Arc<StoredTableFile>> {
        let files = self.files.read().unwrap_or_else(PoisonError::into_inner);
        files.get(location).cloned().ok_or_else(|| Error::NotFound {
            path: location.to_string(),
            source: "it is no file of a table".into(),
        })
    }

    /// Does what may wait for the disk on a thread that may wait.
    async fn read<T: Send + 'static>(
        &self,
        read: impl FnOnce() -> std::result::Result<T, WarehouseError> + Send + 'static,
    ) -> Result<T> {
        let read = tokio::task::spawn_blocking(read).await.map_err(failed)?;
        read.map_err(|error| {
            self.note(&error);
            failed(error)
        })
    }

    fn note(&self, error: &WarehouseError) {
        if let WarehouseError::Damaged { path, what } = error {
            let mut damages = self.damages.lock().unwrap_or_else(PoisonError::into_inner);
            damages.count += 1;
            damages.last = Some(Damaged { path: path.clone(), what: what.clone() });
        }
    }
}

impl StoredTableFile {
    fn open(&self) -> std::result::Result<CheckedFile, WarehouseError> {
        CheckedFile::open(&self.root, &self.stored)
    }
}

/// Not [`Error::NotFound`] where a file has gone: the engine would take its table for one without rows.
fn failed(error: impl std::error::Error + Send + Sync + 'static) -> Error {
    Error::Generic { store: "warehouse", source: Box::new(error) }
}

fn refused<T>() -> Result<T> {
    Err(Error::NotSupported {
        source: "tables are only read, and by the names of their files".into(),
    })
}

impl fmt::Display for TableFiles {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("the warehouse")
    }
}

#[async_trait]
impl ObjectStore for TableFiles {
    async fn get_opts(&self, location: &Path, options: GetOptions) -> Result<GetResult> {
        let found = self.find(location)?;
        let (file, modified) = self
            .read(move || {
                let file = found.open()?;
                let modified = file.modified()?;
                Ok((file, modified))
            })
            .await?;
        let size = file.length();
        let meta = ObjectMeta {
            location: location.clone(),
            last_modified: modified.into(),
            size,
            e_tag: None,
            version: None,
        };
        options.check_preconditions(&meta)?;
        let asked = options.range.as_ref().map(|range| range.as_range(size)).transpose();
        let range = asked.map_err(failed)?.unwrap_or(0..size);
        let wanted = if options.head { 0..0 } else { range.clone() };
        let bytes = self.read(move || file.read(wanted)).await?;
        let payload = GetResultPayload::Stream(stream::iter([Ok(bytes)]).boxed());
        Ok(GetResult { payload, meta, range, attributes: Attributes::default() })
    }

    async fn get_ranges(&self, location: &Path, ranges: &[Range<u64>]) -> Result<Vec<Bytes>> {
        let (found, ranges) = (self.find(location)?, ranges.to_vec());
        self.read(move || {
            let file = found.open()?;
            ranges.into_iter().map(|range| file.read(range)).collect()
        })
        .await
    }

    fn list(&self, _prefix: Option<&Path>) -> BoxStream<'static, Result<ObjectMeta>> {
        stream::iter([refused()]).boxed()
    }

    async fn list_with_delimiter(&self, _prefix: Option<&Path>) -> Result<ListResult> {
        refused()
    }

    async fn put_opts(&self, _: &Path, _: PutPayload, _: PutOptions) -> Result<PutResult> {
        refused()
    }

    async fn put_multipart_opts(
        &self,
        _: &Path,
        _: PutMultipartOptions,
    ) -> Result<Box<dyn MultipartUpload>> {
        refused()
    }

    fn delete_stream(
        &self,
        _: BoxStream<'static, Result<Path>>,
    ) -> BoxStream<'static, Result<Path>> {
        stream::iter([refused()]).boxed()
    }

    async fn copy_opts(&self, _: &Path, _: &Path, _: CopyOptions) -> Result<()> {
        refused()
    }
}
