//! What a file delivers: its own name, or the period that its source finds in the name.

use std::path::Path;

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use regex::Regex;

use crate::source::Source;

/// Tells what files of one source deliver.
#[derive(Debug)]
pub struct Deliveries(Option<Regex>);

impl Deliveries {
    /// What the files of a source deliver.
    pub fn of(source: &Source) -> Self {
        Self(source.delivery.as_deref().and_then(|pattern| Regex::new(pattern).ok()))
    }

    /// What a file delivers; a later file of the same replaces it.
    pub fn of_file(&self, file: &Path) -> String {
        let path = file.to_string_lossy();
        self.period(&path).unwrap_or(&path).to_owned()
    }

    fn period<'p>(&self, path: &'p str) -> Option<&'p str> {
        let found = self.0.as_ref()?.captures(path)?;
        found.get(1).or_else(|| found.get(0)).map(|period| period.as_str())
    }

    /// The day that a file's period names; `None` where it names none, or a longer time.
    pub(crate) fn day_of(&self, file: &Path) -> Option<Date> {
        let digits = self.digits(file)?;
        if digits.len() < 8 {
            return None;
        }
        let part = |range: std::ops::Range<usize>| digits[range].parse::<i8>().ok();
        Date::new(digits[..4].parse().ok()?, part(4..6)?, part(6..8)?).ok()
    }

    fn digits(&self, file: &Path) -> Option<String> {
        let path = file.to_string_lossy();
        Some(self.period(&path)?.chars().filter(char::is_ascii_digit).collect())
    }

    /// The instant a snapshot was taken at, in microseconds: midnight in UTC where the name states no time.
    pub fn taken_at(&self, file: &Path) -> Option<i64> {
        let digits = self.digits(file)?;
        let part = |range: std::ops::Range<usize>, missing: i8| match digits.get(range) {
            Some(text) => text.parse().ok(),
            None => Some(missing),
        };
        if !matches!(digits.len(), 6 | 8 | 10 | 12 | 14) {
            return None;
        }
        let year = digits[..4].parse().ok()?;
        let (month, day) = (part(4..6, 1)?, part(6..8, 1)?);
        let (hour, minute, second) = (part(8..10, 0)?, part(10..12, 0)?, part(12..14, 0)?);
        let moment = DateTime::new(year, month, day, hour, minute, second, 0).ok()?;
        let instant: Timestamp = moment.to_zoned(jiff::tz::TimeZone::UTC).ok()?.timestamp();
        Some(instant.as_microsecond())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn deliveries(pattern: &str) -> Deliveries {
        Deliveries(Some(Regex::new(pattern).unwrap()))
    }

    #[test]
    fn files_of_the_same_period_deliver_the_same() {
        let by_day = deliveries(r"tickets_(\d{4}-\d{2}-\d{2})");
        assert_eq!(by_day.of_file(Path::new("new/tickets_2026-05-01_corrected.csv")), "2026-05-01");
        assert_eq!(by_day.of_file(Path::new("other.csv")), "other.csv");
        assert_eq!(Deliveries(None).of_file(Path::new("a/b.csv")), "a/b.csv");
    }

    // Expected: `date -u -d ... +%s`.
    #[test]
    fn a_snapshot_is_taken_when_its_name_says() {
        let taken = |pattern: &str, file: &str| deliveries(pattern).taken_at(Path::new(file));
        assert_eq!(
            taken(r"(\d{4}-\d{2}-\d{2})", "accounts_2026-05-01.csv"),
            Some(1_777_593_600_000_000)
        );
        assert_eq!(taken(r"(\d{6})", "accounts_202605.csv"), Some(1_777_593_600_000_000));
        assert_eq!(
            taken(r"_(\d{8}T\d{6})Z", "accounts_20260501T063000Z.csv"),
            Some(1_777_617_000_000_000)
        );
        assert_eq!(taken(r"(\d{4}-\d{2}-\d{2})", "accounts_2026-02-30.csv"), None, "no such day");
        assert_eq!(taken(r"(\d+)", "accounts_7.csv"), None);
    }
}
