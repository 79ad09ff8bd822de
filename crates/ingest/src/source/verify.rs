//! Proves that the parts of a source fit together, before any file is read.

use std::path::{Component, Path};

use scorewright_domain::{Fault, ProjectFile, TableName, nearest};

use super::place::{setting, word};
use super::verify_format;
use super::{Column, Kind, Load, Orientation, Personal, Question, Source};
use crate::typed::{Zone, moment, number, range};

/// Every fault of a source.
pub(crate) fn faults(source: &Source, file: &ProjectFile) -> Vec<Fault> {
    let mut faults = Faults { file, found: Vec::new() };
    of_source(source, &mut faults);
    of_keys(source, &mut faults);
    verify_format::faults(source, &mut faults);
    for (name, column) in &source.columns {
        let section = format!("columns.{name}");
        if TableName::new("raw", name).is_err() {
            let message =
                format!("`{name}` is not a column name: expected lower-case letters, digits and underscores");
            faults.at(&section, "", message, "keep the name of the extract in `from`");
        }
        of_column(column, &section, &mut faults);
        of_values(column, &section, &mut faults);
    }
    faults.found
}

/// The faults of one file while they are found.
pub(super) struct Faults<'a> {
    file: &'a ProjectFile,
    found: Vec<Fault>,
}

impl Faults<'_> {
    /// A fault at a setting.
    pub(super) fn at(
        &mut self,
        section: &str,
        key: &str,
        message: impl Into<String>,
        help: impl Into<String>,
    ) {
        self.found.push(self.file.fault(setting(self.file, section, key), message).help(help));
    }

    /// A fault at one word of a setting.
    pub(super) fn at_word(
        &mut self,
        place: (&str, &str, &str),
        message: impl Into<String>,
        help: impl Into<String>,
    ) {
        let (section, key, name) = place;
        self.found.push(self.file.fault(word(self.file, section, key, name), message).help(help));
    }
}

fn of_source(source: &Source, faults: &mut Faults) {
    if let Err(bad) = TableName::new("raw", &source.name) {
        faults
            .found
            .push(faults.file.fault(None, bad.to_string()).help("rename the file: its name is the table's"));
    }
    if source.columns.is_empty() {
        let help = "add `[columns.name]` with `type` for each column that is needed";
        faults.at("", "columns", "the source has no columns", help);
    }
    if let Err(bad) = glob::Pattern::new(&source.files) {
        faults.at(
            "",
            "files",
            format!("`files` is not a glob: {}", bad.msg),
            "`*` stands for any letters, `**` for folders",
        );
    } else if !Path::new(&source.files).components().all(|part| matches!(part, Component::Normal(_))) {
        faults.at(
            "",
            "files",
            "`files` leaves the extracts folder",
            "state a path below the extracts folder",
        );
    }
    if !(0.0..=1.0).contains(&source.tolerate) {
        faults.at(
            "",
            "tolerate",
            "`tolerate` is a share from 0 to 1",
            "0.01 tolerates one bad row in a hundred",
        );
    }
}

fn of_keys(source: &Source, faults: &mut Faults) {
    for key in &source.key {
        if let Some(column) = is_stored(source, "key", key, faults)
            && column.optional
        {
            let message = format!("key column `{key}` is optional");
            faults.at_word(
                ("", "key", key),
                message,
                "a row without its key has no identity: remove `optional`",
            );
        }
    }
    if let Some(name) = source.partition.as_deref() {
        moves(source, "partition", name, faults);
        if source.key.is_empty() {
            let help = "rows without a key stand with the extract they came in: remove `partition`, or name the `key`";
            faults.at("", "partition", "`partition` needs a `key`", help);
        }
    }
    match (source.load, source.updated_at.as_deref()) {
        (Load::Upsert, None) => {
            let help = "name the column that says which version of a row is the newest";
            faults.at("", "load", "`load = \"upsert\"` needs `updated_at`", help);
        }
        (Load::Append, Some(_)) => {
            let help = "remove it, or set `load = \"upsert\"`";
            faults.at("", "updated_at", "`updated_at` is read by `load = \"upsert\"` only", help);
        }
        (Load::Upsert, Some(name)) => moves(source, "updated_at", name, faults),
        (Load::Append, None) => {}
    }
    if source.load == Load::Upsert && source.key.is_empty() {
        faults.at("", "load", "`load = \"upsert\"` needs a `key`", "name the columns that identify a row");
    }
    if let Some(name) = source.watermark.as_deref() {
        moves(source, "watermark", name, faults);
    }
}

