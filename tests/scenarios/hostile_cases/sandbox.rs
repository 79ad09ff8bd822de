//! A project among folders that nobody may touch, and calls of the program that are watched.

use std::collections::BTreeMap;
use std::fs;
use std::io::ErrorKind;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use tempfile::TempDir;

use crate::binary::{copy, files_below, program, root};

/// The statuses that the reference names, without a bug and without signals.
const STATUSES: [i32; 7] = [0, 2, 3, 4, 5, 74, 75];
/// Seconds, far more than any of the calls takes.
const LONGEST: &str = "60";

/// A project in a folder of its own, beside folders that must stay as they are.
pub(super) struct Sandbox {
    folder: TempDir,
    /// A server that nobody may talk to.
    listener: TcpListener,
    before: BTreeMap<PathBuf, Vec<u8>>,
}

/// What a watched call said.
pub(super) struct Said {
    pub(super) status: i32,
    pub(super) answer: String,
    pub(super) told: String,
}

impl Said {
    /// Both outputs on one line.
    pub(super) fn all(&self) -> String {
        crate::datasets::unfolded(&format!("{} {}", self.answer, self.told))
    }

    /// Whether one of the outputs has a text, wherever its lines are folded.
    pub(super) fn has(&self, part: &str) -> bool {
        let dense = |text: &str| text.split_whitespace().collect::<String>();
        dense(&self.all()).contains(&dense(part))
    }
}

impl Sandbox {
    /// `shop`, the base of the stories, or `bare`, which has settings alone.
    pub(super) fn of(base: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        for name in ["beside", "home", "tmp", "project/extracts", "project/pipelines/sources"] {
            fs::create_dir_all(folder.path().join(name)).unwrap();
        }
        fs::write(folder.path().join("beside/secret.csv"), "a\nconfidential_of_the_neighbour\n")
            .unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        listener.set_nonblocking(true).unwrap();
        let sandbox = Self { folder, listener, before: BTreeMap::new() };
        match base {
            "shop" => copy(&root().join("tests/scenarios/base"), &sandbox.project()),
            "bare" => sandbox.write(
                "scorewright.toml",
                "name = \"H\"\ntime_zone = \"Europe/Berlin\"\ncurrency = \"EUR\"\n",
            ),
            other => panic!("`base` is `shop` or `bare`, not `{other}`"),
        }
        sandbox
    }

    pub(super) fn project(&self) -> PathBuf {
        self.folder.path().join("project")
    }

    /// Writes a file of the project.
    pub(super) fn write(&self, path: &str, text: &str) {
        let path = self.project().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    /// A text in which `{beside}` and `{server}` are the neighbour's folder and the silent server.
    pub(super) fn filled(&self, text: &str) -> String {
        let beside = self.folder.path().join("beside");
        let server = self.listener.local_addr().unwrap().to_string();
        text.replace("{beside}", beside.to_str().unwrap()).replace("{server}", &server)
    }

    /// From now on only `warehouse`, `out` and what a case names may change.
    pub(super) fn watch(&mut self) {
        self.before = self.kept(&[]);
    }

    /// Files that calls must leave alone; a link or a pipe is none.
    fn kept(&self, may_write: &[String]) -> BTreeMap<PathBuf, Vec<u8>> {
        let own = ["warehouse", "out"].map(String::from);
        let free: Vec<PathBuf> =
            own.iter().chain(may_write).map(|name| Path::new("project").join(name)).collect();
        let mut files = BTreeMap::new();
        keep(self.folder.path(), self.folder.path(), &free, &mut files);
        files
    }

    /// What is wrong with the folders after all calls.
    pub(super) fn disturbed(&self, may_write: &[String]) -> Option<String> {
        let is_free = |path: &Path| {
            may_write.iter().any(|name| path.starts_with(Path::new("project").join(name)))
        };
        let mut before = self.before.clone();
        before.retain(|path, _| !is_free(path));
        let after = self.kept(may_write);
        let changed: Vec<&PathBuf> = before
            .iter()
            .filter(|(path, bytes)| after.get(*path) != Some(*bytes))
            .map(|(path, _)| path)
            .chain(after.keys().filter(|path| !before.contains_key(*path)))
            .collect();
        if !changed.is_empty() {
            return Some(format!("files outside the output changed: {changed:?}"));
        }
        let asked = self.listener.accept();
        let is_silent = asked.as_ref().is_err_and(|fault| fault.kind() == ErrorKind::WouldBlock);
        (!is_silent).then(|| "it made a connection".to_owned())
    }

    /// Calls the program. An error says what no call may do.
    pub(super) fn call(
        &self,
        arguments: &[String],
        environment: &BTreeMap<String, String>,
    ) -> Result<Said, String> {
        let mut asked = Command::new("timeout");
        asked.args([LONGEST, program().to_str().unwrap(), "--log-format", "text"]);
        asked.args(arguments.iter().map(|argument| self.filled(argument)));
        asked.current_dir(self.project()).env_clear();
        asked.env("HOME", self.folder.path().join("home"));
        asked.env("TMPDIR", self.folder.path().join("tmp"));
        asked.envs(environment);
        let is_for_programs = arguments.iter().any(|word| word == "csv" || word == "json");
        let said = said(asked.output().unwrap(), is_for_programs);
        said.map_err(|fault| format!("{arguments:?}: {fault}"))
    }

    /// The bytes of a file or of all files of a folder, as text.
    pub(super) fn text_of(&self, path: &str) -> String {
        let path = self.project().join(path);
        let bytes = if path.is_dir() {
            files_below(&path).into_iter().flat_map(|(_, bytes)| bytes).collect()
        } else {
            fs::read(path).unwrap_or_default()
        };
        String::from_utf8_lossy(&bytes).into_owned()
    }
}

fn keep(root: &Path, at: &Path, free: &[PathBuf], files: &mut BTreeMap<PathBuf, Vec<u8>>) {
    for entry in fs::read_dir(at).into_iter().flatten() {
        let entry = entry.unwrap();
        let name = entry.path().strip_prefix(root).unwrap().to_owned();
        let kind = entry.file_type().unwrap();
        if free.contains(&name) {
            continue;
        }
        let bytes = if kind.is_file() { fs::read(entry.path()).unwrap() } else { Vec::new() };
        files.insert(name, bytes);
        if kind.is_dir() {
            keep(root, &entry.path(), free, files);
        }
    }
}

/// What a call said; what is for programs has values as they are.
fn said(output: Output, is_for_programs: bool) -> Result<Said, String> {
    let status = output.status.code().ok_or("a signal ended it")?;
    let text = |bytes| String::from_utf8(bytes).map_err(|_| "it says what is no UTF-8".to_owned());
    let (answer, told) = (text(output.stdout)?, text(output.stderr)?);
    if !STATUSES.contains(&status) {
        return Err(format!("it ends with {status}\n{answer}{told}"));
    }
    if told.contains("panicked") || told.contains("RUST_BACKTRACE") {
        return Err(format!("it panics\n{told}"));
    }
    let shown = if is_for_programs { "" } else { &answer };
    let letters = shown.chars().chain(told.chars());
    match letters.into_iter().find(|letter| is_hidden(*letter)) {
        Some(letter) => Err(format!("it says U+{:04X}\n{answer}{told}", u32::from(letter))),
        None => Ok(Said { status, answer, told }),
    }
}

/// Letters that a terminal obeys or does not show.
fn is_hidden(letter: char) -> bool {
    let is_mark = matches!(letter, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}');
    letter.is_control() && letter != '\n' || is_mark
}
