//! A SELECT that hands on the rows of one table, each once.

use std::collections::BTreeSet;

use datafusion::sql::sqlparser::ast::{
    Expr, GroupByExpr, Query, Select, SelectItem, SetExpr, TableFactor,
};

use super::driving_tables::{as_known, plain};

/// The rows of one table, all of them and each once, with some of its columns under their own names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PassedOn {
    /// The table, as the SELECT names it.
    pub table: String,
    /// Columns that are handed on as they are. Others may be made of the row.
    pub columns: BTreeSet<String>,
}

/// What a query hands on; none of one that leaves rows out, joins, groups or orders them.
pub(super) fn passed_on(query: &Query) -> Option<PassedOn> {
    let is_plain = query.with.is_none()
        && query.order_by.is_none()
        && query.limit_clause.is_none()
        && query.fetch.is_none();
    let SetExpr::Select(select) = query.body.as_ref() else { return None };
    let [from] = select.from.as_slice() else { return None };
    let TableFactor::Table { name, alias, args: None, sample: None, .. } = &from.relation else {
        return None;
    };
    if !is_plain || !from.joins.is_empty() || !keeps_rows(select) {
        return None;
    }
    let table = plain(name);
    let known_as = alias.as_ref().map(|alias| as_known(&alias.name));
    let known_as = known_as.or_else(|| table.rsplit('.').next().map(ToOwned::to_owned))?;
    let columns = select.projection.iter().filter_map(|item| column_as_it_is(item, &known_as));
    Some(PassedOn { columns: columns.collect(), table })
}

/// Whether each row of its table gives one row, whatever its columns are: none of them may be one of another kind.
fn keeps_rows(select: &Select) -> bool {
    let is_grouped = !matches!(&select.group_by, GroupByExpr::Expressions(by, _) if by.is_empty());
    let is_filtered = select.selection.is_some()
        || select.prewhere.is_some()
        || select.having.is_some()
        || select.qualify.is_some();
    let is_other = select.distinct.is_some()
        || select.top.is_some()
        || !select.lateral_views.is_empty()
        || !select.connect_by.is_empty();
    !is_grouped && !is_filtered && !is_other && select.projection.iter().all(is_of_a_row)
}

/// Whether a column has one value for each row: a column, a literal, or such a one in another type.
///
/// An aggregate would make one row of all, `unnest` several of one: functions are not looked into.
fn is_of_a_row(item: &SelectItem) -> bool {
    match item {
        SelectItem::UnnamedExpr(of_row) | SelectItem::ExprWithAlias { expr: of_row, .. } => {
            is_simple(of_row)
        }
        _ => false,
    }
}

fn is_simple(of_row: &Expr) -> bool {
    match of_row {
        Expr::Identifier(_) | Expr::CompoundIdentifier(_) | Expr::Value(_) => true,
        Expr::Cast { expr: inner, .. } | Expr::Nested(inner) => is_simple(inner),
        _ => false,
    }
}

/// The name of a column that keeps it.
///
/// - `table`: what the table is known as; another word before a column is a record that it is a part of.
fn column_as_it_is(item: &SelectItem, table: &str) -> Option<String> {
    let (of_row, alias) = match item {
        SelectItem::UnnamedExpr(of_row) => (of_row, None),
        SelectItem::ExprWithAlias { expr: of_row, alias } => (of_row, Some(as_known(alias))),
        _ => return None,
    };
    let name = match of_row {
        Expr::Identifier(name) => as_known(name),
        Expr::CompoundIdentifier(parts) => match parts.as_slice() {
            [of, name] if as_known(of) == table => as_known(name),
            _ => return None,
        },
        _ => return None,
    };
    alias.is_none_or(|alias| alias == name).then_some(name)
}

#[cfg(test)]
mod tests {
    use crate::sql::ModelSql;

    fn passed(sql: &str) -> Option<String> {
        let passed = ModelSql::read(sql).unwrap().passed_on?;
        let columns = passed.columns.into_iter().collect::<Vec<_>>().join(" ");
        Some(format!("{}: {columns}", passed.table))
    }

    #[test]
    fn columns_keep_their_names_or_are_others() {
        for (sql, expected) in [
            ("SELECT id, opened_at FROM staging.ticket", "staging.ticket: id opened_at"),
            ("SELECT t.id, t.team AS name FROM staging.ticket AS t", "staging.ticket: id"),
            ("SELECT id AS other, other AS id FROM raw.one", "raw.one: "),
            ("SELECT 'zendesk' AS source, CAST(id AS VARCHAR) AS id FROM raw.one", "raw.one: "),
            ("SELECT id AS id, \"Team\" FROM raw.one", "raw.one: Team id"),
            ("SELECT ID FROM raw.one", "raw.one: id"),
            ("SELECT record.id, one.day FROM raw.one", "raw.one: day"),
        ] {
            assert_eq!(passed(sql).as_deref(), Some(expected), "{sql}");
        }
    }

    #[test]
    fn what_may_have_other_rows_is_not_handed_on() {
        for sql in [
            "SELECT id FROM raw.one WHERE id > 1",
            "SELECT DISTINCT id FROM raw.one",
            "SELECT id FROM raw.one GROUP BY id",
            "SELECT count(*) AS id FROM raw.one",
            "SELECT unnest(ids) AS id FROM raw.one",
            "SELECT id FROM raw.one LIMIT 3",
            "SELECT id FROM raw.one JOIN raw.two USING (id)",
            "SELECT id FROM raw.one, raw.two",
            "SELECT id FROM raw.one UNION ALL SELECT id FROM raw.two",
            "SELECT id FROM raw.one TABLESAMPLE BERNOULLI (10)",
            "SELECT * FROM raw.one",
            "WITH two AS (SELECT 1 AS id) SELECT id FROM two",
            "SELECT id FROM raw.one QUALIFY row_number() OVER (ORDER BY id) = 1",
            "SELECT id FROM (SELECT id FROM raw.one) AS one",
        ] {
            assert_eq!(ModelSql::read(sql).ok().and_then(|model| model.passed_on), None, "{sql}");
        }
    }
}
