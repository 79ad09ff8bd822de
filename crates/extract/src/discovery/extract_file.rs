//! A file of a source that is there and may be read.

use std::fmt;
use std::fs::{self, File, FileType, Metadata};
use std::io::{self, BufReader, Cursor, Read};
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use jiff::Timestamp;
use jiff::civil::date;
use jiff::tz::Offset;
use scorewright_domain::{Extract, Fingerprint, FingerprintHasher, ProjectFile};

use super::delivery::Deliveries;
use super::file_hashes::FileHashCache;
use super::object_hashes::ObjectHashCache;
use super::object_store::{Bucket, Object};
use super::spool::Spool;
use crate::refusal::{ReadError, Refusal};
use crate::source::Source;

/// Bytes that are read at once of a file that is only looked at.
const BUFFER: usize = 256 << 10;

/// A file that is known by its content: from the last time it was read, or once it has been read to its end.
#[derive(Debug, Clone)]
pub struct ExtractFile {
    source: String,
    /// The path below the extracts folder, or the address of an object.
    pub file: PathBuf,
    /// Bytes as received.
    pub bytes: u64,
    /// Where it lies, or will lie once it is fetched.
    pub path: PathBuf,
    /// When its marker was written, where its source has markers.
    pub marked_at: Option<Timestamp>,
    fingerprint: Arc<OnceLock<Fingerprint>>,
    origin: Origin,
}

/// Where the bytes of an extract come from.
#[derive(Debug, Clone)]
enum Origin {
    /// The extracts folder: the file as it was found.
    Folder(Metadata),
    /// An object store.
    Store(RemoteFile),
    /// The project: text that was read with its other files.
    Text(Arc<[u8]>),
}

/// An object, and where its bytes lie once somebody wants to read them.
#[derive(Clone)]
pub(crate) struct RemoteFile {
    pub(crate) bucket: Arc<Bucket>,
    pub(crate) spool: Arc<Spool>,
    pub(crate) object: Object,
}

impl fmt::Debug for RemoteFile {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("RemoteFile").field("object", &self.object).finish_non_exhaustive()
    }
}

impl RemoteFile {
    /// Where its bytes lie, or will.
    pub(crate) fn path(&self) -> PathBuf {
        self.spool.path_of(&self.object)
    }

    /// Opens its bytes, fetching them when they are not here.
    pub(crate) fn open(&self) -> Result<File, ReadError> {
        self.spool.open(&self.bucket, &self.object)
    }
}

impl ExtractFile {
    /// A file below the extracts folder.
    pub(crate) fn in_folder(
        source: &Source,
        file: &Path,
        path: PathBuf,
        metadata: Metadata,
        seen: &FileHashCache,
    ) -> Self {
        let known = seen.fingerprint(&path, &metadata);
        let (source, file, bytes) = (source.name.clone(), file.to_owned(), metadata.len());
        let origin = Origin::Folder(metadata);
        Self { source, file, bytes, path, marked_at: None, fingerprint: cell(known), origin }
    }

    /// An object, fetched or not.
    pub(crate) fn in_store(
        source: &Source,
        remote: RemoteFile,
        known: Option<Fingerprint>,
    ) -> Self {
        Self {
            source: source.name.clone(),
            file: PathBuf::from(&remote.object.url),
            bytes: remote.object.bytes,
            path: remote.path(),
            marked_at: None,
            fingerprint: cell(known),
            origin: Origin::Store(remote),
        }
    }

    /// A file of the project, whose text is read already.
    pub(crate) fn of_project(source: &Source, file: &ProjectFile) -> Self {
        let path = PathBuf::from(&file.path);
        Self {
            source: source.name.clone(),
            file: path.clone(),
            bytes: file.text.len() as u64,
            path,
            marked_at: None,
            fingerprint: cell(None),
            origin: Origin::Text(Arc::from(file.text.as_bytes())),
        }
    }

    /// The same with the time its marker was written.
    pub(crate) fn marked(self, marked_at: Option<Timestamp>) -> Self {
        Self { marked_at, ..self }
    }

