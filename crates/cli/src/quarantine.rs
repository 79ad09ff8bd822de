//! `scorewright quarantine`: rows set aside, listed, taken out to be mended, read again.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use scorewright_domain::{
    Event, Layer, Listener as _, QuarantinedRow, SqlName, TableName, nearest,
};
use scorewright_durable::{Readers, replace_file};
use scorewright_extract::{Encoding, Load, Source};
use scorewright_ingest::{ExportedQuarantine, export_quarantine};
use scorewright_warehouse::{Cell, Parameters, QueryResult, Session, Snapshot};

use crate::arguments::{Place, QuarantineExport, QuarantineList, QuarantineReplay};
use crate::console::Console;
use crate::exit::{Failure, Status};
use crate::project::Project;
use crate::query::written;
use crate::run;
use crate::settings::Folders;

/// Counts the rows set aside, or lists them.
pub(crate) fn list(
    place: &Place,
    options: &QuarantineList,
    console: &Console,
) -> Result<Status, Failure> {
    let folders = Folders::of(place)?;
    let snapshot = folders.warehouse().newest()?;
    let sources = match &options.source {
        Some(name) => BTreeSet::from([chosen(&snapshot, name)?]),
        None => tables(&snapshot),
    };
    let found = select(&folders, &snapshot, &sources, &Wanted::listed(options))?;
    console.answer(&written(&found, options.output));
    Ok(Status::Done)
}

/// Writes rows in the shape of their extract.
pub(crate) fn export(
    place: &Place,
    options: &QuarantineExport,
    console: &Console,
) -> Result<Status, Failure> {
    let project = Project::read(place)?;
    let snapshot = project.folders.warehouse().newest()?;
    let source = declared(&project, &options.source)?;
    let table = BTreeSet::from([chosen(&snapshot, &source.name)?]);
    let found = select(&project.folders, &snapshot, &table, &Wanted::exported(options))?;
    let rows: Vec<QuarantinedRow> = found.rows.iter().map(|row| quarantined(row)).collect();
    let warehouse = project.folders.warehouse();
    let made = export_quarantine(
        source,
        &project.folders.extracts,
        warehouse.root(),
        &project.settings.limits,
        &rows,
    )
    .map_err(|bad| Failure::new(Status::InputOutput, bad))?;
    match &options.to {
        // A bare file name has no folder that could be synced.
        Some(path) => {
            let path = std::path::absolute(path).unwrap_or_else(|_| path.clone());
            replace_file(&path, made.text.as_bytes(), Readers::Anyone)?;
        }
        None => console.answer(&made.text),
    }
    for message in told(&made, source) {
        console.on_event(Event::Noticed { message });
    }
    Ok(Status::Done)
}

/// Reads the extracts of a source again, with its file as it is now.
pub(crate) fn replay(
    place: &Place,
    options: &QuarantineReplay,
    console: &Console,
) -> Result<Status, Failure> {
    let project = Project::read(place)?;
    let newest = project.folders.warehouse().newest()?;
    let source = declared(&project, &options.source)?;
    let table = chosen(&newest, &source.name)?;
    if newest.tables.get(&table).is_none_or(|table| table.rows() == 0) {
        console.answer(&format!(
            "nothing to read again: `{}` has no row in quarantine\n",
            source.name
        ));
        return Ok(Status::Done);
    }
    let as_of = project.as_of(options.as_of);
    run::again(&project, as_of, source, console)
}

/// Which rows are wanted, and what of them.
struct Wanted<'a> {
    file: Option<&'a str>,
    reason: Option<&'a str>,
    columns: &'static str,
    ends: &'static str,
}

impl<'a> Wanted<'a> {
    fn listed(options: &'a QuarantineList) -> Self {
        let (columns, ends) = if options.rows {
            ("source, file, line, \"column\", reason, raw", "ORDER BY source, file, line, byte")
        } else {
            (
                "source, reason, \"column\", count(*) AS rows, count(DISTINCT file) AS files, \
                 min(file) AS first_file, min(line) AS lowest_line",
                "GROUP BY source, reason, \"column\" ORDER BY rows DESC, source, reason, \"column\"",
            )
        };
        Self { file: options.file.as_deref(), reason: options.reason.as_deref(), columns, ends }
    }

    fn exported(options: &'a QuarantineExport) -> Self {
        Self {
            file: options.file.as_deref(),
            reason: options.reason.as_deref(),
            columns: "file, line, byte, length, \"column\", reason, raw",
            ends: "ORDER BY file, line, byte",
        }
    }
}

fn select(
    folders: &Folders,
    snapshot: &Snapshot,
    tables: &BTreeSet<TableName>,
    wanted: &Wanted<'_>,
) -> Result<QueryResult, Failure> {
    let all = "SELECT source, file, line, byte, length, \"column\", reason, raw FROM";
    let each: Vec<String> = tables
        .iter()
        .map(|table| format!("{all} {}.{}", table.layer(), SqlName(table.noun())))
        .collect();
    if each.is_empty() {
        return Err(nothing_yet());
    }
    let mut conditions = vec!["TRUE"];
    let mut parameters = Parameters::new();
    for (condition, name, value) in
        [("file = $file", "file", wanted.file), ("reason = $reason", "reason", wanted.reason)]
    {
        if let Some(value) = value {
            conditions.push(condition);
            parameters = parameters.text(name, value);
        }
    }
    let sql = format!(
        "SELECT {} FROM ({}) AS aside WHERE {} {}",
        wanted.columns,
        each.join(" UNION ALL "),
        conditions.join(" AND "),
        wanted.ends
    );
    let session = Session::over(&folders.warehouse(), snapshot)?;
    session.query(&sql, &parameters).map_err(|fault| Failure::new(Status::InputOutput, fault))
}

