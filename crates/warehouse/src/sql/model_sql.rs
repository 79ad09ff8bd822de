//! A model's text, read by the engine's own parser.

use std::collections::BTreeSet;
use std::ops::Range;

use datafusion::sql::parser::{DFParser, Statement};
use datafusion::sql::resolve::resolve_table_references;
use datafusion::sql::sqlparser::ast::{
    Query, Select, SelectItem, SetExpr, SetOperator, SetQuantifier, Spanned as _, Statement as Ast,
    TableFactor,
};
use datafusion::sql::sqlparser::tokenizer::Location;
use scorewright_domain::{LocalTimeUse, ProjectFile};

use super::driving_tables::driving_tables;
use super::function_calls::local_time_use;
use super::passed_on::{PassedOn, passed_on};
use super::sql_fault::SqlFault;
use super::sql_size::verify_size;
use super::unsupported_syntax::unsupported_syntax;
use super::variables::parameter_names;

/// One SELECT, and the tables it reads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ModelSql {
    /// Tables it reads as it names them, without the names of its own `WITH` steps.
    pub reads: BTreeSet<String>,
    /// The tables among them that its rows come from: the first one of each `FROM`. Others are looked into.
    pub driving: BTreeSet<String>,
    /// The table whose rows it hands on, where that is all it does.
    pub passed_on: Option<PassedOn>,
    /// Whether it depends on the day of the run.
    pub uses_as_of: bool,
    /// What of the project's zone and schedules it depends on.
    pub local_time: LocalTimeUse,
    /// Names of the parameters and variables that it asks for, without the `$`.
    pub parameters: BTreeSet<String>,
}

impl ModelSql {
    /// Reads a text that must be one SELECT.
    ///
    /// # Errors
    ///
    /// A [`SqlFault`] when it cannot be parsed, is not one statement, or does anything but select.
    pub fn read(text: &str) -> Result<Self, SqlFault> {
        let statement = one_select(text)?;
        let (tables, _) = resolve_table_references(&statement, true)?;
        let reads =
            tables.iter().map(ToString::to_string).filter(|table| table.contains('.')).collect();
        let driving = query_of(&statement).map(driving_tables).unwrap_or_default();
        let passed_on = query_of(&statement).and_then(passed_on);
        let uses_as_of = text.contains("$as_of");
        let local_time = local_time_use(&statement);
        let parameters = parameter_names(&statement);
        Ok(Self { reads, driving, passed_on, uses_as_of, local_time, parameters })
    }
}

/// The SELECT of a text that must select from one table after the other, joined by `UNION ALL`.
///
/// Its bytes in the first branch, from `SELECT` up to the name of the table.
///
/// # Errors
///
/// A [`SqlFault`] when the text cannot be parsed, or does anything else.
pub fn union_select(file: &ProjectFile) -> Result<Range<usize>, SqlFault> {
    let statement = one_select(&file.text)?;
    let plain = query_of(&statement).filter(|query| {
        query.with.is_none() && query.order_by.is_none() && query.limit_clause.is_none()
    });
    plain.and_then(|query| first_select(&query.body, file)).ok_or_else(|| {
        SqlFault::new("only SELECTs of one table each, joined by UNION ALL, are accepted here")
    })
}

/// A SELECT that reads no table: its columns, and where it begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowlessSelect {
    /// Byte of its `SELECT`.
    pub start: usize,
    /// Names of its columns, in their order.
    pub columns: Vec<String>,
}

/// The SELECT of a text that gives columns of their own names and reads no table; none of any other text.
pub fn rowless_select(file: &ProjectFile) -> Option<RowlessSelect> {
    let statement = one_select(&file.text).ok()?;
    let SetExpr::Select(select) = query_of(&statement)?.body.as_ref() else { return None };
    if !select.from.is_empty() {
        return None;
    }
    let columns = select.projection.iter().map(|item| match item {
        SelectItem::ExprWithAlias { alias, .. } => Some(alias.to_string()),
        _ => None,
    });
    let start = select.span().start;
    Some(RowlessSelect {
        start: file.offset(start.line, start.column),
        columns: columns.collect::<Option<_>>()?,
    })
}

/// The first SELECT of a union; none when any of its branches is more than a SELECT of one table.
fn first_select(body: &SetExpr, file: &ProjectFile) -> Option<Range<usize>> {
    match body {
        SetExpr::Select(select) => select_of_a_table(select, file),
        SetExpr::SetOperation {
            op: SetOperator::Union,
            set_quantifier: SetQuantifier::All,
            left,
            right,
        } => first_select(right, file).and(first_select(left, file)),
        _ => None,
    }
}

/// A SELECT of one table, without any clause after it.
fn select_of_a_table(select: &Select, file: &ProjectFile) -> Option<Range<usize>> {
    let [from] = select.from.as_slice() else { return None };
    let TableFactor::Table { name, alias: None, args: None, .. } = &from.relation else {
        return None;
    };
    let (table, whole) = (name.span(), select.span());
    // A join or a clause after the table ends later than its name.
    let is_table_last = whole.end == table.end;
    let offset = |place: Location| file.offset(place.line, place.column);
    is_table_last.then(|| offset(whole.start)..offset(table.start))
}

fn query_of(statement: &Statement) -> Option<&Query> {
    match statement {
        Statement::Statement(inner) => match inner.as_ref() {
            Ast::Query(query) => Some(query),
            _ => None,
        },
        _ => None,
    }
}

/// The statement of a text that must be one SELECT.
fn one_select(text: &str) -> Result<Statement, SqlFault> {
    verify_size(text)?;
    let mut statements = DFParser::parse_sql(text)?;
    let (Some(statement), true) = (statements.pop_front(), statements.is_empty()) else {
        return Err(SqlFault::new("a model is one SELECT statement, and this is not one"));
    };
    if let Some(fault) = unsupported_syntax(&statement) {
        return Err(fault);
    }
    if query_of(&statement).is_none() {
        return Err(SqlFault::new(
            "a model is one SELECT; it cannot create, change or copy anything",
        ));
    }
    Ok(statement)
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

    fn select(text: &str) -> Result<String, SqlFault> {
        Ok(text[union_select(&ProjectFile::new("role.sql", text))?].to_owned())
    }

    #[test]
    fn the_select_of_a_union_ends_before_its_first_table() {
        let text = "-- FROM and SELECT in a comment.\nSELECT\n    'é FROM' AS a,\n    b\nFROM staging.one\n\
                    UNION ALL\nSELECT a, b FROM staging.\"two\"\n";
        assert_eq!(select(text).unwrap(), "SELECT\n    'é FROM' AS a,\n    b\nFROM ");
    }

    #[test]
    fn what_is_more_than_a_union_of_tables_is_no_union() {
        for text in [
            "SELECT a FROM b.c UNION SELECT a FROM b.d",
            "SELECT a FROM b.c WHERE a > 1",
            "SELECT a FROM b.c UNION ALL SELECT a FROM b.d WHERE a > 1",
            "SELECT a FROM b.c GROUP BY a",
            "SELECT a FROM b.c JOIN b.d USING (a)",
            "SELECT a FROM b.c ORDER BY a",
            "WITH d AS (SELECT 1 AS a) SELECT a FROM d",
            "SELECT 1",
            "DROP TABLE a.b",
        ] {
            assert!(select(text).is_err(), "{text}");
        }
    }
}
