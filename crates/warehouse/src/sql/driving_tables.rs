//! The tables that the rows of a SELECT come from, without those that are only looked into.

use std::collections::{BTreeMap, BTreeSet};

use datafusion::sql::sqlparser::ast::{
    Ident, JoinOperator, ObjectName, ObjectNamePart, Query, Select, SetExpr, SetOperator,
    TableFactor, TableWithJoins,
};

/// The tables that give a SELECT its rows, as it names them.
///
/// Of joined tables it is the first one; of a `RIGHT JOIN` the later, of a `FULL JOIN` both; of a union those of all its
/// branches. The SELECTs in `WITH` and in brackets are followed to their own tables.
pub(super) fn driving_tables(query: &Query) -> BTreeSet<String> {
    Steps::default().of_query(query)
}

/// The named steps of a query, with the tables that give them their rows.
#[derive(Debug, Clone, Default)]
struct Steps(BTreeMap<String, BTreeSet<String>>);

impl Steps {
    fn of_query(&self, query: &Query) -> BTreeSet<String> {
        let mut steps = self.clone();
        for step in query.with.iter().flat_map(|with| &with.cte_tables) {
            let tables = steps.of_query(&step.query);
            steps.0.insert(as_known(&step.alias.name), tables);
        }
        steps.of_body(&query.body)
    }

    fn of_body(&self, body: &SetExpr) -> BTreeSet<String> {
        match body {
            SetExpr::Select(select) => self.of_select(select),
            SetExpr::Query(query) => self.of_query(query),
            SetExpr::SetOperation { op: SetOperator::Union, left, right, .. } => {
                &self.of_body(left) | &self.of_body(right)
            }
            SetExpr::SetOperation { left, .. } => self.of_body(left),
            _ => BTreeSet::new(),
        }
    }

    fn of_select(&self, select: &Select) -> BTreeSet<String> {
        select.from.first().map(|from| self.of_joins(from)).unwrap_or_default()
    }

    fn of_joins(&self, from: &TableWithJoins) -> BTreeSet<String> {
        let mut tables = self.of_factor(&from.relation);
        for join in &from.joins {
            match join.join_operator {
                JoinOperator::Right(_)
                | JoinOperator::RightOuter(_)
                | JoinOperator::RightSemi(_)
                | JoinOperator::RightAnti(_) => tables = self.of_factor(&join.relation),
                JoinOperator::FullOuter(_) => tables.extend(self.of_factor(&join.relation)),
                _ => {}
            }
        }
        tables
    }

    fn of_factor(&self, factor: &TableFactor) -> BTreeSet<String> {
        match factor {
            TableFactor::Table { name, .. } => {
                let name = plain(name);
                self.0.get(&name).cloned().unwrap_or_else(|| BTreeSet::from([name]))
            }
            TableFactor::Derived { subquery, .. } => self.of_query(subquery),
            TableFactor::NestedJoin { table_with_joins, .. } => self.of_joins(table_with_joins),
            _ => BTreeSet::new(),
        }
    }
}

/// The name of a table without its quotes, as the engine knows it.
pub(super) fn plain(name: &ObjectName) -> String {
    let parts = name.0.iter().filter_map(ObjectNamePart::as_ident).map(as_known);
    parts.collect::<Vec<_>>().join(".")
}

/// The name as the engine knows it: in small letters, unless it is quoted.
pub(super) fn as_known(name: &Ident) -> String {
    if name.quote_style.is_some() { name.value.clone() } else { name.value.to_lowercase() }
}

#[cfg(test)]
mod tests {
    use crate::sql::ModelSql;

    fn driving(sql: &str) -> Vec<String> {
        ModelSql::read(sql).unwrap().driving.into_iter().collect()
    }

    #[test]
    fn rows_come_from_the_first_table_and_others_are_looked_into() {
        for (sql, expected) in [
            ("SELECT a FROM raw.orders o LEFT JOIN dim.customer c USING (id)", "raw.orders"),
            ("SELECT a FROM raw.orders, dim.day", "raw.orders"),
            ("SELECT a FROM dim.day RIGHT JOIN raw.orders USING (id)", "raw.orders"),
            ("SELECT a FROM raw.orders FULL JOIN raw.refunds USING (id)", "raw.orders raw.refunds"),
            ("SELECT a FROM raw.one UNION ALL SELECT a FROM raw.two", "raw.one raw.two"),
            ("SELECT a FROM raw.one EXCEPT SELECT a FROM raw.two", "raw.one"),
            ("SELECT a FROM (SELECT b AS a FROM raw.one JOIN raw.two USING (id)) x", "raw.one"),
            ("SELECT a FROM raw.one WHERE a IN (SELECT a FROM raw.two)", "raw.one"),
            (
                "SELECT a FROM (raw.one JOIN raw.two USING (id)) JOIN raw.three USING (id)",
                "raw.one",
            ),
            (
                "WITH paid AS (SELECT * FROM raw.orders JOIN raw.rate USING (id)), kept AS (SELECT * FROM paid) \
                 SELECT * FROM kept LEFT JOIN dim.customer USING (id)",
                "raw.orders",
            ),
            (
                "SELECT a FROM Staging.\"order\" AS placed JOIN dim.customer USING (id)",
                "staging.order",
            ),
            ("WITH Paid AS (SELECT * FROM raw.orders) SELECT * FROM paid", "raw.orders"),
            ("SELECT 1", ""),
        ] {
            assert_eq!(driving(sql).join(" "), expected, "{sql}");
        }
    }
}
