//! What a model of buying expects of customers: purchases, their worth, who will buy again.

mod customer_rows;
mod forecast;
mod lifetime_fit;

use scorewright_domain::{Fault, KpiValue};

use super::context::MeasureContext;
use super::kind::{AnyFactKind, FactQuery, RowNeed};
use super::rows::EventRelation;
use crate::metric::{Expression, FactRows, LifetimeMetric};
use crate::sql::Sql;
use customer_rows::{CustomerRows, customers_sql};
use lifetime_fit::LifetimeFit;

impl FactQuery for LifetimeMetric {
    fn rows(&self) -> FactRows<'_> {
        FactRows::Events(&self.rows)
    }

    fn need(&self) -> RowNeed<'_> {
        RowNeed::Value(&self.entity)
    }

    fn sql(&self, context: &MeasureContext) -> Result<Sql, Fault> {
        let relation = EventRelation::of(context, &self.rows)?;
        Ok(customers_sql(context, self, &relation, context.calendar.as_of()))
    }

    fn exact_columns(&self) -> Vec<(&Expression, &'static str)> {
        self.amount.as_ref().map(|amount| (amount, customer_rows::AMOUNT)).into_iter().collect()
    }
}

impl AnyFactKind for LifetimeMetric {
    fn measure(&self, context: &MeasureContext) -> Result<Vec<KpiValue>, Fault> {
        let customers = CustomerRows::read(context, self)?;
        let fit = LifetimeFit::of(self, &customers);
        Ok(forecast::values(context, self, &customers, &fit))
    }
}
