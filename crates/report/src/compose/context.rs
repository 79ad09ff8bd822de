//! What a page is composed from.

use scorewright_domain::{Grain, Period, Standing};

use crate::facts::RunFacts;
use crate::format::NumberFormat;
use crate::line_name::LineName;
use crate::report::Report;
use crate::standing_index::StandingIndex;

/// The inputs of a page, the period it shows, and how it formats numbers.
#[derive(Debug, Clone, Copy)]
pub(super) struct PageContext<'a> {
    pub(super) report: &'a Report,
    pub(super) facts: &'a RunFacts,
    pub(super) numbers: NumberFormat<'a>,
    pub(super) period: Period,
    standings: &'a StandingIndex<'a>,
}

impl<'a> PageContext<'a> {
    pub(super) fn new(
        report: &'a Report,
        standings: &'a StandingIndex<'a>,
        facts: &'a RunFacts,
    ) -> Self {
        let numbers = NumberFormat::new(&facts.currency);
        let period = page_period(report.grain, standings, facts);
        Self { report, facts, numbers, period, standings }
    }

    /// The standings of a figure, for everybody and for each segment, in every period.
    pub(super) fn of_figure(&self, name: &LineName) -> impl Iterator<Item = &'a Standing> {
        self.standings.of_figure(name).iter().copied()
    }

    /// The period before the page's; `None` when everything is one period.
    pub(super) fn previous(&self) -> Option<Period> {
        (self.period.grain != Grain::All).then(|| self.period.previous())
    }
}

/// The last complete period; for all time, the one the standings are stated for.
fn page_period(grain: Grain, standings: &StandingIndex<'_>, facts: &RunFacts) -> Period {
    let complete = Period::last_complete(grain, facts.as_of);
    if grain != Grain::All {
        return complete;
    }
    standings.all_time().unwrap_or(complete)
}
