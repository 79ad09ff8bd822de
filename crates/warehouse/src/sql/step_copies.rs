//! How often the engine plans the steps of a `WITH`: once for each place that names them, all the way down.

use std::collections::HashMap;
use std::ops::ControlFlow;
use std::ptr;

use datafusion::sql::parser::Statement;
use datafusion::sql::sqlparser::ast::{ObjectName, Query, Visit as _, Visitor};

use super::sql_fault::SqlFault;

/// Most tables that a statement may read in the end.
const MOST: u64 = 2_000;

/// Refuses steps that read each other so often that planning them would not end: eighteen that each join the one before
/// with itself are 262,144 copies of the first.
///
/// # Errors
///
/// A [`SqlFault`] with what to write instead.
pub(super) fn verify_copies(statement: &Statement) -> Result<(), SqlFault> {
    let Statement::Statement(statement) = statement else { return Ok(()) };
    let mut copies = StepCopies::default();
    match statement.visit(&mut copies) {
        ControlFlow::Continue(()) => Ok(()),
        ControlFlow::Break(()) => Err(SqlFault {
            help: Some("write the step that is read so often as a model of its own".into()),
            ..SqlFault::new("its WITH steps read each other more than 2,000 times")
        }),
    }
}

/// The queries around the place at hand, the outermost first.
#[derive(Default)]
struct StepCopies(Vec<QueryCopies>);

#[derive(Default)]
struct QueryCopies {
    /// Tables that it reads so far, each step by what it reads itself.
    reads: u64,
    /// What each of its steps reads.
    steps: HashMap<String, u64>,
    /// Name of each of its steps, by the address of its query.
    names: HashMap<*const Query, String>,
}

impl Visitor for StepCopies {
    type Break = ();

    fn pre_visit_query(&mut self, query: &Query) -> ControlFlow<()> {
        let steps = query.with.iter().flat_map(|with| &with.cte_tables);
        let names =
            steps.map(|step| (ptr::from_ref(&*step.query), step.alias.name.value.to_lowercase()));
        self.0.push(QueryCopies { names: names.collect(), ..QueryCopies::default() });
        ControlFlow::Continue(())
    }

    fn post_visit_query(&mut self, query: &Query) -> ControlFlow<()> {
        let Some(ended) = self.0.pop() else { return ControlFlow::Continue(()) };
        if let Some(around) = self.0.last_mut() {
            match around.names.get(&ptr::from_ref(query)) {
                Some(name) => drop(around.steps.insert(name.clone(), ended.reads)),
                None => around.reads = around.reads.saturating_add(ended.reads),
            }
        }
        if ended.reads > MOST { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }

    fn pre_visit_relation(&mut self, relation: &ObjectName) -> ControlFlow<()> {
        let name = relation.to_string().to_lowercase();
        let step = self.0.iter().rev().find_map(|query| query.steps.get(&name)).copied();
        if let Some(query) = self.0.last_mut() {
            query.reads = query.reads.saturating_add(step.unwrap_or(1).max(1));
        }
        ControlFlow::Continue(())
    }
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use datafusion::sql::parser::DFParser;

    use super::*;

    fn verified(sql: &str) -> Result<(), SqlFault> {
        verify_copies(&DFParser::parse_sql(sql).unwrap()[0])
    }

    fn doubling(steps: usize) -> String {
        let mut sql = "WITH s0 AS (SELECT a FROM b.c)".to_owned();
        for step in 1..=steps {
            let before = step - 1;
            write!(
                sql,
                ", s{step} AS (SELECT x.a FROM s{before} AS x JOIN S{before} AS y USING (a))"
            )
            .unwrap();
        }
        format!("{sql} SELECT a FROM s{steps}")
    }

    #[test]
    fn steps_that_double_each_other_are_refused_before_they_are_planned() {
        verified(&doubling(10)).unwrap();
        assert!(verified(&doubling(11)).is_err());
        assert!(verified(&doubling(40)).is_err());
        // Inside each other, each of them small.
        let inner = doubling(7);
        let nested = format!(
            "WITH t AS ({inner}), u AS (SELECT a FROM t AS x JOIN t AS y USING (a)) SELECT a FROM u"
        );
        verified(&nested).unwrap();
        let often = ["SELECT a FROM u"; 9].join(" UNION ALL ");
        assert!(verified(&nested.replace("SELECT a FROM u", &often)).is_err());
    }

    #[test]
    fn a_long_chain_of_steps_is_no_copy() {
        let mut sql = "WITH s0 AS (SELECT a FROM b.c)".to_owned();
        for step in 1..=200 {
            write!(sql, ", s{step} AS (SELECT a + 1 AS a FROM s{})", step - 1).unwrap();
        }
        verified(&format!("{sql} SELECT a FROM s200")).unwrap();
    }
}
