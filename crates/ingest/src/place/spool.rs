//! A folder for fetched objects, read by nobody else and gone after the run.

use std::fs::{self, DirBuilder, File};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use crate::object_store::{Bucket, Object};

use scorewright_domain::Fingerprint;

use crate::refusal::Refusal;

/// Fetched objects, each under a name that its address and content decide.
#[derive(Debug)]
pub(crate) struct Spool {
    folder: PathBuf,
}

/// Takes the fetched objects away when it is dropped, however the run ends.
#[derive(Debug)]
pub(crate) struct Emptied {
    folder: PathBuf,
    /// The folder above it, when that one is to go too once nobody needs it.
    above: Option<PathBuf>,
}

impl Drop for Emptied {
    fn drop(&mut self) {
        // What stays is taken away by the next run; nothing is ever read that is not whole.
        let _ = fs::remove_dir_all(&self.folder);
        if let Some(above) = &self.above {
            let _ = fs::remove_dir(above);
        }
    }
}

impl Spool {
    pub(crate) fn at(warehouse: &Path) -> Self {
        Self { folder: warehouse.join(".spool") }
    }

    /// Empties the spool of a warehouse when the returned value is dropped.
    pub(crate) fn emptied_after(warehouse: &Path) -> Emptied {
        Emptied { folder: Self::at(warehouse).folder, above: None }
    }

    /// A spool of this process alone, inside that of the warehouse: what a dead process leaves, the next run removes.
    pub(crate) fn apart(warehouse: &Path) -> (Self, Emptied) {
        let above = Self::at(warehouse).folder;
        let folder = above.join(format!("apart-{}", std::process::id()));
        (Self { folder: folder.clone() }, Emptied { folder, above: Some(above) })
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
    pub(crate) fn open(&self, bucket: &Bucket, object: &Object) -> Result<File, Refusal> {
        let path = self.path_of(object);
        let is_here = fs::symlink_metadata(&path)
            .is_ok_and(|found| found.is_file() && found.len() == object.bytes);
        if !is_here {
            self.fetch(bucket, object, &path)?;
        }
        File::open(&path).map_err(Refusal::Unreadable)
    }

    /// Fetches under a name of its own first, so that a half-fetched object is never taken for a whole one.
    fn fetch(&self, bucket: &Bucket, object: &Object, path: &Path) -> Result<(), Refusal> {
        static NUMBER: AtomicU64 = AtomicU64::new(0);
        make(&self.folder).map_err(Refusal::Unreadable)?;
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let part = path.with_added_extension(format!("{}.{number}.part", std::process::id()));
        let fetched = bucket.fetch(object, &part).map_err(Refusal::from);
        let kept = fetched.and_then(|()| fs::rename(&part, path).map_err(Refusal::Unreadable));
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
        drop(Spool::emptied_after(&folder.path().join("warehouse")));
        assert!(!spool.folder.exists());
    }

    #[test]
    fn a_spool_apart_leaves_that_of_a_run_alone() {
        let folder = tempfile::tempdir().unwrap();
        let of_run = Spool::at(folder.path());
        for is_running in [true, false] {
            let (spool, emptied) = Spool::apart(folder.path());
            make(&spool.folder).unwrap();
            if is_running {
                fs::write(of_run.folder.join("tickets.csv"), "a").unwrap();
            }
            drop(emptied);
            assert!(!spool.folder.exists());
            assert_eq!(of_run.folder.exists(), is_running);
            drop(Spool::emptied_after(folder.path()));
        }
    }
}
