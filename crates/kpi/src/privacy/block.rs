//! The cells of one of the longest periods, and which of them are hidden.

use std::collections::{BTreeMap, BTreeSet};

use scorewright_domain::KpiValue;

use super::earlier::{Earlier, edited, figures};
use super::elimination::{Equation, Figure, solved};
use super::group_cell::{Before, GroupCell, Unknown, is_few, is_small};
use super::keys::{CellKey, key_of};
use super::relations::{Relation, relations};
use crate::metric::Metric;

/// Unknowns above which no segment of a block is shown: to see what follows from so many takes too long.
const MOST_UNKNOWNS: usize = 600;

/// Hidden cells of one relation whose sums are looked at; each few people, so that more come to many soon.
const MOST_FEW: usize = 24;

#[derive(Debug, Clone)]
pub(super) struct Block {
    smallest: f64,
    cells: BTreeMap<CellKey, GroupCell>,
    relations: Vec<Relation>,
    /// Whether the figures shown before add up: those that different versions showed first need not.
    is_of_one_version: bool,
}

/// Whether the figures shown before add up, as far as they are known.
fn adds_up(cells: &BTreeMap<CellKey, GroupCell>, relation: &Relation) -> bool {
    let mut sum = Figure::default();
    for (key, factor) in relation {
        let Before::Shown(figure) = cells[key].before else { return true };
        sum = sum.plus(*factor, figure);
    }
    sum.n.abs() < 0.5 && sum.top.abs() < 1e-6
}

impl Block {
    pub(super) fn new(
        metric: &Metric,
        smallest: u64,
        values: &[KpiValue],
        shown: &[&KpiValue],
    ) -> Self {
        let keys: BTreeSet<CellKey> =
            values.iter().chain(shown.iter().copied()).map(key_of).collect();
        let relations = relations(metric, &keys);
        let now = figures(values.iter());
        let before = Earlier::of(shown);
        let edited = edited(values, shown);
        let cell = |key: CellKey| {
            let cell = GroupCell {
                now: now.get(&key).copied().unwrap_or_default(),
                before: before.of_cell(&key),
                is_edited: edited.contains(&key),
                is_hidden: false,
            };
            (key, cell)
        };
        #[expect(clippy::cast_precision_loss, reason = "a handful of people")]
        let smallest = smallest as f64;
        let cells = keys.into_iter().map(cell).collect();
        let is_of_one_version = relations.iter().all(|relation| adds_up(&cells, relation));
        Self { smallest, cells, relations, is_of_one_version }
    }

    /// The cells that are not shown as they are now.
    ///
    /// What was shown before is shown anew all at once, or stays all as it was: figures of several versions beside each
    /// other would tell what came between.
    pub(super) fn hidden(self) -> BTreeSet<CellKey> {
        let is_small_change = self.cells.values().any(|cell| cell.is_small_change(self.smallest));
        let anew = if is_small_change { None } else { self.clone().resolved(false) };
        anew.unwrap_or_else(|| {
            let held = self.resolved(true);
            held.expect("where nothing is anew, what is new can all be hidden")
        })
    }

    /// The cells to hide, what was shown before held or not; none where small groups follow that hiding does not end.
    fn resolved(mut self, is_held: bool) -> Option<BTreeSet<CellKey>> {
        for cell in self.cells.values_mut() {
            cell.is_hidden = match cell.before {
                Before::Never => is_few(cell.now.n, self.smallest),
                Before::Shown(_) => is_held,
                Before::Hidden => true,
            };
        }
        if self.unknowns().len() > MOST_UNKNOWNS {
            self.hide_new_segments();
        }
        loop {
            let (groups, chosen) = self.next_to_hide();
            if groups == 0 || (chosen.is_empty() && is_held) {
                let hidden = self.cells.into_iter().filter(|(_, cell)| cell.is_hidden);
                return Some(hidden.map(|(key, _)| key).collect());
            }
            if chosen.is_empty() {
                return None;
            }
            for key in &chosen {
                self.cells.get_mut(key).expect("it is one of the cells").is_hidden = true;
            }
        }
    }

    fn hide_new_segments(&mut self) {
        let segments = self
            .cells
            .iter_mut()
            .filter(|((_, segment), cell)| !segment.is_total() && cell.before == Before::Never);
        segments.for_each(|(_, cell)| cell.is_hidden = true);
    }

    /// How many small groups follow from what is shown, and a cell to hide for each.
    fn next_to_hide(&self) -> (usize, BTreeSet<CellKey>) {
        let unknowns = self.unknowns();
        let number = |of: &(CellKey, Unknown)| unknowns.get(of).copied();
        let relations = self.relations.iter().enumerate();
        let equations = relations.flat_map(|(at, relation)| self.equations(at, relation, number));
        let known = solved(equations.collect());
        let few = self.sums_of_few(&unknowns);
        let sums = few.iter().filter_map(|group| known.sum_of(group));
        let all = known.rows().cloned().chain(sums);
        let (mut groups, mut chosen) = (0, BTreeSet::new());
        for group in all.filter(|equation| self.is_small_group(equation)) {
            let used: Vec<&Relation> =
                group.follows_from.keys().map(|at| &self.relations[*at]).collect();
            groups += 1;
            chosen.extend(self.cell_to_hide(&used, &chosen));
        }
        (groups, chosen)
    }

