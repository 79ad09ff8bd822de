//! What the companion file of a seed says, as a source that can be read.

use scorewright_domain::{Fault, ProjectFile, nearest};

use super::seed_text::SeedText;
use crate::source::{Column, Dialect, Kind, OneOrMore, Personal, Source, ZoneSetting};
use crate::source_file::{column_faults, value_span, word_span};

/// A source about which nothing is said.
const PLAIN: &str = "title = \"\"\nfiles = \"*\"\nformat = \"csv\"\n[columns]\n";

/// The seed as a source.
pub(super) fn source(seed: &SeedText) -> Result<Source, Vec<Fault>> {
    let plain: Source = ProjectFile::new("", PLAIN).toml().map_err(|fault| vec![fault])?;
    let source = Source {
        name: seed.name.to_owned(),
        path: seed.companion.path.clone(),
        csv: Some(seed.dialect.cloned().unwrap_or_else(any_separator)),
        columns: seed.columns.clone(),
        ..plain
    };
    let mut faults = column_faults(&source, seed.companion);
    faults.extend(seed.columns.iter().flat_map(|(name, column)| misplaced(seed, name, column)));
    faults.extend(grain_faults(seed));
    let source = Source { key: seed.grain.to_vec(), ..source };
    if faults.is_empty() { Ok(source) } else { Err(faults) }
}

/// The usual separators: a file has the first under which it has its columns.
fn any_separator() -> Dialect {
    let usual = [",", ";", "\t"].map(ToOwned::to_owned);
    Dialect { delimiter: OneOrMore(usual.to_vec()), ..Dialect::default() }
}

/// Settings of a column that say something about extracts only.
fn misplaced(seed: &SeedText, name: &str, column: &Column) -> Vec<Fault> {
    let zone = &column.time_zone;
    let is_of_file = matches!(zone, Some(ZoneSetting::InHeader(_) | ZoneSetting::InColumn(_)));
    let settings = [
        ("personal", column.personal != Personal::Keep),
        ("optional", column.optional),
        ("above", column.above.is_some()),
        ("question", column.question.is_some()),
        ("orientation", column.orientation.is_some()),
        ("time_zone", is_of_file),
    ];
    let faults = settings.into_iter().filter(|(_, is_set)| *is_set).map(|(key, _)| {
        let span = value_span(seed.companion, &format!("columns.{name}"), key);
        let fault = seed.companion.fault(span, format!("`{key}` says nothing of a seed"));
        fault.help(match key {
            "time_zone" => "name the zone: time_zone = \"Europe/Berlin\"",
            "personal" => "remove it: a seed is kept as it is written, with the project and with every version",
            _ => "remove it: it is for columns of extracts",
        })
    });
    faults.collect()
}

fn grain_faults(seed: &SeedText) -> Vec<Fault> {
    let companion = seed.companion;
    if seed.grain.is_empty() {
        let fault = companion.fault(companion.find("grain"), "a seed needs a grain");
        return vec![fault.help("name the columns that name one row: grain = [\"team\"]")];
    }
    let known: Vec<&str> = seed.columns.keys().map(String::as_str).collect();
    let fault = |name: &String| {
        let at =
            |message: String| companion.fault(word_span(companion, "", "grain", name), message);
        match seed.columns.get(name) {
            None => {
                let meant = nearest(name, &known).map(|near| format!("did you mean `{near}`? "));
                let fault = at(format!("`grain` names a column that is not declared: `{name}`"));
                let meant = meant.unwrap_or_default();
                Some(fault.help(format!("{meant}declared columns: {}", known.join(", "))))
            }
            Some(column) if column.kind == Kind::Float => {
                let fault = at(format!("the column `{name}` of the grain is a float"));
                Some(
                    fault.help(
                        "set `type = \"text\"`, or `\"decimal\"`: two floats may be one number",
                    ),
                )
            }
            Some(_) => None,
        }
    };
    seed.grain.iter().filter_map(fault).collect()
}
