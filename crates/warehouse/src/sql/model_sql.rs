//! A model's text, read by the engine's own parser.

use std::collections::BTreeSet;

use datafusion::sql::parser::{DFParser, Statement};
use datafusion::sql::resolve::resolve_table_references;
use datafusion::sql::sqlparser::ast::Statement as Ast;

use super::sql_fault::SqlFault;

/// Most bytes of the text of one model.
const LONGEST: usize = 256 * 1024;

/// One SELECT, and the tables it reads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ModelSql {
    /// Tables it reads as it names them, without the names of its own `WITH` steps.
    pub reads: BTreeSet<String>,
    /// Whether it depends on the day of the run.
    pub uses_as_of: bool,
}

impl ModelSql {
    /// Reads a text that must be one SELECT.
    ///
    /// # Errors
    ///
    /// A [`SqlFault`] when it cannot be parsed, is not one statement, or does anything but select.
    pub fn read(text: &str) -> Result<Self, SqlFault> {
        if text.len() > LONGEST {
            return Err(SqlFault::new(format!(
                "a model may have {LONGEST} bytes, this one has {}",
                text.len()
            )));
        }
        let mut statements = DFParser::parse_sql(text)?;
        let (Some(statement), true) = (statements.pop_front(), statements.is_empty()) else {
            return Err(SqlFault::new("a model is one SELECT statement, and this is not one"));
        };
        if !matches!(&statement, Statement::Statement(inner) if matches!(**inner, Ast::Query(_))) {
            return Err(SqlFault::new(
                "a model is one SELECT; it cannot create, change or copy anything",
            ));
        }
        let (tables, _) = resolve_table_references(&statement, true)?;
        let reads =
            tables.iter().map(ToString::to_string).filter(|table| table.contains('.')).collect();
        Ok(Self { reads, uses_as_of: text.contains("$as_of") })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_of_the_query_are_not_tables_it_reads() {
        let sql = "WITH opened AS (SELECT * FROM fact.ticket) SELECT * FROM opened JOIN dim.team USING (team)";
        let model = ModelSql::read(sql).unwrap();
        assert_eq!(model.reads, BTreeSet::from(["dim.team".into(), "fact.ticket".into()]));
        assert!(!model.uses_as_of);
    }

    #[test]
    fn a_model_can_only_select() {
        for sql in [
            "DROP TABLE fact.ticket",
            "COPY fact.ticket TO '/tmp/x'",
            "SELECT 1; SELECT 2",
            "",
            "INSERT INTO a.b SELECT 1",
        ] {
            assert!(ModelSql::read(sql).is_err(), "{sql}");
        }
    }

    #[test]
    fn a_slip_is_located() {
        let fault = ModelSql::read("SELECT a\nFORM fact.ticket WHERE").unwrap_err();
        assert_eq!(fault.place.map(|(line, _)| line), Some(2), "{fault:?}");
    }
}
