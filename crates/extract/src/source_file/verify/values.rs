//! Rules about the values of a column, which may not contradict each other.

use super::faults::Faults;
use crate::source::{Column, Kind};
use crate::typed::range;

pub(super) fn check(column: &Column, section: &str, faults: &mut Faults) {
    let is_null = |text: &String| column.null.contains(text);
    if let Some(text) = column.accepted.iter().find(|text| is_null(text)) {
        let message = format!("`{text}` is both accepted and a null token");
        faults.at_word(
            (section, "accepted", text),
            message,
            "keep it in one of `accepted` and `null`",
        );
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
    bounds(column, section, faults);
    if column.max_length == Some(0) {
        faults.at(
            section,
            "max_length",
            "`max_length` is 0",
            "nothing but no value would be accepted",
        );
    }
}

fn bounds(column: &Column, section: &str, faults: &mut Faults) {
    if matches!(column.kind, Kind::Text | Kind::Boolean)
        || (column.min.is_none() && column.max.is_none())
    {
        return;
    }
    let key = if column.min.is_some() { "min" } else { "max" };
    match range(column) {
        None => {
            let help = match column.kind {
                Kind::Date => "a day is written \"2026-11-22\"",
                Kind::Timestamp => {
                    "a moment is written \"2026-11-22 10:00\", or \"2026-11-22\" for the whole day"
                }
                Kind::Duration => "a duration is a number of seconds, or \"PT8H\"",
                _ => "mind `type` and `scale`",
            };
            faults.at(section, key, "`min` or `max` is not a value of the column's type", help);
        }
        Some((min, max)) if min > max => {
            faults.at(section, key, "`min` is above `max`", "nothing would be accepted");
        }
        Some(_) => {}
    }
}
