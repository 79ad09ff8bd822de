//! What queries do within limits that are too narrow for their first plan, or for any.

use std::time::{Duration, Instant};

use scorewright_domain::{SqlLimits, TableName};
use tempfile::TempDir;

use super::execution::{ExecutionMode, Unfinished};
use super::{MaterializeError, Materialized, Parameters, Session, SqlFault};
use crate::storage::{Snapshot, Table, Warehouse};
use crate::transaction::Transaction;

const MIB: u64 = 1 << 20;

/// Tickets with long comments, and a rating for most of them, in no order.
const TICKETS: &str = "SELECT md5(CAST(value AS VARCHAR)) AS ticket_id, value % 25000 AS customer, \
    repeat(md5(CAST(value * 7 AS VARCHAR)), 6) AS comment FROM generate_series(1, 100000)";
const RATINGS: &str = "SELECT md5(CAST(value AS VARCHAR)) AS ticket_id, value % 5 AS score, \
    repeat(md5(CAST(value * 3 AS VARCHAR)), 3) AS words FROM generate_series(1, 120000) WHERE value % 6 > 0";

/// The join of both, sorted by a text.
const RATED: &str = "SELECT t.ticket_id, t.customer, t.comment, r.score, r.words FROM fact.ticket AS t \
    LEFT JOIN fact.rating AS r ON r.ticket_id = t.ticket_id";

struct Stage {
    _folder: TempDir,
    transaction: Transaction,
    warehouse: Warehouse,
}

impl Stage {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let warehouse = Warehouse::at(folder.path());
        let transaction = warehouse.begin().unwrap();
        Self { _folder: folder, transaction, warehouse }
    }

    fn session(&self, limits: SqlLimits) -> Session {
        let warehouse = self.warehouse.clone().with_sql_limits(limits);
        Session::over(&warehouse, &Snapshot::empty()).unwrap()
    }

    fn table(&self, session: &Session, sql: &str) -> Result<Table, MaterializeError> {
        let sort_by = ["ticket_id".to_owned()];
        let open = |schema| self.transaction.file_writer(schema);
        let Materialized { schema, file, .. } =
            session.materialize(sql, &Parameters::new(), &sort_by, open)?;
        Ok(Table::new(&schema, vec![file], String::new()))
    }

    /// Tickets and ratings.
    fn tables(&self) -> Vec<(TableName, Table)> {
        let session = self.session(SqlLimits::default());
        let make =
            |(name, sql): (&str, &str)| (name.parse().unwrap(), self.table(&session, sql).unwrap());
        [("fact.ticket", TICKETS), ("fact.rating", RATINGS)].map(make).into()
    }

    fn session_over(&self, tables: &[(TableName, Table)], limits: SqlLimits) -> Session {
        let session = self.session(limits);
        for (name, table) in tables {
            session.add_table(self.transaction.root(), name, table).unwrap();
        }
        session
    }

    /// A session with tickets and ratings.
    fn with_tables(&self, limits: SqlLimits) -> Session {
        self.session_over(&self.tables(), limits)
    }
}

fn memory(bytes: u64) -> SqlLimits {
    SqlLimits { memory: Some(bytes), ..SqlLimits::default() }
}

fn sql_fault(error: MaterializeError) -> SqlFault {
    match error {
        MaterializeError::Sql(fault) => fault,
        MaterializeError::Warehouse(error) => panic!("{error}"),
    }
}

