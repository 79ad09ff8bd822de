//! What became of tables and figures from one version to another.
//!
//! ```text
//! two snapshots --tables--> added, removed, changed, unchanged --rows--> how many rows of those that changed
//!               --figures--> values that appeared, are gone, or changed --> lines, json
//! ```

mod tables;

mod rows;

mod figures;

mod lines;

mod json;

use scorewright_warehouse::{Snapshot, Warehouse};

use crate::exit::Failure;
use figures::{FigureChange, counts_by_metric, figure_changes};
pub(crate) use figures::{ListedFigures, measured_metrics};
use serde_json::Value;
use tables::{TableDiff, table_diffs};

/// What became of tables and figures from one version to another.
pub(crate) struct VersionDiff {
    /// Every table and view that either has, by name.
    tables: Vec<TableDiff>,
    /// Figures that only one of them has, or that both state otherwise, in the order of `kpi.value`.
    figures: Vec<FigureChange>,
}

impl VersionDiff {
    /// Compares two versions; the later one may be about to be committed.
    ///
    /// # Errors
    ///
    /// When a file is damaged, this user may not read it, or a query exceeds a limit.
    pub(crate) fn between(
        warehouse: &Warehouse,
        from: &Snapshot,
        to: &Snapshot,
    ) -> Result<Self, Failure> {
        let tables = table_diffs(warehouse, from, to)?;
        Ok(Self { tables, figures: figure_changes(warehouse, from, to)? })
    }

    /// Tables with what became of their rows, figures by metric, and those that are listed, for people.
    pub(crate) fn text(&self, listed: &ListedFigures<'_>) -> String {
        let Self { tables, figures } = self;
        lines::tables(tables) + &lines::metrics(figures) + &lines::figures(figures, listed)
    }

    /// One object for each table, metric and figure that is listed, and how many changed figures are not.
    pub(crate) fn json(&self, listed: &ListedFigures<'_>) -> (Vec<Value>, usize) {
        let tables = self.tables.iter().map(json::table);
        let metrics = counts_by_metric(&self.figures).into_iter().map(json::metric);
        let (shown, more) = listed.among(&self.figures);
        (tables.chain(metrics).chain(shown.into_iter().map(json::figure)).collect(), more)
    }
}
