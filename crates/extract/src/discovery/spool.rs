//! A folder for fetched objects, read by nobody else and gone after the run.

use std::fs::{self, DirBuilder, File};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use super::object_store::{Bucket, FetchError, Object};

use scorewright_domain::Fingerprint;

use crate::refusal::ReadError;

/// Fetched objects, each under a name that its address and content decide.
#[derive(Debug)]
pub(crate) struct Spool {
    folder: PathBuf,
}

/// Takes the fetched objects away when it is dropped, however the run ends.
#[derive(Debug)]
#[must_use = "the objects are removed when it is dropped"]
pub struct SpoolGuard {
    folder: PathBuf,
    /// The folder above it, when that one is to go too once nobody needs it.
    above: Option<PathBuf>,
}

impl Drop for SpoolGuard {
    fn drop(&mut self) {
        // What stays is taken away by the next run; nothing is ever read that is not whole.
        let _ = fs::remove_dir_all(&self.folder);
        if let Some(above) = &self.above {
            let _ = fs::remove_dir(above);
        }
    }
}

impl SpoolGuard {
    /// Empties the spool of a warehouse when it is dropped.
    pub fn of(warehouse: &Path) -> Self {
        Self { folder: Spool::at(warehouse).folder, above: None }
    }
}

impl Spool {
    pub(crate) fn at(warehouse: &Path) -> Self {
        Self { folder: warehouse.join(".spool") }
    }

    /// A spool of its own for the caller, inside that of the warehouse: what a dead process leaves, the next run removes.
    pub(crate) fn private(warehouse: &Path) -> (Self, SpoolGuard) {
        static NUMBER: AtomicU64 = AtomicU64::new(0);
        let above = Self::at(warehouse).folder;
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let folder = above.join(format!("private-{}-{number}", std::process::id()));
        (Self { folder: folder.clone() }, SpoolGuard { folder, above: Some(above) })
    }

    /// Where the bytes of an object lie once they are fetched; its ending says how they are packed.
    pub(crate) fn path_of(&self, object: &Object) -> PathBuf {
        let known_by = format!("{}\0{}\0{}", object.url, object.mark, object.bytes);
        let last = object.key.rsplit('/').next().unwrap_or_default();
        let plain = |letter: char| {
            if letter.is_ascii_alphanumeric() || "._-".contains(letter) { letter } else { '_' }
        };
        let mut name: Vec<char> = last.chars().rev().take(60).map(plain).collect();
        name.reverse();
        let name: String = name.into_iter().collect();
        self.folder.join(format!("{}-{name}", Fingerprint::of(known_by.as_bytes()).short(32)))
    }

    /// Opens an object's bytes, fetching them first when they are not here.
    ///
    /// A disk of this machine that does not take them is no fault of the object.
    pub(crate) fn open(&self, bucket: &Bucket, object: &Object) -> Result<File, ReadError> {
        let path = self.path_of(object);
        let is_here = fs::symlink_metadata(&path)
            .is_ok_and(|found| found.is_file() && found.len() == object.bytes);
        if !is_here {
            self.fetch(bucket, object, &path)?;
        }
        File::open(&path).map_err(ReadError::Aborted)
    }

    /// Fetches under a name of its own first, so that a half-fetched object is never taken for a whole one.
    fn fetch(&self, bucket: &Bucket, object: &Object, path: &Path) -> Result<(), ReadError> {
        static NUMBER: AtomicU64 = AtomicU64::new(0);
        make(&self.folder).map_err(ReadError::Aborted)?;
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let part = path.with_added_extension(format!("{}.{number}.part", std::process::id()));
        let fetched = bucket.fetch(object, &part).map_err(|error| match error {
            FetchError::Store(fault) => ReadError::Refused(fault.into()),
            FetchError::Local(error) => ReadError::Aborted(error),
        });
        let kept = fetched.and_then(|()| fs::rename(&part, path).map_err(ReadError::Aborted));
        if kept.is_err() {
            let _ = fs::remove_file(&part);
        }
        kept
    }
}

fn make(folder: &Path) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::*;

    fn object(url: &str, mark: &str) -> Object {
        let key = url.rsplit_once("//").unwrap().1.split_once('/').unwrap().1;
        Object {
            key: key.into(),
            url: url.into(),
            bytes: 3,
            mark: mark.into(),
            changed_at: Timestamp::UNIX_EPOCH,
        }
    }

    #[test]
    fn another_content_has_another_place_and_the_ending_stays() {
        let spool = Spool::at(Path::new("/w"));
        let path = |url, mark| spool.path_of(&object(url, mark)).to_str().unwrap().to_owned();
        let first = path("s3://b/x/ü n.csv.gz", "1");
        assert!(first.starts_with("/w/.spool/") && first.ends_with("-__n.csv.gz"), "{first}");
        assert_ne!(first, path("s3://b/x/ü n.csv.gz", "2"));
        assert_ne!(first, path("s3://c/x/ü n.csv.gz", "1"));
    }

    #[test]
    fn nobody_else_may_read_what_was_fetched() {
        let folder = tempfile::tempdir().unwrap();
        let spool = Spool::at(&folder.path().join("warehouse"));
        make(&spool.folder).unwrap();
        make(&spool.folder).unwrap();
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            assert_eq!(fs::metadata(&spool.folder).unwrap().permissions().mode() & 0o777, 0o700);
        }
        drop(SpoolGuard::of(&folder.path().join("warehouse")));
        assert!(!spool.folder.exists());
    }

    #[test]
    fn a_private_spool_leaves_that_of_a_run_alone() {
        let folder = tempfile::tempdir().unwrap();
        let of_run = Spool::at(folder.path());
        for is_running in [true, false] {
            let (spool, emptied) = Spool::private(folder.path());
            make(&spool.folder).unwrap();
            if is_running {
                fs::write(of_run.folder.join("tickets.csv"), "a").unwrap();
            }
            drop(emptied);
            assert!(!spool.folder.exists());
            assert_eq!(of_run.folder.exists(), is_running);
            drop(SpoolGuard::of(folder.path()));
        }
    }
}