/// The rows do not depend on the plan, nor do the bytes of the file.
#[test]
fn a_join_that_does_not_fit_is_made_by_plans_that_need_little() {
    let stage = Stage::new();
    let tables = stage.tables();
    let roomy = stage.session_over(&tables, memory(2048 * MIB));
    let expected = stage.table(&roomy, RATED).unwrap();
    // Neither the first plan fits nor the second: its rows are sorted apart from the join.
    let tight = stage.session_over(&tables, memory(90 * MIB));
    assert!(!fits(&tight, ExecutionMode::Alone) && !fits(&tight, ExecutionMode::Frugal));
    let made = stage.table(&tight, RATED).unwrap();
    assert_eq!(made.files[0].sha256, expected.files[0].sha256);
    // A question has a part of the memory first, and all of it then.
    let wider = stage.session_over(&tables, memory(192 * MIB));
    assert!(!fits(&wider, ExecutionMode::Beside) && fits(&wider, ExecutionMode::Frugal));
    let sorted = format!("{RATED} ORDER BY ticket_id");
    let answer = |session: &Session| session.query(&sorted, &Parameters::new()).unwrap();
    assert_eq!(answer(&wider), answer(&roomy));
}

/// Whether the sorted join ends when it is tried one way.
fn fits(session: &Session, mode: ExecutionMode) -> bool {
    let plan = session.typed_plan(RATED, &Parameters::new()).unwrap();
    let key = datafusion::prelude::col("ticket_id").sort(true, false);
    let plan = plan.sort(vec![key]).unwrap();
    let ended = session.execute(plan, mode, &session.watch(), |_| Ok::<_, Unfinished>(()));
    match ended {
        Ok(()) => true,
        Err(Unfinished::OutOfMemory) => false,
        Err(Unfinished::Failed(fault)) => panic!("{fault}"),
    }
}

#[test]
fn what_no_plan_can_hold_names_the_limit() {
    let stage = Stage::new();
    let tight = stage.with_tables(memory(MIB));
    let fault = sql_fault(stage.table(&tight, RATED).unwrap_err());
    assert_eq!(fault.limit, Some("memory"));
    assert_eq!(
        fault.message,
        "this SQL needs more than 1 MiB of memory, also alone and with spilling joins (limit `memory`)"
    );
    assert!(fault.help.unwrap().contains("raise `memory` in `[limits]`"));
    // The session goes on.
    let count = tight.query("SELECT count(*) FROM fact.ticket", &Parameters::new()).unwrap();
    assert_eq!(count.rows[0][0], super::Cell::Integer(100_000));
}

#[test]
fn each_query_has_memory_of_its_own_whoever_runs_beside_it() {
    let stage = Stage::new();
    let session = stage.with_tables(memory(512 * MIB));
    let distinct = "SELECT customer % 9 AS part, count(DISTINCT ticket_id) AS tickets, count(DISTINCT comment) \
                    AS comments FROM fact.ticket GROUP BY 1 ORDER BY 1";
    let expected = session.query(distinct, &Parameters::new()).unwrap();
    std::thread::scope(|threads| {
        for _ in 0..4 {
            threads.spawn(|| {
                assert_eq!(session.query(distinct, &Parameters::new()).unwrap(), expected);
            });
        }
    });
}

#[test]
fn memory_that_no_pool_counts_is_watched() {
    let stage = Stage::new();
    let session = stage.session(memory(64 * MIB));
    // A window over the whole input, whose rows the engine keeps.
    let sql = "SELECT sum(length(t)) OVER () FROM (SELECT repeat('x', 20000) || value AS t \
               FROM generate_series(1, 400000)) AS s LIMIT 1";
    let fault = session.query(sql, &Parameters::new()).unwrap_err();
    assert_eq!(fault.limit, Some("memory"), "{fault:?}");
}

#[test]
fn what_does_not_end_is_stopped_in_time() {
    let stage = Stage::new();
    let limits = SqlLimits { query_seconds: 1, ..SqlLimits::default() };
    for sql in [
        "WITH RECURSIVE n AS (SELECT 1 AS i UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n",
        "SELECT count(DISTINCT value % 1000) FROM generate_series(1, 1000000000000)",
        "SELECT count(*) FROM generate_series(1, 1000000) AS a JOIN generate_series(1, 1000000) AS b \
         ON a.value < b.value % 7",
    ] {
        let session = stage.session(limits);
        let begun = Instant::now();
        let fault = session.query(sql, &Parameters::new()).unwrap_err();
        drop(session);
        assert_eq!(fault.limit, Some("query_seconds"), "{sql}: {fault:?}");
        assert_eq!(fault.message, "this SQL has not ended within 1 s (limit `query_seconds`)");
        assert!(begun.elapsed() < Duration::from_secs(10), "{sql}: {:?}", begun.elapsed());
    }
}

