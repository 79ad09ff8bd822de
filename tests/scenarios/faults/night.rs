//! A night that is disturbed at one change of the disk, and what it leaves.

use std::fmt::Debug;
use std::fs;
use std::ops::RangeInclusive;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::binary::{Ended, copy, files_below, root, scorewright};

pub(super) const AS_OF: &str = "2026-11-23";
const MAIL: &str = "\n[mail]\nfrom = \"Scorewright <scorecards@example.com>\"\n\
    to = [\"board@example.com\", \"ann@example.com\"]\n";

/// The small project with a mail of two recipients, before its first night.
pub(super) fn project() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    copy(&root().join("tests/scenarios/base"), folder.path());
    let report = folder.path().join("reports/scorecard/report.toml");
    let text = fs::read_to_string(&report).unwrap();
    fs::write(report, text + MAIL).unwrap();
    folder
}

/// The project after a whole night.
pub(super) fn finished() -> tempfile::TempDir {
    let folder = project();
    undisturbed(folder.path());
    folder
}

/// A night with a disturbance: its status, and what it says.
pub(super) fn night(folder: &Path, disturbance: &str) -> (i32, String) {
    let ended = Command::new(env!("CARGO_BIN_EXE_scorewright"))
        .args(["--log-format", "text", "run", "--as-of", AS_OF, "--mail"])
        .current_dir(folder)
        .env_clear()
        .env("SCOREWRIGHT_DISTURB", disturbance)
        .output()
        .unwrap();
    let status = ended.status.code().expect("no signal ends it");
    (status, String::from_utf8(ended.stderr).unwrap())
}

/// A night like any other.
pub(super) fn plain(folder: &Path) -> Ended {
    scorewright(folder, &["run", "--as-of", AS_OF])
}

pub(super) fn undisturbed(folder: &Path) -> String {
    let ended = plain(folder);
    assert_eq!(ended.status, 0, "{}{}", ended.answer, ended.said);
    ended.answer
}

/// The changes of the disk that an undisturbed night makes.
pub(super) struct Operations {
    /// What each of them does, and to what.
    names: Vec<String>,
    /// The number of the one that commits.
    pub(super) commit: usize,
}

impl Operations {
    pub(super) fn of_a_night() -> Self {
        let folder = project();
        let (status, said) = night(folder.path(), "named");
        assert_eq!(status, 0, "{said}");
        let names = operations_in(&said);
        let commit = names.iter().position(|name| name.contains(" link ")).unwrap() + 1;
        Self { names, commit }
    }

    pub(super) fn count(&self) -> usize {
        self.names.len()
    }

    /// Each kind of fault at those of the operations that are looked at, and at the end of the night.
    pub(super) fn faults(&self) -> Vec<String> {
        let chosen = self.looked_at(1..=self.count());
        let at_the_end = ["lose_data", "lose_names", "lose_both"].map(String::from);
        let mut all: Vec<String> = chosen.flat_map(|number| self.faults_at(number)).collect();
        all.push(format!("die_after:{}", self.count()));
        all.extend(at_the_end.map(|kind| format!("{kind}:{}", self.count() + 1)));
        all
    }

    /// Those of some operations that this run of the tests looks at.
    pub(super) fn looked_at(
        &self,
        numbers: RangeInclusive<usize>,
    ) -> impl Iterator<Item = usize> + use<> {
        let (commit, extent) = (self.commit, Extent::asked());
        numbers.filter(move |number| match extent {
            Extent::Some => number % 5 == 0 || *number == commit + 1,
            Extent::FromCommit => *number >= commit || number % 10 == 0,
            Extent::All => true,
        })
    }

    fn faults_at(&self, number: usize) -> Vec<String> {
        faults_at(number, &self.names[number - 1])
    }
}

/// The changes of the disk that a program of which they are named has made.
pub(super) fn operations_in(said: &str) -> Vec<String> {
    said.lines().filter(|line| line.starts_with("operation ")).map(String::from).collect()
}

/// Each kind of fault at an operation. To die after an operation is to die before the next one.
pub(super) fn faults_at(number: usize, name: &str) -> Vec<String> {
    let can_be_torn = [" write ", " create_folder ", " remove_folder "];
    let mut kinds = vec!["die_before", "no_space", "device_error", "lose_both"];
    if can_be_torn.iter().any(|word| name.contains(word)) {
        kinds.push("die_within");
    }
    if Extent::asked() == Extent::All {
        kinds.extend(["lose_data", "lose_names"]);
    }
    kinds.into_iter().map(|kind| format!("{kind}:{number}")).collect()
}

/// How many of the operations are looked at.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Extent {
    /// Every fifth one: what `cargo test` has time for.
    Some,
    /// All of them from the commit on, and every tenth one before it.
    FromCommit,
    /// All of them, with every kind of fault.
    All,
}

impl Extent {
    fn asked() -> Self {
        match std::env::var("SCOREWRIGHT_FAULTS").as_deref() {
            Err(_) => Self::Some,
            Ok("from_commit") => Self::FromCommit,
            Ok("all") => Self::All,
            Ok(other) => panic!("SCOREWRIGHT_FAULTS is `from_commit` or `all`, not `{other}`"),
        }
    }
}

/// What readers get: pages and mails, and the files of the outbox that wait.
pub(super) fn delivered(folder: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let out = files_below(&folder.join("out")).into_iter();
    out.filter(|(path, _)| !path.starts_with("runs")).collect()
}

/// The mails that were handed over: a file that is written again is another one.
pub(super) fn mails(folder: &Path) -> Vec<(PathBuf, u64)> {
    use std::os::unix::fs::MetadataExt as _;
    let listed = fs::read_dir(folder.join("out/mail")).into_iter().flatten().flatten();
    let mails = listed.filter(|entry| !entry.file_name().to_string_lossy().starts_with('.'));
    let file = |mail: fs::DirEntry| (mail.file_name().into(), mail.metadata().unwrap().ino());
    let mut mails: Vec<(PathBuf, u64)> = mails.map(file).collect();
    mails.sort();
    mails
}

/// Names below a folder that a dead run may leave.
pub(super) fn leftovers(folder: &Path) -> Vec<PathBuf> {
    let is_left = |path: &PathBuf| {
        path.components().any(|part| {
            let name = part.as_os_str().to_string_lossy();
            [".stage", ".spill", ".tmp"].iter().any(|left| name.starts_with(left))
        })
    };
    let all = files_below(folder).into_iter().map(|(path, _)| path);
    all.filter(is_left).filter(|path| !path.ends_with(".spill/lock")).collect()
}

/// Looks at each of many, two at a time, because a night waits for the disk more than for a processor.
///
/// # Panics
///
/// After all of them were looked at, when some did not pass: with their names.
pub(super) fn for_each<T: Sync + Debug>(all: &[T], look_at: impl Fn(&T) + Sync) {
    let (next, failed) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    let look_at_next = || {
        while let Some(one) = all.get(next.fetch_add(1, Ordering::SeqCst)) {
            if catch_unwind(AssertUnwindSafe(|| look_at(one))).is_err() {
                failed.lock().unwrap().push(format!("{one:?}"));
            }
        }
    };
    std::thread::scope(|scope| (0..2).for_each(|_| drop(scope.spawn(look_at_next))));
    assert_eq!(failed.into_inner().unwrap(), Vec::<String>::new(), "of {}", all.len());
}
