//! Which names an expression divides by which.

use std::collections::BTreeSet;
use std::ops::ControlFlow;

use datafusion::sql::sqlparser::ast::{BinaryOperator, Expr, visit_expressions};
use datafusion::sql::sqlparser::dialect::GenericDialect;
use datafusion::sql::sqlparser::parser::Parser;

/// One division of an expression.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quotient {
    /// Names in what is divided.
    pub over: BTreeSet<String>,
    /// Names in what it is divided by.
    pub under: BTreeSet<String>,
}

/// The divisions of an expression, from the outermost inwards; none of what is no expression.
///
/// ```
/// use scorewright_warehouse::quotients;
/// let rate = quotients("100 * orders / nullif(customers, 0)");
/// assert!(rate[0].over.contains("orders") && rate[0].under.contains("customers"));
/// assert!(quotients("price * amount").is_empty());
/// ```
pub fn quotients(text: &str) -> Vec<Quotient> {
    let parsed = Parser::new(&GenericDialect {}).try_with_sql(text);
    let Ok(expression) = parsed.and_then(|mut parser| parser.parse_expr()) else {
        return Vec::new();
    };
    let mut quotients = Vec::new();
    let _: ControlFlow<()> = visit_expressions(&expression, |part| {
        if let Expr::BinaryOp { left, op: BinaryOperator::Divide, right } = part {
            quotients.push(Quotient { over: names(left), under: names(right) });
        }
        ControlFlow::Continue(())
    });
    quotients
}

fn names(expression: &Expr) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    let _: ControlFlow<()> = visit_expressions(expression, |part| {
        if let Expr::Identifier(name) = part {
            names.insert(name.value.clone());
        }
        ControlFlow::Continue(())
    });
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str) -> Vec<String> {
        let words = |names: &BTreeSet<String>| names.iter().cloned().collect::<Vec<_>>().join(" ");
        let all = quotients(text).into_iter();
        all.map(|one| format!("{} / {}", words(&one.over), words(&one.under))).collect()
    }

    #[test]
    fn divisions_are_found_wherever_they_stand() {
        assert_eq!(told("coalesce(a * b / nullif(c, 0), 0) + 1"), ["a b / c"]);
        assert_eq!(told("(a / b) / (c + 1)"), ["a b / c", "a / b"]);
        assert_eq!(told("CASE WHEN a > 0 THEN a / 2 END"), ["a / "]);
        assert!(told("a * b").is_empty() && told("a /").is_empty());
    }
}
