//! Which values of a dimension have a row, and the sentence about the others.

use std::cmp::Reverse;

use scorewright_domain::{NullReason, Segment, Standing, Status};

use crate::compose::context::PageContext;
use crate::format::{capital, clean, count, finite, joined};
use crate::line_name::LineName;
use crate::scorecard::Omitted;

/// Rows that a breakdown has at most.
const MOST_ROWS: usize = 12;

/// Values of a dimension with too little data that are still named.
const MOST_NAMES: usize = 3;

/// The values of a dimension: those with a row, and those without.
#[derive(Default)]
pub(super) struct BreakdownRows<'a> {
    /// Most observations first.
    pub(super) listed: Vec<(&'a Standing, f64)>,
    /// How many have enough data and no row.
    others: usize,
    /// Those with too little data.
    thin: Vec<&'a Standing>,
    /// Those of too few people.
    hidden: Vec<&'a Standing>,
    /// Whether there are more than are stated, so that none of them is.
    is_crowded: bool,
}

impl<'a> BreakdownRows<'a> {
    /// Values that miss their target have a row before others, then those with most observations.
    pub(super) fn of(
        page: &PageContext<'a>,
        name: &LineName,
        by: &str,
        everybody: &Standing,
    ) -> Self {
        let (mut listed, mut thin, mut hidden) = (Vec::new(), Vec::new(), Vec::new());
        let all = page.of_figure(name).filter(|standing| {
            standing.current.segment.dimension == by
                && standing.current.period == everybody.current.period
        });
        let mut is_crowded = false;
        for standing in all {
            if standing.current.segment.is_too_many() {
                is_crowded = true;
                continue;
            }
            if standing.current.null_reason == Some(NullReason::Suppressed) {
                hidden.push(standing);
                continue;
            }
            let is_enough = standing.status != Status::TooLittleData;
            match standing.current.value.and_then(finite).filter(|_| is_enough) {
                Some(value) => listed.push((standing, value)),
                None => thin.push(standing),
            }
        }
        listed.sort_by_key(|(standing, _)| (!is_missed(standing), order(standing)));
        let others = listed.len().saturating_sub(MOST_ROWS);
        listed.truncate(MOST_ROWS);
        listed.sort_by_key(|(standing, _)| order(standing));
        thin.sort_by_key(|standing| order(standing));
        hidden.sort_by_key(|standing| order(standing));
        Self { listed, others, thin, hidden, is_crowded }
    }

    pub(super) fn omitted(&self) -> Omitted {
        let count = |rows: usize| u64::try_from(rows).unwrap_or(u64::MAX);
        Omitted {
            too_little_data: count(self.thin.len()),
            too_few_people: count(self.hidden.len()),
            others: count(self.others),
        }
    }

    /// `Too little data to show: Partner desk (n = 22).`, or `And 1,594 more with too little data to show.`
    ///
    /// Groups of too few people have a sentence of their own: `Too few people to show: Legal.`
    pub(super) fn omission(&self) -> Option<String> {
        if self.is_crowded {
            return Some(format!("{}.", capital(NullReason::TooManySegments.words())));
        }
        let sentences: Vec<String> = self.too_little().into_iter().chain(self.too_few()).collect();
        (!sentences.is_empty()).then(|| sentences.join(" "))
    }

    fn too_few(&self) -> Option<String> {
        let words = capital(NullReason::Suppressed.words());
        match self.hidden.len() {
            0 => None,
            few if few <= MOST_NAMES => {
                let name = |standing: &&Standing| clean(&standing.current.segment.value);
                let names: Vec<String> = self.hidden.iter().map(name).collect();
                Some(format!("{words}: {}.", joined(&names)))
            }
            many => Some(format!("{words}: {} of them.", count(many as u64))),
        }
    }

    fn too_little(&self) -> Option<String> {
        let Omitted { too_little_data, others, .. } = self.omitted();
        match (others, too_little_data) {
            (0, 0) => None,
            (0, _) if self.thin.len() <= MOST_NAMES => {
                let names: Vec<String> =
                    self.thin.iter().map(|standing| name_and_size(standing)).collect();
                Some(format!("Too little data to show: {}.", joined(&names)))
            }
            (0, thin) if self.listed.is_empty() => {
                Some(format!("None of {} has enough data to show.", count(thin)))
            }
            (0, thin) => Some(format!("And {} more with too little data to show.", count(thin))),
            (others, 0) => Some(format!("And {} more.", count(others))),
            (others, thin) => Some(format!(
                "And {} more, and {} with too little data to show.",
                count(others),
                count(thin)
            )),
        }
    }
}

fn name_and_size(standing: &Standing) -> String {
    let current = &standing.current;
    format!("{} (n = {})", clean(&current.segment.value), count(current.n.unwrap_or_default()))
}

fn is_missed(standing: &Standing) -> bool {
    matches!(standing.status, Status::OffTrack | Status::AtRisk)
}

/// Most observations first; what has no name comes last.
fn order(standing: &Standing) -> (bool, Reverse<Option<u64>>, String) {
    let current = &standing.current;
    (current.segment.value == Segment::NONE, Reverse(current.n), current.segment.value.clone())
}
