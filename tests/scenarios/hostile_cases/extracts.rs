//! Cases of one source each: those of a family share a project, and one run takes them all.

use std::collections::BTreeMap;

use serde_json::Value;

use super::Fault;
use super::case::Case;
use super::sandbox::{Said, Sandbox};
use crate::binary::rows;

const RUN: [&str; 3] = ["run", "--as-of", "2026-11-23"];

/// A project with the sources and extracts of cases.
fn project(cases: &[&Case]) -> Sandbox {
    let mut sandbox = Sandbox::of("bare");
    for case in cases {
        sandbox.write(&format!("pipelines/sources/{}.toml", case.name), &source(case));
        for (name, content) in case.files() {
            content.write(&sandbox.project().join("extracts").join(&case.name).join(name));
        }
    }
    sandbox.watch();
    sandbox
}

/// The source file of a case: CSV of a text `a`, of which any share may be bad, unless the case says otherwise.
fn source(case: &Case) -> String {
    let mut source = toml::toml! {
        format = "csv"
        tolerate = 1.0
    };
    source.insert("title".into(), case.name.clone().into());
    source.insert("files".into(), format!("{}/*", case.name).into());
    source.extend(case.source.clone());
    let text = toml::toml! { a = { type = "text" } };
    let columns = if case.columns.is_empty() { text } else { case.columns.clone() };
    source.insert("columns".into(), columns.into());
    toml::to_string(&source).unwrap()
}

fn words(words: &[&str]) -> Vec<String> {
    words.iter().map(ToString::to_string).collect()
}

fn call(sandbox: &Sandbox, arguments: &[&str]) -> Result<Said, String> {
    sandbox.call(&words(arguments), &BTreeMap::new())
}

/// The same fault of every case.
fn of_all(cases: &[&Case], fault: &str) -> Vec<Fault> {
    cases.iter().map(|case| (case.label(), fault.to_owned())).collect()
}

/// What is wrong with cases whose extracts land, in part or whole.
pub(super) fn landed(cases: &[&Case]) -> Vec<Fault> {
    let sandbox = project(cases);
    let taken = match call(&sandbox, &RUN) {
        Ok(said) if said.status == 0 => said,
        Ok(said) => return not_landed(cases, &said),
        Err(fault) => return of_all(cases, &fault),
    };
    let mut faults = match answers(cases, &sandbox) {
        Ok(answers) => cases.iter().filter_map(|case| differs(case, &taken, &answers)).collect(),
        Err(fault) => of_all(cases, &fault),
    };
    let again = call(&sandbox, &RUN);
    let is_same = again.is_ok_and(|again| again.answer.starts_with("nothing new"));
    faults
        .extend((!is_same).then(|| (cases[0].label(), "a second run finds something new".into())));
    faults.extend(sandbox.disturbed(&[]).map(|fault| (cases[0].label(), fault)));
    faults
}

/// The cases whose source is named by a run that ought to pass.
fn not_landed(cases: &[&Case], said: &Said) -> Vec<Fault> {
    let all = said.all();
    let is_named = |case: &&&Case| {
        [format!("source `{}`", case.name), format!("sources/{}.toml", case.name)]
            .iter()
            .any(|name| all.contains(name))
    };
    let named: Vec<&Case> = cases.iter().filter(is_named).copied().collect();
    of_all(if named.is_empty() { cases } else { &named }, &format!("{}: {all}", said.status))
}

/// By case: values in the order of lines, and rows in quarantine by reason.
struct Answers {
    values: BTreeMap<String, Vec<String>>,
    reasons: BTreeMap<String, BTreeMap<String, u64>>,
}

