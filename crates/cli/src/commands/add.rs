//! `scorewright add source`: a source file for an extract, and a look at what it makes of the rows.

use scorewright_extract::Preview;
use scorewright_project::{AddedSource, ProjectLocation, add_source};

use crate::arguments::AddSourceOptions;
use crate::console::Console;
use crate::console::sample::{sample_table, shortened};
use crate::exit::{ExitStatus, Failure};

/// Good rows listed.
const ROWS: usize = 10;
/// Bad rows listed.
const BAD: usize = 5;

/// Writes `pipelines/sources/<name>.toml` and prints the first rows as it types them.
pub(crate) fn source(
    location: &ProjectLocation,
    options: &AddSourceOptions,
    console: &Console,
) -> Result<ExitStatus, Failure> {
    let added = add_source(location, &options.file, options.name.as_deref(), ROWS)?;
    console.answer(&report(&added, location));
    Ok(ExitStatus::Done)
}

/// What was written, what it makes of the rows, and what to do next.
fn report(added: &AddedSource, location: &ProjectLocation) -> String {
    let AddedSource { draft, preview, extracts } = added;
    let mut text = sample_table(&preview.columns, &preview.rows);
    text += &format!("({} of {} rows)\n\n", preview.rows.len(), preview.read);
    text += &bad_rows(preview);
    text += &format!("wrote `{}`\n", draft.file.path);
    text.extend(draft.questions.iter().map(|column| {
        format!(
            "question: `{column}`: the sample does not decide it; the file says what to choose\n"
        )
    }));
    let project = match location.project.to_string_lossy().as_ref() {
        "." => String::new(),
        project => format!(" --project {project}"),
    };
    text + &format!(
        "next:\n  check the file line by line, and mend it\n  scorewright check{project}\n  \
         put the extract into `{}`, named as `files` says: {}\n  scorewright run{project}\n",
        extracts.display(),
        draft.source.files
    )
}

/// Bad rows by reason, and the first of them.
fn bad_rows(preview: &Preview) -> String {
    let bad = preview.quarantined.len();
    if bad == 0 {
        return "every row fits\n".into();
    }
    let mut text = format!("{bad} of {} rows would go to quarantine:\n", preview.read);
    for row in preview.quarantined.iter().take(BAD) {
        let column = row.column.as_deref();
        let column =
            column.map(|column| format!(", column `{}`", shortened(column))).unwrap_or_default();
        text += &format!("  line {}: {}{column}\n", row.line, row.reason);
    }
    if bad > BAD {
        text += &format!("  and {} more\n", bad - BAD);
    }
    if preview.is_refused {
        text += "that is more than `tolerate`: a run would refuse the file whole\n";
    }
    text
}
