//! SQL that the parser knows and the engine does not, with what to write instead.

use std::ops::ControlFlow;

use datafusion::sql::parser::Statement;
use datafusion::sql::sqlparser::ast::{Spanned as _, TableFactor, Visit as _, Visitor};

use super::sql_fault::SqlFault;

/// The first part of a statement that cannot run, and the way out.
pub(super) fn unsupported_syntax(statement: &Statement) -> Option<SqlFault> {
    let Statement::Statement(statement) = statement else { return None };
    match statement.visit(&mut UnsupportedSyntax) {
        ControlFlow::Continue(()) => None,
        ControlFlow::Break(fault) => Some(*fault),
    }
}

struct UnsupportedSyntax;

impl Visitor for UnsupportedSyntax {
    type Break = Box<SqlFault>;

    fn pre_visit_table_factor(&mut self, factor: &TableFactor) -> ControlFlow<Box<SqlFault>> {
        let (what, table, help) = match factor {
            TableFactor::Pivot { table, .. } => ("PIVOT", table, PIVOT),
            TableFactor::Unpivot { table, .. } => ("UNPIVOT", table, UNPIVOT),
            _ => return ControlFlow::Continue(()),
        };
        let start = table.span().start;
        ControlFlow::Break(Box::new(SqlFault {
            place: (start.line > 0).then_some((start.line, start.column)),
            help: Some(help.to_owned()),
            ..SqlFault::new(format!("{what} is not supported"))
        }))
    }
}

const PIVOT: &str = "write one aggregate for each column: \
    sum(amount) FILTER (WHERE kind = 'refund') AS refunded, ... GROUP BY order_id";

const UNPIVOT: &str = "write one SELECT for each column, joined by UNION ALL: \
    SELECT id, 'q1' AS question, q1 AS answer FROM ... UNION ALL SELECT id, 'q2', q2 FROM ...";
