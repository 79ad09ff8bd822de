//! Functions that answer otherwise at every run: no version made of them could be made again.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use datafusion::functions::all_default_functions;
use datafusion::logical_expr::Volatility;
use datafusion::sql::parser::Statement;
use datafusion::sql::sqlparser::ast::{Expr, Spanned as _};

use super::refused_expressions::verify_each;
use super::sql_fault::SqlFault;

/// Names of those of the engine: what depends on clock, chance or the files of a table.
static NAMES: LazyLock<BTreeSet<String>> = LazyLock::new(|| {
    let all = all_default_functions().into_iter();
    let depending = all.filter(|function| function.signature().volatility != Volatility::Immutable);
    let names = depending.flat_map(|function| {
        let name = function.name().to_owned();
        [name].into_iter().chain(function.aliases().to_vec())
    });
    names.collect()
});

/// Refuses a call of such a function, where it stands.
///
/// # Errors
///
/// A [`SqlFault`] at the first of them.
pub(super) fn verify_repeatable(statement: &Statement) -> Result<(), SqlFault> {
    verify_each(statement, |expr| unrepeatable(expr).map_or(Ok(()), Err))
}

fn unrepeatable(expr: &Expr) -> Option<SqlFault> {
    let Expr::Function(function) = expr else { return None };
    let name = function.name.to_string().to_lowercase();
    let name = NAMES.get(name.trim_matches('"'))?;
    let start = function.name.span().start;
    let help = match name.as_str() {
        "now" | "current_timestamp" => {
            "write $as_of, the instant at which the day of the run begins"
        }
        "current_date" | "today" => "write local_date($as_of), the day of the run",
        _ => "write what follows from the row: md5(ticket_id)",
    };
    Some(SqlFault {
        place: (start.line > 0).then_some((start.line, start.column)),
        help: Some(help.into()),
        ..SqlFault::new(format!(
            "`{name}` answers otherwise at every run, so that no version could be made again"
        ))
    })
}

#[cfg(test)]
mod tests {
    use datafusion::sql::parser::DFParser;

    use super::*;

    fn verified(sql: &str) -> Result<(), SqlFault> {
        verify_repeatable(&DFParser::parse_sql(sql).unwrap()[0])
    }

    #[test]
    fn clock_and_chance_are_refused_wherever_they_stand() {
        for (call, name) in [
            ("now()", "now"),
            ("NOW()", "now"),
            ("current_timestamp", "current_timestamp"),
            ("CURRENT_DATE", "current_date"),
            ("today()", "today"),
            ("current_time", "current_time"),
            ("random()", "random"),
            ("uuid()", "uuid"),
            ("\"uuid\"()", "uuid"),
            ("input_file_name()", "input_file_name"),
        ] {
            for sql in [
                format!("SELECT {call}"),
                format!("SELECT 1 FROM a.b WHERE c < {call}"),
                format!("WITH d AS (SELECT coalesce(e, {call}) AS e FROM a.b) SELECT e FROM d"),
            ] {
                let said = verified(&sql).expect_err(&sql).message;
                assert!(said.starts_with(&format!("`{name}` answers")), "{sql}: {said}");
            }
        }
        verified("SELECT date_trunc('day', now_at), uuid FROM a.b").unwrap();
    }
}
