//! Standings by the figure that they are of.

use std::collections::HashMap;

use scorewright_domain::Standing;

use crate::line_name::LineName;

/// Standings by metric and statistic: sorted out once, however many reports show them.
#[derive(Debug)]
pub struct StandingIndex<'a> {
    /// By metric and statistic.
    by_figure: HashMap<&'a str, HashMap<&'a str, Vec<&'a Standing>>>,
}

impl<'a> StandingIndex<'a> {
    /// Sorts standings out; those of one figure stay in the order given.
    pub fn of(standings: &'a [Standing]) -> Self {
        let mut by_figure: HashMap<_, HashMap<_, Vec<&Standing>>> = HashMap::new();
        for standing in standings {
            let of_metric = by_figure.entry(&*standing.current.metric).or_default();
            of_metric.entry(&*standing.current.statistic).or_default().push(standing);
        }
        Self { by_figure }
    }

    /// The standings of a figure, for everybody and for each segment, in every period.
    pub(crate) fn of_figure(&self, name: &LineName) -> &[&'a Standing] {
        let of_metric = self.by_figure.get(&*name.metric);
        of_metric.and_then(|all| all.get(&*name.statistic)).map_or(&[], Vec::as_slice)
    }
}
