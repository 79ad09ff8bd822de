//! `scorewright add`: a source file for an extract with a look at what it makes of the rows, or a preset.

use scorewright_extract::{Orientation, Preview};
use scorewright_project::{
    AddError, AddedFiles, AddedRole, AddedSource, AnsweredRole, DayOrder, FoundColumn,
    OpenQuestion, ProjectLocation, UnansweredRole, add_presets, add_source,
};

use crate::arguments::{AddPresetOptions, AddSourceOptions, DayOrMonth, EffortOrientation};
use crate::console::Console;
use crate::console::sample::{sample_table, shortened};
use crate::exit::{ExitStatus, Failure};

/// Good rows listed.
const ROWS: usize = 10;
/// Bad rows listed.
const BAD: usize = 5;

/// Writes `pipelines/sources/<name>.toml` and prints the first rows as it types them; for a role also what feeds it.
pub(crate) fn source(
    location: &ProjectLocation,
    options: &AddSourceOptions,
    console: &Console,
) -> Result<ExitStatus, Failure> {
    let mut role = options.role.as_ref().map(|role| answered(role, options));
    let added = loop {
        let found =
            add_source(location, &options.file, options.name.as_deref(), role.as_ref(), ROWS);
        match (found, &mut role) {
            (Err(AddError::Unanswered(open)), Some(role))
                if console.can_ask() && open.faults.is_empty() =>
            {
                ask(console, &open, role)?;
            }
            (found, _) => break found?,
        }
    };
    console.answer(&report(&added, location));
    Ok(ExitStatus::Done)
}

/// Adds sources of the standard library.
pub(crate) fn preset(
    location: &ProjectLocation,
    options: &AddPresetOptions,
    console: &Console,
) -> Result<ExitStatus, Failure> {
    let added = add_presets(location, &options.names)?;
    let text = files(&added);
    let project = project_flag(location);
    console.answer(&format!(
        "{text}next:\n  put the extracts where `files` in pipelines/sources says\n  \
         scorewright check{project}\n  scorewright run{project}\n"
    ));
    Ok(ExitStatus::Done)
}

fn answered(role: &str, options: &AddSourceOptions) -> AnsweredRole {
    AnsweredRole {
        role: role.to_owned(),
        columns: options.columns.clone(),
        values: options.values.clone(),
        questions: options.questions.clone(),
        orientation: options.orientation.map(|orientation| match orientation {
            EffortOrientation::Ease => Orientation::Ease,
            EffortOrientation::Effort => Orientation::Effort,
        }),
        dates: options.dates.map(|dates| match dates {
            DayOrMonth::DayFirst => DayOrder::DayFirst,
            DayOrMonth::MonthFirst => DayOrder::MonthFirst,
        }),
    }
}

/// Asks on the terminal for what a role needs to know.
fn ask(console: &Console, open: &UnansweredRole, role: &mut AnsweredRole) -> Result<(), Failure> {
    let names = open.columns.iter().enumerate();
    let list: String =
        names.map(|(place, name)| format!("  {:3}  {}\n", place + 1, shortened(name))).collect();
    console.say(&format!("columns of the extract:\n{list}"));
    for question in &open.open {
        match question {
            OpenQuestion::Column { column, says } => {
                let asked = format!("{column}: {says}? a column, by name or number: ");
                role.columns.push((column.clone(), named(&console.ask(&asked)?, &open.columns)));
            }
            OpenQuestion::Survey { .. } => {
                let answer = console.ask("which column has the answers? as nps=COLUMN: ")?;
                let (question, column) = answer.split_once('=').unwrap_or(("nps", &answer));
                role.questions.push((question.trim().to_owned(), named(column, &open.columns)));
            }
            OpenQuestion::Dates { column } => {
                let column = shortened(column);
                let answer =
                    console.ask(&format!("`{column}`: does the day or the month come first? "))?;
                role.dates = Some(date_order(&answer));
            }
        }
    }
    Ok(())
}

fn date_order(answer: &str) -> DayOrder {
    if answer.to_lowercase().starts_with('m') { DayOrder::MonthFirst } else { DayOrder::DayFirst }
}

/// A column by its number in a list, or by its name.
fn named(answer: &str, columns: &[String]) -> String {
    let answer = answer.trim();
    let by_name = columns.iter().any(|column| column == answer);
    let number = answer.parse::<usize>().ok().filter(|_| !by_name);
    let by_number = number.and_then(|number| columns.get(number.checked_sub(1)?));
    by_number.cloned().unwrap_or_else(|| answer.to_owned())
}

/// What was written, what it makes of the rows, and what to do next.
fn report(added: &AddedSource, location: &ProjectLocation) -> String {
    let AddedSource { file, source, questions, preview, extracts, known, role } = added;
    let mut text = sample_table(&preview.columns, &preview.rows);
    text += &format!("({} of {} rows)\n\n", preview.rows.len(), preview.read);
    text += &bad_rows(preview);
    text += &format!("wrote `{}`\n", file.path);
    text.extend(role.iter().map(of_role));
    text.extend(questions.iter().map(|column| {
        format!(
            "question: `{column}`: the sample does not decide it; the file says what to choose\n"
        )
    }));
    let project = project_flag(location);
    text.extend(known.iter().map(|name| {
        format!(
            "it looks like `{name}` of the standard library, which feeds metrics too: remove what was written, then \
             scorewright add preset {name}{project}\n"
        )
    }));
    text + &format!(
        "next:\n  check the file line by line, and mend it\n  scorewright check{project}\n  \
         put the extract into `{}`, named as `files` says: {}\n  scorewright run{project}\n",
        extracts.display(),
        source.files
    )
}

fn project_flag(location: &ProjectLocation) -> String {
    match location.project.to_string_lossy().as_ref() {
        "." => String::new(),
        project => format!(" --project {project}"),
    }
}

/// What feeds the role, and what that makes possible.
fn of_role(role: &AddedRole) -> String {
    let mut text = files(&role.added);
    text.extend(role.by_name.iter().map(|FoundColumn { flag, tells, column }| {
        format!("by its name: `{column}` tells `{tells}`; where it does not, say {flag} {tells}=COLUMN\n")
    }));
    text.extend(role.remarks.iter().map(|remark| format!("note: {remark}\n")));
    text
}

fn files(added: &AddedFiles) -> String {
    let mut text: String = added.paths.iter().map(|path| format!("wrote `{path}`\n")).collect();
    if !added.metrics.is_empty() {
        text += &format!("metrics that can be computed now: {}\n", added.metrics.join(", "));
    }
    text.extend(added.by_hand.iter().map(|role| {
        format!("note: the SQL of {role} is more than a union: add what feeds it yourself\n")
    }));
    text
}

/// Bad rows by reason, and the first of them.
fn bad_rows(preview: &Preview) -> String {
    let bad = preview.quarantined.len();
    if preview.read == 0 {
        return "there is no row below the header: nothing is known of the columns\n".into();
    }
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
