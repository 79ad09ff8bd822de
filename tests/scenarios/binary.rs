//! The program under test, and copies of projects to run it on.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

/// What a run of the program left behind.
pub(crate) struct Ended {
    pub(crate) status: i32,
    /// Standard output.
    pub(crate) answer: String,
    /// Standard error.
    pub(crate) said: String,
}

/// The root of the repository.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../..")
        .canonicalize()
        .expect("the repository is there")
}

/// The rows of an answer to `query --output json`: one object a line.
pub(crate) fn rows(answer: &str) -> Vec<Value> {
    answer.lines().map(|line| serde_json::from_str(line).expect("each line is an object")).collect()
}

/// The program.
pub(crate) fn program() -> &'static Path {
    Path::new(env!("CARGO_BIN_EXE_scorewright"))
}

/// Runs the program in a folder, as text for people and without the caller's settings.
///
/// A run for a day asks for the mail: the day is one of 2026, and the clock of the machine may be years after it.
pub(crate) fn scorewright(folder: &Path, arguments: &[&str]) -> Ended {
    scorewright_by(&[env!("CARGO_BIN_EXE_scorewright")], folder, arguments)
}

/// The same by a command that starts the program, its path the last of the words: under a umask, as another user.
pub(crate) fn scorewright_by(command: &[&str], folder: &Path, arguments: &[&str]) -> Ended {
    let is_run_for_a_day = arguments.contains(&"run") && arguments.contains(&"--as-of");
    let mut asked = Command::new(command[0]);
    asked.args(&command[1..]);
    asked.args(["--log-format", "text"]).args(arguments).args(is_run_for_a_day.then_some("--mail"));
    ended(asked.current_dir(folder).env_clear())
}

/// Runs a command in a folder that must end with a status; gives what it said.
pub(crate) fn says(folder: &Path, status: i32, arguments: &[&str]) -> String {
    let ended = scorewright(folder, arguments);
    let said = ended.answer + &ended.said;
    assert_eq!(ended.status, status, "{arguments:?}\n{said}");
    said
}

/// The answer to a query, as CSV.
pub(crate) fn query(project: &Path, sql: &str) -> String {
    says(project, 0, &["query", "--output", "csv", sql])
}

/// Tables that the newest version made anew, in the order of the build, by its commit.
pub(crate) fn made_anew(project: &Path) -> Vec<String> {
    let versions = files_below(&project.join("warehouse/versions"));
    let (_, newest) = versions.last().expect("there is a version");
    let commit: Value = serde_json::from_slice(newest).expect("a commit is JSON");
    let built = commit["version"]["built"].as_array().expect("a commit says what was built");
    let is_made = |built: &&Value| built["is_unchanged"] == false;
    built.iter().filter(is_made).map(|built| built["table"].as_str().unwrap().to_owned()).collect()
}

/// A version of a warehouse as its commit file and its manifests state it: with its tables, its books and its issues.
pub(crate) fn stored_version(warehouse: &Path, number: u64) -> Value {
    let read = |below: String| -> Value {
        let bytes = fs::read(warehouse.join(below)).expect("the file is there");
        serde_json::from_slice(&bytes).expect("it is JSON")
    };
    let mut version = read(format!("versions/{number:010}.json"))["version"].take();
    let manifests = version["manifests"].take();
    let entry = |pack: &Value, at: &Value| {
        let pack = read(format!("manifests/{}.json", pack.as_str().unwrap()));
        pack["entries"][at["sha256"].as_str().unwrap()].clone()
    };
    let groups = |at: &Value| -> Vec<Value> {
        let groups = entry(&at["pack"], at)["groups"].as_object().unwrap().clone();
        let pack = |group: &Value| {
            let own = group.get("pack");
            own.unwrap_or(&at["pack"]).clone()
        };
        let lists = groups.values().map(|group| entry(&pack(group), group));
        lists.flat_map(|list| list.as_array().unwrap().clone()).collect()
    };
    let tables = manifests["tables"].as_object().unwrap().iter();
    version["tables"] = tables.map(|(name, at)| (name.clone(), entry(&at["pack"], at))).collect();
    let landings = manifests["landings"].as_object().unwrap().values();
    version["landings"] = landings.flat_map(&groups).collect();
    version["issues"] = manifests.get("issues").map(&groups).unwrap_or_default().into();
    version
}

/// Runs the program in a folder while the clock stands at an instant: `2026-11-23 03:30:00`, in UTC.
pub(crate) fn scorewright_at(instant: &str, folder: &Path, arguments: &[&str]) -> Ended {
    said_at(instant, "text", folder, arguments)
}

/// The same, saying what happens as one JSON object for each event.
pub(crate) fn logged_at(instant: &str, folder: &Path, arguments: &[&str]) -> Ended {
    said_at(instant, "json", folder, arguments)
}

fn said_at(instant: &str, format: &str, folder: &Path, arguments: &[&str]) -> Ended {
    let mut asked = Command::new("faketime");
    asked.args(["-f", &format!("@{instant}"), env!("CARGO_BIN_EXE_scorewright")]);
    asked.args(["--log-format", format]).args(arguments).current_dir(folder).env_clear();
    // The clock of the files and the one that only measures time stay as they are.
    asked.envs([("TZ", "UTC"), ("NO_FAKE_STAT", "1"), ("FAKETIME_DONT_FAKE_MONOTONIC", "1")]);
    let is_there = Command::new("faketime").arg("--version").output().is_ok();
    assert!(
        is_there,
        "`faketime` is not there: install it, on Debian with `apt-get install faketime`"
    );
    ended(&mut asked)
}

fn ended(asked: &mut Command) -> Ended {
    let ended = asked.output().expect("the program starts");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("the program prints UTF-8");
    Ended {
        status: ended.status.code().expect("no signal ends it"),
        answer: text(ended.stdout),
        said: text(ended.stderr),
    }
}

/// Copies a folder and all below it over another.
pub(crate) fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder can be made");
    for entry in fs::read_dir(from).expect("the folder is there") {
        let path = entry.expect("the folder can be listed").path();
        let target = to.join(path.file_name().expect("an entry has a name"));
        if path.is_dir() {
            copy(&path, &target);
        } else {
            fs::copy(&path, &target).expect("a file can be copied");
        }
    }
}

/// All files below a folder with their bytes, by path.
pub(crate) fn files_below(folder: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let mut files = Vec::new();
    collect(folder, folder, &mut files);
    files.sort();
    files
}

fn collect(root: &Path, folder: &Path, files: &mut Vec<(PathBuf, Vec<u8>)>) {
    for entry in fs::read_dir(folder).expect("the folder is there") {
        let path = entry.expect("the folder can be listed").path();
        if path.is_dir() {
            collect(root, &path, files);
        } else {
            let name = path.strip_prefix(root).expect("it lies below").to_owned();
            files.push((name, fs::read(&path).expect("the file can be read")));
        }
    }
}