/// A column named by a setting of the source, which has to be in the table.
fn is_stored<'a>(source: &'a Source, key: &str, name: &str, faults: &mut Faults) -> Option<&'a Column> {
    let names: Vec<&str> = source.columns.keys().map(String::as_str).collect();
    match source.columns.get(name) {
        None => {
            let meant =
                nearest(name, &names).map(|near| format!("did you mean `{near}`? ")).unwrap_or_default();
            let help = format!("{meant}declared columns: {}", names.join(", "));
            faults.at_word(
                ("", key, name),
                format!("`{key}` names a column that is not declared: `{name}`"),
                help,
            );
            None
        }
        Some(column) if column.personal == Personal::Drop => {
            let message = format!("`{key}` names a column that is dropped: `{name}`");
            faults.at_word(("", key, name), message, "set `personal = \"hash\"`: equal values stay equal");
            None
        }
        column => column,
    }
}

/// A column that says when; it has to be a timestamp or a date.
fn moves(source: &Source, key: &str, name: &str, faults: &mut Faults) {
    if let Some(column) = is_stored(source, key, name, faults)
        && !matches!(column.kind, Kind::Timestamp | Kind::Date)
    {
        let message = format!("`{key}` names a column that is neither timestamp nor date: `{name}`");
        faults.at_word(("", key, name), message, "only times can be compared to find the newest");
    }
}

fn of_column(column: &Column, section: &str, faults: &mut Faults) {
    if column.required && column.optional {
        let help = "`required`: a row without a value is bad; `optional`: the file may lack the column";
        faults.at(section, "optional", "a column cannot be both `required` and `optional`", help);
    }
    let is_time = matches!(column.kind, Kind::Timestamp | Kind::Date);
    if let Some(format) = column.format.as_deref() {
        if !is_time {
            faults.at(section, "format", "`format` is for dates and timestamps", "remove it");
        } else if let Some(why) = moment::format_fault(format, column.kind == Kind::Timestamp) {
            let help = "strptime directives: %d/%m/%Y %H:%M reads 22/11/2026 10:00; %b is Nov, %p is PM, %z is +0100";
            faults.at(section, "format", format!("`format` cannot be read: {why}"), help);
        }
    }
    if let Some(zone) = column.time_zone.as_deref() {
        if column.kind != Kind::Timestamp {
            faults.at(section, "time_zone", "`time_zone` is for timestamps", "remove it");
        } else if Zone::named(zone).is_none() {
            let help = "use a name of the IANA database: UTC, Europe/Berlin, America/New_York";
            faults.at(section, "time_zone", format!("there is no time zone `{zone}`"), help);
        }
    }
    if let Some(scale) = column.scale {
        if column.kind != Kind::Decimal {
            faults.at(section, "scale", "`scale` is for decimals", "remove it");
        } else if u32::from(scale) > number::PRECISION {
            faults.at(section, "scale", "`scale` is more than 18", "a decimal has 18 digits in all");
        }
    }
    if column.personal == Personal::Hash && column.kind != Kind::Text {
        faults.at(section, "personal", "only text can be hashed", "set `type = \"text\"`");
    }
    match (column.question, column.orientation) {
        (Some(Question::Ces), None) => {
            let help = "`orientation = \"ease\"` when a high answer means easy, `\"effort\"` when it means much effort";
            faults.at(section, "question", "`question = \"ces\"` needs `orientation`", help);
        }
        (
            Some(Question::Nps | Question::Csat | Question::Other) | None,
            Some(Orientation::Ease | Orientation::Effort),
        ) => {
            faults.at(section, "orientation", "`orientation` is for `question = \"ces\"`", "remove it");
        }
        _ => {}
    }
}

