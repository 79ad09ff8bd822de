//! SQL into plans, on threads with room for long expressions and within the time of a query.

use std::sync::Arc;

use datafusion::dataframe::DataFrame;
use datafusion::error::DataFusionError;
use datafusion::execution::context::SQLOptions;
use datafusion::execution::session_state::SessionState;
use datafusion::sql::parser::DFParser;
use scorewright_domain::Variables;

use super::costly_calls::verify_costs;
use super::execution::{Unfinished, Watch};
use super::function_calls::{placed, verify_calls};
use super::functions::LocalRules;
use super::parameters::Parameters;
use super::session::Session;
use super::signed_columns::signed;
use super::sql_fault::SqlFault;
use super::sql_size::verify_size;
use super::step_copies::verify_copies;
use super::unrepeatable_calls::verify_repeatable;
use super::unsupported_syntax::unsupported_syntax;
use super::variables::set_variables;

impl Session {
    /// Plans a SELECT and sets its parameters; refuses any other statement.
    pub(super) fn plan(&self, sql: &str, parameters: &Parameters) -> Result<DataFrame, SqlFault> {
        self.on_threads(sql, parameters, Planning::plan)
    }

    /// Plans a SELECT whose rows are kept: every column with the type that its rows will have.
    ///
    /// A plan as it is parsed has the type of the first part, where several are made alike only before it runs: of
    /// `CASE WHEN p THEN amount ELSE 0 END`, or of a union of whole numbers and decimals.
    pub(super) fn typed_plan(
        &self,
        sql: &str,
        parameters: &Parameters,
    ) -> Result<DataFrame, SqlFault> {
        self.on_threads(sql, parameters, Planning::typed_plan)
    }

    fn on_threads<F>(
        &self,
        sql: &str,
        parameters: &Parameters,
        plan: impl FnOnce(Planning) -> F,
    ) -> Result<DataFrame, SqlFault>
    where
        F: Future<Output = Result<DataFrame, SqlFault>> + Send + 'static,
    {
        verify_size(sql)?;
        let planning = Planning {
            state: self.context.state(),
            sql: sql.to_owned(),
            parameters: parameters.clone(),
            variables: self.variables.clone(),
            rules: self.rules.clone(),
            is_repeatable: self.is_repeatable,
        };
        let planned = plan(planning);
        let planned = async move { planned.await.map_err(Unfinished::Failed) };
        self.threads.answer(&Watch::planning(&self.limits), planned).map_err(|unfinished| {
            match unfinished {
                Unfinished::Failed(fault) => fault,
                Unfinished::OutOfMemory => self.out_of_memory(),
            }
        })
    }
}

/// One SELECT with all it is planned by.
struct Planning {
    state: SessionState,
    sql: String,
    parameters: Parameters,
    variables: Variables,
    rules: Option<Arc<LocalRules>>,
    is_repeatable: bool,
}

impl Planning {
    async fn plan(self) -> Result<DataFrame, SqlFault> {
        let plan = self.parse_and_plan().await?;
        if plan.logical_plan().get_parameter_names()?.is_empty() {
            return Ok(plan);
        }
        let with_values = plan.with_param_values(self.parameters.to_values());
        with_values.map_err(|error| located(error, &self.sql))
    }

    async fn parse_and_plan(&self) -> Result<DataFrame, SqlFault> {
        let dialect = self.state.config_options().sql_parser.dialect;
        let mut statement = self.state.sql_to_statement(&self.sql, &dialect)?;
        if let Some(fault) = unsupported_syntax(&statement) {
            return Err(fault);
        }
        set_variables(&mut statement, &self.variables, &self.parameters)?;
        verify_calls(&statement, self.rules.as_deref())?;
        verify_copies(&statement)?;
        verify_costs(&statement)?;
        if self.is_repeatable {
            verify_repeatable(&statement)?;
        }
        let planned = self.state.statement_to_plan(statement).await;
        let plan = planned.map_err(|error| located(error, &self.sql))?;
        only_select().verify_plan(&plan)?;
        Ok(DataFrame::new(self.state.clone(), plan))
    }

    async fn typed_plan(self) -> Result<DataFrame, SqlFault> {
        let sql = self.sql.clone();
        let (state, plan) = self.plan().await?.into_parts();
        let typed = state.analyzer().execute_and_check(plan, state.config_options(), |_, _| {});
        let typed = typed.map_err(|error| located(error, &sql))?;
        Ok(signed(DataFrame::new(state, typed))?)
    }
}

/// An error as a fault, at the function of ours that it names.
fn located(error: DataFusionError, sql: &str) -> SqlFault {
    let fault = SqlFault::from(error);
    let Ok(statements) = DFParser::parse_sql(sql) else { return fault };
    statements.iter().fold(fault, placed)
}

/// What may be planned.
fn only_select() -> SQLOptions {
    SQLOptions::new().with_allow_ddl(false).with_allow_dml(false).with_allow_statements(false)
}
