//! The columns that rows are grouped by, in a query and in its answer.

use scorewright_domain::{Fault, Grain, Period, Segment, SqlName, SqlText};
use scorewright_warehouse::Cell;

use crate::measure::answer::MeasureRow;
use crate::metric::{Expression, Metric};
use crate::sql::Sql;

/// The columns that rows are grouped by: periods, then dimensions.
pub(crate) struct Grouping {
    /// Columns of periods as they are selected: those without a group have no value.
    selected: Vec<String>,
    periods: Vec<String>,
    dimensions: Vec<String>,
    has_all: bool,
    /// Whether a period is grouped alone too, without a dimension.
    has_total: bool,
}

impl Grouping {
    /// Groups by the first days of the periods.
    pub(crate) fn by_first_days(metric: &Metric) -> Self {
        Self::by_first_days_of(metric, &metric.grains)
    }

    /// Groups by the first days of periods of some lengths; those of the others are selected as no value.
    pub(crate) fn by_first_days_of(metric: &Metric, grains: &[Grain]) -> Self {
        let mut grouping = Self::by_dimensions(metric);
        for grain in metric.grains.iter().filter(|grain| **grain != Grain::All) {
            let column = quoted(&period_column(*grain));
            if grains.contains(grain) {
                grouping.selected.push(column.clone());
                grouping.periods.push(column);
            } else {
                grouping.selected.push(format!("CAST(NULL AS DATE) AS {column}"));
            }
        }
        grouping.has_all = grains.contains(&Grain::All);
        grouping
    }

    /// Groups by the numbers of the periods.
    pub(crate) fn by_numbers(metric: &Metric) -> Self {
        let number = vec![quoted("_number")];
        Self { selected: number.clone(), periods: number, ..Self::by_dimensions(metric) }
    }

    /// Groups by dimensions alone.
    pub(crate) fn by_dimensions(metric: &Metric) -> Self {
        let dimensions = metric.by.iter().map(|dimension| quoted(&dimension_column(dimension)));
        Self {
            selected: Vec::new(),
            periods: Vec::new(),
            dimensions: dimensions.collect(),
            has_all: false,
            has_total: true,
        }
    }

    /// The same with one dimension alone, or with none; the others are selected as no value.
    pub(crate) fn of_one(mut self, dimension: Option<&Expression>) -> Self {
        let one = dimension.map(|dimension| quoted(&dimension_column(dimension)));
        let (kept, others) =
            self.dimensions.into_iter().partition(|column| Some(column) == one.as_ref());
        self.dimensions = kept;
        self.has_total = one.is_none();
        let others: Vec<String> = others;
        self.selected
            .extend(others.iter().map(|column| format!("CAST(NULL AS VARCHAR) AS {column}")));
        self
    }

    /// All columns, quoted, in the order they are selected.
    pub(crate) fn columns(&self) -> Vec<String> {
        self.selected.iter().chain(&self.dimensions).cloned().collect()
    }

    /// One set for each period length, alone and with each dimension; `also` joins every set.
    pub(crate) fn sets(&self, also: Option<&str>) -> String {
        let everything = self.has_all.then_some(None);
        let periods = self.periods.iter().map(Some).chain(everything);
        let sets = periods.flat_map(|period| {
            let total = self.has_total.then_some(None);
            total.into_iter().chain(self.dimensions.iter().map(Some)).map(move |dimension| {
                let columns = period.into_iter().chain(dimension).map(String::as_str);
                format!("({})", columns.chain(also).collect::<Vec<_>>().join(", "))
            })
        });
        format!("GROUP BY GROUPING SETS ({})", sets.collect::<Vec<_>>().join(", "))
    }
}

fn quoted(column: &str) -> String {
    SqlName(column).to_string()
}

/// Column that holds the first day of a row's period.
pub(super) fn period_column(grain: Grain) -> String {
    format!("_{}", grain.name())
}

/// Column that holds a dimension as text.
pub(crate) fn dimension_column(dimension: &Expression) -> String {
    format!("_by_{}", dimension.text)
}

/// A dimension as text; a missing value is a value of its own, told apart from "not grouped", and values that the metric
/// does not state by name are one.
pub(crate) fn add_dimension(sql: &mut Sql, metric: &Metric, dimension: &Expression) {
    let none = Segment::NONE;
    let named = metric.segments.get(&dimension.text);
    sql.add(if named.is_some() { "CASE WHEN " } else { "" });
    let value = |sql: &mut Sql| {
        sql.add("coalesce(nullif(CAST(").expression(dimension);
        sql.add(format!(" AS VARCHAR), ''), '{none}')"));
    };
    value(sql);
    if let Some(named) = named {
        let texts = named.iter().map(|name| SqlText(name).to_string());
        let texts: Vec<String> = texts.chain([SqlText(none).to_string()]).collect();
        sql.add(format!(" IN ({}) THEN ", texts.join(", ")));
        value(sql);
        sql.add(format!(" ELSE '{}' END", Segment::OTHER));
    }
    sql.add(format!(" AS {}", quoted(&dimension_column(dimension))));
}

/// Reads the segment of a grouped row: the one dimension that is not null, or the total.
pub(crate) fn segment_of(metric: &Metric, row: MeasureRow) -> Result<Segment, Fault> {
    for dimension in &metric.by {
        let column = dimension_column(dimension);
        match row.cell(&column)? {
            Cell::Null => {}
            Cell::Text(value) => return Ok(Segment::of(&dimension.text, value)),
            _ => return Err(row.unusable(&column)),
        }
    }
    Ok(Segment::total())
}

/// Reads the period of a grouped row: the one first day that is not null, or everything.
pub(crate) fn period_of(
    metric: &Metric,
    row: MeasureRow,
    everything: Period,
) -> Result<Period, Fault> {
    for grain in metric.grains.iter().filter(|grain| **grain != Grain::All) {
        let column = period_column(*grain);
        match row.cell(&column)? {
            Cell::Null => {}
            Cell::Date(first_day) => return Ok(Period::containing(*grain, *first_day)),
            _ => return Err(row.unusable(&column)),
        }
    }
    Ok(everything)
}