fn tables(snapshot: &Snapshot) -> BTreeSet<TableName> {
    snapshot.tables.keys().filter(|table| *table.layer() == Layer::Quarantine).cloned().collect()
}

/// The quarantine of a source that has landed.
fn chosen(snapshot: &Snapshot, source: &str) -> Result<TableName, Failure> {
    if snapshot.number == 0 {
        return Err(nothing_yet());
    }
    let tables = tables(snapshot);
    let known: Vec<&str> = tables.iter().map(TableName::noun).collect();
    tables
        .iter()
        .find(|table| table.noun() == source)
        .cloned()
        .ok_or_else(|| unknown(source, &known))
}

fn declared<'a>(project: &'a Project, name: &str) -> Result<&'a Source, Failure> {
    let known: Vec<&str> = project.sources.iter().map(|source| source.name.as_str()).collect();
    project.sources.iter().find(|source| source.name == name).ok_or_else(|| unknown(name, &known))
}

fn unknown(source: &str, known: &[&str]) -> Failure {
    let list = format!("there are: {}", known.join(", "));
    let help = nearest(source, known)
        .map_or_else(|| list.clone(), |near| format!("did you mean `{near}`? {list}"));
    Failure::usage(format!("there is no source `{source}`"), help)
}

fn nothing_yet() -> Failure {
    Failure::usage("the warehouse has no version yet", "run `scorewright run` first")
}

fn quarantined(row: &[Cell]) -> QuarantinedRow {
    let text = |place: usize| row[place].as_text().unwrap_or_default().to_owned();
    let count = |place: usize| row[place].as_u64().unwrap_or(0);
    QuarantinedRow {
        file: text(0),
        line: count(1),
        byte: count(2),
        length: count(3),
        column: row[4].as_text().map(ToOwned::to_owned),
        reason: text(5),
        raw: text(6),
    }
}

/// What the reader of the file must know.
fn told(made: &ExportedQuarantine, source: &Source) -> Vec<String> {
    let rows = |count: u64| if count == 1 { "1 row".to_owned() } else { format!("{count} rows") };
    // There, a file stands for all rows of its moment or period: one of a few rows would end the others.
    let is_whole = source.load == Load::Snapshot || source.delivery.is_some();
    let mut said = vec![if is_whole {
        format!(
            "{} to mend; put them back into the file they came from, and deliver it whole",
            rows(made.rows)
        )
    } else {
        format!(
            "{} to mend; put the mended file among the extracts of `{}`, named as `{}` says",
            rows(made.rows),
            source.name,
            source.files
        )
    }];
    if made.masked > 0 {
        said.push(format!(
            "{} left out: personal values are masked in quarantine, so ask the sender for them",
            rows(made.masked)
        ));
    }
    if made.too_long > 0 {
        said.push(format!("{} left out: longer than quarantine keeps", rows(made.too_long)));
    }
    for (file, count) in &made.other_header {
        let mut text =
            format!("{} left out: other lines stand above the rows of `{file}`", rows(*count));
        write!(text, "; take them out alone: --file {file}")
            .expect("a string takes all that is written");
        said.push(text);
    }
    if source.csv.as_ref().is_some_and(|csv| csv.encoding != Encoding::Utf8) {
        said.push("the file is UTF-8; save it in the encoding that the source declares".into());
    }
    said
}

#[cfg(test)]
mod tests {
    use scorewright_domain::ProjectFile;

    use super::*;

    fn said(load: &str) -> String {
        let text = format!(
            "title = \"T\"\nfiles = \"t*.csv\"\nformat = \"csv\"\nkey = [\"a\"]\n{load}\n\
             [csv]\nencoding = \"latin-1\"\n[columns.a]\ntype = \"text\"\n"
        );
        let source = Source::read(&ProjectFile::new("pipelines/sources/t.toml", text)).unwrap();
        let made = ExportedQuarantine {
            rows: 1,
            masked: 2,
            other_header: [("u.csv".into(), 3)].into(),
            ..ExportedQuarantine::default()
        };
        told(&made, &source).join("\n")
    }

    #[test]
    fn the_reader_is_told_what_is_not_in_the_file_and_where_it_goes() {
        assert_eq!(
            said("load = \"append\""),
            "1 row to mend; put the mended file among the extracts of `t`, named as `t*.csv` says\n\
             2 rows left out: personal values are masked in quarantine, so ask the sender for them\n\
             3 rows left out: other lines stand above the rows of `u.csv`; take them out alone: --file u.csv\n\
             the file is UTF-8; save it in the encoding that the source declares"
        );
        let whole = said("delivery = 't_(\\d+)'");
        assert!(
            whole.starts_with("1 row to mend; put them back into the file they came from"),
            "{whole}"
        );
    }
}
