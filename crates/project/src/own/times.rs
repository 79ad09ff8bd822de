//! Ways to read a column of days or times that a sample does not decide.

use toml_edit::{Array, DocumentMut, Item, Table, value};

use super::answers::DayOrder;

/// Ways to read a column of days or times.
pub(super) struct Times {
    kind: &'static str,
    formats: Vec<String>,
}

impl Times {
    /// The ways that readings say; `None` where one reads no times.
    pub(super) fn of(readings: &[String]) -> Option<Self> {
        let (mut kind, mut formats) = ("date", Vec::new());
        for reading in readings {
            let document: DocumentMut = reading.parse().ok()?;
            match document.get("type")?.as_str()? {
                "timestamp" => kind = "timestamp",
                "date" => {}
                _ => return None,
            }
            match document.get("format")? {
                Item::Value(toml_edit::Value::Array(all)) => {
                    formats.extend(all.iter().filter_map(|it| it.as_str().map(str::to_owned)));
                }
                one => formats.push(one.as_str()?.to_owned()),
            }
        }
        Some(Self { kind, formats })
    }

    /// Whether the day comes first in one of them and the month in another.
    pub(super) fn is_open(&self) -> bool {
        [DayOrder::DayFirst, DayOrder::MonthFirst]
            .iter()
            .all(|order| self.formats.iter().any(|format| order_of(format) == Some(*order)))
    }

    /// Lets a column be read in these ways, those of another order left out.
    pub(super) fn put(&self, table: &mut Table, order: Option<DayOrder>) {
        let is_wanted = |format: &&String| match (order_of(format), order) {
            (Some(found), Some(wanted)) => found == wanted,
            _ => true,
        };
        table["type"] = value(self.kind);
        table["format"] =
            Item::Value(self.formats.iter().filter(is_wanted).collect::<Array>().into());
    }
}

/// What comes first in a format that has both in digits, and no year before them.
fn order_of(format: &str) -> Option<DayOrder> {
    let place = |directive: &str| format.find(directive);
    let (day, month) = (place("%d")?, place("%m")?);
    let is_year_first = place("%Y").or(place("%y")).is_some_and(|year| year < day.min(month));
    match (is_year_first, day < month) {
        (true, _) => None,
        (false, true) => Some(DayOrder::DayFirst),
        (false, false) => Some(DayOrder::MonthFirst),
    }
}