/// Asks for the values and the quarantine of all cases at once.
fn answers(cases: &[&Case], sandbox: &Sandbox) -> Result<Answers, String> {
    let mut answers = Answers { values: BTreeMap::new(), reasons: BTreeMap::new() };
    let asked = cases.iter().filter(|case| case.values.is_some());
    let values = asked.map(|case| {
        let ask = case.ask.as_deref().unwrap_or("a");
        let value = format!("coalesce(CAST({ask} AS TEXT), 'NULL')");
        format!(
            "SELECT '{0}' AS name, _file AS file, _line AS line, {value} AS value FROM raw.{0}",
            case.name
        )
    });
    for row in together(sandbox, &values.collect::<Vec<_>>(), "name, file, line")? {
        answers.values.entry(text(&row, "name")).or_default().push(text(&row, "value"));
    }
    let reasons = cases.iter().map(|case| {
        format!("SELECT '{0}' AS name, reason AS value, count(*) AS rows FROM quarantine.{0} GROUP BY reason", case.name)
    });
    for row in together(sandbox, &reasons.collect::<Vec<_>>(), "name")? {
        let rows = row["rows"].as_u64().unwrap();
        answers.reasons.entry(text(&row, "name")).or_default().insert(text(&row, "value"), rows);
    }
    Ok(answers)
}

fn text(row: &Value, column: &str) -> String {
    row[column].as_str().unwrap_or_default().to_owned()
}

fn together(sandbox: &Sandbox, parts: &[String], order: &str) -> Result<Vec<Value>, String> {
    if parts.is_empty() {
        return Ok(Vec::new());
    }
    let sql = format!("{} ORDER BY {order}", parts.join(" UNION ALL "));
    let said = call(sandbox, &["query", "--output", "json", &sql])?;
    if said.status == 0 { Ok(rows(&said.answer)) } else { Err(said.all()) }
}

/// Rows read, accepted, quarantined and repeated, as the run states them of a source.
fn books(said: &Said, name: &str) -> Option<[u64; 4]> {
    let mut lines = said.answer.lines().map(|line| line.split_whitespace().collect::<Vec<_>>());
    let line = lines.find(|words| words.first() == Some(&name) && words.len() == 7)?;
    let number = |at: usize| line[at].replace(',', "").parse().ok();
    Some([number(2)?, number(3)?, number(4)?, number(5)?])
}

fn differs(case: &Case, said: &Said, answers: &Answers) -> Option<Fault> {
    let reasons = answers.reasons.get(&case.name).cloned().unwrap_or_default();
    let set_aside: u64 = case.quarantined.values().sum();
    // Rows that are no data are kept beside the quarantine and counted apart.
    let quarantined = set_aside - case.quarantined.get("not_data").unwrap_or(&0);
    let accepted = case.accepted.unwrap_or_default();
    let expected = [accepted + set_aside + case.repeated, accepted, quarantined, case.repeated];
    let books = books(said, &case.name);
    if books != Some(expected) || reasons != case.quarantined {
        let fault = format!(
            "read, accepted, quarantined, repeated: {books:?}, not {expected:?}; {reasons:?}"
        );
        return Some((case.label(), fault));
    }
    let values = answers.values.get(&case.name).cloned().unwrap_or_default();
    let differs = case.values.as_ref().is_some_and(|expected| *expected != values);
    differs.then(|| (case.label(), format!("values: {values:?}, not {:?}", case.values)))
}

/// What is wrong with cases of which one extract each is refused whole.
pub(super) fn refused(cases: &[&Case]) -> Vec<Fault> {
    let sandbox = project(cases);
    let said = match call(&sandbox, &RUN) {
        Ok(said) => said,
        Err(fault) => return of_all(cases, &fault),
    };
    let mut faults: Vec<Fault> =
        cases.iter().filter_map(|case| not_refused(case, &said.all())).collect();
    let again = call(&sandbox, &RUN);
    let is_same = again.is_ok_and(|again| (again.status, &again.told) == (said.status, &said.told));
    faults
        .extend((!is_same).then(|| (cases[0].label(), "a second run says something else".into())));
    faults.extend(sandbox.disturbed(&[]).map(|fault| (cases[0].label(), fault)));
    faults
}

fn not_refused(case: &Case, all: &str) -> Option<Fault> {
    let of_case = |part: &&str| {
        let mut names = part.splitn(3, '`');
        names.next();
        names
            .next()
            .is_some_and(|_| part.contains(&format!("of source `{}` is refused", case.name)))
    };
    let named: Vec<&str> = all.split("extract ").filter(of_case).collect();
    let named = named.join(" ");
    let unsaid = case.refused.iter().find(|part| !named.contains(part.as_str()));
    let fault = unsaid.map(|part| format!("it does not say `{part}`: {named}"));
    let fault = fault.or_else(|| super::calls::never(case, all).err());
    fault.map(|fault| (case.label(), fault))
}
