//! How the values of a column are written: formats, zones, marks of numbers.

use super::faults::Faults;
use crate::source::{Ambiguous, Column, Kind, Missing, Source};
use crate::typed::{amount, moment_format, number, span};

pub(super) fn check(source: &Source, column: &Column, section: &str, faults: &mut Faults) {
    match column.kind {
        Kind::Timestamp => {
            moments(column, section, faults);
            zone(source, column, section, faults);
        }
        Kind::Date => moments(column, section, faults),
        Kind::Duration => {
            durations(column, section, faults);
            number_marks(column, section, faults);
        }
        Kind::Decimal => {
            digits(column, section, faults);
            number_marks(column, section, faults);
        }
        Kind::Integer | Kind::Float => number_marks(column, section, faults),
        Kind::Text | Kind::Boolean => {}
    }
}

fn moments(column: &Column, section: &str, faults: &mut Faults) {
    for format in &column.format.0 {
        if let Some(why) = moment_format::fault(format, column.kind == Kind::Timestamp) {
            let message = format!("`format` cannot be read: {why}");
            let help = "strptime directives: %d/%m/%Y %H:%M reads 22/11/2026 10:00; %b is Nov, %I:%M %p is 10:00 PM, %z is +0100";
            faults.at_word((section, "format", format), message, help);
        }
    }
    if let Some((earlier, later)) = moment_format::rival(&column.format.0) {
        let message = format!("`{later}` reads what `{earlier}` writes as another day");
        let help = "nothing in the text says which is meant: keep one, and ask the sender which";
        faults.at_word((section, "format", later), message, help);
    }
}

fn zone(source: &Source, column: &Column, section: &str, faults: &mut Faults) {
    let Some(zone) = &column.time_zone else {
        if source.time_zone.is_some() {
            return;
        }
        let rules = [
            ("ambiguous", column.ambiguous != Ambiguous::Refuse),
            ("missing", column.missing != Missing::Refuse),
        ];
        for (key, _) in rules.into_iter().filter(|(_, is_set)| *is_set) {
            let message = format!("`{key}` says nothing without `time_zone`");
            faults.at(
                section,
                key,
                message,
                "the clock of UTC never jumps: add `time_zone`, or remove it",
            );
        }
        return;
    };
    super::zone::check(source, zone, section, faults);
    let formats = &column.format.0;
    if !formats.is_empty() && formats.iter().all(|format| format.starts_with("epoch_")) {
        let help = "seconds since 1970 are the same everywhere: remove it";
        faults.at(section, "time_zone", "`time_zone` says nothing about counts since 1970", help);
    }
}

fn durations(column: &Column, section: &str, faults: &mut Faults) {
    let help = "`h:mm`, `h:mm:ss`, `seconds`, `minutes` or `hours`, or a list of them";
    if column.format.0.is_empty() {
        faults.at(section, "type", "a duration needs `format`: nothing is guessed", help);
    }
    for format in column.format.0.iter().filter(|format| !span::is_format(format)) {
        let message = format!("`format` cannot be read: `{format}` is no way to write a duration");
        faults.at_word((section, "format", format), message, help);
    }
    let numbers = column.format.0.iter().filter(|format| span::is_number(format));
    if numbers.clone().count() > 1 {
        let message = "a number cannot be in two units at once";
        faults.at(section, "format", message, "keep one of `seconds`, `minutes` and `hours`");
    }
    if numbers.count() == 0 && column.is_accountants() {
        let key = if column.decimal_mark.is_some() { "decimal_mark" } else { "thousands" };
        let help = "remove it, or add `seconds`, `minutes` or `hours` to `format`";
        faults.at(section, key, format!("`{key}` is for durations that are numbers"), help);
    }
}

fn digits(column: &Column, section: &str, faults: &mut Faults) {
    if u32::from(column.scale()) >= number::PRECISION {
        let help = "a decimal has 18 digits in all: money needs 2 to 4 of them after its point, a rate 6 to 9";
        faults.at(section, "scale", "`scale` leaves no digit before the point", help);
    }
    if column.minor_units.is_some_and(|digits| digits > column.scale()) {
        let message = "`minor_units` is more than `scale`";
        faults.at(
            section,
            "minor_units",
            message,
            "the smallest unit would be lost: raise `scale`",
        );
    }
}

fn number_marks(column: &Column, section: &str, faults: &mut Faults) {
    let mark = column.decimal_mark.as_deref().unwrap_or(".");
    if amount::mark(mark).is_none() {
        let message = "`decimal_mark` is neither `.` nor `,`";
        faults.at(section, "decimal_mark", message, "`1.234,56` has \",\" for its mark");
    }
    if let Some(thousands) = column.thousands.as_deref() {
        if thousands == mark {
            let message = format!("`thousands` and `decimal_mark` are the same: `{mark}`");
            let help = "`decimal_mark` is \".\" when absent: `1.234,56` has `thousands = \".\"` and `decimal_mark = \",\"`";
            faults.at(section, "thousands", message, help);
        } else if !amount::is_separator(thousands) {
            let message = format!("`thousands` cannot be `{thousands}`");
            faults.at(section, "thousands", message, "it is \".\", \",\", \" \", \"'\" or \"_\"");
        }
    }
    for symbol in &column.currency.0 {
        let is_part_of_a_number =
            |letter: char| letter.is_numeric() || matches!(letter, '-' | '+' | '(' | ')');
        if symbol.trim().is_empty() || symbol.contains(is_part_of_a_number) {
            let message = format!("`currency` cannot be `{symbol}`");
            let help = "a symbol has neither digits nor signs: \"€\", \"EUR\"";
            faults.at_word((section, "currency", symbol), message, help);
        } else if symbol == mark || Some(symbol) == column.thousands.as_ref() {
            let message = format!("`{symbol}` is both a symbol and a mark of the number");
            faults.at_word((section, "currency", symbol), message, "remove it from `currency`");
        }
    }
}
