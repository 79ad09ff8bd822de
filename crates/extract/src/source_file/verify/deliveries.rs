//! Which files deliver the same, and which of two is the later one.

use regex::Regex;

use super::faults::Faults;
use super::keys::is_stored;
use crate::source::{Delivered, Kind, Load, Source};

const EXAMPLE: &str =
    r"delivery = 'accounts_(\d{4}-\d{2}-\d{2})' finds 2026-05-01 in accounts_2026-05-01.csv";
const ORDER_EXAMPLE: &str =
    r"delivered = { name = '_(\d{4}-\d{2}-\d{2})' }: the file with the later day is the later one";

pub(super) fn check(source: &Source, faults: &mut Faults) {
    if let Some(pattern) = source.delivery.as_deref() {
        pattern_of("delivery", pattern, EXAMPLE, faults);
    } else if source.load == Load::Snapshot {
        let message = "`load = \"snapshot\"` needs `delivery`: when each file was taken";
        faults.at("", "load", message, EXAMPLE);
    }
    match &source.delivered {
        Some(Delivered::Name(pattern)) => {
            if pattern_of("delivered", pattern, ORDER_EXAMPLE, faults) == Some(1) {
                let message = "the pattern of `delivered` has no group";
                faults.at("", "delivered", message, ORDER_EXAMPLE);
            }
        }
        Some(Delivered::Column(name)) => column(source, name, faults),
        Some(Delivered::FirstSeen) if source.load == Load::Snapshot => {
            let help = "remove it: `delivery` says when each snapshot was taken";
            let message = "`delivered = \"first_seen\"` says nothing about snapshots";
            faults.at("", "delivered", message, help);
        }
        Some(Delivered::FirstSeen) | None => {}
    }
}

/// How many groups a pattern has, the whole being one.
fn pattern_of(
    key: &str,
    pattern: &str,
    example: &'static str,
    faults: &mut Faults,
) -> Option<usize> {
    match Regex::new(pattern) {
        Ok(found) => Some(found.captures_len()),
        Err(bad) => {
            let last = bad.to_string().lines().last().unwrap_or_default().trim().to_owned();
            let message = format!("`{key}` is not a regular expression: {last}");
            faults.at("", key, message, example);
            None
        }
    }
}

/// Rows of the same key are compared by the column; whole files cannot be.
fn column(source: &Source, name: &str, faults: &mut Faults) {
    if source.load != Load::Upsert {
        let help = "remove it, or set `load = \"upsert\"`";
        let message = "a column of `delivered` is read by `load = \"upsert\"` only";
        faults.at("", "delivered", message, help);
    }
    if source.delivery.is_some() {
        let message =
            "`delivery` replaces whole files, which a column of `delivered` cannot compare";
        faults.at("", "delivered", message, ORDER_EXAMPLE);
    }
    if let Some(column) = is_stored(source, "delivered", name, faults)
        && !matches!(column.kind, Kind::Timestamp | Kind::Date | Kind::Integer)
    {
        let message =
            format!("`delivered` names a column that is neither time nor whole number: `{name}`");
        let help = "only times and numbers can be compared to find the later row";
        faults.at_word(("", "delivered", name), message, help);
    }
}
