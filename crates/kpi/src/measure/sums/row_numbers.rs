//! What a metric sums of each row: columns of a query, and the sums that grow from them.

use scorewright_warehouse::arrow::array::Array as _;
use scorewright_warehouse::{AnswerColumn, RowSum, SumExpression, SumFormula};

use super::exact_number::ExactNumber;
use super::formula::evaluate;
use crate::metric::Expression;
use crate::sql::Sql;

/// Expressions over sums, with the columns that have what is summed of each row.
#[derive(Debug)]
pub(crate) struct RowNumbers {
    sums: Vec<RowSum>,
    formulas: Vec<SumFormula>,
}

/// A sum that grows row by row; without a value there is none.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(crate) struct RunningSum {
    unscaled: i128,
    scale: u8,
    has_value: bool,
}

impl RowNumbers {
    /// Takes expressions apart; `None` where one of them does not add up, or asks for the end of its period.
    pub(crate) fn of(expressions: &[&Expression]) -> Option<Self> {
        let mut all = Self { sums: Vec::new(), formulas: Vec::new() };
        for expression in expressions {
            if expression.uses_period_end() {
                return None;
            }
            let SumExpression { sums, formula } = SumExpression::of(&expression.text)?;
            let places: Vec<usize> = sums.into_iter().map(|sum| all.place(sum)).collect();
            all.formulas.push(moved(formula, &places));
        }
        Some(all)
    }

    fn place(&mut self, sum: RowSum) -> usize {
        let known = self.sums.iter().position(|known| *known == sum);
        known.unwrap_or_else(|| {
            self.sums.push(sum);
            self.sums.len() - 1
        })
    }

    /// How many sums there are.
    pub(crate) fn len(&self) -> usize {
        self.sums.len()
    }

    /// Adds a column for each sum, each after a comma.
    pub(crate) fn add_to(&self, sql: &mut Sql) {
        for (at, sum) in self.sums.iter().enumerate() {
            // On lines of its own, so that a comment in it ends.
            sql.add(format!(",\n(\n{}\n) AS \"_sum_{at}\"", column(sum)));
        }
    }

    /// Adds the rows of an answer to sums.
    ///
    /// - `places`: for each row, where its sums begin in `running`.
    /// - `None` where a column holds other than exact numbers.
    pub(crate) fn add_rows(
        &self,
        columns: &[AnswerColumn],
        places: &[usize],
        running: &mut [RunningSum],
    ) -> Option<()> {
        for (at, (sum, column)) in self.sums.iter().zip(columns).enumerate() {
            let numbers = NumberColumn::of(sum, column)?;
            for (row, place) in places.iter().enumerate() {
                if let Some(number) = numbers.at(row) {
                    running[place + at].add(number, numbers.scale)?;
                }
            }
        }
        Some(())
    }

    /// The numbers of each row, sum by sum; `None` where a column holds other than whole numbers of 64 bits and decimals of
    /// such.
    pub(crate) fn numbers(&self, columns: &[AnswerColumn], rows: usize) -> Option<Vec<SumColumn>> {
        let of = |(sum, column): (&RowSum, &AnswerColumn)| {
            let numbers = NumberColumn::of(sum, column)?;
            let narrow = |row| match numbers.at(row) {
                Some(number) => Some(Some(i64::try_from(number).ok()?)),
                None => Some(None),
            };
            let values = (0..rows).map(narrow).collect::<Option<Vec<_>>>()?;
            Some(SumColumn { values, scale: numbers.scale })
        };
        self.sums.iter().zip(columns).map(of).collect()
    }

    /// What the expressions make of sums; `None` where that has too many digits. No value is zero.
    pub(crate) fn results(&self, running: &[RunningSum]) -> Option<Vec<ExactNumber>> {
        let sum = |at: usize| {
            let sum: &RunningSum = &running[at];
            let has_value = sum.has_value || self.sums[at].is_count;
            has_value.then_some(ExactNumber::of_digits(sum.unscaled, sum.scale))
        };
        let results = self.formulas.iter().map(|formula| {
            let result = evaluate(formula, &sum).ok()?;
            Some(result.unwrap_or_default())
        });
        results.collect()
    }
}

