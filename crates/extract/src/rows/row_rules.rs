//! The rules of a source, asked of each row whose values are good one by one.

use crate::source::{Kind, RowRule, Source, ValueComparison};
use crate::typed::{TypedColumn, range};

/// The rules of a source, by places of its stored columns.
pub(super) struct RowRules(Vec<PlacedRule>);

struct PlacedRule {
    name: String,
    subject: Option<(usize, Vec<String>)>,
    demand: Demand,
}

/// What a rule demands of a row.
enum Demand {
    /// Two columns, each with what its numbers are multiplied by, so that decimals of two scales are alike.
    Compare { left: (usize, i128), is: ValueComparison, right: (usize, i128) },
    /// A column whose number lies within bounds.
    Within { column: usize, low: i128, high: i128 },
    /// A column that has a value.
    Required { column: usize },
}

impl RowRules {
    /// The rules of a source that was proven.
    pub(super) fn of(source: &Source) -> Self {
        Self(source.rules.iter().filter_map(|rule| placed(source, rule)).collect())
    }

    /// The name of the first rule that a row breaks.
    #[inline]
    pub(super) fn broken_by(&self, columns: &[TypedColumn], row: usize) -> Option<&str> {
        let broken = self.0.iter().find(|rule| rule.is_broken(columns, row));
        broken.map(|rule| rule.name.as_str())
    }
}

/// A rule by places; `None` for one that names what there is not, which its source was refused for.
fn placed(source: &Source, rule: &RowRule) -> Option<PlacedRule> {
    let place = |column: &str| source.stored().position(|(name, _)| name == column);
    let subject = match &rule.when {
        Some(when) => Some((place(&when.column)?, when.is.0.clone())),
        None => None,
    };
    let demand = if let Some([left, sign, right]) = &rule.compare {
        let most = scale(source, left).max(scale(source, right));
        let factor = |column: &str| 10_i128.pow(most - scale(source, column));
        Demand::Compare {
            left: (place(left)?, factor(left)),
            is: ValueComparison::of(sign)?,
            right: (place(right)?, factor(right)),
        }
    } else if let Some(bounds) = &rule.range {
        let mut column = source.columns.get(&bounds.column)?.clone();
        (column.min, column.max) = (bounds.min.clone(), bounds.max.clone());
        let (low, high) = range(&column)?;
        Demand::Within { column: place(&bounds.column)?, low, high }
    } else {
        Demand::Required { column: place(rule.required.as_deref()?)? }
    };
    Some(PlacedRule { name: rule.name.clone(), subject, demand })
}

/// Digits after the point of a column's numbers; 0 of what is no decimal.
fn scale(source: &Source, column: &str) -> u32 {
    let column = source.columns.get(column).filter(|column| column.kind == Kind::Decimal);
    column.map_or(0, |column| column.scale().into())
}

impl PlacedRule {
    fn is_broken(&self, columns: &[TypedColumn], row: usize) -> bool {
        self.is_about(columns, row) && !self.demand.holds(columns, row)
    }

    fn is_about(&self, columns: &[TypedColumn], row: usize) -> bool {
        let Some((column, texts)) = &self.subject else { return true };
        let text = columns[*column].text(row);
        text.is_some_and(|text| texts.iter().any(|one| one.as_bytes() == text))
    }
}

impl Demand {
    fn holds(&self, columns: &[TypedColumn], row: usize) -> bool {
        match self {
            Self::Required { column } => !columns[*column].is_null(row),
            Self::Within { column, low, high } => {
                columns[*column].ordered(row).is_none_or(|number| (*low..=*high).contains(&number))
            }
            Self::Compare { left, is, right } => {
                let number = |(column, factor): &(usize, i128)| {
                    Some(columns[*column].ordered(row)? * factor)
                };
                if let (Some(left), Some(right)) = (number(left), number(right)) {
                    return is.holds(&left, &right);
                }
                let text = |(column, _): &(usize, i128)| columns[*column].text(row);
                match (text(left), text(right)) {
                    (Some(left), Some(right)) => is.holds(&left, &right),
                    _ => true,
                }
            }
        }
    }
}