    /// The last day, since 1970, of which it can tell: the one in its name, or the one it was last written on.
    pub(crate) fn written_on(&self, source: &Source) -> Option<i32> {
        let changed = match &self.origin {
            Origin::Folder(metadata) => Timestamp::try_from(metadata.modified().ok()?).ok(),
            Origin::Store(remote) => Some(remote.object.changed_at),
            Origin::Text(_) => None,
        };
        let delivered = Deliveries::of(source).day_of(&self.file);
        let changed = changed.map(|instant| Offset::UTC.to_datetime(instant).date());
        let day = changed.into_iter().chain(delivered).min()?;
        Some((day - date(1970, 1, 1)).get_days())
    }

    /// The path below the extracts folder, or the address of an object, as tables state it.
    pub fn name(&self) -> String {
        self.file.to_string_lossy().into_owned()
    }

    /// The fingerprint of its content, if it is known already.
    pub fn known(&self) -> Option<&Fingerprint> {
        self.fingerprint.get()
    }

    /// The fingerprint of its content; reads it when nobody has yet.
    pub fn fingerprint(&self) -> Result<&Fingerprint, ReadError> {
        if self.known().is_none() {
            let mut reader = BufReader::with_capacity(BUFFER, self.reader()?);
            io::copy(&mut reader, &mut io::sink()).map_err(Refusal::Unreadable)?;
        }
        self.known().ok_or(Refusal::Changed.into())
    }

    /// The file as the books state it.
    pub fn extract(&self) -> Result<Extract, ReadError> {
        let (source, file, bytes) = (self.source.clone(), self.file.clone(), self.bytes);
        Ok(Extract { source, file, fingerprint: self.fingerprint()?.clone(), bytes })
    }

    /// Opens it, provided it is still the file that was found.
    pub(crate) fn open(&self) -> Result<File, ReadError> {
        let found = match &self.origin {
            Origin::Store(remote) => return remote.open(),
            Origin::Folder(found) => found,
            // Formats that look into a file from its end are none of the project's.
            Origin::Text(_) => return Err(Refusal::NotRegular("a text of the project").into()),
        };
        let file = open_regular(&self.path)?;
        let metadata = file.metadata().map_err(Refusal::Unreadable)?;
        if is_same(&metadata, found) { Ok(file) } else { Err(Refusal::Changed.into()) }
    }

    /// Opens it to be read from its start; whoever reads it to its end makes its content known.
    pub(crate) fn reader(&self) -> Result<impl Read + Send + use<>, ReadError> {
        let hash = self.known().is_none().then(FingerprintHasher::default);
        let bytes: Box<dyn Read + Send> = match &self.origin {
            Origin::Text(text) => Box::new(Cursor::new(Arc::clone(text))),
            Origin::Folder(_) | Origin::Store(_) => Box::new(self.open()?),
        };
        Ok(HashingReader { bytes, hash, fingerprint: Arc::clone(&self.fingerprint) })
    }

    /// Whether the file has stayed as it was found.
    pub fn is_unchanged(&self) -> bool {
        match &self.origin {
            // Nobody else writes where it was fetched to.
            Origin::Store(_) | Origin::Text(_) => true,
            Origin::Folder(found) => {
                fs::symlink_metadata(&self.path).is_ok_and(|metadata| is_same(&metadata, found))
            }
        }
    }

    /// Notes what is known of its content, for runs to come.
    pub(crate) fn note(&self, files: &FileHashCache, objects: &ObjectHashCache) {
        match (&self.origin, self.known()) {
            (Origin::Folder(metadata), Some(known)) => files.note(&self.path, metadata, known),
            (Origin::Store(remote), Some(known)) => objects.note(&remote.object, known),
            (Origin::Text(_), _) | (_, None) => {}
        }
    }
}

fn cell(known: Option<Fingerprint>) -> Arc<OnceLock<Fingerprint>> {
    Arc::new(known.map_or_else(OnceLock::new, OnceLock::from))
}

