//! `${NAME}` in files of the project: where it may stand, and what is wrong elsewhere.

use std::ffi::OsStr;
use std::ops::Range;
use std::path::Path;

use scorewright_domain::{Fault, ProjectFile, environment_reference};
use toml_edit::{Document, Item, Table, Value};

use crate::files::{ProjectFiles, is_template};

/// Where references may stand.
const PLACES: &str = "it may stand in `extracts`, in `extracts` and `state` of a profile and in `to` of `[publish]` in `scorewright.toml`, in `files` of a source, \
    in `from`, `to` and `link` of a report's `[mail]`, and in `link` of its `[webhook]`";

/// A fault for each reference at another place. Templates have a language of their own, and rows of seeds are data.
pub(crate) fn misplaced_references(files: &ProjectFiles) -> Vec<Fault> {
    let all = std::iter::once(files.settings()).chain(files.others());
    all.filter(|file| !is_template(file)).flat_map(misplaced).collect()
}

fn misplaced(file: &ProjectFile) -> Vec<Fault> {
    let found = match Path::new(&file.path).extension().and_then(OsStr::to_str) {
        Some("toml") => in_toml(file),
        Some("sql") => in_sql(file),
        _ => References::new(),
    };
    let fault = |(span, name): (Range<usize>, String)| {
        let fault = file.fault(Some(span), format!("`{name}` cannot stand here"));
        fault.help(format!(
            "{PLACES}; a value that SQL names is a variable: `[variables]` of `scorewright.toml`"
        ))
    };
    found.into_iter().map(fault).collect()
}

/// References with their places.
type References = Vec<(Range<usize>, String)>;

/// References in SQL; comments say what they like.
fn in_sql(file: &ProjectFile) -> References {
    let (mut found, mut start) = (References::new(), 0);
    for line in file.text.split_inclusive('\n') {
        let sql = line.split("--").next().unwrap_or(line);
        if let Some(reference) = environment_reference(sql) {
            let name = sql[reference.clone()].to_owned();
            found.push((start + reference.start..start + reference.end, name));
        }
        start += line.len();
    }
    found
}

/// References in values of TOML; a file that cannot be read has another fault.
fn in_toml(file: &ProjectFile) -> References {
    let mut found = References::new();
    if let Ok(document) = Document::parse(file.text.as_str()) {
        in_table(document.as_table(), &mut Vec::new(), file, &mut found);
    }
    found
}

fn in_table<'t>(
    table: &'t Table,
    path: &mut Vec<&'t str>,
    file: &ProjectFile,
    found: &mut References,
) {
    for (key, item) in table {
        path.push(key);
        match item {
            Item::Table(table) => in_table(table, path, file, found),
            Item::ArrayOfTables(tables) => {
                tables.iter().for_each(|table| in_table(table, path, file, found));
            }
            Item::Value(value) => in_value(value, path, file, found),
            Item::None => {}
        }
        path.pop();
    }
}

fn in_value<'t>(
    value: &'t Value,
    path: &mut Vec<&'t str>,
    file: &ProjectFile,
    found: &mut References,
) {
    match value {
        Value::String(text) => {
            if let Some(reference) = environment_reference(text.value())
                && !may_stand(&file.path, path)
            {
                let name = text.value()[reference].to_owned();
                found.extend(value.span().map(|span| (span, name)));
            }
        }
        Value::Array(values) => values.iter().for_each(|value| in_value(value, path, file, found)),
        Value::InlineTable(table) => {
            for (key, value) in table {
                path.push(key);
                in_value(value, path, file, found);
                path.pop();
            }
        }
        _ => {}
    }
}

/// Whether a key of a file is a place or an address.
fn may_stand(file: &str, path: &[&str]) -> bool {
    match path {
        ["extracts"] | ["profiles", _, "extracts" | "state"] | ["publish", "to"] => {
            file == "scorewright.toml"
        }
        ["files"] => file.starts_with("pipelines/sources/"),
        ["mail", "from" | "to" | "link"] | ["webhook", "link"] => file.starts_with("reports/"),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(path: &str, text: &str) -> Vec<String> {
        let faults = misplaced(&ProjectFile::new(path, text));
        faults
            .iter()
            .map(|fault| format!("{} {}", fault.exact_position(), fault.message()))
            .collect()
    }

    #[test]
    fn a_reference_stands_in_places_and_addresses_alone() {
        let settings = "name = \"${NAME}\"\nextracts = \"${DATA}/in\"\n# ${FREE}\n[profiles.dev]\nstate = \"${DEV}\"\n\
                        [variables]\ndays = \"${DAYS}\"\n";
        assert_eq!(
            told("scorewright.toml", settings),
            [
                "scorewright.toml:1:8 `${NAME}` cannot stand here",
                "scorewright.toml:7:8 `${DAYS}` cannot stand here"
            ]
        );
        let source =
            "files = [\"a.csv\", \"${DATA}/b.csv\"]\n[columns.a]\nnull = [\"\", \"${NONE}\"]\n";
        let path = "pipelines/sources/a.toml";
        assert_eq!(told(path, source), [format!("{path}:3:13 `${{NONE}}` cannot stand here")]);
        let report = "title = \"a\"\n[mail]\nto = [\"${BOARD}\"]\nstale_after = \"${AGE}\"\n";
        let path = "reports/a/report.toml";
        assert_eq!(told(path, report), [format!("{path}:4:15 `${{AGE}}` cannot stand here")]);
    }

    #[test]
    fn sql_names_variables_and_not_the_environment() {
        let sql = "-- not ${HERE}\nSELECT a FROM b.c\nWHERE d > ${DAYS}\n";
        let path = "pipelines/models/fact/a.sql";
        assert_eq!(told(path, sql), [format!("{path}:3:11 `${{DAYS}}` cannot stand here")]);
        assert!(told("pipelines/seeds/a.csv", "a\n${B}\n").is_empty(), "rows are data");
    }
}
