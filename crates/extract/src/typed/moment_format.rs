//! Whether the formats of a column can be used, known before any file is read.

use jiff::civil::{DateTime, date};
use jiff::fmt::strtime::{self, BrokenDownTime};

use super::calendar::Zone;
use super::moment::MomentReader;

/// Formats that are words, not patterns.
const WORDS: [&str; 4] = ["iso", "excel", "epoch_seconds", "epoch_milliseconds"];

/// Why a format cannot be used for timestamps, or for dates when it has no time; `None` when it can.
///
/// Proven by writing a sample moment in the format and reading it back.
pub(crate) fn fault(format: &str, has_time: bool) -> Option<String> {
    if WORDS.contains(&format) {
        let is_instant = format.starts_with("epoch");
        return (is_instant && !has_time).then(|| {
            "it counts instants, and which day an instant is on depends on the zone: declare a timestamp"
                .into()
        });
    }
    if !format.contains('%') {
        return Some(format!("it is neither a strptime pattern nor one of {}", WORDS.join(", ")));
    }
    if format.contains("%p") && ["%H", "%k", "%R", "%T"].iter().any(|hour| format.contains(hour)) {
        return Some("`%p` belongs to a clock of 12 hours, whose hour is `%I`".into());
    }
    let sample = date(2026, 11, 22).at(21, 43, 0, 0).in_tz("UTC").expect("UTC has every moment");
    let text = match strtime::format(format, &sample) {
        Ok(text) => text,
        Err(error) => return Some(error.to_string()),
    };
    let parts = match strtime::parse(format, &text) {
        Ok(parts) => parts,
        Err(error) => return Some(error.to_string()),
    };
    lacks(&parts, sample.datetime(), has_time).map(ToOwned::to_owned)
}

fn lacks(parts: &BrokenDownTime, sample: DateTime, has_time: bool) -> Option<&'static str> {
    if parts.timestamp().is_some() {
        return None;
    }
    if parts.to_date().ok() != Some(sample.date()) {
        return Some("it does not say year, month and day");
    }
    let is_time = parts.to_time().is_ok_and(|time| (time.hour(), time.minute()) == (21, 43));
    (has_time && !is_time).then_some("it does not say hour and minute")
}

/// What stands first in a date of numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum DateOrder {
    Day,
    Month,
    Year,
}

impl DateOrder {
    /// The order of a format whose month is a number; `None` where it has a name, and for words.
    fn of(format: &str) -> Option<Self> {
        let place = |letters: &[&str]| letters.iter().filter_map(|it| format.find(it)).min();
        let (day, month) = (place(&["%d", "%e", "%D"])?, place(&["%m", "%D"])?);
        let year = place(&["%Y", "%y", "%D"])?;
        Some(match () {
            () if year < day && year < month => Self::Year,
            () if day < month => Self::Day,
            () => Self::Month,
        })
    }
}

/// Pairs of formats of which the later one reads what the earlier one writes as another day.
fn rivals(formats: &[String]) -> Vec<(&str, &str)> {
    // Day, month and year of the century are all different and could each stand for another.
    let sample = date(2010, 11, 12).at(9, 8, 7, 0).in_tz("UTC").expect("UTC has every moment");
    let patterns: Vec<&String> =
        formats.iter().filter(|format| !WORDS.contains(&format.as_str())).collect();
    let mut found = Vec::new();
    for (place, earlier) in patterns.iter().enumerate() {
        let Ok(text) = strtime::format(earlier, &sample) else { continue };
        let day = |format: &String| {
            MomentReader::new(std::slice::from_ref(format), Zone::Utc).date(text.as_bytes())
        };
        let Ok(own) = day(earlier) else { continue };
        let later =
            patterns[place + 1..].iter().filter(|later| day(later).is_ok_and(|it| it != own));
        found.extend(later.map(|later| (earlier.as_str(), later.as_str())));
    }
    found
}

