//! Whether an expression over aggregates counts rows, or sums what is on them.

use datafusion::sql::sqlparser::ast::{
    BinaryOperator, CaseWhen, Expr, Function, FunctionArg, FunctionArgExpr, FunctionArguments,
    UnaryOperator, Value,
};
use datafusion::sql::sqlparser::dialect::GenericDialect;
use datafusion::sql::sqlparser::parser::Parser;
use datafusion::sql::sqlparser::tokenizer::Token;

/// Whether an expression counts rows: its value is a number of observations, or one such number less another.
///
/// Counts are `count(…)` of any kind, `sum(1)` and `sum(CASE … THEN 1 ELSE 0 END)`, each with a `FILTER` or without;
/// their sums and differences; and `coalesce` or `nullif` of one with 0. All else sums what is on the rows, or cannot
/// be told: money, products, means, casts.
///
/// ```
/// use scorewright_warehouse::counts_rows;
/// assert!(counts_rows("count(*) FILTER (WHERE score >= 9) - count(*) FILTER (WHERE score <= 6)"));
/// assert!(!counts_rows("sum(net_minor)"));
/// ```
pub fn counts_rows(text: &str) -> bool {
    let Ok(mut parser) = Parser::new(&GenericDialect {}).try_with_sql(text) else { return false };
    let Ok(expression) = parser.parse_expr() else { return false };
    parser.peek_token().token == Token::EOF && is_count(&expression)
}

fn is_count(expression: &Expr) -> bool {
    match expression {
        Expr::Nested(inner) | Expr::UnaryOp { op: UnaryOperator::Plus, expr: inner } => {
            is_count(inner)
        }
        Expr::BinaryOp { left, op: BinaryOperator::Plus | BinaryOperator::Minus, right } => {
            is_count(left) && is_count(right)
        }
        Expr::Function(function) => is_counting_call(function),
        _ => false,
    }
}

fn is_counting_call(function: &Function) -> bool {
    if function.over.is_some() {
        return false;
    }
    let name = function.name.to_string().to_ascii_lowercase();
    match (name.as_str(), arguments(function).as_slice()) {
        ("count", _) => true,
        ("sum", [value]) => is_one_or_nothing(value),
        ("coalesce" | "nullif", [count, zero]) => is_count(count) && integer(zero) == Some(0),
        _ => false,
    }
}

/// The expressions a function is called with.
fn arguments(function: &Function) -> Vec<&Expr> {
    let FunctionArguments::List(list) = &function.args else { return Vec::new() };
    let value = |argument| match argument {
        &FunctionArg::Unnamed(FunctionArgExpr::Expr(ref value)) => Some(value),
        _ => None,
    };
    list.args.iter().filter_map(value).collect()
}

/// Whether each row adds one, takes one, or does nothing.
fn is_one_or_nothing(value: &Expr) -> bool {
    match value {
        Expr::Nested(inner) => is_one_or_nothing(inner),
        Expr::Case { conditions, else_result, .. } => {
            let results = conditions.iter().map(|CaseWhen { result, .. }| result);
            results.chain(else_result.as_deref()).all(is_one_or_nothing)
        }
        Expr::Value(value) if matches!(value.value, Value::Null) => true,
        value => integer(value).is_some_and(|number| number.abs() <= 1),
    }
}

fn integer(expression: &Expr) -> Option<i64> {
    match expression {
        Expr::Nested(inner) | Expr::UnaryOp { op: UnaryOperator::Plus, expr: inner } => {
            integer(inner)
        }
        Expr::UnaryOp { op: UnaryOperator::Minus, expr } => integer(expr).map(|number| -number),
        Expr::Value(value) => match &value.value {
            Value::Number(digits, _) => digits.parse().ok(),
            _ => None,
        },
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_counts_rows() {
        for text in [
            "count(*)",
            "COUNT(score)",
            "count(DISTINCT customer_id)",
            "count(*) FILTER (WHERE score >= 4)",
            "count(*) FILTER (WHERE score >= 9) - count(*) FILTER (WHERE score <= 6)",
            "(count(a) + count(b))",
            "coalesce(count(a), 0)",
            "nullif(count(*), 0)",
            "sum(1)",
            "sum(CASE WHEN is_good THEN 1 ELSE 0 END)",
            "sum(CASE WHEN score >= 9 THEN 1 WHEN score <= 6 THEN -1 ELSE 0 END)",
            "sum(CASE channel WHEN 'chat' THEN 1 END) FILTER (WHERE is_good)",
        ] {
            assert!(counts_rows(text), "{text}");
        }
    }

    #[test]
    fn what_does_not() {
        for text in [
            "sum(net_minor)",
            "sum(CASE WHEN is_good THEN net_minor ELSE 0 END)",
            "sum(CASE WHEN is_good THEN 2 END)",
            "count(*) * 100",
            "count(*) + sum(net)",
            "coalesce(sum(net), 0)",
            "nullif(count(*), 5)",
            "avg(score)",
            "CAST(count(*) AS DECIMAL(18, 4))",
            "max(seats)",
            "count(*) OVER ()",
            "count(*) FROM a",
            "count(*",
            "1",
        ] {
            assert!(!counts_rows(text), "{text}");
        }
    }
}
