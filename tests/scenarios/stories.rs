//! Runs every story, and compares what the console says with what is expected.
//!
//! `SCOREWRIGHT_ACCEPT=1 cargo test` writes what was said as expected; read it before it is committed.

use std::fs;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use crate::binary::{copy, root, scorewright};

/// `story.toml`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Story {
    /// The promise, in one sentence.
    #[allow(dead_code, reason = "read by people")]
    says: String,
    /// Files of the base project that this story does without.
    #[serde(default)]
    remove: Vec<String>,
    /// What is run, in order.
    step: Vec<Step>,
}

/// One call of the program.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Step {
    run: Vec<String>,
    #[serde(default)]
    status: i32,
    /// Files that come in before the step: from the story's folder to the project.
    #[serde(default)]
    bring: Vec<[String; 2]>,
    /// Text that must not be said.
    #[serde(default)]
    never: Vec<String>,
}

fn stories() -> Vec<PathBuf> {
    let folder = root().join("tests/scenarios");
    let mut stories: Vec<PathBuf> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.join("story.toml").is_file())
        .collect();
    stories.sort();
    stories
}

/// What was said, without what differs from run to run: folders, durations and the time of day.
fn steady(text: &str, project: &Path) -> String {
    let text = text.replace(&*project.to_string_lossy(), "<project>");
    let mut is_books = false;
    let mut steady = String::new();
    for line in text.lines() {
        let is_header = line.starts_with("source ") && line.ends_with(" s");
        is_books = (is_books || is_header) && !line.is_empty();
        steady += &if is_books { steady_books(line) } else { steady_line(line) };
        steady += "\n";
    }
    steady
}

/// A line of the books without the seconds it took.
fn steady_books(line: &str) -> String {
    let is_seconds = |word: &&str| word.contains('.') && word.parse::<f64>().is_ok();
    match line.split(' ').find(is_seconds) {
        Some(seconds) => line.replacen(seconds, "#.#", 1),
        None => line.to_owned(),
    }
}

fn steady_line(line: &str) -> String {
    if line.starts_with("steps ") {
        let is_share = |word: &&str| word.parse::<u8>().is_ok();
        let words = line.split(' ').map(|word| if is_share(&word) { "#" } else { word });
        return words.collect::<Vec<_>>().join(" ");
    }
    let is_number =
        |text: &str| text.chars().all(|letter| letter.is_ascii_digit() || letter == '.');
    if let Some((said, seconds)) = line.rsplit_once(", in ")
        && seconds.strip_suffix(" s").is_some_and(is_number)
    {
        return format!("{said}, in <seconds> s");
    }
    match line.split_once(", ended ") {
        Some((before, after)) => {
            let rest = after.split_once(' ').map_or("", |(_, rest)| rest);
            format!("{before}, ended <time> {rest}").trim_end().to_owned()
        }
        None => line.to_owned(),
    }
}

fn tell(story: &Path) -> Result<(), String> {
    let text = fs::read_to_string(story.join("story.toml")).map_err(|bad| bad.to_string())?;
    let told: Story = toml::from_str(&text).map_err(|bad| bad.to_string())?;
    let folder = tempfile::tempdir().map_err(|bad| bad.to_string())?;
    let project = folder.path().canonicalize().map_err(|bad| bad.to_string())?;
    copy(&root().join("tests/scenarios/base"), &project);
    if story.join("project").is_dir() {
        copy(&story.join("project"), &project);
    }
    for path in &told.remove {
        fs::remove_file(project.join(path)).map_err(|bad| format!("{path}: {bad}"))?;
    }
    let mut said = String::new();
    for step in &told.step {
        for [from, to] in &step.bring {
            fs::copy(story.join(from), project.join(to)).map_err(|bad| format!("{from}: {bad}"))?;
        }
        let arguments: Vec<&str> = step.run.iter().map(String::as_str).collect();
        let ended = scorewright(&project, &arguments);
        said += &format!("$ scorewright {}\n", step.run.join(" "));
        said += &steady(&(ended.answer + &ended.said), &project);
        said += &format!("=> {}\n", ended.status);
        if ended.status != step.status {
            return Err(format!(
                "{:?} ended with {}, not {}:\n{said}",
                step.run, ended.status, step.status
            ));
        }
        if let Some(found) = step.never.iter().find(|never| said.contains(*never)) {
            return Err(format!("`{found}` was said:\n{said}"));
        }
    }
    compare(&story.join("expected/console.txt"), &said)
}

fn compare(path: &Path, said: &str) -> Result<(), String> {
    if std::env::var_os("SCOREWRIGHT_ACCEPT").is_some() {
        fs::create_dir_all(path.parent().expect("it lies in a folder"))
            .map_err(|bad| bad.to_string())?;
        return fs::write(path, said).map_err(|bad| bad.to_string());
    }
    let expected = fs::read_to_string(path).unwrap_or_default();
    if expected == said { Ok(()) } else { Err(format!("expected:\n{expected}\nsaid:\n{said}")) }
}

#[test]
fn every_story_ends_as_told() {
    let stories = stories();
    assert!(!stories.is_empty(), "no story was told");
    let failed: Vec<String> = std::thread::scope(|scope| {
        let told: Vec<_> =
            stories.iter().map(|story| (story, scope.spawn(|| tell(story)))).collect();
        let ended = told
            .into_iter()
            .map(|(story, told)| (story, told.join().expect("a story does not panic")));
        ended
            .filter_map(|(story, ended)| Some(format!("{}: {}", story.display(), ended.err()?)))
            .collect()
    });
    assert!(failed.is_empty(), "{}", failed.join("\n\n"));
}
