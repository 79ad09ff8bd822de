//! Which period a page and each of its figures are stated for.

use std::cmp::Reverse;

use scorewright_domain::{Grain, Period};

use super::context::PageContext;
use crate::facts::MetricFacts;
use crate::format::{clean, history_words, period_mention, period_name, period_words};
use crate::line_name::LineName;
use crate::scorecard::StatedPeriod;

/// The period a figure is stated for: the newest as long as the page's, otherwise the newest of the next longer ones.
///
/// It is older than the page's where a metric is judged only after a while.
pub(super) fn judged(page: &PageContext<'_>, name: &LineName, metric: &MetricFacts) -> Period {
    let is_over =
        |period: &Period| period.grain == Grain::All || period.is_complete_on(page.facts.as_of);
    let everybody = page.of_figure(name).filter(|standing| standing.current.segment.is_total());
    let known = everybody.map(|standing| standing.current.period);
    let fitting = known.filter(|period| period.grain >= page.period.grain && is_over(period));
    fitting
        .min_by_key(|period| (period.grain, Reverse(period.until)))
        .unwrap_or_else(|| unmeasured(page, metric))
}

/// The period a figure without a standing would be stated for.
fn unmeasured(page: &PageContext<'_>, metric: &MetricFacts) -> Period {
    let grain = metric.grains.iter().copied().filter(|grain| *grain >= page.period.grain).min();
    match grain {
        Some(grain) if grain > page.period.grain => Period::last_complete(grain, page.facts.as_of),
        _ => page.period,
    }
}

/// A period with its names.
pub(super) fn stated(page: &PageContext<'_>, period: Period) -> StatedPeriod {
    StatedPeriod {
        label: period.label(),
        from: period.from,
        until: period.until,
        grain: period.grain,
        time_zone: clean(&page.facts.time_zone),
        name: period_name(period),
        words: period_words(period),
        history: history_words(period.grain, page.report.history),
    }
}

/// `week 46`; `None` for the page's own period.
pub(super) fn mention(page: &PageContext<'_>, period: Period) -> Option<String> {
    (period != page.period).then(|| period_mention(period))
}

/// `week 46, the last one old enough to judge`; `None` for the page's own period.
pub(super) fn note(page: &PageContext<'_>, period: Period) -> Option<String> {
    let why = if period.grain == page.period.grain {
        "the last one old enough to judge".into()
    } else {
        format!("not measured by {}", page.period.grain.name())
    };
    mention(page, period).map(|mention| format!("{mention}, {why}"))
}
