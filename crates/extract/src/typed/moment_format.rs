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

/// A pair of formats of which the later one reads what the earlier one writes as another day.
///
/// Nothing says which of the two a text follows, so a list must not have both.
pub(crate) fn rival(formats: &[String]) -> Option<(&str, &str)> {
    // Day, month and year of the century are all different and could each stand for another.
    let sample = date(2010, 11, 12).at(9, 8, 7, 0).in_tz("UTC").expect("UTC has every moment");
    let patterns = || formats.iter().filter(|format| !WORDS.contains(&format.as_str()));
    patterns().enumerate().find_map(|(place, earlier)| {
        let text = strtime::format(earlier, &sample).ok()?;
        let day = |format: &String| {
            MomentReader::new(std::slice::from_ref(format), Zone::Utc).date(text.as_bytes())
        };
        let own = day(earlier).ok()?;
        let later =
            patterns().skip(place + 1).find(|later| day(later).is_ok_and(|day| day != own))?;
        Some((earlier.as_str(), later.as_str()))
    })
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

    #[test]
    fn day_first_and_month_first_are_not_guessed() {
        let rival = |formats: [&str; 2]| rival(&formats.map(ToOwned::to_owned)).is_some();
        assert!(rival(["%d/%m/%Y", "%m/%d/%Y"]));
        assert!(rival(["%d.%m.%y %H:%M", "%y.%m.%d %H:%M"]));
        assert!(!rival(["%d/%m/%Y", "%d.%m.%Y"]));
        assert!(!rival(["%d/%m/%Y %H:%M", "%d/%m/%Y %I:%M %p"]));
        assert!(!rival(["%Y-%m-%d", "excel"]));
    }
}
