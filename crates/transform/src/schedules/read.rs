//! The schedules read and verified, each slip shown where it is written.

use std::collections::BTreeMap;
use std::ops::Range;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use scorewright_domain::{DayWindow, Fault, ProjectFile, Schedule, ScheduleTerm};
use toml::Spanned;

use super::schedules_file::{ScheduleFile, SchedulesFile};
use super::windows;

/// One entry, verified as far as it stands alone.
struct Entry<'a> {
    written: &'a ScheduleFile,
    term: ScheduleTerm,
    /// Where its holidays and part days stand.
    day_spans: BTreeMap<Date, Range<usize>>,
}

/// Reads `schedules.toml`: schedules by name.
///
/// - `time_zone`: that of the project, for schedules that name none.
///
/// # Errors
///
/// A [`Fault`] of each name whose entries cannot hold: an unknown zone, windows that overlap, two entries from the same
/// day, a holiday at a time for which another entry holds.
pub fn read_schedules(
    file: &ProjectFile,
    time_zone: &str,
) -> Result<BTreeMap<String, Schedule>, Vec<Fault>> {
    let written: SchedulesFile = file.toml().map_err(|fault| vec![fault])?;
    let mut by_name: BTreeMap<&str, Vec<Entry>> = BTreeMap::new();
    let mut faults = Vec::new();
    for entry in &written.schedule {
        match entry_of(entry, file) {
            Ok(entry) => by_name.entry(entry.written.name.get_ref()).or_default().push(entry),
            Err(fault) => faults.push(fault),
        }
    }
    let mut schedules = BTreeMap::new();
    for (name, entries) in by_name {
        match schedule(entries, time_zone, file) {
            Ok(schedule) => drop(schedules.insert(name.to_owned(), schedule)),
            Err(fault) => faults.push(fault),
        }
    }
    if faults.is_empty() { Ok(schedules) } else { Err(faults) }
}

fn entry_of<'a>(written: &'a ScheduleFile, file: &ProjectFile) -> Result<Entry<'a>, Fault> {
    if written.name.get_ref().trim().is_empty() {
        let fault = file.fault(Some(written.name.span()), "a schedule needs a name");
        return Err(fault.help("SQL names it: business_seconds(opened_at, solved_at, 'support')"));
    }
    let (days, day_spans) = days(written, file)?;
    let from = written.from.as_ref().map(|from| from.get_ref().0);
    let term = ScheduleTerm { from, week: windows::of_week(written.week(), file)?, days };
    Ok(Entry { written, term, day_spans })
}

/// Windows by day.
type Days = BTreeMap<Date, Vec<DayWindow>>;

/// Holidays and part days, and where they stand.
fn days(
    written: &ScheduleFile,
    file: &ProjectFile,
) -> Result<(Days, BTreeMap<Date, Range<usize>>), Fault> {
    let (mut days, mut spans) = (Days::new(), BTreeMap::new());
    for holiday in &written.holidays {
        let day = holiday.get_ref().0;
        days.insert(day, Vec::new());
        if spans.insert(day, holiday.span()).is_some() {
            return Err(twice(day, holiday.span(), file));
        }
    }
    for (key, hours) in &written.part_days {
        let day: Date = key.get_ref().parse().map_err(|_| {
            let message = format!("`{}` is not a day such as 2026-12-24", key.get_ref());
            file.fault(Some(key.span()), message)
        })?;
        days.insert(day, windows::of_day(hours, file)?);
        if spans.insert(day, key.span()).is_some() {
            return Err(twice(day, key.span(), file));
        }
    }
    Ok((days, spans))
}

fn twice(day: Date, span: Range<usize>, file: &ProjectFile) -> Fault {
    let fault = file.fault(Some(span), format!("{day} is written twice"));
    fault.help("a day is a holiday, or a part day with hours of its own")
}

/// One schedule of all entries of its name.
fn schedule(
    mut entries: Vec<Entry<'_>>,
    time_zone: &str,
    file: &ProjectFile,
) -> Result<Schedule, Fault> {
    entries.sort_by_key(|entry| entry.term.from);
    verify_order(&entries, file)?;
    verify_days(&entries, file)?;
    let time_zone = zone(&entries, time_zone, file)?;
    let terms: Vec<ScheduleTerm> = entries.into_iter().map(|entry| entry.term).collect();
    Ok(Schedule { time_zone, terms })
}

/// The first entry holds from the beginning, each other one from a day of its own; one of them must have hours.
fn verify_order(entries: &[Entry<'_>], file: &ProjectFile) -> Result<(), Fault> {
    let name = |entry: &Entry<'_>| entry.written.name.get_ref().clone();
    let first = &entries[0];
    if let Some(from) = &first.written.from {
        let message = format!("no hours hold before {} for `{}`", from.get_ref().0, name(first));
        let fault = file.fault(Some(from.span()), message);
        return Err(
            fault.help("the first entry of a name has no `from`: it holds from the beginning")
        );
    }
    if let Some(two) = entries.windows(2).find(|two| two[0].term.from == two[1].term.from) {
        let message = format!("two entries of `{}` begin at the same time", name(&two[1]));
        let written = two[1].written;
        let place = written.from.as_ref().map_or(written.name.span(), Spanned::span);
        let fault = file.fault(Some(place), message);
        return Err(fault.help("give the later one the day from which it holds: from = 2026-07-01"));
    }
    let has_hours = |entry: &Entry<'_>| {
        entry.term.week.iter().chain(entry.term.days.values()).any(|windows| !windows.is_empty())
    };
    if !entries.iter().any(has_hours) {
        let message = format!("`{}` is never open", name(first));
        let fault = file.fault(Some(first.written.name.span()), message);
        return Err(fault.help("give the weekdays their hours: monday = [\"09:00-17:00\"]"));
    }
    Ok(())
}

