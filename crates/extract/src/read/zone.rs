//! The zone of the timestamps of one file.

use std::borrow::Cow;
use std::collections::BTreeSet;

use regex::Regex;

use crate::refusal::truncate::shortened;
use crate::refusal::{ReadError, Refusal};
use crate::source::{Column, HeaderZone, Kind, Source, ZoneSetting};
use crate::typed::Zone;

/// The source as one file is read: each timestamp with the zone that its own column, the file or the source names.
///
/// - `text_above`: reads what stands above the rows of the file; `None` where it is no text.
///
/// # Errors
///
/// [`Refusal::HeaderZone`] when the file names a zone that is not known, or several; why it cannot be read.
pub(super) fn resolved(
    source: &Source,
    text_above: impl FnOnce(&Source) -> Result<Option<String>, ReadError>,
) -> Result<Cow<'_, Source>, ReadError> {
    let is_timestamp = |column: &&Column| column.kind == Kind::Timestamp;
    let own = source.columns.values().filter(is_timestamp).filter_map(|it| it.time_zone.as_ref());
    let is_in_header = |zone: &ZoneSetting| matches!(zone, ZoneSetting::InHeader(_));
    if source.time_zone.is_none() && !own.clone().any(is_in_header) {
        return Ok(Cow::Borrowed(source));
    }
    let above = if own.chain(&source.time_zone).any(is_in_header) {
        text_above(source)?.unwrap_or_default()
    } else {
        String::new()
    };
    let mut resolved = source.clone();
    for column in resolved.columns.values_mut().filter(|column| column.kind == Kind::Timestamp) {
        let zone = column.time_zone.take().or_else(|| source.time_zone.clone());
        column.time_zone = zone.map(|zone| in_file(zone, &above)).transpose()?;
    }
    Ok(Cow::Owned(resolved))
}

/// A zone as the file has it, whose text above the rows is given.
fn in_file(zone: ZoneSetting, above: &str) -> Result<ZoneSetting, Refusal> {
    match zone {
        ZoneSetting::InHeader(header) => named_in(&header, above).map(ZoneSetting::Named),
        ZoneSetting::Named(_) | ZoneSetting::InColumn(_) => Ok(zone),
    }
}

/// The zone that a text names.
fn named_in(zone: &HeaderZone, text: &str) -> Result<String, Refusal> {
    let Ok(pattern) = Regex::new(&zone.header) else { return Ok(zone.otherwise.clone()) };
    let found = pattern.captures_iter(text).filter_map(|found| Some(found.get(1)?.as_str()));
    let found: BTreeSet<&str> = found.collect();
    match found.first() {
        None => Ok(zone.otherwise.clone()),
        Some(name) if found.len() == 1 && Zone::named(name).is_some() => Ok((*name).to_owned()),
        Some(_) => Err(Refusal::HeaderZone(found.into_iter().map(shortened).collect())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // The third header row of a Qualtrics export.
    #[test]
    fn a_zone_is_found_above_the_rows_or_is_the_other_one() {
        let header = HeaderZone {
            header: r#"timeZone"+:"+([^"]+)"#.into(),
            otherwise: "Europe/Berlin".into(),
        };
        let found = |zones: &[&str]| {
            let cell = |zone: &&str| {
                format!(r#""{{""ImportId"":""startDate"",""timeZone"":""{zone}""}}""#)
            };
            let cells: Vec<String> = zones.iter().map(cell).collect();
            named_in(&header, &format!("StartDate,EndDate\n{}\n", cells.join(",")))
        };
        assert_eq!(found(&["America/Denver", "America/Denver"]).unwrap(), "America/Denver");
        assert_eq!(found(&[]).unwrap(), "Europe/Berlin");
        for zones in [&["America/Denver", "UTC"][..], &["Mountain Time"]] {
            let refused = found(zones).unwrap_err();
            assert!(refused.to_string().contains(zones[0]), "{refused}");
        }
    }
}