/// The numbers of one sum, row by row.
#[derive(Debug)]
pub(crate) struct SumColumn {
    pub(crate) values: Vec<Option<i64>>,
    pub(crate) scale: u8,
}

impl RunningSum {
    /// Adds a number; `None` where the sum has too many digits.
    pub(crate) fn add(&mut self, unscaled: i128, scale: u8) -> Option<()> {
        self.unscaled = self.unscaled.checked_add(unscaled)?;
        (self.scale, self.has_value) = (scale, true);
        Some(())
    }

    /// Adds another sum of the same numbers.
    pub(crate) fn merge(&mut self, other: Self) -> Option<()> {
        if other.has_value { self.add(other.unscaled, other.scale) } else { Some(()) }
    }

    /// The sum of as many times the same numbers.
    pub(crate) fn times(self, count: i128) -> Option<Self> {
        let has_value = self.has_value && count != 0;
        Some(Self { unscaled: self.unscaled.checked_mul(count)?, has_value, ..self })
    }
}

/// A column of an answer as what it adds to a sum.
struct NumberColumn<'a> {
    column: &'a AnswerColumn,
    scale: u8,
}

impl<'a> NumberColumn<'a> {
    fn of(sum: &RowSum, column: &'a AnswerColumn) -> Option<Self> {
        let scale = match (sum.is_count, column) {
            (true, AnswerColumn::Boolean(_))
            | (false, AnswerColumn::Integer(_))
            | (_, AnswerColumn::Null) => 0,
            (false, AnswerColumn::Decimal { scale, .. }) => u8::try_from(*scale).ok()?,
            _ => return None,
        };
        Some(Self { column, scale })
    }

    fn at(&self, row: usize) -> Option<i128> {
        match self.column {
            AnswerColumn::Boolean(claims) => {
                (claims.is_valid(row) && claims.value(row)).then_some(1)
            }
            AnswerColumn::Integer(numbers) => {
                numbers.is_valid(row).then(|| i128::from(numbers.value(row)))
            }
            AnswerColumn::Decimal { unscaled, .. } => {
                unscaled.is_valid(row).then(|| unscaled.value(row))
            }
            _ => None,
        }
    }
}

/// SQL of what a row adds: whether it counts, or its number.
fn column(sum: &RowSum) -> String {
    let value = sum.value.as_ref().map(|value| format!("({value}\n)"));
    match (sum.is_count, value, &sum.filter) {
        (true, None, None) => "TRUE".into(),
        (true, None, Some(filter)) => format!("({filter}\n)"),
        (true, Some(value), None) => format!("{value} IS NOT NULL"),
        (true, Some(value), Some(filter)) => format!("{value} IS NOT NULL AND ({filter}\n)"),
        (false, Some(value), Some(filter)) => format!("CASE WHEN ({filter}\n) THEN {value} END"),
        (false, value, _) => value.expect("a sum has a value"),
    }
}

/// A formula whose sums stand at other places.
fn moved(formula: SumFormula, places: &[usize]) -> SumFormula {
    let inner = |formula: Box<SumFormula>| Box::new(moved(*formula, places));
    match formula {
        SumFormula::Sum(at) => SumFormula::Sum(places[at]),
        SumFormula::Integer(number) => SumFormula::Integer(number),
        SumFormula::Plus(one, other) => SumFormula::Plus(inner(one), inner(other)),
        SumFormula::Minus(one, other) => SumFormula::Minus(inner(one), inner(other)),
        SumFormula::Times(one, other) => SumFormula::Times(inner(one), inner(other)),
        SumFormula::Coalesce(all) => {
            SumFormula::Coalesce(all.into_iter().map(|one| moved(one, places)).collect())
        }
    }
}
