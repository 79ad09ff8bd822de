//! `scorewright init`: a complete, readable project for the chosen sources.

use std::path::Path;

use scorewright_project::{CatalogueEntry, Selection, catalogue};

use crate::arguments::InitOptions;
use crate::console::Console;
use crate::exit::{ExitStatus, Failure};

/// Writes a project, or lists the sources to choose from.
pub(crate) fn init(options: &InitOptions, console: &Console) -> Result<ExitStatus, Failure> {
    if options.list {
        console.answer(&list(&catalogue()));
        return Ok(ExitStatus::Done);
    }
    let selection = if options.empty {
        scorewright_project::init_empty(&options.folder)?
    } else {
        scorewright_project::init(&options.folder, &options.sources)?
    };
    if options.empty {
        console.answer(&first_source(&options.folder, selection.files.len() + 2));
        return Ok(ExitStatus::Done);
    }
    console.answer(&next_steps(&options.folder, &selection));
    Ok(ExitStatus::Done)
}

/// One line for each source: its name, the tables it feeds, its title.
fn list(catalogue: &[CatalogueEntry]) -> String {
    let roles = |entry: &CatalogueEntry| {
        entry.roles.iter().map(String::as_str).collect::<Vec<_>>().join(", ")
    };
    let names = catalogue.iter().map(|entry| entry.name.len()).max().unwrap_or(0);
    let feeds = catalogue.iter().map(|entry| roles(entry).len()).max().unwrap_or(0);
    let line = |entry: &CatalogueEntry| {
        format!("{:names$}  {:feeds$}  {}\n", entry.name, roles(entry), entry.title)
    };
    catalogue.iter().map(line).collect()
}

fn first_source(folder: &Path, files: usize) -> String {
    let project = folder.display();
    format!(
        "wrote {files} files to `{project}`\nnext:\n  \
         scorewright add source EXTRACT --role ROLE --project {project}\n  \
         scorewright add preset NAME --project {project}      (scorewright init --list names them)\n"
    )
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
