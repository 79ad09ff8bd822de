//! `scorewright init`: a complete, readable project for the chosen sources.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use scorewright_domain::{ProjectFile, TableName};
use scorewright_durable::{Readers, replace_file};
use scorewright_warehouse::ModelSql;

use crate::arguments::InitOptions;
use crate::console::Console;
use crate::exit::{Failure, Status};
use crate::roles::{Roles, table_of};
use crate::selection::Selection;
use crate::standard;

const SETTINGS: &str = "\
# What the pages call you, where your weeks and months begin and end, and what money is counted in.
name = \"My company\"
time_zone = \"UTC\"        # a name of the tz database: Europe/Berlin, America/New_York
currency = \"EUR\"
extracts = \"extracts\"    # folder of the files your systems export; or pass --extracts DIR
";

const IGNORED: &str = "/extracts/\n/warehouse/\n/out/\n";

/// Writes a project, or lists the sources to choose from.
pub(crate) fn init(options: &InitOptions, console: &Console) -> Result<Status, Failure> {
    if options.list {
        console.answer(&list());
        return Ok(Status::Done);
    }
    let folder = &options.folder;
    must_be_empty(folder)?;
    let selection = Selection::of(&options.sources)?;
    write_project(folder, SETTINGS, &selection.files)?;
    console.answer(&next_steps(folder, &selection));
    Ok(Status::Done)
}

/// Writes the files of a project, its settings and what git should leave alone.
pub(crate) fn write_project(
    folder: &Path,
    settings: &str,
    files: &[ProjectFile],
) -> Result<(), Failure> {
    let own = [("scorewright.toml", settings), (".gitignore", IGNORED)];
    let own = own.map(|(path, text)| ProjectFile::new(path, text));
    for file in own.iter().chain(files) {
        replace_file(&folder.join(&file.path), file.text.as_bytes(), Readers::Anyone)?;
    }
    let extracts = folder.join("extracts");
    fs::create_dir_all(&extracts).map_err(|error| {
        Failure::usage(
            format!("cannot create `{}`: {error}", extracts.display()),
            "check that the folder is writable",
        )
    })
}

/// Refuses a folder that holds anything, so that nothing of anybody is replaced.
fn must_be_empty(folder: &Path) -> Result<(), Failure> {
    let is_empty = fs::read_dir(folder).map_or(true, |mut entries| entries.next().is_none());
    if is_empty {
        return Ok(());
    }
    let message = format!("`{}` is not empty", folder.display());
    Err(Failure::usage(
        message,
        "name a folder that is empty or not there yet: scorewright init my-project",
    ))
}

/// One line for each source: its name, the tables it feeds, its title.
fn list() -> String {
    let files = standard::library();
    let roles = Roles::of(&files);
    let lines: Vec<[String; 3]> = standard::sources()
        .into_iter()
        .map(|source| [fed_by(&source.raw_table(), &files, &roles), source.name, source.title])
        .map(|[feeds, name, title]| [name, feeds, title])
        .collect();
    let width = |column: usize| lines.iter().map(|line| line[column].len()).max().unwrap_or(0);
    let (names, feeds) = (width(0), width(1));
    lines
        .iter()
        .map(|[name, fed, title]| format!("{name:names$}  {fed:feeds$}  {title}\n"))
        .collect()
}

/// The roles of the models that read a raw table.
fn fed_by(raw: &TableName, files: &[ProjectFile], roles: &Roles) -> String {
    let readers = files.iter().filter(|file| {
        ModelSql::read(&file.text).is_ok_and(|model| model.reads.contains(&raw.to_string()))
    });
    let models = readers.filter_map(|file| table_of(&file.path, ".sql"));
    let fed: BTreeSet<String> =
        models.filter_map(|model| Some(roles.role_of(&model)?.noun().to_owned())).collect();
    fed.into_iter().collect::<Vec<_>>().join(", ")
}

fn next_steps(folder: &Path, selection: &Selection) -> String {
    let mut text = format!("wrote {} files to `{}`\n", selection.files.len() + 2, folder.display());
    if !selection.left_out.is_empty() {
        text += "left out, because the chosen sources do not feed it:\n";
        text.extend(selection.left_out.iter().map(|(name, why)| format!("  {name} needs {why}\n")));
    }
    for (role, feeders) in &selection.doubled {
        let names: Vec<String> =
            feeders.iter().map(|feeder| format!("`{}`", feeder.noun())).collect();
        text += &format!(
            "choose one of {}: all feed {role}, and what is in several counts more than once or stops the run\n",
            names.join(", ")
        );
    }
    let project = folder.display();
    text + &format!(
        "next:\n  put your extracts into `{}`, named as `files` in pipelines/sources/*.toml says\n  \
         scorewright check --project {project}\n  scorewright run --project {project}\n",
        folder.join("extracts").display()
    )
}
