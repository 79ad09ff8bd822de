//! `scorewright add source`: a source file for an extract, and a look at what it makes of the rows.

use std::path::Path;

use scorewright_domain::TableName;
use scorewright_durable::{Readers, replace_file};
use scorewright_extract::{Draft, Preview, draft, preview, source_name};

use crate::arguments::{AddSourceOptions, Place};
use crate::console::Console;
use crate::exit::{Failure, Status};
use crate::settings::{Folders, Settings};
use crate::standard;

/// Good rows shown.
const ROWS: usize = 10;
/// Bad rows shown.
const BAD: usize = 5;
/// Characters of a line, and of one value in it.
const LINE: usize = 110;
const CELL: usize = 30;

/// Writes `pipelines/sources/<name>.toml` and shows the first rows as it types them.
pub(crate) fn source(
    place: &Place,
    options: &AddSourceOptions,
    console: &Console,
) -> Result<Status, Failure> {
    let settings = Settings::read(place)?.0;
    let (folders, limits) = (Folders::from_settings(place, &settings), &settings.limits);
    if !options.file.exists() {
        return Err(no_file(options));
    }
    let name = options.name.clone().unwrap_or_else(|| source_name(&options.file));
    TableName::new("raw", &name).map_err(|bad| {
        Failure::usage(
            bad.to_string(),
            "name the source with lower-case letters, digits and underscores: --name tickets",
        )
    })?;
    let below = format!("pipelines/sources/{name}.toml");
    let path = place.project.join(&below);
    if path.exists() {
        let help = "choose another name with `--name`, or remove the file first: it may hold decisions of yours";
        return Err(Failure::usage(format!("the project has `{below}` already"), help));
    }
    let draft = draft(&options.file, &name, &folder_of(&options.file, &folders), limits)?;
    let shown = preview(&draft.source, &options.file, ROWS, limits)?;
    replace_file(&path, draft.file.text.as_bytes(), Readers::Anyone)?;
    console.answer(&told(&draft, &shown, &folders, place));
    Ok(Status::Done)
}

/// The folder of a file below the extracts folder, with a slash at its end; empty when it lies elsewhere.
fn folder_of(file: &Path, folders: &Folders) -> String {
    let below = || {
        let file = file.canonicalize().ok()?;
        let below = file
            .strip_prefix(folders.extracts.canonicalize().ok()?)
            .ok()?
            .parent()?
            .to_str()?
            .to_owned();
        (!below.is_empty()).then(|| below + "/")
    };
    below().unwrap_or_default()
}

fn no_file(options: &AddSourceOptions) -> Failure {
    let file = options.file.display();
    let is_standard =
        standard::sources().iter().any(|source| options.file.as_os_str() == source.name.as_str());
    let help = if is_standard {
        format!(
            "`{file}` is a source of the standard library: scorewright init DIR --sources {file}"
        )
    } else {
        "name an extract, as your system exported it: scorewright add source tickets.csv".into()
    };
    Failure::usage(format!("there is no file `{file}`"), help)
}

/// What was written, what it makes of the rows, and what to do next.
fn told(draft: &Draft, shown: &Preview, folders: &Folders, place: &Place) -> String {
    let mut text = table(&shown.columns, &shown.rows);
    text += &format!("({} of {} rows)\n\n", shown.rows.len(), shown.read);
    text += &set_aside(shown);
    text += &format!("wrote `{}`\n", draft.file.path);
    text.extend(draft.questions.iter().map(|column| {
        format!(
            "question: `{column}`: the sample does not decide it; the file says what to choose\n"
        )
    }));
    let project = match place.project.to_string_lossy().as_ref() {
        "." => String::new(),
        project => format!(" --project {project}"),
    };
    text + &format!(
        "next:\n  check the file line by line, and mend it\n  scorewright check{project}\n  \
         put the extract into `{}`, named as `files` says: {}\n  scorewright run{project}\n",
        folders.extracts.display(),
        draft.source.files
    )
}

/// Bad rows by reason, and the first of them.
fn set_aside(shown: &Preview) -> String {
    let bad = shown.quarantined.len();
    if bad == 0 {
        return "every row fits\n".into();
    }
    let mut text = format!("{bad} of {} rows would go to quarantine:\n", shown.read);
    for row in shown.quarantined.iter().take(BAD) {
        let column = row
            .column
            .as_deref()
            .map(|column| format!(", column `{}`", cell(column)))
            .unwrap_or_default();
        text += &format!("  line {}: {}{column}\n", row.line, row.reason);
    }
    if bad > BAD {
        text += &format!("  and {} more\n", bad - BAD);
    }
    if shown.is_refused {
        text += "that is more than `tolerate`: a run would refuse the file whole\n";
    }
    text
}

/// Rows under their names, in as many blocks as the width of a line asks for.
fn table(columns: &[String], rows: &[Vec<String>]) -> String {
    let shown: Vec<Vec<String>> =
        rows.iter().map(|row| row.iter().map(|value| cell(value)).collect()).collect();
    let names: Vec<String> = columns.iter().map(|name| cell(name)).collect();
    let width = |column: usize| {
        let cells = shown.iter().map(|row| row[column].chars().count());
        cells.chain([names[column].chars().count()]).max().unwrap_or(0)
    };
    let widths: Vec<usize> = (0..columns.len()).map(width).collect();
    let blocks = blocks(&widths);
    let block = |places: &Vec<usize>| {
        let line = |cells: &[String]| {
            let cells = places
                .iter()
                .map(|place| format!("{:<width$}", cells[*place], width = widths[*place]));
            cells.collect::<Vec<_>>().join("  ").trim_end().to_owned() + "\n"
        };
        let rule: Vec<String> = widths.iter().map(|width| "-".repeat(*width)).collect();
        line(&names) + &line(&rule) + &shown.iter().map(|row| line(row)).collect::<String>()
    };
    blocks.iter().map(block).collect::<Vec<_>>().join("\n")
}

/// Which columns stand side by side.
fn blocks(widths: &[usize]) -> Vec<Vec<usize>> {
    let mut blocks: Vec<Vec<usize>> = Vec::new();
    let mut used = LINE;
    for (place, width) in widths.iter().enumerate() {
        if used + width > LINE || blocks.is_empty() {
            blocks.push(Vec::new());
            used = 0;
        }
        used += width + 2;
        blocks.last_mut().expect("one was pushed").push(place);
    }
    blocks
}

/// A value as a terminal may show it: cut, without characters that steer it.
fn cell(value: &str) -> String {
    let mut shown: String = value
        .chars()
        .take(CELL)
        .map(|letter| if letter.is_control() { ' ' } else { letter })
        .collect();
    if value.chars().count() > CELL {
        shown.pop();
        shown.push('…');
    }
    shown
}
