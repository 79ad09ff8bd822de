//! What loading a source takes and gives.

use scorewright_domain::{Landing, Limits, Listener};
use scorewright_extract::RefusedExtract;
use scorewright_warehouse::{Table, Transaction};

use crate::buffer::MemoryBudget;

/// What all sources of a run share.
#[derive(Clone, Copy)]
pub(crate) struct LoadContext<'a> {
    pub(crate) transaction: &'a Transaction,
    pub(crate) limits: &'a Limits,
    pub(crate) budget: &'a MemoryBudget,
    pub(crate) listener: &'a dyn Listener,
}

/// What became of one source.
#[derive(Debug, Default)]
pub(crate) struct LoadOutcome {
    /// Its tables and books; `None` when they stay as they are.
    pub(crate) loaded: Option<Loaded>,
    /// Files refused whole.
    pub(crate) refused: Vec<RefusedExtract>,
}

/// The tables of a source and its books, as they are now.
#[derive(Debug)]
pub(crate) struct Loaded {
    /// Its rows: all versions where it keeps them, else what `raw.<source>` shows.
    pub(crate) table: Table,
    pub(crate) quarantine: Table,
    /// Its books, all of them.
    pub(crate) landings: Vec<Landing>,
    /// Those of the files read now.
    pub(crate) fresh: Vec<Landing>,
}
