//! SELECT over the tables of one snapshot.

mod sql_fault;

mod functions;

mod sql_size;

mod refused_expressions;

mod costly_calls;
mod driving_tables;
mod function_calls;
mod identifier;
mod one_expression;
mod passed_on;
mod step_copies;
mod unrepeatable_calls;
mod unsupported_syntax;

mod parameters;
mod variables;

mod model_sql;

mod engine;
mod signed_columns;
mod spill;
mod stored_table;
mod table_files;

mod information_schema;
mod layer_schema;

mod session;

mod planning;

mod digest;

mod execution;
mod run_plan;

#[cfg(test)]
mod run_plan_tests;

mod lineage;

mod cell;
mod count_expression;
mod number_kind;
mod query_result;
mod quotients;
mod sum_expression;
mod utc_days;

mod materialize;
mod repeated_keys;

mod fixture;

pub use cell::Cell;
pub use count_expression::counts_rows;
pub use execution::{MemoryWatch, memory_share};
pub use identifier::identifier;
pub use lineage::{ColumnLineage, RowBranch};
pub use materialize::{MaterializeError, Materialized};
pub use model_sql::{ModelSql, RowlessSelect, rowless_select, union_select};
pub use number_kind::NumberKind;
pub use one_expression::verify_expression;
pub use parameters::Parameters;
pub use passed_on::PassedOn;
pub use query_result::{AnswerColumn, QueryResult};
pub use quotients::{Quotient, quotients};
pub use session::Session;
pub use sql_fault::SqlFault;
pub use sum_expression::{RowSum, SumExpression, SumFormula};
