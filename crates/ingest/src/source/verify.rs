//! Proves that the parts of a source fit together, before any file is read.

mod column;
mod keys;
mod values;
mod writing;

use std::path::{Component, Path};

use miette::Diagnostic as _;
use scorewright_domain::{Fault, ProjectFile, TableName};
use scorewright_warehouse::{Address, BadAddress};

use super::Source;
use super::place::{setting, word};
use super::verify_format;

/// Every fault of a source.
pub(crate) fn faults(source: &Source, file: &ProjectFile) -> Vec<Fault> {
    let mut faults = Faults { file, found: Vec::new() };
    of_source(source, &mut faults);
    keys::check(source, &mut faults);
    verify_format::faults(source, &mut faults);
    for (name, column) in &source.columns {
        let section = format!("columns.{name}");
        if TableName::new("raw", name).is_err() {
            let message =
                format!("`{name}` is not a column name: expected lower-case letters, digits and underscores");
            faults.at(&section, "", message, "keep the name of the extract in `from`");
        }
        column::check(column, &section, &mut faults);
        writing::check(column, &section, &mut faults);
        values::check(column, &section, &mut faults);
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
    of_files(source, faults);
    if !(0.0..=1.0).contains(&source.tolerate) {
        faults.at(
            "",
            "tolerate",
            "`tolerate` is a share from 0 to 1",
            "0.01 tolerates one bad row in a hundred",
        );
    }
}

fn of_files(source: &Source, faults: &mut Faults) {
    if let Some(address) = Address::read(&source.files) {
        if let Err(bad) = address {
            let help = bad.help().map(|help| help.to_string()).unwrap_or_default();
            // A secret is not shown again by pointing at it.
            let place = if bad == BadAddress::Secret { None } else { setting(faults.file, "", "files") };
            faults.found.push(faults.file.fault(place, format!("`files` is no address: {bad}")).help(help));
        }
        return;
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
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// Messages of a source's faults, each with the text it points at.
    pub(crate) fn faults_of(head: &str, columns: &str) -> Vec<(String, String)> {
        pointed_faults(&format!("title = \"T\"\nfiles = \"t*.csv\"\nformat = \"csv\"\n{head}\n{columns}"))
    }

    fn pointed_faults(text: &str) -> Vec<(String, String)> {
        let file = ProjectFile::new("pipelines/sources/tickets.toml", text);
        let faults = Source::read(&file).expect_err("it has faults");
        let pointed = |fault: &Fault| match fault.labels().and_then(|mut labels| labels.next()) {
            Some(label) => text[label.offset()..label.offset() + label.len()].to_owned(),
            None => String::new(),
        };
        faults.iter().map(|fault| (fault.message().to_owned(), pointed(fault))).collect()
    }

    pub(crate) fn fault_of(head: &str, columns: &str) -> (String, String) {
        only(faults_of(head, columns))
    }

    pub(crate) fn pointed_fault(text: &str) -> (String, String) {
        only(pointed_faults(text))
    }

    fn only(mut faults: Vec<(String, String)>) -> (String, String) {
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
        assert_eq!(message("min = 0.5"), "`min` or `max` is not a value of the column's type");
    }

    // One line for each combination that cannot mean anything: the settings, what is said, and what it points at.
    #[test]
    fn settings_that_cannot_mean_anything_are_refused_where_they_stand() {
        for (column, message, place) in [
            ("text\"\ndecimal_mark = \",\"", "`decimal_mark` is for decimals and durations", "\",\""),
            ("integer\"\nformat = \"%d\"", "`format` is for dates, timestamps and durations", "\"%d\""),
            ("date\"\nambiguous = \"later\"", "`ambiguous` is for timestamps", "\"later\""),
            ("timestamp\"\nmissing = \"after\"", "`missing` says nothing without `time_zone`", "\"after\""),
            ("integer\"\nminor_units = 2", "`minor_units` is for decimals", "2"),
            ("boolean\"\nthousands = \",\"", "`thousands` is for numbers and durations", "\",\""),
            (
                "duration\"\nformat = \"hours\"\ncurrency = \"€\"",
                "`currency` is for integers and decimals",
                "\"€\"",
            ),
            ("integer\"\nmax_length = 9", "`max_length` is for texts", "9"),
            ("text\"\nmax_length = 0", "`max_length` is 0", "0"),
            ("text\"\nmax = 5", "`max` is for numbers and times", "5"),
            ("date\"\nmin = 5", "`min` or `max` is not a value of the column's type", "5"),
            ("decimal\"\nthousands = \".\"", "`thousands` and `decimal_mark` are the same: `.`", "\".\""),
            ("decimal\"\ndecimal_mark = \"x\"", "`decimal_mark` is neither `.` nor `,`", "\"x\""),
            ("decimal\"\nthousands = \"x\"", "`thousands` cannot be `x`", "\"x\""),
            ("decimal\"\ncurrency = [\"€\", \"1\"]", "`currency` cannot be `1`", "\"1\""),
            ("decimal\"\ncurrency = \".\"", "`.` is both a symbol and a mark of the number", "\".\""),
            ("decimal\"\nscale = 1\nminor_units = 2", "`minor_units` is more than `scale`", "2"),
            ("duration\"", "a duration needs `format`: nothing is guessed", "\"duration\""),
            (
                "duration\"\nformat = \"mm:ss\"",
                "`format` cannot be read: `mm:ss` is no way to write a duration",
                "\"mm:ss\"",
            ),
            (
                "duration\"\nformat = [\"hours\", \"minutes\"]",
                "a number cannot be in two units at once",
                "[\"hours\", \"minutes\"]",
            ),
            (
                "duration\"\nformat = \"h:mm\"\ndecimal_mark = \",\"",
                "`decimal_mark` is for durations that are numbers",
                "\",\"",
            ),
            (
                "date\"\nformat = [\"%d/%m/%Y\", \"%m/%d/%Y\"]",
                "`%m/%d/%Y` reads what `%d/%m/%Y` writes as another day",
                "\"%m/%d/%Y\"",
            ),
            (
                "timestamp\"\nformat = \"%d/%m/%Y %H:%M %p\"",
                "`format` cannot be read: `%p` belongs to a clock of 12 hours, whose hour is `%I`",
                "\"%d/%m/%Y %H:%M %p\"",
            ),
            (
                "timestamp\"\nformat = \"epoch_seconds\"\ntime_zone = \"Europe/Berlin\"",
                "`time_zone` says nothing about counts since 1970",
                "\"Europe/Berlin\"",
            ),
        ] {
            let found = fault_of("", &format!("[columns.a]\ntype = \"{column}\n"));
            assert_eq!((found.0.as_str(), found.1.as_str()), (message, place), "{column}");
        }
    }

    #[test]
    fn a_column_is_not_both_declared_and_ignored_by_name() {
        let (message, place) = fault_of("ignored = [\"i*\", \"id\"]", ID);
        assert_eq!((message.as_str(), place.as_str()), ("`id` is both ignored and declared", "\"id\""));
        assert_eq!(fault_of("contract = \"frozen\"", ID).1, "\"frozen\"");
    }

    #[test]
    fn a_secret_in_an_address_is_refused_and_not_shown_again() {
        let text = format!("title = \"T\"\nfiles = \"s3://key:hunter2@acme/*.csv\"\nformat = \"csv\"\n{ID}");
        let faults = Source::read(&ProjectFile::new("s/t.toml", text)).unwrap_err();
        assert_eq!(faults[0].message(), "`files` is no address: it holds a user, a password or a signature");
        let shown = format!("{:?}", miette::Report::new(faults[0].clone()));
        assert!(!shown.contains("hunter2"), "{shown}");
    }

    #[test]
    fn files_stay_below_the_extracts_folder() {
        for files in ["../x.csv", "/etc/passwd", "a[.csv"] {
            let text = format!("title = \"T\"\nfiles = \"{files}\"\nformat = \"csv\"\n{ID}");
            assert!(Source::read(&ProjectFile::new("s/t.toml", text)).is_err(), "{files}");
        }
    }
}