fn of_values(column: &Column, section: &str, faults: &mut Faults) {
    let is_null = |text: &String| column.null.contains(text);
    if let Some(text) = column.accepted.iter().find(|text| is_null(text)) {
        let message = format!("`{text}` is both accepted and a null token");
        faults.at_word((section, "accepted", text), message, "keep it in one of `accepted` and `null`");
    }
    for (from, to) in &column.map {
        if is_null(from) {
            let message = format!("`{from}` is both mapped and a null token");
            faults.at_word((section, "map", from), message, "keep it in one of `map` and `null`");
        }
        if !column.accepted.is_empty() && !column.accepted.contains(to) && !is_null(to) {
            let message = format!("`map` makes `{to}`, which `accepted` does not have");
            faults.at_word(
                (section, "map", to),
                message,
                "`map` comes first: add the new text to `accepted`",
            );
        }
    }
    if column.min.is_none() && column.max.is_none() {
        return;
    }
    let key = if column.min.is_some() { "min" } else { "max" };
    if !matches!(column.kind, Kind::Integer | Kind::Decimal) {
        faults.at(section, key, "`min` and `max` are for integers and decimals", "remove them");
        return;
    }
    match range(column) {
        None => faults.at(
            section,
            key,
            "`min` or `max` is not a number of the column's type",
            "mind `type` and `scale`",
        ),
        Some((min, max)) if min > max => {
            faults.at(section, key, "`min` is above `max`", "nothing would be accepted");
        }
        Some(_) => {}
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use miette::Diagnostic as _;

    /// Messages of a source's faults, each with the text it points at.
    pub(crate) fn faults_of(head: &str, columns: &str) -> Vec<(String, String)> {
        let text = format!("title = \"T\"\nfiles = \"t*.csv\"\nformat = \"csv\"\n{head}\n{columns}");
        let file = ProjectFile::new("pipelines/sources/tickets.toml", text.clone());
        let faults = Source::read(&file).expect_err("it has faults");
        let pointed = |fault: &Fault| match fault.labels().and_then(|mut labels| labels.next()) {
            Some(label) => text[label.offset()..label.offset() + label.len()].to_owned(),
            None => String::new(),
        };
        faults.iter().map(|fault| (fault.message().to_owned(), pointed(fault))).collect()
    }

    pub(crate) fn fault_of(head: &str, columns: &str) -> (String, String) {
        let mut faults = faults_of(head, columns);
        assert_eq!(faults.len(), 1, "{faults:?}");
        faults.remove(0)
    }

    const ID: &str = "[columns.id]\ntype = \"text\"\n";

    #[test]
    fn a_key_must_be_a_declared_column() {
        let (message, place) = fault_of("key = [\"id\", \"nr\"]", ID);
        assert_eq!(message, "`key` names a column that is not declared: `nr`");
        assert_eq!(place, "\"nr\"");
    }

    #[test]
    fn upsert_needs_a_key_and_a_time_to_compare() {
        let messages: Vec<String> =
            faults_of("load = \"upsert\"", ID).into_iter().map(|fault| fault.0).collect();
        assert_eq!(messages, ["`load = \"upsert\"` needs `updated_at`", "`load = \"upsert\"` needs a `key`"]);
        let (message, place) = fault_of("load = \"upsert\"\nkey = [\"id\"]\nupdated_at = \"id\"", ID);
        assert_eq!(message, "`updated_at` names a column that is neither timestamp nor date: `id`");
        assert_eq!(place, "\"id\"");
    }

    #[test]
    fn a_misspelt_key_of_a_column_is_refused() {
        let (message, place) = fault_of("", "[columns.id]\ntype = \"text\"\nrequird = true\n");
        assert_eq!((message.as_str(), place.as_str()), ("unknown key `requird`", "requird"));
    }

    #[test]
    fn effort_questions_say_which_end_is_good() {
        let (message, place) = fault_of("", "[columns.ease]\ntype = \"integer\"\nquestion = \"ces\"\n");
        assert_eq!(message, "`question = \"ces\"` needs `orientation`");
        assert_eq!(place, "\"ces\"");
    }

    #[test]
    fn formats_and_zones_are_tried_before_any_file_is_read() {
        let (message, place) = fault_of("", "[columns.at]\ntype = \"timestamp\"\nformat = \"%d/%m/%Y\"\n");
        assert_eq!(message, "`format` cannot be read: it does not say hour and minute");
        assert_eq!(place, "\"%d/%m/%Y\"");
        let (message, _) =
            fault_of("", "[columns.at]\ntype = \"timestamp\"\ntime_zone = \"Europe/Atlantis\"\n");
        assert_eq!(message, "there is no time zone `Europe/Atlantis`");
    }

    #[test]
    fn rules_about_values_may_not_contradict_each_other() {
        let column = |rules: &str| format!("[columns.score]\ntype = \"integer\"\n{rules}\n");
        let message = |rules: &str| fault_of("", &column(rules)).0;
        assert_eq!(
            message("accepted = [\"1\"]\nmap = { \"good\" = \"5\" }"),
            "`map` makes `5`, which `accepted` does not have"
        );
        assert_eq!(message("null = [\"?\"]\nmap = { \"?\" = \"0\" }"), "`?` is both mapped and a null token");
        assert_eq!(message("min = 5\nmax = 1"), "`min` is above `max`");
        assert_eq!(message("min = 0.5"), "`min` or `max` is not a number of the column's type");
    }

    #[test]
    fn files_stay_below_the_extracts_folder() {
        for files in ["../x.csv", "/etc/passwd", "a[.csv"] {
            let text = format!("title = \"T\"\nfiles = \"{files}\"\nformat = \"csv\"\n{ID}");
            assert!(Source::read(&ProjectFile::new("s/t.toml", text)).is_err(), "{files}");
        }
    }
}
