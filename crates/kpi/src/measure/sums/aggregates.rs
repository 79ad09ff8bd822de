//! The aggregates a metric asks for, in a query and in its answer.

use scorewright_domain::Fault;

use super::exact_number::ExactNumber;
use crate::measure::answer::MeasureRow;
use crate::metric::{Expression, Metric};
use crate::sql::Sql;

const NUMERATOR: &str = "_numerator";
const DENOMINATOR: &str = "_denominator";
const SAMPLE: &str = "_sample";
const SUM_OF_SQUARES: &str = "_sum_of_squares";
const ROWS: &str = "_rows";

/// What a metric sums, and what it does with the sums. Absent aggregates are not queried.
pub(crate) struct Aggregates<'a> {
    pub(crate) numerator: &'a Expression,
    /// Without it the value is the numerator alone.
    pub(crate) denominator: Option<&'a Expression>,
    pub(crate) sample: Option<&'a Expression>,
    pub(crate) sum_of_squares: Option<&'a Expression>,
    pub(crate) scale: f64,
    pub(crate) per_year: bool,
}

/// The sums of one period and segment.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Sums {
    pub(super) numerator: ExactNumber,
    pub(super) denominator: Option<ExactNumber>,
    pub(super) sample: ExactNumber,
    pub(super) sum_of_squares: Option<ExactNumber>,
}

impl<'a> Aggregates<'a> {
    /// A sum, or a sum over another, and nothing else.
    pub(crate) fn of(numerator: &'a Expression, denominator: Option<&'a Expression>) -> Self {
        Self {
            numerator,
            denominator,
            sample: None,
            sum_of_squares: None,
            scale: 1.0,
            per_year: false,
        }
    }

    /// The aggregates, each with its column in the answer.
    pub(crate) fn columns(&self) -> Vec<(&'a Expression, &'static str)> {
        let columns = [
            (Some(self.numerator), NUMERATOR),
            (self.denominator, DENOMINATOR),
            (self.sample, SAMPLE),
            (self.sum_of_squares, SUM_OF_SQUARES),
        ];
        columns.into_iter().filter_map(|(one, name)| Some((one?, name))).collect()
    }

    /// Whether any of them counts different values.
    pub(crate) fn count_distinct(&self) -> bool {
        let is_distinct = |text: &str| text.to_ascii_lowercase().contains("distinct");
        self.columns().iter().any(|(expression, _)| is_distinct(&expression.text))
    }

    /// Adds the aggregates, separated by commas, and the count of rows.
    pub(crate) fn add_to(&self, sql: &mut Sql) {
        for (expression, name) in self.columns() {
            sql.add("(").expression(expression).add(format!(") AS \"{name}\", "));
        }
        sql.add(format!("count(*) AS \"{ROWS}\""));
    }

    /// Reads the aggregates of one row.
    pub(super) fn read(&self, metric: &Metric, row: MeasureRow) -> Result<Sums, Fault> {
        let number = |(expression, column): (&Expression, &str)| {
            ExactNumber::read(row.cell(column)?, metric, expression)
        };
        let results = self.columns().into_iter().map(number).collect::<Result<Vec<_>, _>>()?;
        Ok(self.of_results(&results, row.count(ROWS)?))
    }

    /// The sums of some rows, from what the [columns](Self::columns) give for them.
    pub(super) fn of_results(&self, results: &[ExactNumber], rows: u64) -> Sums {
        let mut results = results.iter().copied();
        let mut next = |expression: Option<&Expression>| expression.and_then(|_| results.next());
        let numerator = next(Some(self.numerator)).unwrap_or_default();
        let denominator = next(self.denominator);
        let sample = next(self.sample);
        let sum_of_squares = next(self.sum_of_squares);
        let sample = sample.or(denominator).unwrap_or(ExactNumber::whole(rows));
        Sums { numerator, denominator, sample, sum_of_squares }
    }
}

/// Whether a grouped row has rows of the fact: everything as one group stands there even when it has none.
pub(super) fn has_rows(row: MeasureRow) -> Result<bool, Fault> {
    Ok(row.count(ROWS)? > 0)
}

impl Sums {
    /// The sums of the rows of both, by the same aggregates.
    pub(crate) fn plus(self, other: Self) -> Self {
        let plus = |one: Option<ExactNumber>, other: Option<ExactNumber>| Some(one?.plus(other?));
        Self {
            numerator: self.numerator.plus(other.numerator),
            denominator: plus(self.denominator, other.denominator),
            sample: self.sample.plus(other.sample),
            sum_of_squares: plus(self.sum_of_squares, other.sum_of_squares),
        }
    }

    /// Observations behind the figure; none where a sum of them is below zero.
    pub(super) fn observations(&self) -> u64 {
        self.sample.as_u64().unwrap_or(0)
    }
}
