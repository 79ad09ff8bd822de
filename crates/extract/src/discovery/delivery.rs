//! What a file delivers: its own name, or the period that its source finds in the name; and which of two is later.

use std::path::Path;

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use regex::Regex;

use crate::source::{Delivered, Source};

/// Tells what files of one source deliver.
#[derive(Debug)]
pub struct Deliveries {
    period: Option<Regex>,
    /// Finds the numbers that say which file is later.
    order: Option<Regex>,
}

impl Deliveries {
    /// What the files of a source deliver.
    pub fn of(source: &Source) -> Self {
        let order = match &source.delivered {
            Some(Delivered::Name(pattern)) => Some(pattern.as_str()),
            Some(Delivered::FirstSeen | Delivered::Column(_)) | None => None,
        };
        let [period, order] =
            [source.delivery.as_deref(), order].map(|pattern| Regex::new(pattern?).ok());
        Self { period, order }
    }

    /// What a file delivers; a file of the same that was delivered later replaces it.
    pub fn of_file(&self, file: &Path) -> String {
        let path = file.to_string_lossy();
        self.period(&path).unwrap_or(&path).to_owned()
    }

    fn period<'p>(&self, path: &'p str) -> Option<&'p str> {
        let found = self.period.as_ref()?.captures(path)?;
        found.get(1).or_else(|| found.get(0)).map(|period| period.as_str())
    }

    /// Whether names say which file is later.
    pub fn are_in_names(&self) -> bool {
        self.order.is_some()
    }

    /// The numbers in a file's name that say how late it is; `None` where it does not fit the pattern.
    pub fn order_of(&self, file: &Path) -> Option<Vec<u64>> {
        let path = file.to_string_lossy();
        Some(self.groups(&path)?.into_iter().flat_map(numbers).collect())
    }

    /// What the groups of the pattern find in a path: year, month and day first, where they have these names.
    fn groups<'p>(&self, path: &'p str) -> Option<Vec<&'p str>> {
        const FIRST: [&str; 3] = ["year", "month", "day"];
        let pattern = self.order.as_ref()?;
        let groups = pattern.captures(path)?;
        let is_first = |name: Option<&str>| name.is_some_and(|name| FIRST.contains(&name));
        let named = FIRST.iter().filter_map(|name| groups.name(name));
        let others = pattern.capture_names().zip(groups.iter()).skip(1);
        let others = others.filter(|(name, _)| !is_first(*name)).filter_map(|(_, group)| group);
        Some(named.chain(others).map(|group| group.as_str()).collect())
    }

    /// The day of delivery that the groups `year`, `month` and `day` find in a file's name.
    pub fn named_day(&self, file: &Path) -> Option<Date> {
        let path = file.to_string_lossy();
        let groups = self.order.as_ref()?.captures(&path)?;
        let number = |name: &str| groups.name(name)?.as_str().parse::<i16>().ok();
        let (month, day) = (number("month")?, number("day")?);
        Date::new(number("year")?, month.try_into().ok()?, day.try_into().ok()?).ok()
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
        let moment = moment(&self.digits(file)?)?;
        let instant: Timestamp = moment.to_zoned(jiff::tz::TimeZone::UTC).ok()?.timestamp();
        Some(instant.as_microsecond())
    }

    /// The day or moment of delivery that a file's name states: by what says which is later, else by its period.
    pub fn moment_of(&self, file: &Path) -> Option<DateTime> {
        if !self.are_in_names() {
            return moment(&self.digits(file)?);
        }
        let path = file.to_string_lossy();
        let groups = self.groups(&path)?;
        let padded = groups.iter().map(|group| format!("{group:0>2}")).collect::<String>();
        let digits: String = padded.chars().filter(char::is_ascii_digit).collect();
        moment(&digits).filter(|at| at.year() >= 1970)
    }
}

/// The moment that digits state, from its year on.
fn moment(digits: &str) -> Option<DateTime> {
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
    DateTime::new(year, month, day, hour, minute, second, 0).ok()
}

