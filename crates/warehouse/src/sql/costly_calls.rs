//! Calls that would fill the memory at once: the engine makes their answer in one piece, which nothing can stop.

use datafusion::sql::parser::Statement;
use datafusion::sql::sqlparser::ast::{
    Expr, Function, FunctionArg, FunctionArgExpr, FunctionArguments, Spanned as _, UnaryOperator,
    Value,
};

use super::refused_expressions::verify_each;
use super::sql_fault::SqlFault;

/// Most letters, or items of a list, that one call may make.
const MOST: i128 = 1_000_000;

/// Refuses calls whose answer has too many letters or items, as far as their numbers are written out.
///
/// # Errors
///
/// A [`SqlFault`] at the first of them.
pub(super) fn verify_costs(statement: &Statement) -> Result<(), SqlFault> {
    verify_each(statement, |expr| too_costly(expr).map_or(Ok(()), Err))
}

fn too_costly(expr: &Expr) -> Option<SqlFault> {
    let Expr::Function(function) = expr else { return None };
    let name = function.name.to_string().to_lowercase();
    let numbers = numbers_of(function);
    let number = |position: usize| numbers.get(position).copied().flatten();
    let count = match name.as_str() {
        "repeat" | "lpad" | "rpad" | "array_repeat" | "list_repeat" => number(1)?,
        "range" | "generate_series" => {
            let (start, end) =
                if numbers.len() == 1 { (0, number(0)?) } else { (number(0)?, number(1)?) };
            (end - start).abs() / number(2).map_or(1, |step| step.abs().max(1))
        }
        _ => return None,
    };
    let start = function.name.span().start;
    (count > MOST).then(|| SqlFault {
        place: (start.line > 0).then_some((start.line, start.column)),
        help: Some("a series of many rows: FROM generate_series(1, 5000000)".into()),
        ..SqlFault::new(format!("one call of `{name}` may make 1,000,000 letters or items"))
    })
}

/// The arguments that are whole numbers in the SQL itself.
fn numbers_of(function: &Function) -> Vec<Option<i128>> {
    let FunctionArguments::List(list) = &function.args else { return Vec::new() };
    let number = |argument: &FunctionArg| match argument {
        FunctionArg::Unnamed(FunctionArgExpr::Expr(expr)) => number_in(expr),
        _ => None,
    };
    list.args.iter().map(number).collect()
}

fn number_in(expr: &Expr) -> Option<i128> {
    match expr {
        Expr::Value(value) => match &value.value {
            // Of more digits than i64 has, one call could not use it.
            Value::Number(digits, _) => digits.parse::<i64>().ok().map(i128::from),
            _ => None,
        },
        Expr::UnaryOp { op: UnaryOperator::Minus, expr } => number_in(expr).map(|number| -number),
        Expr::Nested(expr) | Expr::Cast { expr, .. } => number_in(expr),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use datafusion::sql::parser::DFParser;

    use super::*;

    fn verified(sql: &str) -> Result<(), SqlFault> {
        verify_costs(&DFParser::parse_sql(sql).unwrap()[0])
    }

    #[test]
    fn one_call_makes_a_million_at_most() {
        for sql in [
            "SELECT repeat('x', 1000000000)",
            "SELECT lpad(name, 2000000, ' ') FROM a.b",
            "SELECT unnest(range(0, 100000000))",
            "SELECT unnest(generate_series(-5000000, (5000000)))",
            "SELECT 1 FROM a.b WHERE cardinality(range(2000000)) > 1",
            "SELECT rpad(a, CAST(3000000 AS BIGINT)) FROM a.b",
        ] {
            let fault = verified(sql).expect_err(sql);
            assert!(fault.message.ends_with("may make 1,000,000 letters or items"), "{sql}");
        }
        for sql in [
            "SELECT repeat('x', 1000000), range(0, 10000000, 100)",
            "SELECT * FROM generate_series(1, 100000000)",
            "SELECT repeat(a, b) FROM a.b",
        ] {
            verified(sql).unwrap();
        }
    }
}
