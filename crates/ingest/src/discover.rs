//! Which files a source has.

use std::collections::BTreeSet;
use std::fs::{self, File, FileType, Metadata};
use std::path::{Component, Path, PathBuf};

use glob::Pattern;
use jiff::Timestamp;
use scorewright_domain::Extract;

use crate::arrival::{AwaitedExtract, Folder, Wait, awaited, is_marker};
use crate::fingerprint;
use crate::limits::Limits;
use crate::place::Remote;
use crate::refusal::{MissingExtract, Refusal, RefusedExtract};
use crate::seen::Seen;
use crate::source::Source;

/// A file of a source that is there and may be read.
#[derive(Debug, Clone)]
pub(crate) struct Present {
    pub(crate) extract: Extract,
    /// Where it lies, or will lie once it is fetched.
    pub(crate) path: PathBuf,
    origin: Origin,
}

/// Where the bytes of an extract come from.
#[derive(Debug, Clone)]
enum Origin {
    /// The extracts folder: the file as it was found.
    Folder(Stamp),
    /// An object store.
    Store(Remote),
}

/// What tells that a file is still the one it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Stamp {
    bytes: u64,
    modified: Option<std::time::SystemTime>,
}

impl Present {
    /// An object that is known, fetched or not.
    pub(crate) fn fetched(extract: Extract, remote: Remote) -> Self {
        Self { extract, path: remote.path(), origin: Origin::Store(remote) }
    }

    /// The path below the extracts folder, or the address of an object, as tables state it.
    pub(crate) fn name(&self) -> String {
        self.extract.file.to_string_lossy().into_owned()
    }

    /// Opens it, provided it is still the file that was found.
    pub(crate) fn open(&self) -> Result<File, Refusal> {
        let stamp = match &self.origin {
            Origin::Store(remote) => return remote.open(),
            Origin::Folder(stamp) => stamp,
        };
        let file = open_regular(&self.path)?;
        let metadata = file.metadata().map_err(Refusal::Unreadable)?;
        if Stamp::of(&metadata) == *stamp { Ok(file) } else { Err(Refusal::Changed) }
    }

    /// Whether the file has stayed as it was found.
    pub(crate) fn is_unchanged(&self) -> bool {
        match &self.origin {
            // Nobody else writes where it was fetched to.
            Origin::Store(_) => true,
            Origin::Folder(stamp) => {
                fs::symlink_metadata(&self.path).is_ok_and(|metadata| Stamp::of(&metadata) == *stamp)
            }
        }
    }
}

impl Stamp {
    fn of(metadata: &Metadata) -> Self {
        Self { bytes: metadata.len(), modified: metadata.modified().ok() }
    }
}

/// What was found for one source.
#[derive(Debug, Default)]
pub(crate) struct Found {
    /// Files in the order of their paths, contents told apart: a copy is not a second file.
    pub(crate) files: Vec<Present>,
    pub(crate) refused: Vec<RefusedExtract>,
    /// Files that have not arrived yet.
    pub(crate) awaited: Vec<AwaitedExtract>,
    pub(crate) missing: Option<MissingExtract>,
}

impl Found {
    /// Leaves out a file that has not arrived yet; says whether it has.
    pub(crate) fn admit(&mut self, source: &Source, file: &Path, wait: Option<Wait>) -> bool {
        let Some(why) = wait else { return true };
        self.awaited.push(AwaitedExtract { of: source.name.clone(), file: file.to_owned(), why });
        false
    }
}

/// Finds the files of a source below the extracts folder that have arrived by a moment, and knows each by its content.
pub(crate) fn arrived(
    source: &Source,
    extracts: &Path,
    limits: &Limits,
    seen: &Seen,
    now: Timestamp,
) -> Found {
    let mut found = Found::default();
    let mut paths = matching(source, extracts);
    let wait = |path: &Path| awaited(source, path.to_str()?, &Folder(extracts), now);
    paths.retain(|path| found.admit(source, path, wait(path)));
    if paths.is_empty() {
        found.missing = Some(missing(source, extracts, &found.awaited));
    }
    for file in paths {
        match look(source, extracts, &file, limits, seen) {
            Ok(present) => found.files.push(present),
            Err(why) => found.refused.push(RefusedExtract { of: source.name.clone(), file, why }),
        }
    }
    found
}

/// The same long after the last of them has arrived.
#[cfg(test)]
pub(crate) fn discover(source: &Source, extracts: &Path, limits: &Limits, seen: &Seen) -> Found {
    arrived(source, extracts, limits, seen, Timestamp::MAX)
}

/// One file as the only one of a source, wherever it lies.
pub(crate) fn alone(source: &Source, path: &Path, limits: &Limits) -> Result<Present, Refusal> {
    let path = fs::canonicalize(path).map_err(Refusal::Unreadable)?;
    let folder = path.parent().unwrap_or(Path::new("/"));
    look(source, folder, Path::new(path.file_name().unwrap_or_default()), limits, &Seen::default())
}

