//! Variables of the project in a statement: which it names, and their values in place of the names.

use std::collections::BTreeSet;
use std::ops::ControlFlow;

use datafusion::sql::parser::Statement;
use datafusion::sql::sqlparser::ast::{Expr, Value, visit_expressions, visit_expressions_mut};
use datafusion::sql::sqlparser::dialect::GenericDialect;
use datafusion::sql::sqlparser::parser::Parser;
use scorewright_domain::{Variable, Variables, did_you_mean};

use super::parameters::Parameters;
use super::sql_fault::SqlFault;

/// Names of the parameters of a statement, without the `$`.
pub(super) fn parameter_names(statement: &Statement) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    if let Statement::Statement(statement) = statement {
        let _: ControlFlow<()> = visit_expressions(statement, |expr| {
            names.extend(parameter(expr).map(ToOwned::to_owned));
            ControlFlow::Continue(())
        });
    }
    names
}

/// Puts the values of variables in place of their names, so that each has its type wherever it stands.
///
/// - `parameters`: names that a query gives a value itself; they go before.
///
/// # Errors
///
/// A [`SqlFault`] at the first name that is neither.
pub(super) fn set_variables(
    statement: &mut Statement,
    variables: &Variables,
    parameters: &Parameters,
) -> Result<(), SqlFault> {
    let Statement::Statement(statement) = statement else { return Ok(()) };
    let set = visit_expressions_mut(statement, |expr| {
        let Some(name) = parameter(expr).filter(|name| !parameters.has(name)) else {
            return ControlFlow::Continue(());
        };
        match variables.0.get(name) {
            Some(value) => {
                *expr = literal(value);
                ControlFlow::Continue(())
            }
            None => ControlFlow::Break(Box::new(unknown(expr, name, variables, parameters))),
        }
    });
    match set {
        ControlFlow::Continue(()) => Ok(()),
        ControlFlow::Break(fault) => Err(*fault),
    }
}

/// The name of a parameter, without the `$`.
fn parameter(expr: &Expr) -> Option<&str> {
    match expr {
        Expr::Value(value) => match &value.value {
            Value::Placeholder(name) => name.strip_prefix('$'),
            _ => None,
        },
        _ => None,
    }
}

fn literal(value: &Variable) -> Expr {
    let text = value.to_string();
    let parsed = Parser::new(&GenericDialect {}).try_with_sql(&text);
    parsed.and_then(|mut parser| parser.parse_expr()).expect("a value is written as a constant")
}

fn unknown(expr: &Expr, name: &str, variables: &Variables, parameters: &Parameters) -> SqlFault {
    let known = parameters.names().chain(variables.0.keys().map(String::as_str));
    let known: Vec<String> = known.map(|name| format!("${name}")).collect();
    let known: Vec<&str> = known.iter().map(String::as_str).collect();
    let list = match known.as_slice() {
        [] => "name it in `[variables]` of `scorewright.toml`".to_owned(),
        known => format!(
            "known here: {}; others are named in `[variables]` of `scorewright.toml`",
            known.join(", ")
        ),
    };
    let name = format!("${name}");
    let place = match expr {
        // Behind the `$`, so that the whole name is pointed at.
        Expr::Value(value) => Some((value.span.start.line, value.span.start.column + 1)),
        _ => None,
    };
    let help = Some(did_you_mean(&name, &known, &list));
    SqlFault { place, help, ..SqlFault::new(format!("there is no variable `{name}`")) }
}
