//! What the newest version shows of a block, beside its figures now.

use std::collections::{BTreeMap, BTreeSet};

use scorewright_domain::{KpiValue, NullReason, Period};

use super::elimination::Figure;
use super::group_cell::Before;
use super::keys::{CellKey, FigureKey, figure_key, key_of};

/// What the newest version shows.
pub(super) struct Earlier<'a> {
    figures: BTreeMap<CellKey, Figure>,
    hidden: BTreeSet<CellKey>,
    periods: BTreeSet<&'a Period>,
}

impl<'a> Earlier<'a> {
    pub(super) fn of(shown: &[&'a KpiValue]) -> Self {
        let (hidden, shown): (Vec<&KpiValue>, Vec<&KpiValue>) =
            shown.iter().partition(|value| value.null_reason == Some(NullReason::Suppressed));
        let periods = shown.iter().chain(&hidden).map(|value| &value.period).collect();
        let hidden = hidden.iter().map(|value| key_of(value)).collect();
        Self { figures: figures(shown.into_iter()), hidden, periods }
    }

    pub(super) fn of_cell(&self, key: &CellKey) -> Before {
        match self.figures.get(key) {
            Some(figure) => Before::Shown(*figure),
            None if self.hidden.contains(key) => Before::Hidden,
            None if self.periods.contains(&key.0) => Before::Shown(Figure::default()),
            None => Before::Never,
        }
    }
}

/// Cells of as many as before with another value.
pub(super) fn edited(values: &[KpiValue], shown: &[&KpiValue]) -> BTreeSet<CellKey> {
    let before: BTreeMap<FigureKey, &KpiValue> =
        shown.iter().map(|value| (figure_key(value), *value)).collect();
    let is_edited = |value: &&KpiValue| {
        let before = before.get(&figure_key(value));
        before.is_some_and(|before| before.n == value.n && before.value != value.value)
    };
    values.iter().filter(is_edited).map(key_of).collect()
}

/// The figures of each cell: how many, and the numerator.
pub(super) fn figures<'a>(values: impl Iterator<Item = &'a KpiValue>) -> BTreeMap<CellKey, Figure> {
    let mut figures: BTreeMap<CellKey, Figure> = BTreeMap::new();
    for value in values {
        #[expect(clippy::cast_precision_loss, reason = "counts of people are far below 2^53")]
        let n = value.n.unwrap_or_default() as f64;
        figures.insert(key_of(value), Figure { n, top: value.numerator.unwrap_or_default() });
    }
    figures
}
