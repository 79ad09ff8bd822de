//! Which of the files that are there have arrived: a sender may still be writing the others.
//!
//! A file that has not arrived counts as not there yet, and the run says so; a later run takes it.

use std::fmt;
use std::path::{Path, PathBuf};

use jiff::Timestamp;

use crate::source::{Arrival, Source};

/// A file that is there and has not arrived yet.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("extract `{}` of source `{of}` has not arrived yet: {why}", file.display())]
pub struct AwaitedExtract {
    /// Source it belongs to.
    pub of: String,
    /// Its path below the extracts folder, or its address.
    pub file: PathBuf,
    /// What it waits for.
    pub why: Wait,
}

/// What a file waits for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wait {
    /// Its marker, of this name.
    Marker(String),
    /// A marker that is newer than the file: this one came with a former content.
    NewerMarker(String),
    /// The time it must have stayed as it is.
    Age(String),
}

impl fmt::Display for Wait {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Marker(name) => write!(out, "its marker `{name}` is not there"),
            Self::NewerMarker(name) => write!(out, "its marker `{name}` is older than the file"),
            Self::Age(age) => write!(out, "it changed less than {age} ago"),
        }
    }
}

/// Files as they lie somewhere at one moment, each known by its path there.
pub(crate) trait Listing {
    /// When a file was changed last; `None` when it is not there.
    fn changed_at(&self, path: &str) -> Option<Timestamp>;
}

/// The extracts folder.
pub(crate) struct Folder<'a>(pub(crate) &'a Path);

impl Listing for Folder<'_> {
    fn changed_at(&self, path: &str) -> Option<Timestamp> {
        let metadata = std::fs::symlink_metadata(self.0.join(path)).ok()?;
        Timestamp::try_from(metadata.modified().ok()?).ok()
    }
}

/// Whether a path is that of a marker, so that it is no extract whatever `files` says.
pub(crate) fn is_marker(source: &Source, path: &str) -> bool {
    let around = source.arrival.as_ref().and_then(Arrival::around);
    let name = split(path).1;
    around.is_some_and(|(before, after)| {
        name.len() > before.len() + after.len() && name.starts_with(before) && name.ends_with(after)
    })
}

/// What a file waits for; `None` when it has arrived.
pub(crate) fn awaited(
    source: &Source,
    path: &str,
    listing: &impl Listing,
    now: Timestamp,
) -> Option<Wait> {
    let arrival = source.arrival.as_ref()?;
    let changed_at = listing.changed_at(path)?;
    if let Some((before, after)) = arrival.around() {
        let (folder, name) = split(path);
        let marker = format!("{before}{name}{after}");
        match listing.changed_at(&format!("{folder}{marker}")) {
            None => return Some(Wait::Marker(marker)),
            Some(marked_at) if marked_at < changed_at => return Some(Wait::NewerMarker(marker)),
            Some(_) => {}
        }
    }
    let is_young = |age| now.duration_since(changed_at) < age;
    arrival.age().filter(|age| is_young(*age)).and(arrival.minimum_age.clone()).map(Wait::Age)
}

/// When the marker of a file was written; `None` where its source has none.
pub(crate) fn marked_at(source: &Source, path: &str, listing: &impl Listing) -> Option<Timestamp> {
    let (before, after) = source.arrival.as_ref()?.around()?;
    let (folder, name) = split(path);
    listing.changed_at(&format!("{folder}{before}{name}{after}"))
}

/// A path's folder, up to its last `/`, and the name in it.
fn split(path: &str) -> (&str, &str) {
    path.split_at(path.rfind('/').map_or(0, |at| at + 1))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::source::tests::source;

    impl Listing for BTreeMap<&str, i64> {
        fn changed_at(&self, path: &str) -> Option<Timestamp> {
            Timestamp::from_second(*self.get(path)?).ok()
        }
    }

    fn arriving(arrival: &str) -> Source {
        let start = "title = \"T\"\nfiles = \"*\"\nformat = \"csv\"\n[arrival]\n";
        source(&format!("{start}{arrival}\n[columns.a]\ntype = \"text\"\n"))
    }

    #[test]
    fn a_marker_lies_beside_its_extract_and_came_after_it() {
        let source = arriving("done_marker = \"_{file}.ok\"");
        let there = BTreeMap::from([
            ("x/a.csv", 5),
            ("x/_a.csv.ok", 5),
            ("b.csv", 5),
            ("_b.csv.ok", 4),
            ("c.csv", 1),
        ]);
        let wait = |path| awaited(&source, path, &there, Timestamp::MAX);
        assert_eq!(wait("x/a.csv"), None);
        assert_eq!(wait("b.csv"), Some(Wait::NewerMarker("_b.csv.ok".into())));
        assert_eq!(wait("c.csv"), Some(Wait::Marker("_c.csv.ok".into())));
        assert!(is_marker(&source, "x/_a.csv.ok") && is_marker(&source, "_gone.csv.ok"));
        assert!(!is_marker(&source, "a.csv.ok") && !is_marker(&source, "_/a.ok"));
    }

    #[test]
    fn a_file_arrives_when_it_has_stayed_as_it_is() {
        let (source, there) =
            (arriving("minimum_age = \"10m\""), BTreeMap::from([("a.csv", 1_000)]));
        let wait = |now| awaited(&source, "a.csv", &there, Timestamp::from_second(now).unwrap());
        assert_eq!(wait(1_600), None);
        let young = Some(Wait::Age("10m".into()));
        assert_eq!((wait(1_599), wait(0)), (young.clone(), young), "a clock that was set back");
    }
}