/// The runs of digits in a text; of a longer one than a number holds, the largest number.
fn numbers(text: &str) -> impl Iterator<Item = u64> {
    let runs = text.split(|letter: char| !letter.is_ascii_digit()).filter(|run| !run.is_empty());
    runs.map(|run| run.parse().unwrap_or(u64::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn deliveries(pattern: &str) -> Deliveries {
        Deliveries { period: Some(Regex::new(pattern).unwrap()), order: None }
    }

    #[test]
    fn numbers_in_names_say_which_file_is_later() {
        let in_order = |pattern: &str, files: &[&str]| {
            let deliveries = Deliveries { period: None, order: Some(Regex::new(pattern).unwrap()) };
            let orders: Vec<Option<Vec<u64>>> =
                files.iter().map(|file| deliveries.order_of(Path::new(file))).collect();
            orders.iter().all(Option::is_some) && orders.is_sorted() && orders[0] != orders[1]
        };
        assert!(in_order(r"_(\d+)\.csv", &["x_9.csv", "x_10.csv"]));
        assert!(in_order(r"x(?: \((\d+)\))?\.csv", &["x.csv", "x (1).csv", "x (10).csv"]));
        assert!(in_order(r"(\d{4}-\d{2}-\d{2})", &["x_2025-12-31.csv", "a_2026-01-01.csv"]));
        assert!(in_order(
            r"(?<day>\d+)\.(?<month>\d+)\.(?<year>\d+)",
            &["31.12.2025", "01.01.2026"]
        ));
        assert!(in_order(r"(?<month>\d\d)(?<day>\d\d)_v(\d)", &["0131_v2", "0201_v1"]));
        assert!(!in_order(r"_(\d+)", &["x_9.csv", "x.csv"]), "one does not fit");
    }

    #[test]
    fn groups_of_a_name_state_the_day_of_delivery() {
        let day = |pattern: &str, file: &str| {
            let deliveries = Deliveries { period: None, order: Some(Regex::new(pattern).unwrap()) };
            deliveries.named_day(Path::new(file)).map(|day| day.to_string())
        };
        let pattern = r"(?<day>\d+)\.(?<month>\d+)\.(?<year>\d+)(?:_v(\d+))?";
        assert_eq!(day(pattern, "x_24.11.2026_v2.csv").as_deref(), Some("2026-11-24"));
        assert_eq!(day(pattern, "x_31.11.2026.csv"), None, "there is no such day");
        assert_eq!(day(r"(\d+)-(\d+)-(\d+)", "x_2026-11-24.csv"), None, "the groups have no names");
    }

    #[test]
    fn files_of_the_same_period_deliver_the_same() {
        let by_day = deliveries(r"tickets_(\d{4}-\d{2}-\d{2})");
        assert_eq!(by_day.of_file(Path::new("new/tickets_2026-05-01_corrected.csv")), "2026-05-01");
        assert_eq!(by_day.of_file(Path::new("other.csv")), "other.csv");
        let none = Deliveries { period: None, order: None };
        assert_eq!(none.of_file(Path::new("a/b.csv")), "a/b.csv");
    }

    #[test]
    fn a_name_states_a_day_or_a_moment_of_delivery() {
        let moment = |pattern: &str, file: &str| {
            let deliveries = Deliveries { period: None, order: Some(Regex::new(pattern).unwrap()) };
            deliveries.moment_of(Path::new(file)).map(|at| at.to_string())
        };
        let midnight = Some("2026-11-24T00:00:00".to_owned());
        assert_eq!(moment(r"_(\d{4}-\d{2}-\d{2})", "x_2026-11-24.csv"), midnight);
        assert_eq!(moment(r"(?<day>\d+)\.(?<month>\d+)\.(?<year>\d+)", "24.11.2026"), midnight);
        assert_eq!(
            moment(r"_(\d{8})T(\d{6})", "x_20261124T063005.csv").as_deref(),
            Some("2026-11-24T06:30:05")
        );
        assert_eq!(moment(r"_(\d+)", "x_17.csv"), None, "a number is no day");
        let by_period = deliveries(r"accounts_(\d{8})");
        let taken = by_period.moment_of(Path::new("accounts_20261124.csv"));
        assert_eq!(taken.map(|at| at.to_string()), midnight);
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
