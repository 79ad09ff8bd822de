//! The first expression of a statement that is refused.

use std::ops::ControlFlow;

use datafusion::sql::parser::Statement;
use datafusion::sql::sqlparser::ast::{Expr, visit_expressions};

use super::sql_fault::SqlFault;

/// Looks at every expression of a statement, wherever it stands.
///
/// # Errors
///
/// The first [`SqlFault`] that `verify` returns.
pub(super) fn verify_each(
    statement: &Statement,
    mut verify: impl FnMut(&Expr) -> Result<(), SqlFault>,
) -> Result<(), SqlFault> {
    let Statement::Statement(statement) = statement else { return Ok(()) };
    let visited = visit_expressions(statement, |expr| match verify(expr) {
        Ok(()) => ControlFlow::Continue(()),
        Err(fault) => ControlFlow::Break(Box::new(fault)),
    });
    match visited {
        ControlFlow::Continue(()) => Ok(()),
        ControlFlow::Break(fault) => Err(*fault),
    }
}
