//! Proves the zones of a source.

use regex::Regex;

use super::faults::Faults;
use crate::source::{Source, SourceZone};
use crate::typed::Zone;

const HELP: &str = "use a name of the IANA database: UTC, Europe/Berlin, America/New_York";

/// Every fault of the zone of all columns.
pub(super) fn check(source: &Source, faults: &mut Faults) {
    let zone = match &source.time_zone {
        None => return,
        Some(SourceZone::Named(name)) => name,
        Some(SourceZone::InHeader(zone)) => {
            let has_group = Regex::new(&zone.header).is_ok_and(|it| it.captures_len() > 1);
            if !has_group {
                let message = "`header` is not a regular expression with a group";
                let help = "its first group finds the zone: 'timeZone\"+:\"+([^\"]+)'";
                faults.at("", "time_zone", message, help);
            }
            &zone.otherwise
        }
    };
    name(zone, "", faults);
}

/// A zone that is not known.
pub(super) fn name(zone: &str, section: &str, faults: &mut Faults) {
    if Zone::named(zone).is_none() {
        faults.at(section, "time_zone", format!("there is no time zone `{zone}`"), HELP);
    }
}
