//! Values read back from their table.

use std::fmt;

use scorewright_domain::{
    ChangeTest, Grain, IntervalMethod, KpiValue, NullReason, Period, Segment, TestedChange,
};
use scorewright_warehouse::{Cell, QueryResult};

/// A row of `kpi.value` or `kpi.standing` that is not one of ours.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, miette::Diagnostic)]
#[error("{what}")]
#[diagnostic(help(
    "the table was made by another program version; `scorewright run` measures every metric again"
))]
pub struct BadKpiRow {
    what: String,
}

impl BadKpiRow {
    /// A row, counted from 1, and its column at fault.
    pub(super) fn new(table: &str, row: usize, column: &str) -> Self {
        Self { what: format!("row {row} of `{table}` has no usable `{column}`") }
    }

    /// Rows that are not of the form of the table.
    pub(super) fn unreadable(table: &str, why: &dyn fmt::Display) -> Self {
        Self { what: format!("`{table}` has other columns than this program writes: {why}") }
    }
}

/// Reads rows of `kpi.value` back, every column selected.
///
/// # Errors
///
/// [`BadKpiRow`] when a column is missing or holds something else.
pub fn values_from_rows(rows: &QueryResult) -> Result<Vec<KpiValue>, BadKpiRow> {
    rows.rows
        .iter()
        .enumerate()
        .map(|(at, cells)| ValueRow { rows, cells, number: at + 1 }.value())
        .collect()
}

struct ValueRow<'a> {
    rows: &'a QueryResult,
    cells: &'a [Cell],
    number: usize,
}

impl ValueRow<'_> {
    fn value(&self) -> Result<KpiValue, BadKpiRow> {
        Ok(KpiValue {
            metric: self.text("metric")?,
            version: u32::try_from(self.count("version")?).map_err(|_| self.bad("version"))?,
            statistic: self.text("statistic")?,
            period: self.period()?,
            segment: Segment::of(self.text("dimension")?, self.text("segment")?),
            numerator: self.cell("numerator")?.as_f64(),
            denominator: self.cell("denominator")?.as_f64(),
            n: self.cell("n")?.as_u64(),
            value: self.cell("value")?.as_f64(),
            low: self.cell("low")?.as_f64(),
            high: self.cell("high")?.as_f64(),
            interval: self.interval()?,
            null_reason: self.null_reason()?,
            tested_change: self.tested_change()?,
        })
    }

    fn period(&self) -> Result<Period, BadKpiRow> {
        let grains = Grain::ALL;
        let word = self.text("grain")?;
        let grain = grains.into_iter().find(|grain| grain.name() == word);
        Ok(Period {
            grain: grain.ok_or_else(|| self.bad("grain"))?,
            from: self.cell("period_from")?.as_date().ok_or_else(|| self.bad("period_from"))?,
            until: self.cell("period_until")?.as_date().ok_or_else(|| self.bad("period_until"))?,
        })
    }

    fn interval(&self) -> Result<IntervalMethod, BadKpiRow> {
        // Versions of earlier programs have it under a word of SQL.
        let former = self.rows.column("interval").map(|_| "interval");
        let column = former.unwrap_or("interval_method");
        IntervalMethod::from_name(&self.text(column)?).ok_or_else(|| self.bad(column))
    }

    fn null_reason(&self) -> Result<Option<NullReason>, BadKpiRow> {
        let Some(name) = self.cell("null_reason")?.as_text() else { return Ok(None) };
        NullReason::from_name(name).map(Some).ok_or_else(|| self.bad("null_reason"))
    }

    /// Versions of earlier programs do not have it.
    fn tested_change(&self) -> Result<Option<TestedChange>, BadKpiRow> {
        let test = self.rows.column("test").map(|_| self.cell("test")).transpose()?;
        let Some(name) = test.and_then(Cell::as_text) else { return Ok(None) };
        let test = ChangeTest::from_name(name).ok_or_else(|| self.bad("test"))?;
        Ok(Some(TestedChange {
            interval: (self.number("change_low")?, self.number("change_high")?),
            standard_error: self.number("standard_error")?,
            probability: self.number("p")?,
            test,
        }))
    }

    fn number(&self, column: &'static str) -> Result<f64, BadKpiRow> {
        self.cell(column)?.as_f64().ok_or_else(|| self.bad(column))
    }

    fn text(&self, column: &'static str) -> Result<String, BadKpiRow> {
        self.cell(column)?.as_text().map(str::to_owned).ok_or_else(|| self.bad(column))
    }

    fn count(&self, column: &'static str) -> Result<u64, BadKpiRow> {
        self.cell(column)?.as_u64().ok_or_else(|| self.bad(column))
    }

    fn cell(&self, column: &'static str) -> Result<&Cell, BadKpiRow> {
        self.rows.column(column).and_then(|at| self.cells.get(at)).ok_or_else(|| self.bad(column))
    }

    fn bad(&self, column: &'static str) -> BadKpiRow {
        BadKpiRow::new("kpi.value", self.number, column)
    }
}
