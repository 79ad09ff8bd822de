//! What a page is composed from.

use scorewright_domain::{Period, Standing};

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
        let period = Period::last_complete(report.grain, facts.as_of);
        Self { report, facts, numbers, period, standings }
    }

    /// The standings of a figure, for everybody and for each segment, in every period.
    pub(super) fn of_figure(&self, name: &LineName) -> impl Iterator<Item = &'a Standing> {
        self.standings.of_figure(name).iter().copied()
    }

    /// The period before the page's.
    pub(super) fn previous(&self) -> Period {
        self.period.previous()
    }
}
