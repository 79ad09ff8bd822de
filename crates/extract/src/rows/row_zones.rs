//! Times on clocks that their rows name, put into UTC.

use std::collections::HashMap;

use scorewright_domain::Reason;

use crate::source::{Column, ColumnZone, Source, ZoneSetting};
use crate::typed::{TypedColumn, Zone};

/// The columns of a block whose rows name the clock they are on.
pub(crate) struct RowZones {
    columns: Vec<ZonedColumn>,
    /// Zones by their names; `None` for a name that is not known.
    known: HashMap<Vec<u8>, Option<Zone>>,
}

/// A column of timestamps, and the column with their zones.
struct ZonedColumn {
    moments: usize,
    zones: usize,
    otherwise: Option<Zone>,
    /// As it is declared.
    column: Column,
}

impl RowZones {
    /// Of a source that has been verified.
    pub(crate) fn of(source: &Source) -> Self {
        let place = |name: &str| source.stored().position(|(stored, _)| stored == name);
        let zoned = |(moments, (_, column)): (usize, (&str, &Column))| match &column.time_zone {
            Some(ZoneSetting::InColumn(ColumnZone { column: zones, otherwise })) => {
                Some(ZonedColumn {
                    moments,
                    zones: place(zones)?,
                    otherwise: otherwise.as_deref().and_then(Zone::written),
                    column: column.clone(),
                })
            }
            Some(ZoneSetting::Named(_) | ZoneSetting::InHeader(_)) | None => None,
        };
        let columns = source.stored().enumerate().filter_map(zoned).collect();
        Self { columns, known: HashMap::new() }
    }

    /// Puts the times of a row into UTC; the first column at fault, and why.
    pub(crate) fn resolve(
        &mut self,
        columns: &mut [TypedColumn],
        row: usize,
    ) -> Option<(usize, Reason)> {
        for zoned in &self.columns {
            if !columns[zoned.moments].takes_zone_of_row(row) {
                continue;
            }
            let zone = match columns[zoned.zones].text(row) {
                Some(text) => named(&mut self.known, text),
                None => zoned.otherwise.clone(),
            };
            let Some(zone) = zone else { return Some((zoned.zones, Reason::UnknownTimeZone)) };
            let shifted = columns[zoned.moments].shift_to_utc(row, &zone.with_rules(&zoned.column));
            if let Err(reason) = shifted {
                return Some((zoned.moments, reason));
            }
        }
        None
    }
}

fn named(known: &mut HashMap<Vec<u8>, Option<Zone>>, text: &[u8]) -> Option<Zone> {
    if let Some(zone) = known.get(text) {
        return zone.clone();
    }
    let name = std::str::from_utf8(text).ok();
    let zone = name.and_then(|name| Zone::written(name.trim()));
    known.insert(text.to_vec(), zone.clone());
    zone
}
