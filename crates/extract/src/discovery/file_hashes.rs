//! Files whose content is known without reading them again.
//!
//! `.seen` in the warehouse folder has a line for each file: what the file system says of it, its fingerprint,
//! its path. It is a hint that saves time and nothing else; without it every file is read once more.

use std::collections::BTreeMap;
use std::fs::{self, Metadata};
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::time::{Duration, SystemTime};

use scorewright_domain::Fingerprint;
use scorewright_durable::{DurableError, Readers, replace_file};

/// A file that changed this shortly before it was noted may have changed once more within the same tick.
const TICK: Duration = Duration::from_secs(2);

/// What is known of files, and what becomes known while it is used.
#[derive(Debug, Default)]
pub(crate) struct FileHashCache {
    path: PathBuf,
    before: BTreeMap<String, KnownFile>,
    now: Mutex<BTreeMap<String, KnownFile>>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct KnownFile {
    stamp: String,
    fingerprint: Fingerprint,
}

impl FileHashCache {
    /// Reads the hint of a warehouse; what cannot be read is not known.
    pub(crate) fn read(warehouse: &Path) -> Self {
        let path = warehouse.join(".seen");
        let noted_at = fs::metadata(&path).and_then(|metadata| metadata.modified()).ok();
        let text = fs::read_to_string(&path).unwrap_or_default();
        let before = text.lines().filter_map(|line| entry(line, noted_at)).collect();
        Self { path, before, now: Mutex::default() }
    }

    /// The fingerprint of a file, if it is still the one that was noted.
    pub(crate) fn fingerprint(&self, file: &Path, metadata: &Metadata) -> Option<Fingerprint> {
        let entry = self.before.get(file.to_str()?)?;
        (entry.stamp == stamp(metadata)?).then(|| entry.fingerprint.clone())
    }

    /// Notes a file whose content is known now.
    pub(crate) fn note(&self, file: &Path, metadata: &Metadata, fingerprint: &Fingerprint) {
        let (Some(file), Some(stamp)) = (file.to_str(), stamp(metadata)) else { return };
        if !file.contains('\n') {
            let entry = KnownFile { stamp, fingerprint: fingerprint.clone() };
            self.now.lock().expect("no holder panics").insert(file.to_owned(), entry);
        }
    }

    /// Keeps what is known for the next run, if it is more than before.
    pub(crate) fn keep(&self) -> Result<(), DurableError> {
        let now = self.now.lock().expect("no holder panics");
        let is_there = self.path.parent().is_some_and(Path::exists);
        if *now == self.before || !is_there {
            return Ok(());
        }
        let line = |(file, KnownFile { stamp, fingerprint }): (&String, &KnownFile)| {
            format!("{stamp} {fingerprint} {file}\n")
        };
        let text: String = now.iter().map(line).collect();
        replace_file(&self.path, text.as_bytes(), Readers::Owner)
    }
}

fn entry(line: &str, noted_at: Option<SystemTime>) -> Option<(String, KnownFile)> {
    let (stamp, rest) = line.split_once(' ')?;
    let (fingerprint, file) = rest.split_once(' ')?;
    let changed: u64 = stamp.rsplit(':').next()?.parse().ok()?;
    let changed = SystemTime::UNIX_EPOCH + Duration::from_nanos(changed);
    let is_settled = noted_at.is_some_and(|noted| changed + TICK < noted);
    is_settled.then(|| {
        (
            file.to_owned(),
            KnownFile { stamp: stamp.to_owned(), fingerprint: Fingerprint::noted(fingerprint) },
        )
    })
}

/// What changes with every write to a file, and cannot be set back: length, number and times, the last in nanoseconds.
#[cfg(unix)]
fn stamp(metadata: &Metadata) -> Option<String> {
    use std::os::unix::fs::MetadataExt as _;
    let nanos = |seconds: i64, nanos: i64| seconds.checked_mul(1_000_000_000)?.checked_add(nanos);
    let (modified, changed) = (
        nanos(metadata.mtime(), metadata.mtime_nsec())?,
        nanos(metadata.ctime(), metadata.ctime_nsec())?,
    );
    Some(format!("{}:{}:{modified}:{changed}", metadata.len(), metadata.ino()))
}

/// Without a time of change that nobody can set, no file is known.
#[cfg(not(unix))]
fn stamp(_: &Metadata) -> Option<String> {
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_file_that_rests_is_known_and_any_write_makes_it_unknown() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("a.csv");
        fs::write(&file, "1").unwrap();
        let seen = FileHashCache::read(folder.path());
        seen.note(&file, &fs::metadata(&file).unwrap(), &Fingerprint::noted("abc"));
        seen.keep().unwrap();
        let is_known =
            || FileHashCache::read(folder.path()).fingerprint(&file, &fs::metadata(&file).unwrap());
        assert_eq!(is_known(), None, "it may change within the same tick of the clock");

        let later = fs::metadata(&file).unwrap().modified().unwrap() + Duration::from_mins(1);
        fs::File::options()
            .append(true)
            .open(folder.path().join(".seen"))
            .unwrap()
            .set_modified(later)
            .unwrap();
        assert_eq!(is_known(), Some(Fingerprint::noted("abc")));
        fs::write(&file, "2").unwrap();
        assert_eq!(is_known(), None, "as long as before, and another content");
    }
}
