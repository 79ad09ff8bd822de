//! The small project with all that a run may write: mails, a held one, a quarantined row and a refused file; and users
//! who look at it.

use std::fs::{self, Metadata, Permissions};
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use crate::binary::{Ended, copy, program, root, scorewright_by};

/// Another user, and groups that need no name.
const STRANGER: &str = "65534";
pub(crate) const GROUP: u32 = 4242;
pub(crate) const OTHER_GROUP: u32 = 4243;

const MAIL: &str =
    "\n[mail]\nfrom = \"Scorewright <scorecards@example.com>\"\nto = [\"board@example.com\"]\n";

/// Whether the tests may give files to any group, and be any user.
pub(crate) fn is_root() -> bool {
    fs::metadata("/proc/self").unwrap().uid() == 0
}

/// A group that this user may give files to: any, or its own.
pub(crate) fn group() -> u32 {
    if is_root() { GROUP } else { fs::metadata("/proc/self").unwrap().gid() }
}

/// The project before its first run, in a folder that other users may pass.
pub(crate) fn project() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::set_permissions(folder.path(), Permissions::from_mode(0o755)).unwrap();
    copy(&root().join("tests/scenarios/base"), folder.path());
    edit(folder.path(), "reports/scorecard/report.toml", |text| text + MAIL);
    edit(folder.path(), "pipelines/sources/tickets.toml", |text| {
        text.replace("tolerate = 0.1", "tolerate = 0.1\non_refused = \"skip_file\"")
    });
    let rows: String =
        (0..20).map(|row| format!("T1{row:02},Billing,2026-11-20 09:00:00,5\n")).collect();
    let header = "Ticket,Team,Opened,Rating\n";
    let good = format!("{header}{rows}T199,Returns,2026-11-20 10:00:00,many\n");
    fs::write(folder.path().join("extracts/tickets_new.csv"), good).unwrap();
    let bad = format!("{header}T201,Billing,soon,5\n");
    fs::write(folder.path().join("extracts/tickets_bad.csv"), bad).unwrap();
    folder
}

pub(crate) fn edit(project: &Path, file: &str, change: impl Fn(String) -> String) {
    let path = project.join(file);
    fs::write(&path, change(fs::read_to_string(&path).unwrap())).unwrap();
}

/// Sets who may read the project: a line of `[files]`, or nothing.
pub(crate) fn set_files(project: &Path, setting: Option<&str>) {
    edit(project, "scorewright.toml", |text| {
        let others = text.split("\n[files]").next().unwrap();
        setting.map_or(others.to_owned(), |line| format!("{others}\n[files]\n{line}\n"))
    });
}

/// Runs the program under a umask.
pub(crate) fn under(umask: &str, project: &Path, arguments: &[&str]) -> Ended {
    let script = format!("umask {umask}; exec \"$0\" \"$@\"");
    scorewright_by(&["sh", "-c", &script, &program().to_string_lossy()], project, arguments)
}

/// A run of a whole week, and one of a week that has only begun, whose mail is held.
pub(crate) fn run_twice(umask: &str, project: &Path) {
    for day in ["2026-11-23", "2026-11-30"] {
        run(umask, project, day);
    }
}

/// A run that publishes without the refused file.
pub(crate) fn run(umask: &str, project: &Path, day: &str) {
    let ended = under(umask, project, &["run", "--as-of", day]);
    assert_eq!(ended.status, 5, "{}{}", ended.answer, ended.said);
    assert!(ended.answer.contains("published"), "{}{}", ended.answer, ended.said);
}

/// All below `warehouse/` and `out/`, and these folders, by path.
pub(crate) fn written(project: &Path) -> Vec<(String, Metadata)> {
    let mut found = Vec::new();
    let mut folders = vec![project.join("warehouse"), project.join("out")];
    while let Some(path) = folders.pop() {
        let metadata = fs::symlink_metadata(&path).unwrap();
        if metadata.is_dir() {
            folders.extend(fs::read_dir(&path).unwrap().map(|entry| entry.unwrap().path()));
        }
        let name = path.strip_prefix(project).unwrap().to_str().unwrap().to_owned();
        found.push((name, metadata));
    }
    found
}

/// Whether a path is one that a group gets at, as `docs/operations.md` lists them.
pub(crate) fn is_open(path: &str) -> bool {
    let is_below = |folder: &str| path == folder || path.starts_with(&format!("{folder}/"));
    ["warehouse", "warehouse/CURRENT.json", "warehouse/lock", "out"].contains(&path)
        || ["warehouse/versions", "warehouse/manifests", "warehouse/projects", "out/pages"]
            .into_iter()
            .any(is_below)
        || is_below("warehouse/tables") && !is_below("warehouse/tables/quarantine")
}

/// The same program where every user gets at it.
fn reachable() -> &'static Path {
    static FOLDER: OnceLock<(tempfile::TempDir, PathBuf)> = OnceLock::new();
    let (_, path) = FOLDER.get_or_init(|| {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("scorewright");
        if fs::hard_link(program(), &path).is_err() {
            fs::copy(program(), &path).unwrap();
        }
        for path in [folder.path(), &path] {
            fs::set_permissions(path, Permissions::from_mode(0o755)).unwrap();
        }
        (folder, path)
    });
    path
}

/// Runs the program as another user, who is in a group or in none.
///
/// Without root there is no other user: then what is for the owner alone is closed to the owner too, so that the same
/// is refused, and the group is not looked at.
pub(crate) fn as_stranger(group: Option<u32>, project: &Path, arguments: &[&str]) -> Ended {
    if !is_root() {
        close_to_its_owner(project, group.is_some());
        let ended = scorewright_by(&[&program().to_string_lossy()], project, arguments);
        open_to_its_owner(project);
        return ended;
    }
    let groups = group.map_or("--clear-groups".to_owned(), |group| format!("--groups={group}"));
    let user = ["setpriv", "--reuid", STRANGER, "--regid", STRANGER, &groups];
    let program = reachable().to_string_lossy();
    scorewright_by(&[&user[..], &[&program]].concat(), project, arguments)
}

fn close_to_its_owner(project: &Path, is_member: bool) {
    let closed = written(project).into_iter().filter(|(path, _)| !(is_member && is_open(path)));
    let mut paths: Vec<String> = closed.map(|(path, _)| path).collect();
    // From below: a folder that is closed cannot be passed.
    paths.sort_by_key(|path| std::cmp::Reverse(path.len()));
    for path in paths {
        fs::set_permissions(project.join(path), Permissions::from_mode(0o000)).unwrap();
    }
}

fn open_to_its_owner(project: &Path) {
    let mut folders = vec![project.join("warehouse"), project.join("out")];
    while let Some(path) = folders.pop() {
        let is_folder = fs::metadata(&path).unwrap().is_dir();
        let mode = if is_folder { 0o700 } else { 0o600 };
        fs::set_permissions(&path, Permissions::from_mode(mode)).unwrap();
        if is_folder {
            folders.extend(fs::read_dir(&path).unwrap().map(|entry| entry.unwrap().path()));
        }
    }
}

/// Makes the other user the owner of a project and all below it, where the tests are run as root.
pub(crate) fn hand_over(project: &Path) {
    if is_root() {
        let owner: u32 = STRANGER.parse().unwrap();
        let mut paths = vec![project.to_owned()];
        while let Some(path) = paths.pop() {
            std::os::unix::fs::lchown(&path, Some(owner), Some(owner)).unwrap();
            if path.is_dir() {
                paths.extend(fs::read_dir(&path).unwrap().map(|entry| entry.unwrap().path()));
            }
        }
    }
}
