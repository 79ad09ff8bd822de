//! Files and folders that are there as a whole or not at all, power cut included.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};

use scorewright_domain::Document;

/// A file or folder that could not be read or written.
#[derive(Debug, thiserror::Error, miette::Diagnostic)]
#[error("cannot {doing} `{}`", path.display())]
#[diagnostic(help(
    "check its permissions and the free space, then run again: nothing is lost or done twice"
))]
pub struct DiskError {
    doing: &'static str,
    path: PathBuf,
    #[source]
    cause: io::Error,
}

impl DiskError {
    /// The error and its cause in one line.
    pub(crate) fn in_full(&self) -> String {
        format!("{self}: {}", self.cause)
    }
}

/// Gives an I/O error its path.
pub(crate) fn at<'a>(
    doing: &'static str,
    path: &'a Path,
) -> impl FnOnce(io::Error) -> DiskError + 'a {
    move |cause| DiskError { doing, path: path.into(), cause }
}

/// Who may read what is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Readers {
    /// The user who runs this, as it names recipients.
    Owner,
    /// Whoever the umask admits.
    Anyone,
}

/// Makes a folder and those above it; one that is there already stays as it is.
pub(crate) fn make_folder(path: &Path, readers: Readers) -> Result<(), DiskError> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    if readers == Readers::Owner {
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    }
    let is_missing = |folder: &&Path| !folder.as_os_str().is_empty() && !folder.exists();
    let missing: Vec<&Path> = path.ancestors().take_while(is_missing).collect();
    builder.create(path).map_err(at("make folder", path))?;
    // The new names must survive too.
    missing.into_iter().map(folder_of).try_for_each(sync_folder)
}

/// Puts `bytes` at `path`, in place of what was there, in one step.
pub(crate) fn write_file(path: &Path, bytes: &[u8], readers: Readers) -> Result<(), DiskError> {
    let (folder, staged) = (folder_of(path), staged(path));
    write_synced(&staged, bytes, readers)?;
    fs::rename(&staged, path).map_err(at("write", path))?;
    sync_folder(folder)
}

/// Writes `documents` into a folder beside `path` that becomes `path` by [`settle`].
///
/// What an earlier attempt left there goes first.
pub(crate) fn stage_folder(
    path: &Path,
    documents: &[Document],
    readers: Readers,
) -> Result<PathBuf, DiskError> {
    let staged = staged(path);
    remove_folder(&staged)?;
    make_folder(&staged, readers)?;
    for document in documents {
        write_synced(&staged.join(&document.name), &document.bytes, readers)?;
    }
    sync_folder(&staged)?;
    Ok(staged)
}

/// Gives a staged folder its name; nothing may lie there.
pub(crate) fn settle(staged: &Path, path: &Path) -> Result<(), DiskError> {
    fs::rename(staged, path).map_err(at("write folder", path))?;
    sync_folder(folder_of(path))
}

/// Removes a folder and all in it; one that is not there is fine.
pub(crate) fn remove_folder(path: &Path) -> Result<(), DiskError> {
    match fs::remove_dir_all(path) {
        Err(bad) if bad.kind() != ErrorKind::NotFound => Err(at("remove folder", path)(bad)),
        _ => Ok(()),
    }
}

/// The names in a folder, sorted; none when there is no such folder.
pub(crate) fn names(folder: &Path) -> Result<Vec<String>, DiskError> {
    let listed = match fs::read_dir(folder) {
        Err(bad) if bad.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
        listed => listed.map_err(at("read folder", folder))?,
    };
    let mut names = Vec::new();
    for item in listed {
        let item = item.map_err(at("read folder", folder))?;
        // A name that is not text is not one of ours.
        names.extend(item.file_name().into_string());
    }
    names.sort();
    Ok(names)
}

/// Whether a folder holds exactly these documents.
pub(crate) fn holds(folder: &Path, documents: &[Document]) -> Result<bool, DiskError> {
    let mut expected: Vec<&str> = documents.iter().map(|document| document.name.as_str()).collect();
    expected.sort_unstable();
    let is_same = |document: &Document| {
        fs::read(folder.join(&document.name)).is_ok_and(|bytes| bytes == document.bytes)
    };
    Ok(names(folder)? == expected && documents.iter().all(is_same))
}

/// Whether a name is that of something not finished.
pub(crate) fn is_staged(name: &str) -> bool {
    name.starts_with(".staged-")
}

fn staged(path: &Path) -> PathBuf {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    path.with_file_name(format!(".staged-{name}"))
}

fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

fn write_synced(path: &Path, bytes: &[u8], readers: Readers) -> Result<(), DiskError> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    if readers == Readers::Owner {
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    }
    let write = || -> io::Result<()> {
        let mut file = options.open(path)?;
        file.write_all(bytes)?;
        file.sync_all()
    };
    write().map_err(at("write", path))
}

/// Makes the names in a folder survive a power cut.
pub(crate) fn sync_folder(folder: &Path) -> Result<(), DiskError> {
    // Elsewhere a folder cannot be opened as a file, and names are kept by the file system.
    if cfg!(unix) {
        File::open(folder)
            .and_then(|folder| folder.sync_all())
            .map_err(at("sync folder", folder))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_torn_stage_is_written_anew() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("page");
        fs::create_dir(folder.path().join(".staged-page")).unwrap();
        fs::write(folder.path().join(".staged-page/half"), "ha").unwrap();
        let document =
            Document { name: "a".into(), media_type: "text/plain".into(), bytes: b"whole".into() };
        let staged = stage_folder(&path, std::slice::from_ref(&document), Readers::Anyone).unwrap();
        settle(&staged, &path).unwrap();
        assert!(holds(&path, &[document]).unwrap());
        assert_eq!(names(folder.path()).unwrap(), ["page"]);
    }

    #[cfg(unix)]
    #[test]
    fn what_names_people_is_for_its_owner_alone() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("mail/a.eml");
        make_folder(&folder.path().join("mail"), Readers::Owner).unwrap();
        write_file(&path, b"x", Readers::Owner).unwrap();
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o077;
        assert_eq!((mode(&path), mode(&folder.path().join("mail"))), (0, 0));
    }
}
