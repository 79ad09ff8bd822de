//! The company behind the extracts: what every writer may look up.

use crate::calendar::{CompanyCalendar, Week};
use crate::company::Company;
use crate::customers::customer::Customer;
use crate::random::{RandomStream, StreamKind};

/// The company as it was: its calendar and its customers, in the order they joined.
#[derive(Debug)]
pub(crate) struct World {
    /// The days its extracts cover.
    pub(crate) calendar: CompanyCalendar,
    /// Its customers.
    pub(crate) customers: Vec<Customer>,
    seed: u64,
}

impl World {
    /// Lets a company of this size and seed live its weeks.
    pub(crate) fn new(company: &Company) -> Self {
        let calendar = CompanyCalendar::new(company.weeks, company.as_of);
        let customers =
            (0..company.customers).map(|place| Customer::at(place, company, &calendar)).collect();
        Self { calendar, customers, seed: company.seed }
    }

    /// The stream of chance of one customer in one week.
    pub(crate) fn random(
        &self,
        kind: StreamKind,
        customer: &Customer,
        week: usize,
    ) -> RandomStream {
        self.stream(kind, u64::from(customer.number), week)
    }

    /// The stream of chance of anything else.
    pub(crate) fn stream(&self, kind: StreamKind, thing: u64, week: usize) -> RandomStream {
        RandomStream::new(self.seed, kind, thing, week)
    }

    /// Every week with its place, oldest first.
    pub(crate) fn weeks(&self) -> impl Iterator<Item = (usize, Week)> + '_ {
        self.calendar.weeks.iter().copied().enumerate()
    }

    /// Points of satisfaction above or below the usual, of one customer in one week.
    ///
    /// Service improves slowly over the years; a bad release and trouble of the customer's own defect it.
    pub(crate) fn mood(&self, customer: &Customer, week: usize) -> i32 {
        let weeks = self.calendar.weeks.len();
        let better = i32::try_from(5 * week / weeks.max(1)).expect("at most five");
        let trouble = if customer.lifecycle.is_in_trouble(week) { 38 } else { 0 };
        better - self.calendar.weeks[week].upset - trouble + customer.size.mood()
    }

    /// Whether an extract can know of this: it happened before the as-of day, to a customer of that day.
    pub(crate) fn is_known(&self, customer: &Customer, moment: i64) -> bool {
        moment < self.calendar.end()
            && customer.lifecycle.is_active(moment.div_euclid(crate::calendar::DAY))
    }
}