/// Paths below the extracts folder, sorted.
fn matching(source: &Source, extracts: &Path) -> BTreeSet<PathBuf> {
    // Without `.` and `..`, so that what is found begins with the folder letter by letter.
    let Ok(root) = fs::canonicalize(extracts) else { return BTreeSet::new() };
    let whole = format!("{}/{}", Pattern::escape(&root.to_string_lossy()), source.files);
    let Ok(paths) = glob::glob(&whole) else { return BTreeSet::new() };
    // A folder that cannot be listed hides its files; they are then missing, which is said.
    let paths = paths.flatten().filter_map(|path| path.strip_prefix(&root).ok().map(Path::to_owned));
    paths.filter(|path| !is_marker(source, &path.to_string_lossy())).collect()
}

fn look(
    source: &Source,
    extracts: &Path,
    file: &Path,
    limits: &Limits,
    seen: &Seen,
) -> Result<Present, Refusal> {
    if file.to_str().is_none() {
        return Err(Refusal::BadName);
    }
    let path = std::path::absolute(extracts.join(file)).map_err(Refusal::Unreadable)?;
    let metadata = regular(extracts, file)?;
    let stamp = Stamp::of(&metadata);
    if metadata.len() == 0 {
        return Err(Refusal::Empty);
    }
    limits.admit_file(metadata.len())?;
    let fingerprint = match seen.fingerprint(&path, &metadata) {
        Some(known) => known,
        None => fingerprint::of_reader(open_regular(&path)?).map_err(Refusal::Unreadable)?,
    };
    seen.note(&path, &metadata, &fingerprint);
    let extract =
        Extract { source: source.name.clone(), file: file.to_owned(), fingerprint, bytes: metadata.len() };
    let present = Present { extract, path, origin: Origin::Folder(stamp) };
    if present.is_unchanged() { Ok(present) } else { Err(Refusal::Changed) }
}

/// Follows no link on the way to the file, so that nothing outside the folder is read.
fn regular(extracts: &Path, file: &Path) -> Result<Metadata, Refusal> {
    let mut path = extracts.to_owned();
    let mut last = None;
    for part in file.components() {
        if !matches!(part, Component::Normal(_)) {
            return Err(Refusal::NotRegular("outside the extracts folder"));
        }
        path.push(part);
        let metadata = fs::symlink_metadata(&path).map_err(Refusal::Unreadable)?;
        if metadata.file_type().is_symlink() {
            return Err(Refusal::NotRegular("a link or lies behind one"));
        }
        last = Some(metadata);
    }
    match last {
        Some(metadata) if metadata.is_file() => Ok(metadata),
        Some(metadata) => Err(Refusal::NotRegular(kind(metadata.file_type()))),
        None => Err(Refusal::NotRegular("a folder")),
    }
}

/// Opens a file without following a link and without waiting for whoever might write to a pipe.
fn open_regular(path: &Path) -> Result<File, Refusal> {
    let mut options = File::options();
    options.read(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::custom_flags(&mut options, libc::O_NOFOLLOW | libc::O_NONBLOCK);
    let file = options.open(path).map_err(Refusal::Unreadable)?;
    match file.metadata().map_err(Refusal::Unreadable)?.file_type() {
        found if found.is_file() => Ok(file),
        other => Err(Refusal::NotRegular(kind(other))),
    }
}

fn kind(file_type: FileType) -> &'static str {
    if file_type.is_dir() { "a folder" } else { "a pipe, socket or device" }
}

fn missing(source: &Source, extracts: &Path, awaited: &[AwaitedExtract]) -> MissingExtract {
    let name = |entry: fs::DirEntry| entry.file_name().to_string_lossy().into_owned();
    let there = fs::read_dir(extracts).map(|entries| entries.flatten().map(name).collect());
    MissingExtract::new(source, &source.files, extracts.to_owned(), there.unwrap_or_default(), awaited)
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use super::*;

    // What stood there when the folder was listed may be something else when it is opened.
    #[test]
    fn what_became_a_link_or_a_device_is_not_read() {
        let folder = tempfile::tempdir().unwrap();
        let (file, link) = (folder.path().join("a.csv"), folder.path().join("b.csv"));
        fs::write(&file, "a").unwrap();
        std::os::unix::fs::symlink(&file, &link).unwrap();
        assert!(open_regular(&file).is_ok());
        assert!(
            matches!(open_regular(&link), Err(Refusal::Unreadable(why)) if why.raw_os_error() == Some(libc::ELOOP))
        );
        assert!(matches!(open_regular(Path::new("/dev/null")), Err(Refusal::NotRegular(_))));
        assert!(matches!(open_regular(folder.path()), Err(Refusal::NotRegular("a folder"))));
    }

    // Nobody writes to the pipe: an open that waits for a writer would never return.
    #[test]
    fn a_pipe_does_not_stop_a_run() {
        let folder = tempfile::tempdir().unwrap();
        let pipe = folder.path().join("a.csv");
        let made = std::process::Command::new("mkfifo").arg(&pipe).status().unwrap();
        assert!(made.success());
        assert!(matches!(open_regular(&pipe), Err(Refusal::NotRegular("a pipe, socket or device"))));
    }
}
