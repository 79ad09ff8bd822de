//! Exports as products really write them, read by the presets.
//!
//! `tests/exports/<layout>/`: `case.toml` says which sources make the project, as of when it runs and how that ends;
//! `extracts/` are its files, and `expected/<layer>.<table>.csv` what a table must then hold, in any order. Its header
//! names the columns compared; a file of the same name that ends in `.sql` asks in its place. With `nights`, each names
//! a folder of files that come before a run as of its day.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use serde::Deserialize;

use crate::binary::{copy, root, scorewright};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    /// Names of the sources, as `init --sources` takes them.
    sources: String,
    #[serde(default)]
    as_of: String,
    /// A folder and a day for each run.
    #[serde(default)]
    nights: Vec<[String; 2]>,
    /// How the last run ends; those before it end well.
    #[serde(default)]
    status: i32,
    /// What the run must say.
    #[serde(default)]
    says: Vec<String>,
    /// What a user would write into the project's files first.
    #[serde(default)]
    edits: Vec<Edit>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Edit {
    file: PathBuf,
    from: String,
    to: String,
}

/// What is wrong with a case; nothing when it is as it should be.
fn faults(folder: &Path) -> Result<Vec<String>, String> {
    let case = fs::read_to_string(folder.join("case.toml")).map_err(|error| error.to_string())?;
    let case: Case = toml::from_str(&case).map_err(|error| error.to_string())?;
    let place = tempfile::tempdir().unwrap();
    let made = scorewright(place.path(), &["init", "p", "--sources", &case.sources]);
    if made.status != 0 {
        return Err(made.said);
    }
    let project = place.path().join("p");
    for edit in &case.edits {
        let text = fs::read_to_string(project.join(&edit.file)).unwrap();
        if !text.contains(&edit.from) {
            return Err(format!("`{}` has no `{}`", edit.file.display(), edit.from));
        }
        fs::write(project.join(&edit.file), text.replace(&edit.from, &edit.to)).unwrap();
    }
    // Their readers are not what is tried here: a mail that waits for more would end a run with status 5.
    let report = project.join("reports/scorecard/report.toml");
    if let Ok(text) = fs::read_to_string(&report) {
        fs::write(&report, text.split("[mail]").next().unwrap()).unwrap();
    }
    let (nights, status) = (nights(&case), case.status);
    let mut said = String::new();
    for (number, [extracts, as_of]) in nights.iter().enumerate() {
        copy(&folder.join(extracts), &project.join("extracts"));
        let run = scorewright(&project, &["run", "--as-of", as_of]);
        said = run.answer + &run.said;
        let is_last = number + 1 == nights.len();
        if run.status != if is_last { status } else { 0 } {
            return Err(format!("status {} as of {as_of}\n{said}", run.status));
        }
    }
    let unsaid = case.says.iter().filter(|text| !on_one_line(&said).contains(&on_one_line(text)));
    let mut faults: Vec<String> =
        unsaid.map(|text| format!("`{text}` is not in\n{said}")).collect();
    let Ok(expected) = fs::read_dir(folder.join("expected")) else { return Ok(faults) };
    let tables = expected.map(|entry| entry.unwrap().path());
    let tables = tables.filter(|path| path.extension().is_some_and(|ending| ending == "csv"));
    faults.extend(tables.filter_map(|path| compare(&project, &path)));
    Ok(faults)
}

fn nights(case: &Case) -> Vec<[String; 2]> {
    if case.nights.is_empty() {
        return vec![["extracts".into(), case.as_of.clone()]];
    }
    case.nights.clone()
}

/// A message without the breaks of its lines, which depend on their length.
fn on_one_line(text: &str) -> String {
    text.chars().filter(|letter| !letter.is_whitespace() && *letter != '│').collect()
}

/// How a table differs from what it should hold.
fn compare(project: &Path, expected: &Path) -> Option<String> {
    let table = expected.file_stem().unwrap().to_str().unwrap();
    let text = fs::read_to_string(expected).unwrap();
    let (header, _) = text.split_once('\n').unwrap();
    let sql = fs::read_to_string(expected.with_extension("sql"));
    let sql = sql.unwrap_or_else(|_| format!("SELECT {header} FROM {table}"));
    let found = scorewright(project, &["query", "--output", "csv", &sql]);
    let [found, expected] = [found.answer + &found.said, text.clone()].map(|text| {
        let mut lines: Vec<String> = text.lines().map(ToOwned::to_owned).collect();
        lines.sort();
        lines.join("\n")
    });
    (found != expected).then(|| format!("{table}\nexpected\n{expected}\nfound\n{found}"))
}

#[test]
fn what_products_really_write_lands_right_or_is_refused_with_what_mends_it() {
    let folders = fs::read_dir(root().join("tests/exports")).unwrap();
    let cases: Mutex<Vec<PathBuf>> = Mutex::new(folders.map(|it| it.unwrap().path()).collect());
    let found: Mutex<Vec<String>> = Mutex::new(Vec::new());
    let work = || {
        while let Some(folder) = { cases.lock().unwrap().pop() } {
            let name = folder.file_name().unwrap().to_string_lossy().into_owned();
            let faults = faults(&folder).unwrap_or_else(|fault| vec![fault]);
            let faults = faults.into_iter().map(|fault| format!("## {name}: {fault}"));
            found.lock().unwrap().extend(faults);
        }
    };
    std::thread::scope(|scope| {
        (0..2).for_each(|_| {
            scope.spawn(work);
        });
    });
    let mut found = found.into_inner().unwrap();
    found.sort();
    assert!(found.is_empty(), "{}", found.join("\n\n"));
}
