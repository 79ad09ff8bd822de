//! Cases that have a project of their own: faults of files, SQL, templates and arguments.

use std::fs;

use super::Fault;
use super::case::Case;
use super::sandbox::{Said, Sandbox};

const COMPANION: &str =
    "says = \"Much.\"\ngrain = [\"n\"]\nmay_be_empty = true\n\n[columns]\nn = \"A number\"\n";

/// What is wrong with a case of its own.
pub(super) fn ended(case: &Case) -> Vec<Fault> {
    let fault = told(case).err();
    fault.map(|fault| (case.label(), fault)).into_iter().collect()
}

fn told(case: &Case) -> Result<(), String> {
    let mut sandbox = Sandbox::of(case.base.as_deref().unwrap_or("shop"));
    prepare(case, &sandbox);
    sandbox.watch();
    let calls = calls(case);
    for (at, call) in calls.iter().enumerate() {
        let said = sandbox.call(call, &case.environment)?;
        let status = case.status.get(at).or(case.status.last()).copied().unwrap_or_default();
        let is_last = at + 1 == calls.len();
        judge(case, &said, status, is_last).map_err(|fault| format!("{call:?}: {fault}"))?;
    }
    holds(case, &sandbox)?;
    let last = calls.last().unwrap();
    // A project at fault has been told twice, by `check` and by `run`.
    if case.status.last() != Some(&2) {
        again(&sandbox.call(last, &case.environment)?, case, last)?;
    }
    sandbox.disturbed(&case.may_write).map_or(Ok(()), Err)
}

fn calls(case: &Case) -> Vec<Vec<String>> {
    let words = |words: &[&str]| words.iter().map(ToString::to_string).collect();
    if case.calls.is_empty() {
        return vec![words(&["check"]), words(&["run", "--as-of", "2026-11-23", "--mail"])];
    }
    case.calls.clone()
}

/// Lays the files of a case over its base.
fn prepare(case: &Case, sandbox: &Sandbox) {
    for path in case.remove.iter().map(|path| sandbox.project().join(path)) {
        if path.is_dir() {
            fs::remove_dir_all(path).unwrap();
        } else {
            fs::remove_file(path).unwrap();
        }
    }
    for (path, content) in &case.make {
        content.write(&sandbox.project().join(path));
    }
    for (path, text) in &case.write {
        sandbox.write(path, &sandbox.filled(text));
    }
    for (path, [old, new]) in &case.replace {
        let text = fs::read_to_string(sandbox.project().join(path)).unwrap();
        assert!(text.contains(old.as_str()), "{}: `{path}` has no `{old}`", case.label());
        sandbox.write(path, &text.replacen(old, &sandbox.filled(new), 1));
    }
    for (path, text) in &case.append {
        let before = fs::read_to_string(sandbox.project().join(path)).unwrap_or_default();
        sandbox.write(path, &(before + &sandbox.filled(text)));
    }
    if let Some(sql) = &case.model {
        sandbox.write("pipelines/models/fact/much.sql", &sandbox.filled(sql));
        sandbox.write("pipelines/models/fact/much.toml", COMPANION);
    }
}

fn judge(case: &Case, said: &Said, status: i32, is_last: bool) -> Result<(), String> {
    let all = said.all();
    if said.status != status {
        return Err(format!("it ends with {}, not {status}: {all}", said.status));
    }
    let has_says = status != 0 || is_last && case.status.iter().all(|status| *status == 0);
    let unsaid = case.says.iter().find(|part| has_says && !said.has(part));
    if let Some(part) = unsaid {
        return Err(format!("it does not say `{part}`: {all}"));
    }
    never(case, &all)
}

/// An error where a text has what nobody may see.
pub(super) fn never(case: &Case, text: &str) -> Result<(), String> {
    match case.never.iter().find(|part| text.contains(part.as_str())) {
        Some(part) => Err(format!("`{part}` is said: {text:.2000}")),
        None => Ok(()),
    }
}

fn holds(case: &Case, sandbox: &Sandbox) -> Result<(), String> {
    for (path, parts) in &case.holds {
        let text = sandbox.text_of(path);
        if let Some(part) = parts.iter().find(|part| !text.contains(part.as_str())) {
            return Err(format!("`{path}` does not hold `{part}`: {text:.2000}"));
        }
        never(case, &text)?;
    }
    ["out", "warehouse/projects"].iter().try_for_each(|folder| match *folder {
        "out" => never(case, &sandbox.text_of(folder)),
        _ => Ok(()),
    })
}

/// The last call once more: the same status, and nothing new where it passed.
fn again(said: &Said, case: &Case, call: &[String]) -> Result<(), String> {
    let status = case.status.get(calls(case).len() - 1).or(case.status.last()).copied();
    if Some(said.status) != status && !case.may_write.iter().any(|path| path == "pipelines") {
        return Err(format!("called again it ends with {}: {}", said.status, said.all()));
    }
    let is_run = call.first().is_some_and(|word| word == "run");
    if is_run && said.status == 0 && !said.answer.starts_with("nothing new") {
        return Err(format!("called again it finds something new: {}", said.all()));
    }
    Ok(())
}
