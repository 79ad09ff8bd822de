//! Whether a source can keep every version of its rows.

use regex::Regex;

use super::faults::Faults;
use crate::source::{Delivered, IS_FIRST, Kind, Load, Source, VALID_FROM, VALID_TO, VersionMoment};

const NAME_EXAMPLE: &str = r"delivered = { name = '_(?<year>\d{4})-(?<month>\d\d)-(?<day>\d\d)' }";

pub(super) fn check(source: &Source, faults: &mut Faults) {
    if source.has_history() {
        reserved(source, faults);
    }
    match (source.history, source.load) {
        (false, _) => {}
        (true, Load::Append) => {
            let help = "remove it; or set `load = \"upsert\"` with `key` and `updated_at`, where rows of a key change";
            let message = "rows of `load = \"append\"` never change, so they have no `history`";
            faults.at("", "history", message, help);
        }
        (true, Load::Snapshot) => {
            let message = "`history` says nothing about snapshots";
            faults.at("", "history", message, "remove it: a snapshot always keeps its history");
        }
        (true, Load::Upsert) => moment(source, faults),
    }
}

/// A version holds from a moment in the data: a replay of an earlier day goes by it, and not by when a file arrived.
fn moment(source: &Source, faults: &mut Faults) {
    match source.version_moment() {
        // Without any order at all, the load itself is refused.
        None if source.delivered.is_none() => {}
        None => {
            let help = format!(
                "name the time of change: `updated_at`; or that of delivery: `delivered = {{ column = \"…\" }}`; \
                 or find its day in the names: `{NAME_EXAMPLE}`"
            );
            let message =
                "`history` needs the moment of each version, which `first_seen` does not say";
            faults.at("", "history", message, help);
        }
        Some(VersionMoment::UpdatedAt(_)) => {}
        Some(VersionMoment::Delivered(name)) => {
            let is_number =
                source.columns.get(name).is_some_and(|column| column.kind == Kind::Integer);
            if is_number {
                let message =
                    format!("`history` needs moments, and `delivered` names numbers: `{name}`");
                let help = "name a timestamp or date, or the time of change: `updated_at`";
                faults.at_word(("", "delivered", name), message, help);
            }
        }
        Some(VersionMoment::Name) => named_day(source, faults),
    }
}

fn named_day(source: &Source, faults: &mut Faults) {
    let Some(Delivered::Name(pattern)) = &source.delivered else { return };
    let Ok(pattern) = Regex::new(pattern) else { return };
    let has = |wanted: &&str| pattern.capture_names().flatten().any(|name| name == *wanted);
    if !["year", "month", "day"].iter().all(has) {
        let message = "`history` needs a day in the names: groups `year`, `month` and `day`";
        faults.at("", "delivered", message, NAME_EXAMPLE);
    }
}

/// The columns that the table of versions has of its own.
fn reserved(source: &Source, faults: &mut Faults) {
    let is_declared = |name: &&str| source.columns.contains_key(*name);
    for name in [VALID_FROM, VALID_TO, IS_FIRST].into_iter().filter(is_declared) {
        let help = "the table of versions has a column of this name: rename yours and keep its name in `from`";
        faults.at(&format!("columns.{name}"), "", format!("column `{name}` is taken"), help);
    }
}
