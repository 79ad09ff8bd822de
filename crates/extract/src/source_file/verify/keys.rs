//! Columns that settings of the source name: keys, times that are compared.

use scorewright_domain::nearest;

use super::faults::Faults;
use crate::source::{Column, Kind, Load, Personal, Repeats, Source};

pub(super) fn check(source: &Source, faults: &mut Faults) {
    for key in &source.key {
        if let Some(column) = is_stored(source, "key", key, faults) {
            of_key(key, column, faults);
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
        (Load::Upsert, None) if source.delivered.is_some() => {}
        (Load::Upsert, None) => {
            let help = "name the column that says which version of a row is the newest; where there is none, say which file is later: `delivered`";
            faults.at("", "load", "`load = \"upsert\"` needs `updated_at`", help);
        }
        (Load::Append | Load::Snapshot, Some(_)) => {
            let help = "remove it, or set `load = \"upsert\"`";
            faults.at("", "updated_at", "`updated_at` is read by `load = \"upsert\"` only", help);
        }
        (Load::Upsert, Some(name)) => moves(source, "updated_at", name, faults),
        (Load::Append | Load::Snapshot, None) => {}
    }
    if source.load == Load::Upsert && source.key.is_empty() {
        faults.at(
            "",
            "load",
            "`load = \"upsert\"` needs a `key`",
            "name the columns that identify a row",
        );
    }
    if source.load != Load::Upsert && source.repeats != Repeats::Last {
        let help = "remove it, or set `load = \"upsert\"`";
        faults.at("", "repeats", "`repeats` is read by `load = \"upsert\"` only", help);
    }
    if source.load == Load::Snapshot {
        of_snapshot(source, faults);
    }
    if let Some(name) = source.watermark.as_deref() {
        moves(source, "watermark", name, faults);
    }
    if let Some(name) = source.amount.as_deref()
        && let Some(column) = is_stored(source, "amount", name, faults)
        && !matches!(column.kind, Kind::Decimal | Kind::Integer)
    {
        let message = format!("`amount` names a column that is no number: `{name}`");
        faults.at_word(("", "amount", name), message, "money can be added up");
    }
    ignored(source, faults);
}

/// A column of the key, which every row has, and which is the same whenever it is written anew.
fn of_key(key: &str, column: &Column, faults: &mut Faults) {
    if column.optional {
        let message = format!("key column `{key}` is optional");
        let help = "a row without its key has no identity: remove `optional`";
        faults.at_word(("", "key", key), message, help);
    }
    if column.kind == Kind::Float {
        let message = format!("key column `{key}` is a float");
        let help =
            "two ways to write a float may be one number: set `type = \"text\"`, or `\"decimal\"`";
        faults.at_word(("", "key", key), message, help);
    }
}

/// A pattern may fit declared columns, which then are the exception; a whole name may not.
fn ignored(source: &Source, faults: &mut Faults) {
    for pattern in &source.ignored {
        let is_it = |(canonical, column): (&String, &Column)| {
            column.names(canonical).contains(&pattern.as_str())
        };
        if pattern.trim().is_empty() {
            faults.at_word(("", "ignored", pattern), "`ignored` has an empty name", "remove it");
        } else if source.columns.iter().any(is_it) {
            let message = format!("`{pattern}` is both ignored and declared");
            let help = "remove it from `ignored`, or do not declare it";
            faults.at_word(("", "ignored", pattern), message, help);
        }
    }
}

fn of_snapshot(source: &Source, faults: &mut Faults) {
    if source.key.is_empty() {
        let help =
            "name the columns that identify a row: a key that is gone is known by its absence";
        faults.at("", "load", "`load = \"snapshot\"` needs a `key`", help);
    }
    if source.partition.is_some() {
        let help = "remove it: a snapshot touches every key";
        faults.at("", "partition", "`partition` says nothing about snapshots", help);
    }
}

/// A column named by a setting of the source, which has to be in the table.
pub(super) fn is_stored<'a>(
    source: &'a Source,
    key: &str,
    name: &str,
    faults: &mut Faults,
) -> Option<&'a Column> {
    let names: Vec<&str> = source.columns.keys().map(String::as_str).collect();
    match source.columns.get(name) {
        None => {
            let meant = nearest(name, &names)
                .map(|near| format!("did you mean `{near}`? "))
                .unwrap_or_default();
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
            faults.at_word(
                ("", key, name),
                message,
                "set `personal = \"hash\"`: equal values stay equal",
            );
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
        let message =
            format!("`{key}` names a column that is neither timestamp nor date: `{name}`");
        faults.at_word(("", key, name), message, "only times can be compared to find the newest");
    }
}