/// Hashes what is read of a file.
struct HashingReader {
    bytes: Box<dyn Read + Send>,
    /// Nothing once the end has been reached.
    hash: Option<FingerprintHasher>,
    fingerprint: Arc<OnceLock<Fingerprint>>,
}

impl Read for HashingReader {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.bytes.read(buffer)?;
        if let Some(hash) = &mut self.hash {
            hash.update(&buffer[..read]);
        }
        if read == 0
            && !buffer.is_empty()
            && let Some(hash) = self.hash.take()
        {
            // Somebody else may have read it meanwhile.
            let _ = self.fingerprint.set(hash.finish());
        }
        Ok(read)
    }
}

/// Whether two looks at a file found the same.
fn is_same(left: &Metadata, right: &Metadata) -> bool {
    left.len() == right.len() && left.modified().ok() == right.modified().ok()
}

/// Opens a file without following a link and without waiting for whoever might write to a pipe.
fn open_regular(path: &Path) -> Result<File, Refusal> {
    let mut options = File::options();
    options.read(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::custom_flags(
        &mut options,
        libc::O_NOFOLLOW | libc::O_NONBLOCK,
    );
    let file = options.open(path).map_err(Refusal::Unreadable)?;
    match file.metadata().map_err(Refusal::Unreadable)?.file_type() {
        found if found.is_file() => Ok(file),
        other => Err(Refusal::NotRegular(kind(other))),
    }
}

pub(crate) fn kind(file_type: FileType) -> &'static str {
    if file_type.is_dir() { "a folder" } else { "a pipe, socket or device" }
}

#[cfg(unix)]
#[cfg(test)]
mod tests {
    use scorewright_domain::Limits;

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

    #[test]
    fn a_file_is_known_once_it_has_been_read_to_its_end() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.csv");
        fs::write(&path, "abc").unwrap();
        let source = crate::source::tests::source(
            "title = \"T\"\nfiles = \"*\"\nformat = \"csv\"\n[columns.a]\ntype = \"text\"\n",
        );
        let found = || {
            let metadata = fs::metadata(&path).unwrap();
            ExtractFile::in_folder(
                &source,
                Path::new("a.csv"),
                path.clone(),
                metadata,
                &FileHashCache::default(),
            )
        };
        // Expected: `printf abc | sha256sum`.
        let expected = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        let present = found();
        let mut reader = present.reader().unwrap();
        assert_eq!(reader.read(&mut [0; 3]).unwrap(), 3);
        assert_eq!(present.known(), None, "more may follow");
        assert_eq!(reader.read(&mut [0; 3]).unwrap(), 0);
        assert_eq!(present.known().map(Fingerprint::as_str), Some(expected));
        assert_eq!(
            found().fingerprint().unwrap().as_str(),
            expected,
            "it is read when nobody has read it"
        );
    }

    // Nobody writes to the pipe: an open that waits for a writer would never return.
    #[test]
    fn a_pipe_does_not_stop_a_run() {
        let folder = tempfile::tempdir().unwrap();
        let pipe = folder.path().join("a.csv");
        let made = std::process::Command::new("mkfifo").arg(&pipe).status().unwrap();
        assert!(made.success());
        assert!(matches!(
            open_regular(&pipe),
            Err(Refusal::NotRegular("a pipe, socket or device"))
        ));
    }

    #[test]
    fn a_file_that_grows_is_not_the_one_that_was_found() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.csv");
        fs::write(&path, "Id,Score\nT1,7\n").unwrap();
        let source = crate::source::tests::source(
            "title = \"T\"\nfiles = \"*\"\nformat = \"csv\"\n[columns.a]\ntype = \"text\"\n",
        );
        let found = crate::discovery::folder::only(&source, &path, &Limits::default()).unwrap();
        assert!(found.is_unchanged() && found.open().is_ok());
        fs::write(&path, "Id,Score\nT1,7\nT2,8\n").unwrap();
        assert!(!found.is_unchanged(), "what was read while it grew is not landed");
        assert!(matches!(found.open(), Err(ReadError::Refused(Refusal::Changed))));
    }
}
