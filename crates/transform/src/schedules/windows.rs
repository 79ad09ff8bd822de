//! Windows of days and weeks, without overlaps.

use scorewright_domain::{DayWindow, Fault, ProjectFile};
use toml::Spanned;

use super::schedules_file::DayHours;

/// The windows of a day, in order.
///
/// # Errors
///
/// A [`Fault`] at the later of two that overlap.
pub(super) fn of_day(hours: &DayHours, file: &ProjectFile) -> Result<Vec<DayWindow>, Fault> {
    let mut sorted: Vec<&Spanned<DayWindow>> = hours.iter().collect();
    sorted.sort_by_key(|window| *window.get_ref());
    let overlap = sorted.windows(2).find(|two| two[0].get_ref().overlaps(*two[1].get_ref()));
    match overlap {
        Some(two) => Err(overlapping(two[0], two[1], file)),
        None => Ok(sorted.into_iter().map(|window| *window.get_ref()).collect()),
    }
}

/// The windows of each weekday, Monday first; a night must end before the next day's windows begin.
///
/// # Errors
///
/// A [`Fault`] at the later of two that overlap.
pub(super) fn of_week(
    week: [&DayHours; 7],
    file: &ProjectFile,
) -> Result<[Vec<DayWindow>; 7], Fault> {
    let mut windows: [Vec<DayWindow>; 7] = Default::default();
    for (weekday, hours) in week.into_iter().enumerate() {
        windows[weekday] = of_day(hours, file)?;
        let next = week[(weekday + 1) % 7];
        for night in hours {
            let overlaps =
                |later: &&Spanned<DayWindow>| night.get_ref().overlaps_next_day(*later.get_ref());
            if let Some(later) = next.iter().find(overlaps) {
                return Err(overlapping(night, later, file));
            }
        }
    }
    Ok(windows)
}

fn overlapping(one: &Spanned<DayWindow>, other: &Spanned<DayWindow>, file: &ProjectFile) -> Fault {
    let message = format!("the windows {} and {} overlap", one.get_ref(), other.get_ref());
    let fault = file.fault(Some(other.span()), message);
    fault.help("let one end when the other begins, or write them as one")
}
