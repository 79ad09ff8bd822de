//! An expression over aggregates that add up, taken apart: what to sum of each row, and what to make of the sums.

use datafusion::sql::sqlparser::ast::{
    BinaryOperator, DuplicateTreatment, Expr, Function, FunctionArg, FunctionArgExpr,
    FunctionArguments, UnaryOperator, Value,
};
use datafusion::sql::sqlparser::dialect::GenericDialect;
use datafusion::sql::sqlparser::parser::Parser;
use datafusion::sql::sqlparser::tokenizer::Token;

/// An expression over counts and sums of rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SumExpression {
    /// What is summed, in the order in which it stands there.
    pub sums: Vec<RowSum>,
    /// What the expression makes of the sums.
    pub formula: SumFormula,
}

/// One aggregate of an expression.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowSum {
    /// Whether rows are counted, or their numbers summed.
    pub is_count: bool,
    /// SQL of the value whose presence is counted, or that is summed; `None` for all rows.
    pub value: Option<String>,
    /// SQL of the condition that a row must meet.
    pub filter: Option<String>,
}

/// Arithmetic on sums. As in SQL, what has no value has none in sum and difference with others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SumFormula {
    /// The sum at a position.
    Sum(usize),
    /// A whole number.
    Integer(i64),
    /// Both added.
    Plus(Box<Self>, Box<Self>),
    /// The second taken from the first.
    Minus(Box<Self>, Box<Self>),
    /// Both multiplied.
    Times(Box<Self>, Box<Self>),
    /// The first that has a value.
    Coalesce(Vec<Self>),
}

impl SumExpression {
    /// Takes an expression apart; `None` where it has anything else in it: different values, means, quotients.
    ///
    /// ```
    /// use scorewright_warehouse::SumExpression;
    /// let net = SumExpression::of("sum(net) - coalesce(sum(tax) FILTER (WHERE is_taxed), 0)").unwrap();
    /// assert_eq!(net.sums.len(), 2);
    /// assert!(SumExpression::of("count(DISTINCT customer_id)").is_none());
    /// ```
    pub fn of(text: &str) -> Option<Self> {
        let mut parser = Parser::new(&GenericDialect {}).try_with_sql(text).ok()?;
        let expression = parser.parse_expr().ok()?;
        let mut sums = Vec::new();
        let formula = formula(&expression, &mut sums)?;
        let is_whole = parser.peek_token().token == Token::EOF && !sums.is_empty();
        is_whole.then_some(Self { sums, formula })
    }
}

fn formula(expression: &Expr, sums: &mut Vec<RowSum>) -> Option<SumFormula> {
    match expression {
        Expr::Nested(inner) => formula(inner, sums),
        Expr::Value(value) => match &value.value {
            Value::Number(digits, _) => Some(SumFormula::Integer(digits.parse().ok()?)),
            _ => None,
        },
        Expr::UnaryOp { op: UnaryOperator::Plus, expr } => formula(expr, sums),
        Expr::UnaryOp { op: UnaryOperator::Minus, expr } => Some(SumFormula::Minus(
            Box::new(SumFormula::Integer(0)),
            Box::new(formula(expr, sums)?),
        )),
        Expr::BinaryOp { left, op, right } => {
            let combine = match op {
                BinaryOperator::Plus => SumFormula::Plus,
                BinaryOperator::Minus => SumFormula::Minus,
                BinaryOperator::Multiply => SumFormula::Times,
                _ => return None,
            };
            Some(combine(Box::new(formula(left, sums)?), Box::new(formula(right, sums)?)))
        }
        Expr::Function(function) => of_function(function, sums),
        _ => None,
    }
}

fn of_function(function: &Function, sums: &mut Vec<RowSum>) -> Option<SumFormula> {
    let arguments = plain_arguments(function)?;
    let name = function.name.to_string().to_ascii_lowercase();
    match (name.as_str(), arguments) {
        ("coalesce", arguments) if function.filter.is_none() => {
            let of_argument = |argument: &FunctionArg| formula(value_of(argument)?, sums);
            Some(SumFormula::Coalesce(arguments.iter().map(of_argument).collect::<Option<_>>()?))
        }
        ("count", [FunctionArg::Unnamed(FunctionArgExpr::Wildcard)]) => {
            Some(added(sums, RowSum { is_count: true, value: None, filter: filter_of(function) }))
        }
        ("count" | "sum", [argument]) => {
            let (is_count, value) = (name == "count", Some(value_of(argument)?.to_string()));
            Some(added(sums, RowSum { is_count, value, filter: filter_of(function) }))
        }
        _ => None,
    }
}

/// The arguments of a function that is called without anything else.
fn plain_arguments(function: &Function) -> Option<&[FunctionArg]> {
    let FunctionArguments::List(list) = &function.args else { return None };
    let is_plain = list.clauses.is_empty()
        && list.duplicate_treatment.is_none_or(|treatment| treatment == DuplicateTreatment::All)
        && function.over.is_none()
        && function.null_treatment.is_none()
        && function.within_group.is_empty()
        && matches!(function.parameters, FunctionArguments::None);
    is_plain.then_some(list.args.as_slice())
}

fn value_of(argument: &FunctionArg) -> Option<&Expr> {
    match argument {
        FunctionArg::Unnamed(FunctionArgExpr::Expr(value)) => Some(value),
        _ => None,
    }
}

fn filter_of(function: &Function) -> Option<String> {
    function.filter.as_ref().map(ToString::to_string)
}

/// The place of a sum; one that is there already is summed once.
fn added(sums: &mut Vec<RowSum>, sum: RowSum) -> SumFormula {
    let known = sums.iter().position(|known| *known == sum);
    SumFormula::Sum(known.unwrap_or_else(|| {
        sums.push(sum);
        sums.len() - 1
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_adds_up_is_taken_apart() {
        let net = SumExpression::of(
            "100 * (sum(net) + coalesce(sum(back) FILTER (WHERE at >= $as_of), 0)) - count(*)",
        );
        let net = net.unwrap();
        let sql = |sum: &RowSum| format!("{} {:?} {:?}", sum.is_count, sum.value, sum.filter);
        assert_eq!(
            net.sums.iter().map(sql).collect::<Vec<_>>(),
            [
                "false Some(\"net\") None",
                "false Some(\"back\") Some(\"at >= $as_of\")",
                "true None None"
            ]
        );
        let twice = SumExpression::of("sum(a) - -sum(a)").unwrap();
        assert_eq!(twice.sums.len(), 1);
    }

    #[test]
    fn what_does_not_add_up_is_not() {
        for text in [
            "count(DISTINCT a)",
            "avg(a)",
            "max(a)",
            "sum(a) / count(*)",
            "sum(a) OVER ()",
            "0.5 * count(*)",
            "CAST(sum(a) AS DECIMAL(18, 4))",
            "sum(a), sum(b)",
            "sum(a) FROM b",
            "1",
            "count(a, b)",
            "nullif(sum(a), 0)",
        ] {
            assert_eq!(SumExpression::of(text), None, "{text}");
        }
    }
}
