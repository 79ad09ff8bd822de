//! Proves the zones of a source.

use regex::Regex;

use super::faults::Faults;
use super::keys::is_stored;
use crate::source::{ColumnZone, HeaderZone, Kind, Source, ZoneSetting};
use crate::typed::Zone;

const HELP: &str = "use a name of the IANA database: UTC, Europe/Berlin, America/New_York";

/// Every fault of the zone of a column, or of all columns.
pub(super) fn check(source: &Source, zone: &ZoneSetting, section: &str, faults: &mut Faults) {
    match zone {
        ZoneSetting::Named(zone) => name(zone, section, faults),
        ZoneSetting::InHeader(HeaderZone { header, otherwise }) => {
            let has_group = Regex::new(header).is_ok_and(|it| it.captures_len() > 1);
            if !has_group {
                let message = "`header` is not a regular expression with a group";
                let help = "its first group finds the zone: 'timeZone\"+:\"+([^\"]+)'";
                faults.at(section, "time_zone", message, help);
            }
            name(otherwise, section, faults);
        }
        ZoneSetting::InColumn(ColumnZone { column, otherwise }) => {
            if let Some(found) = is_stored(source, "time_zone", column, faults)
                && found.kind != Kind::Text
            {
                let message = format!("`time_zone` names a column that is no text: `{column}`");
                faults.at(section, "time_zone", message, "set `type = \"text\"` for it");
            }
            if let Some(otherwise) = otherwise {
                name(otherwise, section, faults);
            }
        }
    }
}

/// A zone that is not known.
fn name(zone: &str, section: &str, faults: &mut Faults) {
    if Zone::named(zone).is_none() {
        faults.at(section, "time_zone", format!("there is no time zone `{zone}`"), HELP);
    }
}
