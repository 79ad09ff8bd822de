//! A piece of SQL that must be one expression, before it is put into a query of ours.

use datafusion::error::DataFusionError;
use datafusion::sql::sqlparser::dialect::GenericDialect;
use datafusion::sql::sqlparser::parser::Parser;
use datafusion::sql::sqlparser::tokenizer::Token;

use super::sql_fault::SqlFault;
use super::sql_size::verify_size;

/// Refuses a text that is not one expression: one that ends early would change the query around it.
///
/// # Errors
///
/// A [`SqlFault`] when it is too long, cannot be parsed, or goes on after its end.
///
/// ```
/// use scorewright_warehouse::verify_expression;
/// assert!(verify_expression("count(*) FILTER (WHERE score >= 4)").is_ok());
/// assert!(verify_expression("score > 1) OR (1 = 1").is_err());
/// ```
pub fn verify_expression(text: &str) -> Result<(), SqlFault> {
    verify_size(text)?;
    let of_parser = |error| SqlFault::from(DataFusionError::SQL(Box::new(error), None));
    let mut parser = Parser::new(&GenericDialect {}).try_with_sql(text).map_err(&of_parser)?;
    parser.parse_expr().map_err(of_parser)?;
    let next = parser.peek_token();
    if next.token == Token::EOF {
        return Ok(());
    }
    let start = next.span.start;
    Err(SqlFault {
        place: Some((start.line, start.column)),
        ..SqlFault::new(format!("one expression is expected, and it ends before `{}`", next.token))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_would_change_the_query_around_it_is_refused() {
        for text in [
            "a) OR (b",
            "a) GROUP BY (b",
            "a) UNION SELECT * FROM raw.person WHERE (b",
            "a, b",
            "a; DROP TABLE t",
            "a AS b",
            "a FROM t",
            "(a",
            "",
        ] {
            assert!(verify_expression(text).is_err(), "{text}");
        }
        for text in [
            "a",
            "a = 1 -- a comment",
            "count(*) FILTER (WHERE a IN (SELECT b FROM c.d))",
            "sum(a) OVER (PARTITION BY b)",
            "(a) OR (b)",
            "opened_at < $period_end",
            "CASE WHEN a THEN 1 END",
        ] {
            verify_expression(text).unwrap();
        }
        let fault = verify_expression("a\n  ) OR (b").unwrap_err();
        assert_eq!(fault.message, "one expression is expected, and it ends before `)`");
        assert_eq!(fault.place, Some((2, 3)));
    }
}
