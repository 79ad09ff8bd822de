//! Faults, each with the text it points at.

use super::*;

/// Messages of a source's faults, each with the text it points at.
pub(crate) fn faults_of(head: &str, columns: &str) -> Vec<(String, String)> {
    pointed_faults(&format!(
        "title = \"T\"\nfiles = \"t*.csv\"\nformat = \"csv\"\n{head}\n{columns}"
    ))
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
    assert_eq!(
        messages,
        ["`load = \"upsert\"` needs `updated_at`", "`load = \"upsert\"` needs a `key`"]
    );
    let (message, place) = fault_of("load = \"upsert\"\nkey = [\"id\"]\nupdated_at = \"id\"", ID);
    assert_eq!(message, "`updated_at` names a column that is neither timestamp nor date: `id`");
    assert_eq!(place, "\"id\"");
}

#[test]
fn what_says_which_file_is_later_must_be_able_to() {
    let upsert = "load = \"upsert\"\nkey = [\"id\"]\n";
    for (delivered, expected) in [
        ("{ name = '_(' }", "`delivered` is not a regular expression: error: unclosed group"),
        ("{ name = '_9' }", "the pattern of `delivered` has no group"),
        ("{ column = \"at\" }", "`delivered` names a column that is not declared: `at`"),
        (
            "{ column = \"id\" }",
            "`delivered` names a column that is neither time nor whole number: `id`",
        ),
    ] {
        let (message, _) = fault_of(&format!("{upsert}delivered = {delivered}"), ID);
        assert_eq!(message, expected);
    }
    let snapshot = "load = \"snapshot\"\nkey = [\"id\"]\ndelivery = '(\\d+)'\n";
    let (message, _) = fault_of(&format!("{snapshot}delivered = \"first_seen\""), ID);
    assert_eq!(message, "`delivered = \"first_seen\"` says nothing about snapshots");
}

#[test]
fn history_needs_rows_that_change_and_a_moment_in_the_data() {
    let columns =
        format!("{ID}[columns.at]\ntype = \"timestamp\"\n[columns.nr]\ntype = \"integer\"\n");
    let key = "key = [\"id\"]\nhistory = true\n";
    for (head, expected, place) in [
        (
            "load = \"append\"",
            "rows of `load = \"append\"` never change, so they have no `history`",
            "true",
        ),
        (
            "load = \"snapshot\"\ndelivery = '(\\d+)'",
            "`history` says nothing about snapshots",
            "true",
        ),
        (
            "load = \"upsert\"\ndelivered = \"first_seen\"",
            "`history` needs the moment of each version, which `first_seen` does not say",
            "true",
        ),
        (
            "load = \"upsert\"\ndelivered = { column = \"nr\" }",
            "`history` needs moments, and `delivered` names numbers: `nr`",
            "\"nr\"",
        ),
        (
            "load = \"upsert\"\ndelivered = { name = '_(?<day>\\d+)' }",
            "`history` needs a day in the names: groups `year`, `month` and `day`",
            "{ name = '_(?<day>\\d+)' }",
        ),
    ] {
        let found = fault_of(&format!("{key}{head}"), &columns);
        assert_eq!((found.0.as_str(), found.1.as_str()), (expected, place), "{head}");
    }
    let taken = "[columns.is_first]\ntype = \"text\"\n";
    let (message, _) = fault_of(
        &format!("{key}load = \"upsert\"\nupdated_at = \"at\""),
        &format!("{columns}{taken}"),
    );
    assert_eq!(message, "column `is_first` is taken");
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
    let (message, place) =
        fault_of("", "[columns.at]\ntype = \"timestamp\"\nformat = \"%d/%m/%Y\"\n");
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
    assert_eq!(
        message("null = [\"?\"]\nmap = { \"?\" = \"0\" }"),
        "`?` is both mapped and a null token"
    );
    assert_eq!(message("min = 5\nmax = 1"), "`min` is above `max`");
    assert_eq!(message("min = 0.5"), "`min` or `max` is not a value of the column's type");
}

// One line for each combination that cannot mean anything: the settings, what is said, and what it points at.
#[test]
fn settings_that_cannot_mean_anything_are_refused_where_they_stand() {
    for (column, message, place) in [
        (
            "text\"\ndecimal_mark = \",\"",
            "`decimal_mark` is for decimals, floats and durations",
            "\",\"",
        ),
        ("integer\"\nformat = \"%d\"", "`format` is for dates, timestamps and durations", "\"%d\""),
        ("date\"\nambiguous = \"later\"", "`ambiguous` is for timestamps", "\"later\""),
        (
            "timestamp\"\nmissing = \"after\"",
            "`missing` says nothing without `time_zone`",
            "\"after\"",
        ),
        ("integer\"\nminor_units = 2", "`minor_units` is for decimals", "2"),
        ("boolean\"\nthousands = \",\"", "`thousands` is for numbers and durations", "\",\""),
        ("duration\"\nformat = \"hours\"\ncurrency = \"€\"", "`currency` is for numbers", "\"€\""),
        ("integer\"\nmax_length = 9", "`max_length` is for texts", "9"),
        ("text\"\nmax_length = 0", "`max_length` is 0", "0"),
        ("text\"\nmax = 5", "`max` is for numbers and times", "5"),
        ("date\"\nmin = 5", "`min` or `max` is not a value of the column's type", "5"),
        (
            "decimal\"\nthousands = \".\"",
            "`thousands` and `decimal_mark` are the same: `.`",
            "\".\"",
        ),
        ("decimal\"\ndecimal_mark = \"x\"", "`decimal_mark` is neither `.` nor `,`", "\"x\""),
        ("decimal\"\nthousands = \"x\"", "`thousands` cannot be `x`", "\"x\""),
        ("decimal\"\ncurrency = [\"€\", \"1\"]", "`currency` cannot be `1`", "\"1\""),
        ("decimal\"\ncurrency = \".\"", "`.` is both a symbol and a mark of the number", "\".\""),
        ("decimal\"\nscale = 18", "`scale` leaves no digit before the point", "18"),
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
            "date\"\nformat = [\"%d/%m/%y\", \"%d/%y/%m\"]",
            "`%d/%y/%m` reads what `%d/%m/%y` writes as another day",
            "\"%d/%y/%m\"",
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
fn files_stay_below_the_extracts_folder() {
    for files in ["../x.csv", "/etc/passwd", "a[.csv"] {
        let text = format!("title = \"T\"\nfiles = \"{files}\"\nformat = \"csv\"\n{ID}");
        assert!(Source::read(&ProjectFile::new("s/t.toml", text)).is_err(), "{files}");
    }
}

#[test]
fn a_secret_in_an_address_is_refused_and_not_shown_again() {
    let text =
        format!("title = \"T\"\nfiles = \"s3://key:hunter2@acme/*.csv\"\nformat = \"csv\"\n{ID}");
    let faults = Source::read(&ProjectFile::new("s/t.toml", text)).unwrap_err();
    assert_eq!(
        faults[0].message(),
        "`files` is no address: it holds a user, a password or a signature"
    );
    let shown = format!("{:?}", miette::Report::new(faults[0].clone()));
    assert!(!shown.contains("hunter2"), "{shown}");
}