#[test]
fn temporary_files_and_tables_have_a_size() {
    let stage = Stage::new();
    let limits = SqlLimits { temporary_bytes: MIB, ..memory(16 * MIB) };
    let by_comment = "SELECT comment AS ticket_id, ticket_id AS id FROM fact.ticket";
    let fault = sql_fault(stage.table(&stage.with_tables(limits), by_comment).unwrap_err());
    assert_eq!(fault.limit, Some("temporary_bytes"), "{fault:?}");
    let limits = SqlLimits { table_bytes: MIB, ..SqlLimits::default() };
    let fault = sql_fault(stage.table(&stage.session(limits), TICKETS).unwrap_err());
    assert_eq!(fault.limit, Some("table_bytes"), "{fault:?}");
}

#[test]
fn a_join_of_each_row_with_each_row_is_refused_where_both_are_large() {
    let stage = Stage::new();
    let session = stage.session(SqlLimits::default());
    let large = "SELECT CAST(value AS VARCHAR) AS ticket_id FROM generate_series(1, 400000)";
    let table = stage.table(&session, large).unwrap();
    session.add_table(stage.transaction.root(), &"fact.ticket".parse().unwrap(), &table).unwrap();
    let sql =
        "SELECT count(*) FROM fact.ticket AS a JOIN fact.ticket AS b ON a.ticket_id < b.ticket_id";
    let fault = session.query(sql, &Parameters::new()).unwrap_err();
    assert_eq!(
        fault.message,
        "a join without an equality compares 400,000 rows with 400,000 rows, each with each"
    );
    assert_eq!(fault.limit, None);
}

/// The engine panics where the build side of a cross join exhausts the memory.
#[test]
fn a_panic_of_the_engine_is_a_message() {
    let stage = Stage::new();
    let session = stage.session(SqlLimits { query_seconds: 5, ..memory(16 * MIB) });
    let sql = "SELECT count(DISTINCT a.value + b.value + c.value) FROM generate_series(1, 100000) AS a \
               CROSS JOIN generate_series(1, 100000) AS b CROSS JOIN generate_series(1, 100000) AS c";
    let fault = session.query(sql, &Parameters::new()).unwrap_err();
    assert!(fault.limit.is_some(), "{fault:?}");
}

#[test]
fn a_long_expression_needs_no_long_stack() {
    let stage = Stage::new();
    let session = stage.session(SqlLimits::default());
    // As all threads of the program have it that hold a plan.
    let roomy = std::thread::Builder::new().stack_size(scorewright_domain::STACK);
    std::thread::scope(|threads| {
        let asks = || {
            for sql in [
                format!(
                    "SELECT count(*) FROM generate_series(1, 9) AS t WHERE {}",
                    terms("value > 0", " AND ", 600)
                ),
                format!("SELECT {}", terms("1", " + ", 800)),
                terms("SELECT 1 AS n", " UNION ALL ", 200),
            ] {
                session.query(&sql, &Parameters::new()).unwrap();
            }
        };
        roomy.spawn_scoped(threads, asks).unwrap().join().unwrap();
    });
    let long = format!("SELECT 1 WHERE {}", terms("1 = 1", " AND ", 20_000));
    let fault = session.query(&long, &Parameters::new()).unwrap_err();
    assert_eq!(fault.message, "SQL may have 4,000 terms of one expression, this has more");
}

fn terms(term: &str, with: &str, count: usize) -> String {
    vec![term; count].join(with)
}
