//! Settings of a column that go with its type, or do not.

use super::faults::Faults;
use crate::source::{Ambiguous, Column, Kind, Missing, Orientation, Personal, Question};

pub(super) fn check(column: &Column, section: &str, faults: &mut Faults) {
    if column.required && column.optional {
        let help =
            "`required`: a row without a value is bad; `optional`: the file may lack the column";
        faults.at(section, "optional", "a column cannot be both `required` and `optional`", help);
    }
    misplaced(column, section, faults);
    let is_of_text =
        matches!(column.personal, Personal::Hash | Personal::HashAddress | Personal::Domain);
    if is_of_text && column.kind != Kind::Text {
        let message = "only text can be hashed, or be an e-mail address";
        faults.at(section, "personal", message, "set `type = \"text\"`");
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
            faults.at(
                section,
                "orientation",
                "`orientation` is for `question = \"ces\"`",
                "remove it",
            );
        }
        _ => {}
    }
    if column.reversed && column.orientation.is_none() {
        let message = "`reversed` is for a column with `orientation`";
        faults.at(section, "reversed", message, "remove it");
    }
}

/// Settings that say something about values of another type.
fn misplaced(column: &Column, section: &str, faults: &mut Faults) {
    use Kind::{Date, Decimal, Duration, Float, Integer, Text, Timestamp};
    let settings: [(&str, bool, &[Kind], &str); 14] = [
        (
            "format",
            !column.format.0.is_empty(),
            &[Timestamp, Date, Duration],
            "dates, timestamps and durations",
        ),
        ("time_zone", column.time_zone.is_some(), &[Timestamp], "timestamps"),
        ("ambiguous", column.ambiguous != Ambiguous::Refuse, &[Timestamp], "timestamps"),
        ("missing", column.missing != Missing::Refuse, &[Timestamp], "timestamps"),
        ("scale", column.scale.is_some(), &[Decimal], "decimals"),
        ("round", column.round, &[Decimal], "decimals"),
        ("leading_number", column.leading_number, &[Integer], "whole numbers"),
        ("minor_units", column.minor_units.is_some(), &[Decimal], "decimals"),
        (
            "decimal_mark",
            column.decimal_mark.is_some(),
            &[Decimal, Float, Duration],
            "decimals, floats and durations",
        ),
        (
            "thousands",
            column.thousands.is_some(),
            &[Integer, Decimal, Float, Duration],
            "numbers and durations",
        ),
        ("currency", !column.currency.0.is_empty(), &[Integer, Decimal, Float], "numbers"),
        ("max_length", column.max_length.is_some(), &[Text], "texts"),
        (
            "min",
            column.min.is_some(),
            &[Integer, Decimal, Float, Duration, Date, Timestamp],
            "numbers and times",
        ),
        (
            "max",
            column.max.is_some(),
            &[Integer, Decimal, Float, Duration, Date, Timestamp],
            "numbers and times",
        ),
    ];
    for (key, is_set, kinds, of) in settings {
        if is_set && !kinds.contains(&column.kind) {
            faults.at(section, key, format!("`{key}` is for {of}"), "remove it, or mend `type`");
        }
    }
}