    /// Groups of hidden cells in one relation that are few even together.
    fn sums_of_few(&self, unknowns: &BTreeMap<(CellKey, Unknown), usize>) -> Vec<Vec<usize>> {
        let mut groups: Vec<Vec<usize>> = Vec::new();
        for relation in &self.relations {
            let few: Vec<(usize, f64)> =
                relation.iter().filter_map(|(key, _)| self.few_of(key, unknowns)).collect();
            let mut open: Vec<(Vec<usize>, f64)> = vec![(Vec::new(), 0.0)];
            for (number, n) in few.into_iter().take(MOST_FEW) {
                let with = open.iter().map(|(members, sum)| {
                    (members.iter().copied().chain([number]).collect::<Vec<_>>(), sum + n)
                });
                let with: Vec<_> = with.filter(|(_, sum)| *sum < self.smallest - 0.5).collect();
                open.extend(with);
            }
            groups.extend(open.into_iter().map(|(members, _)| members).filter(|all| all.len() > 1));
        }
        groups
    }

    /// The unknown of a hidden cell that is few people, or changed by few, and how many.
    fn few_of(
        &self,
        key: &CellKey,
        unknowns: &BTreeMap<(CellKey, Unknown), usize>,
    ) -> Option<(usize, f64)> {
        let cell = &self.cells[key];
        let (unknown, n) = match cell.before {
            Before::Never => (Unknown::Now, cell.now.n),
            Before::Shown(before) => (Unknown::Change, (cell.now.n - before.n).abs()),
            Before::Hidden => return None,
        };
        let number = unknowns.get(&(key.clone(), unknown))?;
        (n < self.smallest - 0.5).then_some((*number, n.max(1.0)))
    }

    fn unknowns(&self) -> BTreeMap<(CellKey, Unknown), usize> {
        let of_cell = |(key, cell): (&CellKey, &GroupCell)| {
            cell.unknowns().iter().map(|unknown| (key.clone(), *unknown)).collect::<Vec<_>>()
        };
        let all = self.cells.iter().flat_map(of_cell);
        all.enumerate().map(|(number, unknown)| (unknown, number)).collect()
    }

    /// What a relation says: of the figures now, and where all were shown before and by one version, of those too.
    fn equations(
        &self,
        at: usize,
        relation: &Relation,
        number: impl Fn(&(CellKey, Unknown)) -> Option<usize>,
    ) -> Vec<Equation> {
        let now: &[Unknown] = &[Unknown::Now, Unknown::Before, Unknown::Change];
        let sides: &[&[Unknown]] =
            if self.held_before(relation) { &[now, &[Unknown::Before]] } else { &[now] };
        let equation = |side: &&[Unknown]| {
            let mut equation =
                Equation { follows_from: BTreeMap::from([(at, 1.0)]), ..Equation::default() };
            for (key, factor) in relation {
                for part in *side {
                    if let Some(unknown) = number(&(key.clone(), *part)) {
                        equation.add(unknown, *factor);
                    } else {
                        let known = self.cells[key].known(*part);
                        equation.sum = equation.sum.plus(-factor, known);
                    }
                }
            }
            equation
        };
        sides.iter().map(equation).collect()
    }

    /// Whether the figures shown before added up too: those of one period were shown at once.
    fn held_before(&self, relation: &Relation) -> bool {
        let is_earlier = relation.iter().all(|(key, _)| self.cells[key].before != Before::Never);
        let is_of_one_period = relation.windows(2).all(|two| two[0].0.0 == two[1].0.0);
        is_earlier && (is_of_one_period || self.is_of_one_version)
    }

    fn is_small_group(&self, equation: &Equation) -> bool {
        let Figure { n, top } = equation.sum;
        equation.is_of_a_group() && is_small(n, top, self.smallest)
    }

    /// The smallest cell that is shown in the relations that a group follows from, those of segments before totals; none
    /// where one of their cells was chosen already.
    fn cell_to_hide(&self, relations: &[&Relation], chosen: &BTreeSet<CellKey>) -> Option<CellKey> {
        let keys = || relations.iter().copied().flatten().map(|(key, _)| key);
        if keys().any(|key| chosen.contains(key)) {
            return None;
        }
        let candidates = keys().filter(|key| self.cells[*key].is_new());
        let size = |key: &CellKey| (key.1.is_total(), self.cells[key].now.n);
        let smaller = |one: &&CellKey, other: &&CellKey| {
            let ((is_total, n), (other_is_total, other_n)) = (size(one), size(other));
            let order = is_total.cmp(&other_is_total).then(n.total_cmp(&other_n));
            order.then_with(|| one.cmp(other))
        };
        candidates.min_by(smaller).cloned()
    }
}
