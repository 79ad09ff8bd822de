//! The name of a cluster.

use jiff::Timestamp;
use jiff::civil::Date;
use scorewright_warehouse::Cell;

/// What the rows of a cluster have in common, in the order in which the engine sorts it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum ClusterName {
    Boolean(bool),
    Integer(i64),
    /// Digits of a decimal: as many follow the point in all names.
    Decimal(i128),
    /// A real number by its rank among all.
    Real(i64),
    Text(String),
    Date(Date),
    Timestamp(Timestamp),
    /// Rows without a name are a cluster too, and come last.
    Nameless,
}

impl From<&Cell> for ClusterName {
    fn from(cell: &Cell) -> Self {
        match cell {
            Cell::Null => Self::Nameless,
            Cell::Boolean(claim) => Self::Boolean(*claim),
            Cell::Integer(number) => Self::Integer(*number),
            Cell::Decimal { unscaled, .. } => Self::Decimal(*unscaled),
            Cell::Float(number) => Self::Real(rank(*number)),
            Cell::Text(text) => Self::Text(text.clone()),
            Cell::Timestamp(instant) => Self::Timestamp(*instant),
            Cell::Date(day) => Self::Date(*day),
        }
    }
}

/// A whole number that stands to others as [`f64::total_cmp`] has the real ones.
fn rank(number: f64) -> i64 {
    let bits = number.to_bits().cast_signed();
    if bits < 0 { bits ^ i64::MAX } else { bits }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn real_names_are_in_the_order_of_their_numbers() {
        let numbers = [f64::NEG_INFINITY, -2.5, -1.0, -0.0, 0.0, 1e-300, 1.0, 2.5, f64::INFINITY];
        assert!(numbers.map(rank).is_sorted());
    }

    #[test]
    fn rows_without_a_name_come_last() {
        let names = [Cell::Text("b".into()), Cell::Null, Cell::Text("a".into())];
        let mut names: Vec<ClusterName> = names.iter().map(ClusterName::from).collect();
        names.sort();
        assert_eq!(names.last(), Some(&ClusterName::Nameless));
    }
}
