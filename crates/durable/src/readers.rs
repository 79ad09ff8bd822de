//! Who may read what is written: the mode of files and folders, and their group.
//!
//! Files are created with the narrowest mode and opened to a group afterwards, on the open handle: there is no moment in
//! which more users may read one than shall, and no umask keeps a group out.

use std::fs::{File, Metadata};
use std::io;

/// Who may read what is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Readers {
    /// Only the user who runs this, whatever the umask: files are 0600, folders 0700.
    Owner,
    /// The user who runs this and the users of a group, whatever the umask: files are 0640, folders 0750.
    Group(GroupId),
    /// Everybody the umask allows.
    Anyone,
}

/// A group of users, by its number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct GroupId(u32);

impl GroupId {
    /// The largest number of a group: the one above it means no group.
    pub const LARGEST: u32 = u32::MAX - 1;

    /// The group of a number, whether the machine has a name for it or not; `None` for a number that no group has.
    pub fn numbered(number: u32) -> Option<Self> {
        (number <= Self::LARGEST).then_some(Self(number))
    }

    /// The group of a name; `None` when this machine knows none.
    ///
    /// # Errors
    ///
    /// When the system cannot look it up: a directory server is away.
    #[cfg(unix)]
    pub fn named(name: &str) -> io::Result<Option<Self>> {
        // A name with a NUL is that of no group, and cannot be asked for.
        if name.contains('\0') {
            return Ok(None);
        }
        let group = nix::unistd::Group::from_name(name)?;
        Ok(group.map(|group| Self(group.gid.as_raw())))
    }

    /// Where files have no group, every name will do.
    #[cfg(not(unix))]
    pub fn named(_name: &str) -> io::Result<Option<Self>> {
        Ok(Some(Self(0)))
    }
}

/// A group that this user may not give files to.
#[derive(Debug, thiserror::Error)]
#[error("this user is not a member of the group `{group}`, so it may not give files to it")]
pub(crate) struct GroupRefused {
    group: String,
}

#[cfg(unix)]
impl Readers {
    /// Mode with which a file is created; nobody has opened it to a group yet.
    pub(crate) fn mode_of_new_file(self) -> u32 {
        if self == Self::Anyone { 0o666 } else { 0o600 }
    }

    /// Mode with which a folder is created.
    pub(crate) fn mode_of_new_folder(self) -> u32 {
        if self == Self::Anyone { 0o777 } else { 0o700 }
    }

    /// Whether a file or folder has their mode and group.
    pub(crate) fn are_those_of(self, found: &Metadata) -> bool {
        use std::os::unix::fs::MetadataExt as _;
        self.mode(found).is_none_or(|mode| found.mode() & 0o777 == mode)
            && self.other_group(found).is_none()
    }

    /// Gives an open file or folder their mode and group, where it has others.
    pub(crate) fn set_on(self, file: &File) -> io::Result<()> {
        use std::fs::Permissions;
        use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, fchown};
        let found = file.metadata()?;
        if let Some(group) = self.other_group(&found) {
            fchown(file, None, Some(group)).map_err(|error| refused(error, group, &found))?;
        }
        match self.mode(&found) {
            // What stands above the nine bits, such as that new files get the folder's group, is not ours.
            Some(mode) if found.mode() & 0o777 != mode => {
                file.set_permissions(Permissions::from_mode(found.mode() & 0o7000 | mode))
            }
            _ => Ok(()),
        }
    }

    /// The mode of a file or folder; `None` where the umask decides it.
    fn mode(self, of: &Metadata) -> Option<u32> {
        match (self, of.is_dir()) {
            (Self::Owner, false) => Some(0o600),
            (Self::Owner, true) => Some(0o700),
            (Self::Group(_), false) => Some(0o640),
            (Self::Group(_), true) => Some(0o750),
            (Self::Anyone, _) => None,
        }
    }

    /// The group that a file or folder is to get.
    fn other_group(self, of: &Metadata) -> Option<u32> {
        use std::os::unix::fs::MetadataExt as _;
        match self {
            Self::Group(GroupId(group)) if of.gid() != group => Some(group),
            _ => None,
        }
    }
}

/// Why a file of this user cannot be given to a group: the user is not a member of it.
#[cfg(unix)]
fn refused(error: io::Error, group: u32, found: &Metadata) -> io::Error {
    use nix::unistd::{Gid, Group, geteuid};
    use std::os::unix::fs::MetadataExt as _;
    if error.kind() != io::ErrorKind::PermissionDenied || found.uid() != geteuid().as_raw() {
        return error;
    }
    let known = Group::from_gid(Gid::from_raw(group)).ok().flatten();
    let group = known.map_or_else(|| group.to_string(), |group| group.name);
    io::Error::new(error.kind(), GroupRefused { group })
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    #[test]
    fn a_group_is_known_by_its_name_and_any_number_is_one() {
        assert_eq!(GroupId::named("root").unwrap(), Some(GroupId(0)));
        assert_eq!(GroupId::named("no such group").unwrap(), None);
        assert_eq!(GroupId::named("ro\0ot").unwrap(), None);
        assert_eq!(GroupId::numbered(u32::MAX), None, "chown takes it for no group");
        assert_eq!(GroupId::numbered(4_000_000_000), Some(GroupId(4_000_000_000)));
    }

    #[test]
    fn readers_are_set_whatever_the_mode_was_and_bits_above_stay() {
        let folder = tempfile::tempdir().unwrap();
        let open = File::open(folder.path()).unwrap();
        for mode in [0o2777, 0o2000 | 0o500] {
            open.set_permissions(std::fs::Permissions::from_mode(mode)).unwrap();
            assert!(!Readers::Owner.are_those_of(&open.metadata().unwrap()));
            Readers::Owner.set_on(&open).unwrap();
            assert_eq!(open.metadata().unwrap().permissions().mode() & 0o7777, 0o2700);
            assert!(Readers::Owner.are_those_of(&open.metadata().unwrap()));
        }
    }
}