/// Two formats that read one text as two days and that no order of day and month tells apart.
///
/// No file can say which of the two its dates follow, so a list must not have both.
pub(crate) fn rival(formats: &[String]) -> Option<(&str, &str)> {
    let order = DateOrder::of;
    rivals(formats).into_iter().find(|(one, other)| {
        order(one).is_none() || order(other).is_none() || order(one) == order(other)
    })
}

/// The formats that a column has under each order of day and month that is possible; none when they do not differ.
pub(crate) fn orders(formats: &[String]) -> Vec<(DateOrder, Vec<String>)> {
    let rivals = rivals(formats);
    let mut orders: Vec<DateOrder> = Vec::new();
    for format in formats {
        let is_rival = rivals.iter().any(|(one, other)| one == format || other == format);
        orders.extend(DateOrder::of(format).filter(|order| is_rival && !orders.contains(order)));
    }
    let fits = |format: &&String, order: DateOrder| {
        DateOrder::of(format).is_none_or(|own| own == order || !orders.contains(&own))
    };
    let under = |order: &DateOrder| {
        (*order, formats.iter().filter(|format| fits(format, *order)).cloned().collect())
    };
    orders.iter().map(under).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_format_must_say_a_whole_moment() {
        for format in ["%d/%m/%Y %H:%M", "%s", "%d/%b/%y %I:%M %p", "excel", "epoch_seconds", "iso"]
        {
            assert_eq!(fault(format, true), None, "{format}");
        }
        for (format, why) in [
            ("%d/%m/%Y", "no time of day"),
            ("%d/%m %H:%M", "no year"),
            ("%K", "no such directive"),
            ("%Y-%m-%d %H:%M %Z", "abbreviations name no zone"),
            ("%d/%m/%Y %I:%M", "half a clock"),
            ("%d/%m/%Y %H:%M %p", "two clocks"),
            ("dd/mm/yyyy", "no pattern"),
        ] {
            assert!(fault(format, true).is_some(), "{format}: {why}");
        }
        assert_eq!(fault("%d/%m/%Y", false), None);
        assert_eq!(fault("excel", false), None);
        assert!(
            fault("epoch_seconds", false).is_some(),
            "the day of an instant depends on the zone"
        );
    }

    fn owned(formats: &[&str]) -> Vec<String> {
        formats.iter().map(|format| (*format).to_owned()).collect()
    }

    #[test]
    fn formats_of_two_orders_are_told_apart_by_their_order() {
        let formats = owned(&["%d/%m/%Y %H:%M", "iso", "%m/%d/%Y %H:%M", "%m/%d/%y %I:%M %p"]);
        let under = orders(&formats);
        assert_eq!(rival(&formats), None);
        assert_eq!(
            under,
            [
                (DateOrder::Day, owned(&["%d/%m/%Y %H:%M", "iso"])),
                (DateOrder::Month, owned(&["iso", "%m/%d/%Y %H:%M", "%m/%d/%y %I:%M %p"])),
            ]
        );
        let short = orders(&owned(&["%d.%m.%y %H:%M", "%y.%m.%d %H:%M"]));
        assert_eq!(short.len(), 2);
        for alike in [
            ["%d/%m/%Y", "%d.%m.%Y"],
            ["%d/%m/%Y %H:%M", "%d/%m/%Y %I:%M %p"],
            ["%Y-%m-%d", "excel"],
            ["%d/%b/%Y", "%m/%d/%Y"],
        ] {
            assert_eq!(orders(&owned(&alike)), [], "{alike:?}");
        }
    }

    #[test]
    fn formats_that_differ_by_more_than_their_order_are_rivals() {
        assert!(rival(&owned(&["%y%m%d", "%d%m%y"])).is_none(), "two orders");
        assert!(rival(&owned(&["%d/%m/%Y", "%d/%y/%m"])).is_none(), "a year has four digits");
        assert!(rival(&owned(&["%d/%m/%y", "%d/%y/%m"])).is_some());
    }
}
