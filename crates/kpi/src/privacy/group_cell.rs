//! A period and segment, and what whoever reads knows of it.

use super::elimination::Figure;

/// A period and segment, and what of it is known to whoever reads.
#[derive(Debug, Clone)]
pub(super) struct GroupCell {
    pub(super) now: Figure,
    pub(super) before: Before,
    /// Whether it is of as many as before and says something else.
    pub(super) is_edited: bool,
    pub(super) is_hidden: bool,
}

/// What the newest version shows of a cell.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Before {
    /// Its period was not shown.
    Never,
    /// These figures; nothing of a segment that was not stated.
    Shown(Figure),
    /// That there is one.
    Hidden,
}

/// What an equation does not know of a cell: its figures now, those before, or what they changed by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Unknown {
    Now,
    Before,
    Change,
}

impl GroupCell {
    /// Whether few people make the difference to what was shown before, or are what is there now.
    pub(super) fn is_small_change(&self, smallest: f64) -> bool {
        let Before::Shown(before) = self.before else { return false };
        let change = self.now.plus(-1.0, before);
        self.is_edited || is_few(self.now.n, smallest) || is_small(change.n, change.top, smallest)
    }

    pub(super) fn unknowns(&self) -> &'static [Unknown] {
        match self.before {
            Before::Hidden => &[Unknown::Before, Unknown::Change],
            Before::Never if self.is_hidden => &[Unknown::Now],
            Before::Shown(_) if self.is_hidden => &[Unknown::Change],
            Before::Never | Before::Shown(_) => &[],
        }
    }

    /// What is known of it, on the side of an equation; nothing where that side does not say it.
    pub(super) fn known(&self, side: Unknown) -> Figure {
        match (self.before, side) {
            (Before::Never, Unknown::Now) if !self.is_hidden => self.now,
            (Before::Shown(before), Unknown::Before) => before,
            (Before::Shown(before), Unknown::Change) if !self.is_hidden => {
                self.now.plus(-1.0, before)
            }
            _ => Figure::default(),
        }
    }

    /// Whether hiding it would keep something from whoever reads.
    pub(super) fn is_new(&self) -> bool {
        !self.is_hidden && self.before == Before::Never && self.now.n > 0.0
    }
}

/// Whether there is somebody, and fewer than are to be told of.
pub(super) fn is_few(n: f64, smallest: f64) -> bool {
    n > 0.5 && n < smallest - 0.5
}

/// Whether a sum tells of somebody, and of fewer than are to be told of.
pub(super) fn is_small(n: f64, top: f64, smallest: f64) -> bool {
    n.abs() < smallest - 0.5 && (n.abs() > 0.5 || top.abs() > 1e-6)
}
