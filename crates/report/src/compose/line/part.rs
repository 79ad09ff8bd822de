//! What there is of a period that was not delivered to its end, in words.

use jiff::civil::Date;
use scorewright_domain::{CoverageState, Standing};

use crate::compose::context::PageContext;
use crate::format::{clean, day_of_week, finite, joined, last_whole_day};

/// How far the part reaches: `until Thursday 19 November`, or `without Help desk tickets` where a source has no day of it.
///
/// `None` where the period is not late.
pub(super) fn reach(page: &PageContext<'_>, standing: &Standing) -> Option<String> {
    let until = last_day(page, standing)?;
    let lacks_a_source =
        standing.coverage.state == CoverageState::Partial && until < standing.current.period.from;
    Some(if lacks_a_source {
        format!("without {}", joined(&lacking(page, standing)))
    } else {
        format!("until {}", day_of_week(until))
    })
}

/// Why there is no value: `€510.00 until Thursday 19 November`, `nothing after Sunday 22 November`.
pub(super) fn instead_of_value(page: &PageContext<'_>, standing: &Standing) -> Option<String> {
    let (current, until) = (&standing.current, last_day(page, standing)?);
    if standing.coverage.state == CoverageState::Missing {
        return Some(format!("nothing after {}", day_of_week(until)));
    }
    let reach = reach(page, standing)?;
    let total = current.numerator.filter(|_| current.denominator.is_none()).and_then(finite);
    Some(match total {
        Some(_) if current.n == Some(0) => format!("nothing yet, delivered {reach}"),
        Some(total) => format!("{} {reach}", page.numbers.value(standing.unit, total)),
        None => format!("delivered {reach}"),
    })
}

fn last_day(page: &PageContext<'_>, standing: &Standing) -> Option<Date> {
    let until = standing.coverage.until.filter(|_| standing.coverage.state.is_late())?;
    Some(last_whole_day(until, &page.facts.time_zone))
}

/// Titles of the sources that have no whole day of the period.
fn lacking(page: &PageContext<'_>, standing: &Standing) -> Vec<String> {
    let has_none =
        |until| last_whole_day(until, &page.facts.time_zone) < standing.current.period.from;
    let named = page.facts.sources.iter().filter(|source| {
        standing.coverage.sources.contains(&source.source)
            && source.reach.as_ref().and_then(|reach| reach.until).is_some_and(has_none)
    });
    named.map(|source| clean(&source.title)).collect()
}