/// Holidays and part days lie in the time for which their entry holds.
fn verify_days(entries: &[Entry<'_>], file: &ProjectFile) -> Result<(), Fault> {
    for (position, entry) in entries.iter().enumerate() {
        let until = entries.get(position + 1).and_then(|next| next.term.from);
        let is_outside = |day: &Date| {
            entry.term.from.is_some_and(|from| *day < from)
                || until.is_some_and(|until| *day >= until)
        };
        if let Some((day, span)) = entry.day_spans.iter().find(|(day, _)| is_outside(day)) {
            let message = format!("{day} is outside the time for which this entry holds");
            let fault = file.fault(Some(span.clone()), message);
            return Err(fault.help("write it into the entry that holds on that day"));
        }
    }
    Ok(())
}

/// The one zone of a schedule.
fn zone(entries: &[Entry<'_>], of_project: &str, file: &ProjectFile) -> Result<String, Fault> {
    let mut named = entries.iter().filter_map(|entry| entry.written.time_zone.as_ref());
    let Some(first) = named.next() else { return Ok(of_project.to_owned()) };
    if let Some(other) = named.find(|other| other.get_ref() != first.get_ref()) {
        let message = format!("a schedule has one zone: `{}` is another one", other.get_ref());
        let fault = file.fault(Some(other.span()), message);
        return Err(fault.help("hours in another zone are another schedule, with another name"));
    }
    if TimeZone::get(first.get_ref()).is_err() {
        let message = format!("there is no time zone `{}`", first.get_ref());
        let fault = file.fault(Some(first.span()), message);
        return Err(
            fault.help("write it as the tz database does: Europe/Berlin, America/New_York, UTC")
        );
    }
    Ok(first.get_ref().clone())
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn read(text: &str) -> Result<BTreeMap<String, Schedule>, Vec<Fault>> {
        read_schedules(&ProjectFile::new("pipelines/schedules.toml", text), "Europe/Berlin")
    }

    /// Message, line and help of the one fault.
    fn refused(text: &str) -> (String, String, String) {
        let faults = read(text).unwrap_err();
        let [fault] = &faults[..] else { panic!("{faults:?}") };
        let help = fault.help_text().unwrap_or_default().to_owned();
        (fault.message().to_owned(), fault.position(), help)
    }

    const SUPPORT: &str = r#"[[schedule]]
name = "support"
monday = ["09:00-12:00", "13:00-17:00"]
friday = ["22:00-06:00"]
holidays = ["2026-12-25", 2026-12-26]
[schedule.part_days]
2026-12-24 = ["09:00-12:00"]
"#;

    const LATER: &str = r#"
[[schedule]]
name = "support"
from = 2027-01-01
saturday = ["00:00-24:00"]
"#;

    #[test]
    fn a_schedule_has_its_weekdays_its_days_and_its_changes() {
        let schedules = read(&format!("{SUPPORT}{LATER}")).unwrap();
        let support = &schedules["support"];
        assert_eq!(support.time_zone, "Europe/Berlin");
        let shown = |day| {
            support.windows(day).iter().map(ToString::to_string).collect::<Vec<_>>().join(" ")
        };
        assert_eq!(shown(date(2026, 6, 1)), "09:00-12:00 13:00-17:00");
        assert_eq!(shown(date(2026, 12, 24)), "09:00-12:00");
        assert_eq!(shown(date(2026, 12, 25)), "", "a holiday on a Friday");
        assert_eq!(shown(date(2027, 1, 2)), "00:00-24:00");
        assert_eq!(shown(date(2027, 1, 4)), "");
        assert!(read("").unwrap().is_empty());
    }

    #[test]
    fn a_slip_is_refused_where_it_is() {
        let with = |line: &str| format!("{SUPPORT}{LATER}{line}\n");
        for (text, message, line) in [
            (with("tusday = []"), "unknown key `tusday`", 13),
            (
                with("sunday = [\"05:00-04:00\", \"01:00-02:00\"]\nmonday = [\"03:00-09:00\"]"),
                "the windows 05:00-04:00 and 03:00-09:00 overlap",
                14,
            ),
            (
                with("sunday = [\"10:00-12:00\", \"09:00-11:00\"]"),
                "the windows 09:00-11:00 and 10:00-12:00 overlap",
                13,
            ),
            (with("time_zone = \"Europe/Berln\""), "there is no time zone `Europe/Berln`", 13),
            (
                with("holidays = [\"2026-06-01\"]"),
                "2026-06-01 is outside the time for which this entry holds",
                13,
            ),
            (
                with("holidays = [\"2027-06-01\", \"2027-06-01\"]"),
                "2027-06-01 is written twice",
                13,
            ),
            (SUPPORT.replace("2026-12-24 =", "2026-12-25 ="), "2026-12-25 is written twice", 7),
            (LATER.to_owned(), "no hours hold before 2027-01-01 for `support`", 4),
            (format!("{SUPPORT}{SUPPORT}"), "two entries of `support` begin at the same time", 9),
            ("[[schedule]]\nname = \"night\"\n".to_owned(), "`night` is never open", 2),
        ] {
            let (said, position, help) = refused(&text);
            assert_eq!(said, message, "{text}");
            assert_eq!(position, format!("pipelines/schedules.toml:{line}"), "{text}");
            assert!(!help.is_empty() || said.contains("Berln"), "{said}");
        }
    }

    #[test]
    fn a_window_that_is_none_is_shown_with_its_line() {
        let (message, position, _) = refused("[[schedule]]\nname = \"a\"\nmonday = [\"9-17\"]\n");
        assert!(message.starts_with("`9-17` is no window of a day"), "{message}");
        assert_eq!(position, "pipelines/schedules.toml:3");
    }
}
